"""Write what is missing on Wikidata as a QuickStatements batch; nothing is sent: a person uploads it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from cica_kg.cli.common import (
    add_graph_options,
    load_graph,
    refuse_overwriting,
    say,
    write_out,
    write_output,
)
from cica_kg.cli.link.common import add_source_options, open_source, told_only
from cica_kg.errors import UsageError
from cica_kg.text import harmless
from cica_kg.vocabulary import shorten
from cica_kg.wikidata import quickstatements
from cica_kg.wikidata.citing import RETRIEVED, read_retrieved
from cica_kg.wikidata.compare import compare
from cica_kg.wikidata.ours import STAND_IN
from cica_kg.wikidata.snapshot import item_of_cica


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        "How to upload: read the batch line by line, log in to Wikidata, open\n"
        "https://quickstatements.toolforge.org, choose “New batch”, paste it (v1) or import it as CSV,\n"
        "look at the preview, run one command first.\n\n"
        "Each statement has our best source as its reference: address, printed title and day of publication\n"
        "where they are known. No date is finer than the source has it.\n"
        "Kept back, and told on stderr: what has no linked item, or no source with an address but a wiki's,\n"
        "what rests on an undecided or contradicted claim, dates that run over a new year, and whatever\n"
        "something stands in the way of there: an unknown value, a deprecated statement, another period.\n\n"
        "The graph does not know when you looked at the pages. Open those that the batch cites, then run\n"
        "the command again with --retrieved; say only the day on which you did look."
    )
    add = parser.add_argument
    add("--item", metavar="Q…", help="CICA's item, while no link of the graph names it")
    add(
        "--retrieved",
        metavar="DAY",
        help="the day on which you looked at the cited pages, YYYY-MM-DD: written into each reference (S813)",
    )
    add("--format", choices=quickstatements.FORMATS, default="v1", help="default: v1")
    add("--output", metavar="FILE", type=Path, help="write a file instead of stdout")
    add("--force", action="store_true", help="overwrite the file if it exists")
    add_source_options(parser)
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Write the batch; say what was kept back, and why."""
    options = parser.parse_args(arguments)
    if options.output is not None:
        refuse_overwriting(options)
    retrieved = None
    if options.retrieved is not None:
        retrieved = read_retrieved(options.retrieved, date.today())
    answers = open_source(options)
    graph = load_graph(options)
    cica = item_of_cica(graph.store, options.item, answers)
    if cica == STAND_IN:
        raise UsageError(f"{STAND_IN} only stands for an item in made-up data; give the real number")
    if cica is None:
        say(options, "no link names the item of CICA, so there is nothing to write; give it with --item Q…")
        return 0
    found = compare(graph.store, answers, cica)
    if told_only(options, answers):
        return 0
    made = quickstatements.batch(found, graph.store, graph.at, graph.known_until, retrieved)
    data = quickstatements.write(made.commands, options.format)
    if options.output is not None:
        write_output(options, data)
    else:
        write_out(data)
    for refused in made.refused:
        name = shorten(refused.fact.iri) or refused.fact.iri
        say(options, harmless(f"kept back: {refused.fact.relation} {name}: {refused.why}"))
    if made.commands and retrieved is None:
        say(
            options,
            f"no day of retrieval ({RETRIEVED}) is written: look at the pages that the batch cites, then "
            "give the day on which you did with --retrieved",
        )
    count = "1 statement" if len(made.commands) == 1 else f"{len(made.commands)} statements"
    say(options, f"{count}, checked against {found.checked}; nothing was sent")
    return 0

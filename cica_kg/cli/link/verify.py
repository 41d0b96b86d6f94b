"""Hold the links to Wikidata against an endpoint or a snapshot: moved, deleted, drifted, another thing."""

from __future__ import annotations

import argparse
from collections import Counter

from cica_kg.cli.common import add_graph_options, load_graph, say, write_out
from cica_kg.cli.link.common import add_source_options, open_source, told_only
from cica_kg.errors import UsageError
from cica_kg.vocabulary import PREFIXES, shorten
from cica_kg.wikidata.links import item_of, read_links

_CICA = PREFIXES["organization"] + "cica"
_UNKNOWN = "no item has been shown by evidence to be the same; “cica link suggest” looks for one"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.usage = "cica link verify [THING …] --endpoint URL | --snapshot DIR  [options]"
    parser.epilog = (
        "Exit code 1 where a link is wrong: ITEM_GONE, REDIRECTED or FINGERPRINT_FAILED (an identifier "
        "differs; or the kind, country or capital does, and nothing narrower is the same; or anything does, "
        "and nothing is the same). Labels that drifted are told, and are no error. The capitals of states "
        "are not in the graph: packages give them (pip install 'cica-kg[codes]')."
    )
    parser.add_argument("things", nargs="*", metavar="THING", help="only these things (default: all linked)")
    parser.add_argument("--format", choices=("text", "md", "json"), default="text", help="default: text")
    add_source_options(parser)
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print a verdict a link."""
    from cica_kg.wikidata import verify_forms
    from cica_kg.wikidata.verify import VERDICTS, verify

    options = parser.parse_args(arguments)
    answers = open_source(options)
    graph = load_graph(options)
    links = read_links(graph.store)
    if options.things:
        wanted = [graph.resolve(thing) for thing in options.things]
        for thing in wanted:
            if not any(link.thing == thing for link in links):
                raise UsageError(f"{shorten(thing)} has no link: {_UNKNOWN}")
        links = [link for link in links if link.thing in wanted]
    found = verify(graph.store, links, answers)
    if told_only(options, answers, "; more would follow for items that were merged into others"):
        return 0
    write_out(verify_forms.write(found, options.format, graph.label))
    counts = Counter(link.verdict for link in found.links)
    summary = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    say(options, f"links: {len(found.links)} · {summary or 'none'} · {found.checked}, {found.day}")
    if not options.things and item_of(graph.store, _CICA) is None:
        say(options, f"{shorten(_CICA)} has no link: {_UNKNOWN}")
    return 1 if any(link.wrong for link in found.links) else 0

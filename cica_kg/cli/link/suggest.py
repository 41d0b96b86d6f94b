"""Look in Wikidata for the items of things that have no link; the graph itself is never changed."""

from __future__ import annotations

import argparse
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
from cica_kg.errors import EndpointError, UsageError

_ENDINGS = {".ttl": "turtle", ".json": "json", ".md": "md", ".txt": "text"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.usage = "cica link suggest THING … | --all-unlinked  --endpoint URL | --snapshot DIR  [options]"
    parser.epilog = (
        "Points: +3 same identifier, +2 same title of a page of Wikipedia, +2 same fact, +1 same label in a "
        "language (two count), -5 other kind, country or identifier, merged, or linked to another thing. All "
        "names of a body, person or place together give 2 at most; a name that is equal only in another "
        "spelling gives none. From 3 points on, with nothing against it and no other as good, a candidate is "
        "proposed: as Turtle, it is a link that a person may move into data/links/. Exit code 1 if there is "
        "no candidate, 3 if the service failed."
    )
    add = parser.add_argument
    add("things", nargs="*", metavar="THING", help="by name, code, prefixed name or IRI")
    add(
        "--all-unlinked",
        action="store_true",
        help="all states, organizations, bodies, persons and places without a link",
    )
    add("--limit", type=int, default=5, metavar="N", help="the most candidates for a thing (default: 5)")
    add(
        "--format", choices=("text", "md", "json", "turtle"), help="default: by the ending of FILE, else text"
    )
    add("--output", metavar="FILE", type=Path, help="write to FILE in place of stdout")
    add("--force", action="store_true", help="overwrite FILE")
    add_source_options(parser)
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the candidates with their points, or write the proposal."""
    from cica_kg.wikidata import suggest_forms
    from cica_kg.wikidata.suggest import CANDIDATES, FAILED, LINKED, suggest, unlinked

    options = parser.parse_args(arguments)
    if bool(options.things) == options.all_unlinked:
        raise UsageError("say what to look for: one THING or more, or --all-unlinked")
    if options.limit < 1:
        raise UsageError("--limit: give a number from 1 on")
    format_ = options.format or _ENDINGS.get(options.output.suffix.lower() if options.output else ".txt")
    if format_ is None:
        raise UsageError(f"{options.output}: its ending names no form; add --format")
    answers = open_source(options)
    graph = load_graph(options)
    root = graph.validated.files.root
    own = [
        *(root / part for part in ("data", "ontology", "queries")),
        *(file.resolve() for file in options.data),
    ]
    if options.output and any(options.output.resolve().is_relative_to(path) for path in own):
        raise UsageError(
            f"{options.output} is in the graph's own files: a proposal is moved there by a person who has "
            "looked at it; write it elsewhere"
        )
    if options.output:
        refuse_overwriting(options)  # before anybody is asked
    named = dict.fromkeys(graph.resolve(thing) for thing in options.things)
    found = suggest(graph.store, list(named) or unlinked(graph.store), answers, options.limit)
    if told_only(options, answers, "; for each ten things, two more would read the candidates"):
        return 0
    failed = [each for each in found.suggestions if each.outcome == FAILED]
    if not (failed and format_ == "turtle"):
        data = suggest_forms.write(found, format_, graph.label)
        if options.output:
            write_output(options, data)
        else:
            write_out(data)
    outcomes = [each.outcome for each in found.suggestions]
    say(options, ", ".join(f"{name}: {outcomes.count(name)}" for name in sorted(set(outcomes))))
    if failed:
        raise EndpointError(failed[0].reason)
    return 0 if CANDIDATES in outcomes or LINKED in outcomes else 1

"""Hold our facts against Wikidata's statements: each pair with one verdict, both sides and our sources."""

from __future__ import annotations

import argparse
from pathlib import Path

from cica_kg.cli.common import add_graph_options, load_graph, say, write_out
from cica_kg.cli.link.common import add_source_options, open_source, told_only
from cica_kg.errors import UsageError
from cica_kg.wikidata import compare_forms, drift
from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.compare import compare, compare_facts
from cica_kg.wikidata.fetch import not_held
from cica_kg.wikidata.relations import RELATIONS
from cica_kg.wikidata.snapshot import item_of_cica, open_snapshot
from cica_kg.wikidata.verdicts import VERDICTS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    width = max(map(len, VERDICTS))
    parser.epilog = (
        f"compared: {', '.join(relation.name for relation in RELATIONS)}\n\n"
        "verdicts (where several apply, the first is the verdict, the others stand behind it):\n"
        + "\n".join(f"  {name:<{width}}  {about}" for name, about in VERDICTS.items())
        + "\n\nexit code: 0 where we agree or something is missing there; 1 where one side must be wrong or "
        "late,\nor they name a member or an observer of CICA that we do not have."
    )
    add = parser.add_argument
    add("--item", metavar="Q…", help="CICA's item, if no link names it (default: the snapshot's)")
    add("--format", choices=compare_forms.FORMATS, default="text", help="default: text")
    add("--lang", default="en", choices=("en", "ar", "ru"), help="language of names (default: en)")
    add("--since", metavar="DIR", type=Path, help="tell what moved on either side since this snapshot")
    add_source_options(parser)
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the rows; say on stderr how many there are of which verdict, and against what."""
    options = parser.parse_args(arguments)
    answers = open_source(options)
    before = None if options.since is None else open_snapshot(options.since)
    graph = load_graph(options)
    cica = item_of_cica(graph.store, options.item, answers, before)
    if before is not None and cica is not None:
        _refuse_without(cica, answers, before)
    found = compare(graph.store, answers, cica)
    if told_only(options, answers):
        return 0
    moved = None if before is None else drift.changes(compare_facts(before.facts, before), found)
    languages = (options.lang,)
    data = compare_forms.write(
        found, options.format, lambda iri: graph.label(iri, languages), options.lang, moved
    )
    write_out(data)
    counts = ", ".join(f"{n} {verdict}" for verdict, n in compare_forms.counts(found.rows).items())
    say(options, f"checked against {found.checked}: {counts}")
    for problem in found.numbers.problems.values():
        say(options, problem)
    if moved is not None and before is not None:
        count = "1 change" if len(moved) == 1 else f"{len(moved)} changes"
        say(options, f"{count} since the {before.checked}")
    if cica is None and not any(row.judgement.verdict != "NOT_ASKED" for row in found.rows):
        say(options, "no link names the item of CICA; give it with --item Q…")
    return 1 if found.contradictions else 0


def _refuse_without(cica: str, *sides: Answers) -> None:
    """Raise UsageError where a snapshot holds nothing of CICA: all about it would seem to have moved."""
    for side in sides:
        if not_held(side, (cica,)):
            raise UsageError(
                f"the snapshot of {side.day} does not hold {cica}, CICA's item, so what moved cannot be "
                "told: take a new one"
            )

"""What is missing there as a batch for QuickStatements; a person uploads it, nothing is sent from here.

The grammar, version 1: one command a line, its columns apart by tabs: item, property, value, then pairs of
qualifier (P…) and value, then pairs of reference (S…) and value. A text stands between the first and the last
quotation mark of its column, so marks inside need no escape; a tab, a line break, `||` and `/*` would end it.
The language of a text stands in front of it: `en:"text"`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from pyoxigraph import Store

from cica_kg.claims import judge_claims
from cica_kg.vocabulary import shorten
from cica_kg.wikidata.citing import Source, best_source, reference, refuse_unpublished, time
from cica_kg.wikidata.compare import Comparison, Row
from cica_kg.wikidata.ours import STAND_IN, Fact
from cica_kg.wikidata.relations import END, INCEPTION, RELATIONS, START, Numbers

FORMATS: Final = ("v1", "csv")
_BY_NAME: Final = {relation.name: relation for relation in RELATIONS}
#: What is said there and stands in the way of our statement.
_IN_THE_WAY: Final = {
    "ROLE_QUALIFIED": "stated there as a membership in some role: a person decides",
    "UNKNOWN_VALUE": "said there to be unknown: a person decides",
    "NOVALUE": "said there to be none: a person decides",
    "DEPRECATED_THERE": "held there to be wrong: a person decides",
    "ITEM_GONE": "an item that it needs is not there",
}


class Command(NamedTuple):
    """A statement to add, with the texts of QuickStatements.

    Attributes:
        item, property_id, value: what to add where.
        qualifiers, reference: pairs of property and value.
    """

    item: str
    property_id: str
    value: str
    qualifiers: tuple[tuple[str, str], ...]
    reference: tuple[tuple[str, str], ...]


class Refused(NamedTuple):
    """A fact that is not written, and why."""

    fact: Fact
    why: str


class Batch(NamedTuple):
    """What to upload, and what was kept back."""

    commands: list[Command]
    refused: list[Refused]


def batch(
    found: Comparison, store: Store, day: date, known_until: date, retrieved: date | None = None
) -> Batch:
    """Make a batch of what is missing there.

    Args:
        found: a comparison.
        store: the validated graph that was compared, for its sources and claims.
        day, known_until: its reference date and the day it is kept to: they decide the claims.
        retrieved: the day on which whoever uploads the batch did look at the pages that it cites. The graph
            does not know it; None leaves it out.

    Raises:
        UsageError: a source that is cited was published after the day of retrieval.
    """
    shaky = {
        judged.claim: judged.verdict
        for judged in judge_claims(store, day, known_until)
        if judged.verdict in ("undecided", "contradicted")
    }
    # QuickStatements adds to a statement that has the value already: two periods would become one.
    there = {
        (row.statement.item, row.statement.property_id, row.statement.value)
        for row in found.rows
        if row.statement is not None
    }
    commands, refused, cited = [], [], []
    for row in found.rows:
        if row.fact is None:
            continue
        made = _command(row, row.fact, found.numbers, store, shaky, retrieved)
        if not isinstance(made, str):
            command, source = made
            if command[:3] in there:
                made = "the same value is there already, for another period: a person decides"
            else:
                there.add(command[:3])
                commands.append(command)
                cited.append(source)
        if isinstance(made, str) and made:
            refused.append(Refused(row.fact, made))
    if retrieved is not None:
        refuse_unpublished(cited, retrieved)
    return Batch(sorted(commands), refused)


def write(commands: Sequence[Command], format_: str) -> bytes:
    """Serialise commands as UTF-8: `v1`, lines with tabs, or `csv`, a table with a header."""
    if format_ == "csv":
        return _csv(commands).encode()
    lines = (
        "\t".join(
            (
                c.item,
                c.property_id,
                c.value,
                *(text for pair in (*c.qualifiers, *c.reference) for text in pair),
            )
        )
        for c in commands
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _command(
    row: Row, fact: Fact, numbers: Numbers, store: Store, shaky: Mapping[str, str], retrieved: date | None
) -> tuple[Command, Source] | str:
    """Return the command for a row and what it cites, or why there is none: empty if nothing is missing."""
    verdict = row.judgement.verdict
    if verdict == "NOT_ASKED":
        return row.judgement.remarks[0]
    if verdict != "MISSING_THERE":
        return _IN_THE_WAY.get(verdict, "")
    if STAND_IN in (row.subject, row.value):
        return f"{STAND_IN} stands for an item whose number is not known"
    for claim in fact.claims:
        if claim in shaky:
            return f"it rests on {shorten(claim)}, which is {shaky[claim]}"
    source = best_source(fact.sources, store)
    if isinstance(source, str):
        return source
    property_id = numbers.of[_BY_NAME[fact.relation].properties[0]]
    times = {name: time(edtf) for name, edtf in ((START, fact.start), (END, fact.end)) if edtf}
    for name, told in times.items():
        if told is None:
            edtf = fact.start if name == START else fact.end
            return f"Wikidata has no time for {edtf}: it runs over a new year"
    qualifiers = {name: told for name, told in times.items() if told is not None}
    cited = reference(source, retrieved)
    if fact.relation == INCEPTION.name:
        return Command(row.subject, property_id, qualifiers[START], (), cited), source
    return Command(row.subject, property_id, row.value, tuple(qualifiers.items()), cited), source


def _csv(commands: Sequence[Command]) -> str:
    """One row a statement; each property has its own columns, qualifiers and references behind it."""
    groups: dict[str, list[str]] = {}
    for command in commands:
        columns = groups.setdefault(command.property_id, [])
        for name, _ in command.qualifiers:
            _add(columns, "qal" + name.removeprefix("P"))
        for place, (name, _) in enumerate(command.reference):
            # S opens a reference, s adds to it.
            _add(columns, name if place == 0 else name.lower())
    for columns in groups.values():
        columns.sort(key=lambda name: (not name.startswith("qal"), name.startswith("s"), name))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["qid", *(text for name in sorted(groups) for text in (name, *groups[name]))])
    for command in commands:
        told = {"qal" + name.removeprefix("P"): value for name, value in command.qualifiers}
        told |= {name if place == 0 else name.lower(): v for place, (name, v) in enumerate(command.reference)}
        cells = [command.item]
        for name in sorted(groups):
            mine = name == command.property_id
            cells += [command.value if mine else ""]
            cells += [told.get(column, "") if mine else "" for column in groups[name]]
        writer.writerow(cells)
    return out.getvalue()


def _add(columns: list[str], name: str) -> None:
    if name not in columns:
        columns.append(name)

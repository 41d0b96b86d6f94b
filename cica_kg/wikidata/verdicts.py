"""One verdict on a fact of ours and a statement there; what else is to be said stands beside it."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from cica_kg.dates import bounds
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.statements import Statement
from cica_kg.wikidata.times import NONE, Moment, relate

#: Every verdict with what it means. Where several apply, the first of this order is the verdict and the
#: others are notes.
VERDICTS: Final[dict[str, str]] = {
    "NOT_ASKED": "no link says which item it is, the snapshot does not hold it, or no property was found",
    "ITEM_GONE": "an item that we link to is not there",
    "DIFFERENT_VALUE": "the values contradict each other",
    "NOVALUE": "they say that there is none",
    "DEPRECATED_THERE": "they hold the statement to be wrong",
    "ROLE_QUALIFIED": "they state it as a membership in some role: counted as none",
    "DIFFERENT_QUALIFIER": "the dates contradict each other",
    "ENDED_THERE": "they give an end, we give none",
    "ONGOING_THERE": "we give an end, they give none",
    "UNKNOWN_VALUE": "they say that the value is not known",
    "MISSING_HERE": "they state it, we do not",
    "MISSING_THERE": "we state it, they do not",
    "REDIRECTED": "an item that we link to was merged into another",
    "COARSER": "our date is less exact than theirs and fits it",
    "FINER": "our date is more exact than theirs and fits it",
    "SAME": "both say the same",
    "UNREFERENCED_THERE": "their statement has no reference",
    "CIRCULAR_REF": "their references name no source but wikis or this project",
}
_ORDER: Final = {name: place for place, name in enumerate(VERDICTS)}
#: One side must be wrong or late, if ours says it at all.
CONTRADICTING: Final = frozenset(
    (
        "ITEM_GONE",
        "DIFFERENT_VALUE",
        "NOVALUE",
        "DEPRECATED_THERE",
        "DIFFERENT_QUALIFIER",
        "ENDED_THERE",
        "ONGOING_THERE",
    )
)
#: What comes of two dates, the best first.
_DATES: Final[dict[str, set[str]]] = {
    "same": set(),
    "coarser": {"COARSER"},
    "finer": {"FINER"},
    "different": {"DIFFERENT_QUALIFIER"},
}


class Judgement(NamedTuple):
    """A verdict, the verdicts that apply beside it, and what a person may want to know more."""

    verdict: str
    notes: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def rank(self) -> int:
        """How bad it is: 0 is worst."""
        return _ORDER[self.verdict]

    @property
    def agrees(self) -> bool:
        """Whether nothing in it contradicts."""
        return CONTRADICTING.isdisjoint((self.verdict, *self.notes))


def judge(
    fact: Fact | None,
    statement: Statement | None,
    day: date,
    *,
    redirected: bool = False,
    other_value: bool = False,
    again: bool = False,
) -> Judgement:
    """Judge a fact and the statement that stands for it; one of the two may be missing.

    Args:
        fact: ours.
        statement: theirs.
        day: of which theirs are; what is to end later has not ended.
        redirected: whether an item of the fact was merged into another.
        other_value: whether the statement gives another value than the fact.
        again: whether another statement stands for the fact already. An end that this one lacks says no more
            than a start that it lacks.
    """
    applies = {"REDIRECTED"} if redirected else set()
    remarks: list[str] = []
    if statement is None:
        applies.add("MISSING_THERE")
    else:
        applies |= _of_statement(statement)
        if fact is None:
            # What they themselves hold wrong, or state of a role or of nothing, is not missing here.
            if not applies & {"DEPRECATED_THERE", "ROLE_QUALIFIED", "NOVALUE", "UNKNOWN_VALUE"}:
                applies.add("MISSING_HERE")
            if statement.ends:
                remarks.append(f"end there: {_texts(statement.ends)}")
        elif other_value:
            applies.add("DIFFERENT_VALUE")
        elif not statement.empty:
            applies |= _of_both(fact, statement, day, again, remarks)
    if not applies - {"UNREFERENCED_THERE", "CIRCULAR_REF"}:
        applies.add("SAME")
    first, *others = sorted(applies, key=_ORDER.__getitem__)
    return Judgement(first, tuple(others), tuple(remarks))


def _of_statement(statement: Statement) -> set[str]:
    applies = set()
    if statement.empty:
        applies.add("NOVALUE" if statement.empty == "no value" else "UNKNOWN_VALUE")
    if statement.rank == "deprecated":
        applies.add("DEPRECATED_THERE")
    if statement.roles:
        applies.add("ROLE_QUALIFIED")
    if not statement.sourced:
        applies.add("CIRCULAR_REF" if statement.references else "UNREFERENCED_THERE")
    return applies


def _of_both(fact: Fact, statement: Statement, day: date, again: bool, remarks: list[str]) -> set[str]:
    if statement.time is not None:
        found = _date(fact.start, (statement.time,), "date", remarks)
        return {"DIFFERENT_VALUE"} if found == {"DIFFERENT_QUALIFIER"} else found
    applies = set()
    if fact.start:
        applies |= _date(fact.start, statement.starts, "start", remarks)
    ends = tuple(end for end in statement.ends if end != NONE)
    if fact.end:
        absent = again and not statement.ends
        applies |= _date(fact.end, ends, "end", remarks) if ends or absent else {"ONGOING_THERE"}
    elif ends:
        if all(end.span is None or end.span.latest < day for end in ends):
            applies.add("ENDED_THERE")
        else:
            remarks.append(f"end there, not yet past: {_texts(ends)}")
    return applies


def _date(ours: str, theirs: tuple[Moment, ...], what: str, remarks: list[str]) -> set[str]:
    """Hold our date to theirs; where they give several, one that fits is enough."""
    own = bounds(ours)
    spans = [moment.span for moment in theirs if moment.span is not None]
    if len(theirs) > 1:
        remarks.append(f"{len(theirs)} values for the {what} there: {_texts(theirs)}")
    if theirs == (NONE,):
        return _DATES["different"]
    if not spans:
        remarks.append(f"no {what} there" if not theirs else f"their {what} tells no day: {_texts(theirs)}")
        return _DATES["finer"]
    found = {relate(own, span) for span in spans}
    return _DATES[next(relation for relation in _DATES if relation in found)]


def _texts(moments: tuple[Moment, ...]) -> str:
    return ", ".join(moment.text for moment in moments)

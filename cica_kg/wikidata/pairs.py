"""Which statement there stands for which fact of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cica_kg.dates import bounds
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.statements import Statement
from cica_kg.wikidata.times import NONE
from cica_kg.wikidata.verdicts import Judgement, judge


class Pair(NamedTuple):
    """A statement and the fact it stands for, if one does.

    Attributes:
        fact, statement: the two.
        other_value: it gives another value.
        again: another statement stands for the fact already, and this one says no other than it.
    """

    fact: Fact | None
    statement: Statement
    other_value: bool = False
    again: bool = False


def pair(
    facts: Sequence[Fact],
    statements: Sequence[Statement],
    moved: Mapping[str, str],
    day: date,
    *,
    turned: bool = False,
    single: bool = False,
) -> list[Pair]:
    """Give each statement of one property the fact that fits it best, each fact once.

    So of two statements for one state, left and returned, the one whose dates fit ours stands for our fact,
    and the other stands for none. Of two whose dates both fit ours, one without any for instance, the second
    stands for our fact again.

    Args:
        facts: of one relation.
        statements: of one of its properties.
        moved: Q-number → the one it was merged into.
        day: of which the statements are.
        turned: the statements stand on the item that is the value of ours.
        single: there is one value at a time: another one of the same time stands for ours, and differs.
    """
    fitting = [
        (fact, statement, judge(fact, statement, day))
        for statement in statements
        for fact in facts
        if fits(fact, statement, moved, turned)
    ]
    fitting.sort(key=lambda each: (-each[2].rank, each[0].iri, each[1].iri))
    standing: dict[str, Pair] = {}
    taken: set[str] = set()
    # What agrees with one fact is not held against another.
    for agreeing in (True, False):
        for fact, statement, judgement in fitting:
            free = fact.iri not in taken and statement.iri not in standing
            if free and judgement.agrees == agreeing and not _rejects_another(statement, judgement):
                taken.add(fact.iri)
                standing[statement.iri] = Pair(fact, statement)
        for fact, statement, _ in fitting:
            if fact.iri in taken and judge(fact, statement, day, again=True).agrees:
                standing.setdefault(statement.iri, Pair(fact, statement, again=True))
    pairs = []
    for statement in statements:
        if statement.iri in standing:
            pairs.append(standing[statement.iri])
            continue
        other = single and not statement.empty
        # What they themselves hold wrong says nothing against ours.
        able = (statement.empty or other) and statement.rank != "deprecated" and not turned
        rivals = [
            fact
            for fact in facts
            if able
            and fact.iri not in taken
            and moved.get(fact.subject_item, fact.subject_item) == statement.item
            and (statement.empty or _clash(fact, statement, day))
        ]
        taken.update(fact.iri for fact in rivals[:1])
        pairs.append(Pair(rivals[0] if rivals else None, statement, bool(rivals) and other))
    return pairs


def fits(fact: Fact, statement: Statement, moved: Mapping[str, str], turned: bool) -> bool:
    """Tell whether a statement binds the same two things as a fact, under their present numbers."""
    ends = [moved.get(item, item) for item in (fact.subject_item, fact.value_item)]
    value = statement.value or ""
    there = [statement.item, moved.get(value, value)]
    return ends == (there[::-1] if turned else there)


def _rejects_another(statement: Statement, judgement: Judgement) -> bool:
    """Tell whether they hold something wrong that we do not say: another date, or that there is none."""
    another = bool(statement.empty) or judgement.verdict == "DIFFERENT_VALUE"
    return statement.rank == "deprecated" and another


def _clash(fact: Fact, statement: Statement, day: date) -> bool:
    """Tell whether a fact and a statement must both hold on some day.

    What has no end holds on `day`; an unknown end may have been at any time. What has no start, or an
    unknown one, began before it ended, and by `day`.
    """
    ends = [end for end in statement.ends if end != NONE]
    over = [end.span for end in ends if end.span]
    if len(over) < len(ends):
        return False
    begun = [start.span.latest for start in statement.starts if start.span]
    after = day + timedelta(days=1)
    our_end = min(bounds(fact.end).earliest, after) if fact.end else after
    their_start = max(begun, default=min([day, *(span.latest for span in over)]))
    their_end = min([after, *(span.earliest for span in over)])
    return bounds(fact.start).latest < their_end and their_start < our_end

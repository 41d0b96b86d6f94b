"""Which statement there stands for which fact of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cica_kg.dates import bounds
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.statements import Statement
from cica_kg.wikidata.verdicts import judge


class Pair(NamedTuple):
    """A statement and the fact it stands for, if one does; `other_value`: it gives another value."""

    fact: Fact | None
    statement: Statement
    other_value: bool = False


def pair(
    facts: Sequence[Fact],
    statements: Sequence[Statement],
    moved: Mapping[str, str],
    *,
    turned: bool = False,
    single: bool = False,
) -> list[Pair]:
    """Give each statement of one property the fact that fits it best, each fact once.

    So of two statements for one state, left and returned, the one whose dates fit ours stands for our fact,
    and the other stands for none.

    Args:
        facts: of one relation.
        statements: of one of its properties.
        moved: Q-number → the one it was merged into.
        turned: the statements stand on the item that is the value of ours.
        single: there is one value at a time: another one of the same time stands for ours, and differs.
    """
    fitting = sorted(
        (-judge(fact, statement).rank, fact.iri, statement.iri)
        for statement in statements
        for fact in facts
        if fits(fact, statement, moved, turned)
    )
    by_iri = {fact.iri: fact for fact in facts}
    chosen: dict[str, Fact] = {}
    taken: set[str] = set()
    for _, fact, statement in fitting:
        if fact not in taken and statement not in chosen:
            taken.add(fact)
            chosen[statement] = by_iri[fact]
    pairs = []
    for statement_ in statements:
        if statement_.iri in chosen:
            pairs.append(Pair(chosen[statement_.iri], statement_))
            continue
        left = [fact for fact in facts if fact.iri not in taken and not turned]
        here = [fact for fact in left if moved.get(fact.subject_item, fact.subject_item) == statement_.item]
        other = single and not statement_.empty and statement_.rank != "deprecated"
        rivals = [fact for fact in here if statement_.empty or (other and _meet(fact, statement_))]
        taken.update(fact.iri for fact in rivals[:1])
        pairs.append(Pair(rivals[0] if rivals else None, statement_, bool(rivals) and other))
    return pairs


def fits(fact: Fact, statement: Statement, moved: Mapping[str, str], turned: bool) -> bool:
    """Tell whether a statement binds the same two things as a fact, under their present numbers."""
    ends = [moved.get(item, item) for item in (fact.subject_item, fact.value_item)]
    value = statement.value or ""
    there = [statement.item, moved.get(value, value)]
    return ends == (there[::-1] if turned else there)


def _meet(fact: Fact, statement: Statement) -> bool:
    """Tell whether a fact and a statement with dates may speak of the same day."""
    begun = [moment.span.earliest for moment in statement.starts if moment.span]
    ended = [moment.span.latest for moment in statement.ends if moment.span]
    before_our_end = not fact.end or not begun or min(begun) <= bounds(fact.end).latest
    return before_our_end and (not ended or bounds(fact.start).earliest <= max(ended))

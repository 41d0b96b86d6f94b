"""Hold facts of ours against the statements of Wikidata: one row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from pyoxigraph import Store

from cica_kg.vocabulary import shorten
from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.fetch import ask_labels, ask_standing, ask_statements, not_held
from cica_kg.wikidata.ours import CICA_THING, Fact, read_facts
from cica_kg.wikidata.pairs import fits, pair
from cica_kg.wikidata.relations import MEMBERSHIP, OBSERVERSHIP, RELATIONS, Numbers, Relation, find_numbers
from cica_kg.wikidata.statements import Statement
from cica_kg.wikidata.verdicts import CONTRADICTING, Judgement, judge

_BY_NAME: Final = {relation.name: relation for relation in RELATIONS}


@dataclass(frozen=True)
class Row:
    """A fact of ours, a statement of theirs, or both, with the verdict.

    Attributes:
        relation: the name of the relation.
        subject, value: Q-numbers, as they are now; empty where there is none.
        fact, statement: the two sides; at least one is there.
        judgement: verdict, notes and remarks.
        contradicts: whether one of the two sides must be wrong or late.
    """

    relation: str
    subject: str
    value: str
    fact: Fact | None
    statement: Statement | None
    judgement: Judgement
    contradicts: bool


@dataclass(frozen=True)
class Comparison:
    """All rows, and what they rest on.

    Attributes:
        rows: sorted by relation, then by things.
        checked, day: what answered, and of which day it is.
        numbers: the properties that were read.
        moved: Q-number → the one it was merged into.
        gone: the Q-numbers that are not there.
        asked: the Q-numbers of our side that were asked for.
        labels: Q-number → language → label.
    """

    rows: list[Row]
    checked: str
    day: str
    numbers: Numbers = field(default_factory=lambda: Numbers({}, {}))
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def contradictions(self) -> int:
        """How many rows contradict."""
        return sum(row.contradicts for row in self.rows)


def compare(store: Store, answers: Answers, cica: str | None = None) -> Comparison:
    """Compare what a graph says with what Wikidata says.

    Args:
        store: a validated graph.
        answers: an endpoint or a snapshot.
        cica: CICA's item, where no link of the graph names it.

    Raises:
        EndpointError: there is no whole answer.
    """
    return compare_facts(read_facts(store, cica), answers)


def compare_facts(facts: Sequence[Fact], answers: Answers) -> Comparison:
    """As `compare`, for facts that were read before."""
    unheld = not_held(answers, {item for fact in facts for item in (fact.subject_item, fact.value_item)})
    reasons = [(fact, _why_not(fact, unheld)) for fact in facts]
    unlinked = [_not_asked(fact, why) for fact, why in reasons if why]
    linked = [fact for fact, why in reasons if not why]
    center = "" if center_of(facts) in unheld else center_of(facts)
    if not linked and not center:
        return Comparison(unlinked, answers.checked, answers.day)
    numbers = find_numbers(answers)
    asked = {item for fact in linked for item in (fact.subject_item, fact.value_item)} | {center}
    asked.discard("")
    moved, gone = ask_standing(answers, sorted(asked))
    statements = ask_statements(answers, linked, numbers, _both(center, moved), moved)
    side = _Side(numbers, moved, gone, moved.get(center, center), date.fromisoformat(answers.day))
    rows = unlinked
    for relation in RELATIONS:
        own = [fact for fact in linked if fact.relation == relation.name]
        rows = rows + side.rows(
            relation, own, [s for s in statements if side.relation(s, linked) == relation]
        )
    order = list(_BY_NAME)
    rows.sort(key=lambda row: (order.index(row.relation), *_place(row)))
    seen = {number for row in rows for number in (row.subject, row.value) if number}
    labels = ask_labels(answers, sorted(seen))
    return Comparison(rows, answers.checked, answers.day, numbers, moved, gone, frozenset(asked), labels)


def center_of(facts: Sequence[Fact]) -> str:
    """Return CICA's item as the facts have it; empty where none has."""
    ends = ((fact.subject, fact.subject_item) for fact in facts)
    values = ((fact.value, fact.value_item) for fact in facts)
    return next((item for thing, item in (*ends, *values) if thing == CICA_THING and item), "")


@dataclass(frozen=True)
class _Side:
    """What is known of the other side when rows are made."""

    numbers: Numbers
    moved: Mapping[str, str]
    gone: frozenset[str]
    center: str
    day: date

    def relation(self, statement: Statement, facts: Sequence[Fact]) -> Relation | None:
        """Return what a statement is held to: a member in some role may stand for an observer of ours."""
        if statement.roles and statement.property_id in self.numbers.known(MEMBERSHIP):
            plain = replace(statement, roles=())
            near = [
                (judge(fact, plain, self.day).rank, fact.relation)
                for fact in facts
                if fact.relation in (MEMBERSHIP.name, OBSERVERSHIP.name)
                and fits(fact, statement, self.moved, False)
            ]
            return _BY_NAME[max(near)[1]] if near else MEMBERSHIP
        return next((r for r in RELATIONS if statement.property_id in self.numbers.known(r)), None)

    def rows(self, relation: Relation, facts: Sequence[Fact], statements: Sequence[Statement]) -> list[Row]:
        """Pair facts with statements, property by property: one fact may stand on both of its items."""
        if not self.numbers.known(relation):
            problem = "; ".join(self.numbers.problems[name] for name in relation.properties)
            return [_not_asked(fact, problem) for fact in facts]
        inverse = {self.numbers.of.get(name) for name in relation.inverse}
        there = [fact for fact in facts if not self._lost(fact)]
        rows, stated = [], set()
        for group in sorted({(statement.property_id, bool(statement.roles)) for statement in statements}):
            own = [s for s in statements if (s.property_id, bool(s.roles)) == group]
            turned = group[0] in inverse
            pairs = pair(there, own, self.moved, self.day, turned=turned, single=relation.single)
            for fact, statement, other, again in pairs:
                stated.add(fact)
                rows.append(
                    self._row(relation, fact, statement, self._judge(fact, statement, other, again), turned)
                )
        for fact in facts:
            if lost := self._lost(fact):
                gone = Judgement("ITEM_GONE", (), (f"not there: {', '.join(lost)}",))
                rows.append(self._row(relation, fact, None, gone))
            elif fact not in stated:
                rows.append(self._row(relation, fact, None, self._judge(fact, None)))
        return rows

    def _judge(
        self, fact: Fact | None, statement: Statement | None, other: bool = False, again: bool = False
    ) -> Judgement:
        redirected = self._redirected(fact)
        return judge(fact, statement, self.day, redirected=redirected, other_value=other, again=again)

    def _row(
        self,
        relation: Relation,
        fact: Fact | None,
        statement: Statement | None,
        judgement: Judgement,
        turned: bool = False,
    ) -> Row:
        if fact is not None:
            subject, value = fact.subject_item, fact.value_item
        else:
            assert statement is not None
            subject, value = statement.item, statement.value or ""
            subject, value = (value, subject) if turned else (subject, value)
        subject, value = self.moved.get(subject, subject), self.moved.get(value, value)
        # Of CICA we hold every member and observer: one that we lack contradicts us.
        unknown = relation.complete and value == self.center and judgement.verdict == "MISSING_HERE"
        contradicts = unknown if fact is None else judgement.verdict in CONTRADICTING
        return Row(relation.name, subject, value, fact, statement, judgement, contradicts)

    def _lost(self, fact: Fact) -> list[str]:
        return sorted({fact.subject_item, fact.value_item} & self.gone)

    def _redirected(self, fact: Fact | None) -> bool:
        return fact is not None and bool({fact.subject_item, fact.value_item} & self.moved.keys())


def _not_asked(fact: Fact, why: str) -> Row:
    judgement = Judgement("NOT_ASKED", (), (why,))
    return Row(fact.relation, fact.subject_item, fact.value_item, fact, None, judgement, False)


def _why_not(fact: Fact, unheld: frozenset[str]) -> str:
    """Say why a fact cannot be asked about; what a snapshot does not hold need not be gone."""
    if fact.unlinked:
        return f"no link: {', '.join(map(_name, fact.unlinked))}"
    lacking = sorted({fact.subject_item, fact.value_item} & unheld)
    return f"the snapshot does not hold {' and '.join(lacking)}: take a new one" if lacking else ""


def _both(item: str, moved: Mapping[str, str]) -> list[str]:
    return sorted({item, moved.get(item, item)} - {""})


def _name(iri: str) -> str:
    return shorten(iri) or iri


def _place(row: Row) -> tuple[str, ...]:
    fact, statement = row.fact, row.statement
    thing = (fact.subject, fact.start, fact.iri) if fact else ("~", "", "")
    return (*thing, row.subject, row.value, statement.iri if statement else "")

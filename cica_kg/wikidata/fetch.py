"""Ask for the statements that a comparison needs: few queries, each for few items."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from pyoxigraph import Literal, NamedNode, Triple

from cica_kg.errors import EndpointError
from cica_kg.vocabulary import WIKIDATA
from cica_kg.wikidata.asking import chunks, query_text
from cica_kg.wikidata.client import Answers, Client
from cica_kg.wikidata.items import moved_to
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.pairs import fits
from cica_kg.wikidata.relations import MEMBERSHIP, OBSERVERSHIP, PART, PROP, RELATIONS, Numbers
from cica_kg.wikidata.statements import Statement, read_statements

_AT_ONCE: Final = 50
#: Two of our items may be gone; that all are, from so many on, is the fault of who was asked.
_MANY: Final = 3


@runtime_checkable
class Partial(Protocol):
    """A source that knows of some items alone, such as a snapshot.

    Attributes:
        held: the Q-numbers that it knows of, also of those that are not there.
    """

    held: frozenset[str]


def not_held(answers: Answers, items: Collection[str]) -> frozenset[str]:
    """Return the items of which a source cannot say whether they are there; an endpoint can of all."""
    return frozenset(items) - answers.held if isinstance(answers, Partial) else frozenset()


def must_hold_some(answers: Answers, items: Collection[str], there: Collection[str]) -> None:
    """Refuse an endpoint of other data: it has none of our items, and would have all of them gone.

    Args:
        answers: what was asked; a snapshot says itself what it holds.
        items: the Q-numbers that it was asked about.
        there: those that it has.

    Raises:
        EndpointError: it has none of three or more.
    """
    if isinstance(answers, Client) and len(set(items)) >= _MANY and set(items).isdisjoint(there):
        many = len(set(items))
        raise EndpointError(
            f"{answers.checked}: it holds none of the {many} items asked about: is it Wikidata's data?"
        )


def ask_standing(answers: Answers, items: Sequence[str]) -> tuple[dict[str, str], frozenset[str]]:
    """Return which items were merged into which, and which are not there at all.

    Raises:
        EndpointError: as `Answers.select` and `must_hold_some`.
    """
    targets: dict[str, str] = {}
    there: set[str] = set()
    asked: set[str] = set()
    while left := sorted((set(items) | set(targets.values())) - asked):
        asked.update(left)
        for part in chunks(left, _AT_ONCE):
            for row in answers.select(query_text("standing", item=_entities(part))):
                item = row["item"].value.removeprefix(WIKIDATA)
                there.add(item)
                if "target" in row and (target := moved_to(item, row["target"])):
                    targets[item] = target
    must_hold_some(answers, items, there)
    return {item: _end(item, targets) for item in targets}, frozenset(set(items) - there)


def ask_labels(answers: Answers, items: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the labels of items: Q-number → language → label."""
    found: dict[str, dict[str, str]] = {}
    for part in chunks(items, _AT_ONCE):
        for row in answers.select(query_text("item_labels", item=_entities(part))):
            label = row["label"]
            assert isinstance(label, Literal)
            found.setdefault(row["item"].value.removeprefix(WIKIDATA), {})[label.language or ""] = label.value
    return found


def ask_statements(
    answers: Answers,
    facts: Sequence[Fact],
    numbers: Numbers,
    centers: Sequence[str],
    moved: Mapping[str, str],
) -> list[Statement]:
    """Return every statement that a fact is to be held to, and those of or about CICA that we may lack.

    Args:
        answers: where to ask.
        facts: with an item at both ends.
        numbers: the properties.
        centers: CICA's item, its old number too where it was merged; none where it is not known.
        moved: Q-number → the one it was merged into.
    """
    naming = [*numbers.known(MEMBERSHIP), *numbers.known(OBSERVERSHIP)]
    whole = numbers.of[PART.properties[0]]
    triples: list[Triple] = []
    if centers:
        # The other items that name CICA: known ones and strangers alike.
        about = [*naming, whole]
        triples += answers.construct(
            query_text(
                "statements_about",
                named=_entities(centers),
                own=_props("statement/", about),
                claim=_props("", about),
            )
        )
        every = [number for relation in RELATIONS for number in numbers.known(relation)]
        triples += _on(answers, centers, every)
    subjects = {relation: _subjects(facts, moved, relation) for relation in ("membership", "observership")}
    naming_items = sorted(set().union(*subjects.values()) - set(centers))
    for part in chunks(naming_items, _AT_ONCE):
        triples += answers.construct(
            query_text(
                "statements_empty",
                item=_entities(part),
                claim=_props("", naming),
                none=_props("novalue/", naming),
                own=_props("statement/", naming),
            )
        )
    others = [fact for fact in facts if not {fact.subject_item, fact.value_item} & set(centers)]
    for relation in RELATIONS:
        items = [item for item in _subjects(others, moved, relation.name) if item not in centers]
        direct = [n for n in numbers.known(relation) if n not in relation.inverse]
        for part in chunks(items, _AT_ONCE):
            triples += _on(answers, part, direct)
    single = {relation.name: numbers.known(relation) for relation in RELATIONS if relation.single}
    rivals = {
        (moved.get(fact.subject_item, fact.subject_item), number)
        for fact in facts
        for number in single.get(fact.relation, [])
    }
    return [
        each
        for each in read_statements(triples)
        if (each.item, each.property_id) in rivals or _matters(each, facts, centers, moved)
    ]


def _on(answers: Answers, items: Sequence[str], numbers: Sequence[str]) -> list[Triple]:
    return answers.construct(query_text("statements_on", item=_entities(items), claim=_props("", numbers)))


def _matters(
    statement: Statement, facts: Sequence[Fact], centers: Collection[str], moved: Mapping[str, str]
) -> bool:
    """Of other items than CICA's, only what one of our facts says, or what says that there is none."""
    if statement.empty or statement.item in centers or statement.value in centers:
        return True
    return any(fits(fact, statement, moved, turned) for fact in facts for turned in (False, True))


def _subjects(facts: Sequence[Fact], moved: Mapping[str, str], relation: str) -> list[str]:
    items = {fact.subject_item for fact in facts if fact.relation == relation}
    return sorted({moved.get(item, item) for item in items})


def _end(item: str, targets: Mapping[str, str]) -> str:
    """Follow merged items to the last one; a ring, which only broken data have, ends where it began."""
    seen = {item}
    while targets.get(item, item) not in seen:
        item = targets[item]
        seen.add(item)
    return item


def _entities(numbers: Sequence[str]) -> list[NamedNode]:
    return [NamedNode(WIKIDATA + number) for number in numbers]


def _props(place: str, numbers: Sequence[str]) -> list[NamedNode]:
    return [NamedNode(f"{PROP}{place}{number}") for number in numbers]

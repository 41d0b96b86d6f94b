"""A snapshot that is damaged, by accident or on purpose, is refused with one message that says which file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cica_kg
from cica_kg.errors import DataError, UsageError
from cica_kg.packing import write_folder
from cica_kg.wikidata.compare import compare_facts
from cica_kg.wikidata.snapshot import MANIFEST, open_snapshot, snapshot_files
from tests.wikidata.local import Local
from tests.wikidata.mirror import mirror
from tests.wikidata.world import CICA_ITEM

Manifest = dict[str, Any]
Damage = Callable[[Path, Manifest], object]

ESCAPE = "\x1b[31mred"


@pytest.fixture(scope="module")
def whole(kg: cica_kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshots") / "whole"
    world = mirror(kg.store).delete("Q846")
    write_folder(folder, snapshot_files(kg.store, Local(world.triples()), CICA_ITEM, kg.digest))
    return folder


@pytest.fixture
def own(whole: Path, tmp_path: Path) -> Path:
    """A copy that the test may spoil."""
    return Path(shutil.copytree(whole, tmp_path / "own"))


def spoil(folder: Path, damage: Damage) -> None:
    """Let `damage` change files or the manifest, which is written again where it still is one."""
    manifest = json.loads((folder / MANIFEST).read_text())
    before = json.dumps(manifest)
    damage(folder, manifest)
    if json.dumps(manifest) != before:
        (folder / MANIFEST).write_text(json.dumps(manifest))


def put(name: str, content: bytes) -> Damage:
    """Give a file another content, and the manifest its hash."""

    def damage(folder: Path, manifest: Manifest) -> None:
        (folder / name).write_bytes(content)
        manifest["files"][name] = hashlib.sha256(content).hexdigest()

    return damage


def ours(**values: object) -> Damage:
    """Change the first of our facts, and the manifest with it."""

    def damage(folder: Path, manifest: Manifest) -> None:
        facts = json.loads((folder / "ours.json").read_bytes())
        facts[0] |= values
        put("ours.json", json.dumps(facts).encode())(folder, manifest)

    return damage


def write(content: bytes) -> Damage:
    return lambda folder, _: (folder / MANIFEST).write_bytes(content)


def replace(name: str, make: Callable[[Path], object]) -> Damage:
    def damage(folder: Path, _: Manifest) -> None:
        (folder / name).unlink()
        make(folder / name)

    return damage


def item(**values: object) -> Damage:
    return lambda _, manifest: manifest["items"][0].update(values)


MANIFESTS: dict[str, Damage] = {
    "no format": lambda _, m: m.pop("format"),
    "a format that is a truth value": lambda _, m: m.update(format=True),
    "another format": lambda _, m: m.update(format=2),
    "a format that steers a terminal": lambda _, m: m.update(format=ESCAPE),
    "no day": lambda _, m: m.pop("day"),
    "a day that steers a terminal": lambda _, m: m.update(day=ESCAPE),
    "a day in another form": lambda _, m: m.update(day="20261120"),
    "a day that is a number": lambda _, m: m.update(day=3),
    "no word on whether it is made up": lambda _, m: m.pop("synthetic"),
    "synthetic as text": lambda _, m: m.update(synthetic="no"),
    "no files": lambda _, m: m.update(files={}),
    "files as a list": lambda _, m: m.update(files=list(m["files"])),
    "our side not listed": lambda _, m: m["files"].pop("ours.json"),
    "an item that is there not listed": lambda _, m: m["files"].pop("items/Q232.nt"),
    "a file outside": lambda _, m: m["files"].update({"../../../../etc/hostname": "x"}),
    "an absolute name": lambda _, m: m["files"].update({"/etc/hostname": "x"}),
    "a name with a zero": lambda _, m: m["files"].update({"a\0b": "x"}),
    "no items": lambda _, m: m.pop("items"),
    "items that are numbers": lambda _, m: m.update(items=[1]),
    "an item that steers a terminal": item(item=ESCAPE),
    "an item that is a path": item(item="../../Q5"),
    "an item with a name too long": item(item="Q" + "9" * 5000),
    "an item that is a list": item(item=[]),
    "an item of which is not said whether it is there": lambda _, m: m["items"][0].pop("there"),
    "CICA as a number": lambda _, m: m.update(cica=3),
    "CICA as a word": lambda _, m: m.update(cica=ESCAPE),
    "brackets without end": write(b"[" * 200_000),
    "a number without end": write(b'{"format": ' + b"9" * 5000 + b"}"),
    "no text": write(b"\xff\xfe\x00"),
}

FILES: dict[str, tuple[str, Damage]] = {
    "another hash": ("shared.nt", lambda _, m: m["files"].update({"shared.nt": 3})),
    "no N-Triples": ("shared.nt", put("shared.nt", b"junk\n")),
    "no UTF-8": ("shared.nt", put("shared.nt", b'<x:a> <x:b> "\xff" .\n')),
    "RDF 1.2": ("shared.nt", put("shared.nt", b"<x:a> <x:b> <<( <x:a> <x:b> <x:c> )>> .\n")),
    "a folder": ("shared.nt", replace("shared.nt", Path.mkdir)),
    "a pipe": ("shared.nt", replace("shared.nt", os.mkfifo)),
    "a link to nowhere": ("shared.nt", replace("shared.nt", lambda path: path.symlink_to("nowhere"))),
    "a link in a circle": ("shared.nt", replace("shared.nt", lambda path: path.symlink_to("shared.nt"))),
    "no JSON": ("ours.json", put("ours.json", b"junk")),
    "a number": ("ours.json", put("ours.json", b"3")),
    "a fact that is a number": ("ours.json", put("ours.json", b"[3]")),
    "a fact with other keys": ("ours.json", put("ours.json", b'[{"a": 1}]')),
    "brackets without end": ("ours.json", put("ours.json", b"[" * 200_000)),
    "one key more": ("ours.json", ours(more="")),
    "a thing that is no IRI": ("ours.json", ours(subject="a b")),
    "a relation that there is not": ("ours.json", ours(relation="friendship")),
    "an item that is none": ("ours.json", ours(subject_item="Q1 x")),
    "a start that is no date": ("ours.json", ours(start="soon")),
    "no start": ("ours.json", ours(start="")),
    "a start that is a number": ("ours.json", ours(start=1999)),
    "half a character": ("ours.json", ours(claims=["\ud800"])),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_is_damaged_is_told(name: str, own: Path) -> None:
    spoil(own, MANIFESTS[name])
    with pytest.raises(DataError, match=rf"own/{MANIFEST}.*take a new snapshot") as caught:
        open_snapshot(own)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_damaged_is_told_by_its_name(name: str, own: Path) -> None:
    file, damage = FILES[name]
    spoil(own, damage)
    with pytest.raises(DataError, match=rf"own/{file}.*take a new snapshot"):
        open_snapshot(own)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(MANIFEST)])
def test_a_folder_whose_manifest_is_no_file_is_no_snapshot(make: Callable[[Path], object], own: Path) -> None:
    spoil(own, replace(MANIFEST, make))
    with pytest.raises(UsageError, match="no snapshot"):
        open_snapshot(own)


def test_a_file_that_the_manifest_does_not_list_is_not_read(own: Path) -> None:
    (own / "items" / "Q5.nt").write_text("junk")
    assert "Q5" not in open_snapshot(own).held


def test_the_command_says_so_in_one_line(cica, own: Path) -> None:  # type: ignore[no-untyped-def]
    spoil(own, MANIFESTS["a day that steers a terminal"])
    done = cica("link", "compare", "--snapshot", "own")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "own/MANIFEST.json is no manifest of a snapshot; take a new snapshot" in done.stderr


WORDS = st.sampled_from(
    ["", "Q232", "Q846", "2026-11-20", "items/Q232.nt", "../x", ESCAPE, "\ud800", "x" * 300]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**20) | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def change(value: Any, draw: st.DrawFn) -> Any:
    """Put something else somewhere in a value of JSON, take something away, or add something."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 3)) == 0:
        return draw(VALUES)
    place = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    what = draw(st.sampled_from(["in", "in", "away", "more"]))
    if what == "in":
        value[place] = change(value[place], draw)
    elif what == "away":
        del value[place]
    elif isinstance(value, dict):
        value[draw(WORDS)] = draw(VALUES)
    else:
        value.append(draw(VALUES))
    return value


@settings(max_examples=100)
@given(data=st.data())
def test_whatever_happened_to_it_a_snapshot_is_refused_as_damaged_or_can_be_used(
    data: st.DataObject, whole: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    # The items are only read: links to them are enough.
    shutil.copytree(whole, folder, copy_function=os.symlink)
    names = (MANIFEST, "ours.json", "shared.nt")
    for name in names:
        (folder / name).unlink()
        shutil.copy(whole / name, folder / name)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    if data.draw(st.booleans()):
        facts = change(json.loads((folder / "ours.json").read_bytes()), data.draw)
        put("ours.json", json.dumps(facts).encode())(folder, manifest)
    else:
        manifest = change(manifest, data.draw)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with contextlib.suppress(DataError):
        snapshot = open_snapshot(folder)
        compare_facts(snapshot.facts, snapshot)

"""A release is whole, checks itself, can be loaded and compared, and has the same bytes each time."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

import cica_kg
from cica_kg import DataError, KnowledgeGraph, UsageError
from cica_kg.diff import diff, read_side
from cica_kg.export.citation import Citation, read_citation
from cica_kg.export.formats import FORMATS
from cica_kg.export.release import release_files
from cica_kg.files import GraphFile, read_graph
from cica_kg.packing import write_folder
from cica_kg.validation import certificate

PLACE = "https://example.org/"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"


@pytest.fixture(scope="module")
def files(kg: KnowledgeGraph) -> dict[str, bytes]:
    return release_files(kg)


@pytest.fixture(scope="module")
def release(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "cica-kg"
    write_folder(folder, files)
    return folder


def test_it_holds_every_form(files: dict[str, bytes]) -> None:
    forms = {form.extensions[0] for form in FORMATS.values() if form.extensions} - {".zip"}
    assert {f"cica-kg{ending}" for ending in forms} <= {PurePosixPath(name).name for name in files}
    assert {"rdf/cica-kg-canonical.nq", "tables/csv-metadata.json", "tables/states.csv"} <= files.keys()


def test_the_checksums_are_those_of_all_other_files(release: Path, files: dict[str, bytes]) -> None:
    if shutil.which("sha256sum") is None:
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("sha256sum is not installed")
        pytest.skip("sha256sum is not installed")
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=release,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    checked = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
    there = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    assert checked == there - {"SHA256SUMS"} == files.keys() - {"SHA256SUMS"}


def test_the_description_is_of_the_files_that_are_there(files: dict[str, bytes]) -> None:
    store = Store()
    store.load(files["dataset.ttl"], RdfFormat.TURTLE, base_iri=PLACE)

    def one(subject: NamedNode, property_: str) -> NamedNode | Literal:
        (quad,) = store.quads_for_pattern(subject, NamedNode(property_), None, None)
        assert isinstance(quad.object, NamedNode | Literal)
        return quad.object

    described = set()
    for quad in store.quads_for_pattern(None, NamedNode(DCAT + "distribution"), None, None):
        file = quad.object
        assert isinstance(file, NamedNode)
        path = unquote(one(file, DCAT + "downloadURL").value.removeprefix(PLACE))
        checksum = one(file, SPDX + "checksum")
        assert isinstance(checksum, NamedNode)
        assert one(file, DCAT + "byteSize").value == str(len(files[path]))
        assert one(checksum, SPDX + "checksumValue").value == hashlib.sha256(files[path]).hexdigest()
        described.add(path)
    assert described == {name for name in files if name.startswith(("rdf/", "tables/", "network/"))}


def test_it_is_the_graph_that_passed_and_its_certificate_says_so(
    release: Path, files: dict[str, bytes], kg: KnowledgeGraph
) -> None:
    read = read_graph(release)
    assert read.digest == kg.digest
    for name in ("certificate.json", "certificate.ttl"):
        stated = certificate.read(GraphFile(name, release / name, files[name]))
        assert certificate.compare(stated, read) == ([], [])
    assert cica_kg.load(root=release).query("members").to_dicts() == kg.query("members").to_dicts()  # type: ignore[union-attr]


def test_it_says_what_the_data_folder_says_and_its_rdf_forms_their_version_too(
    release: Path, root: Path
) -> None:
    data = read_side(root).triples
    assert not diff(data, read_side(release).triples)
    version = Triple(
        NamedNode("https://w3id.org/cica-kg/graph"),
        NamedNode("http://www.w3.org/2002/07/owl#versionInfo"),
        Literal(cica_kg.__version__),
    )
    forms = sorted((release / "rdf").iterdir())
    assert len(forms) == sum(form.family == "rdf" for form in FORMATS.values())
    for path in forms:
        assert not diff({*data, version}, read_side(path).triples), path


def test_the_page_lists_every_file_with_its_size(files: dict[str, bytes]) -> None:
    page = files["README.md"].decode()
    rows = re.findall(r"^\| `([^`]+)`(?: \((\d+) files\))? \| ([\d,]+) \|", page, re.MULTILINE)
    listed = set()
    for path, number, size in rows:
        held = [name for name in files if name == path or (path.endswith("/") and name.startswith(path))]
        assert size.replace(",", "") == str(sum(len(files[name]) for name in held))
        assert number in ("", str(len(held)))
        listed.update(held)
    assert listed == files.keys() - {"README.md", "SHA256SUMS"}
    assert cica_kg.__version__ in page
    assert "kept to 20" in page
    assert "الرسم البياني المعرفي" in page


def test_neither_hashes_nor_the_day_asked_for_change_a_byte(
    python, files: dict[str, bytes], kg: KnowledgeGraph
) -> None:
    code = """
import cica_kg, sys
from cica_kg.export.release import release_files
sys.stdout.buffer.write(release_files(cica_kg.load(at=sys.argv[1]))["SHA256SUMS"])
"""
    # This process has a seed, a locale and a day of its own.
    assert kg.at.isoformat() != "2008-12-31"
    done = python("-c", code, "2008-12-31", env={"PYTHONHASHSEED": "1", "TZ": "Asia/Qatar", "LC_ALL": "C"})
    assert done.stdout == files["SHA256SUMS"].decode(), done.stderr


def test_a_graph_of_files_from_elsewhere_has_no_release(small: Path, tmp_path: Path) -> None:
    added = tmp_path / "added.ttl"
    added.write_text("<https://w3id.org/cica-kg/id/state/lemuria> a <https://w3id.org/cica-kg/def#State> .")
    with pytest.raises(UsageError, match=r"put .*added\.ttl into"):
        release_files(cica_kg.load(root=small, data=[added]))


def test_a_file_name_that_breaks_the_list_of_checksums_is_refused(small: Path) -> None:
    (small / "data" / "two\nlines.ttl").write_text("")
    with pytest.raises(UsageError, match="rename the file"):
        release_files(cica_kg.load(root=small))


def test_a_graph_without_citation_and_licence_names_nobody(small: Path) -> None:
    files = release_files(cica_kg.load(root=small))
    assert not {"CITATION.cff", "LICENSE-DATA"} & files.keys()
    assert b"creator" not in files["dataset.ttl"]
    assert b"## Cite" not in files["README.md"]
    assert b"Licence" not in files["README.md"]


def test_the_page_names_every_title_and_licence_in_order(small: Path) -> None:
    said = " , ".join(f"<https://example.org/{name}>" for name in "cab")
    names = " , ".join(f'"{name}"@ar' for name in "zyx")
    (small / "data" / "said.ttl").write_text(
        f"<https://w3id.org/cica-kg/graph> <http://purl.org/dc/terms/license> {said} ;"
        f" <http://www.w3.org/2000/01/rdf-schema#label> {names} ."
    )
    page = release_files(cica_kg.load(root=small))["README.md"].decode()
    assert "\nx, y, z\n" in page
    assert "Licence: " + ", ".join(f"<https://example.org/{name}>" for name in "abc") in page


def test_a_citation_names_people_and_others() -> None:
    content = """
title: A graph
authors:
  - given-names: Zhang
    family-names: Ming
  - name: The Maintainers
identifiers:
  - type: url
    value: https://example.org/
"""
    names = ("Zhang Ming", "The Maintainers")
    assert read_citation(content.encode()) == Citation("A graph", names, "https://example.org/")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[",
        "title: A graph",
        "title: A graph\nauthors: [x]",
        "authors: []",
        "\x00",
        "title: 1\nauthors: 1",
    ],
)
def test_a_citation_that_says_nothing_is_refused(content: str) -> None:
    with pytest.raises(DataError, match=r"CITATION\.cff"):
        read_citation(content.encode())


def test_the_page_about_releases_is_true(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (root / "docs" / "releases.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    commands = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    command = tmp_path / "bin" / "cica"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cica_kg "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    assert len(commands) > 4
    for line in commands:
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{line}: {done.stderr}"
    for block in re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        exec(compile(block, "releases.md", "exec"), {})  # our own page

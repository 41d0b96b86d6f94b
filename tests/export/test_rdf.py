"""What is exported is what was authored: the same triples, and the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse

from cica_kg import KnowledgeGraph
from cica_kg.export.rdf import export_rdf
from cica_kg.rdf import EXTENSIONS, FORMATS
from cica_kg.store import literals_as_written, triples
from cica_kg.vocabulary import PREFIXES, TERMS_NAMESPACE

OXIGRAPH = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld"}


@pytest.fixture(scope="module")
def exported(kg: KnowledgeGraph) -> dict[str, bytes]:
    return {form: export_rdf(kg.validated, form) for form in FORMATS}


@pytest.fixture(scope="module")
def authored(kg: KnowledgeGraph) -> set[Triple]:
    return triples(kg.validated.files.data)


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    return request.param


def test_every_format_can_be_read_back_by_oxigraph(
    exported: dict[str, bytes], authored: set[Triple], form: str
) -> None:
    found = {quad.triple for quad in parse(exported[form], OXIGRAPH[form])}
    assert found == authored


def test_every_format_can_be_read_back_by_rdflib(
    exported: dict[str, bytes], authored: set[Triple], form: str
) -> None:
    graph = rdflib.Graph()
    with literals_as_written():
        graph.parse(data=exported[form], format=RDFLIB[form])
    lines = graph.serialize(format="nt").splitlines()
    assert {quad.triple for quad in parse("\n".join(lines), RdfFormat.N_TRIPLES)} == authored


def test_nothing_derived_is_exported(authored: set[Triple]) -> None:
    derived = {
        TERMS_NAMESPACE + name
        for name in ("startEarliest", "startLatest", "endEarliest", "endLatest", "memberOf", "referenceDate")
    }
    assert not derived & {triple.predicate.value for triple in authored}


def test_lines_are_sorted(exported: dict[str, bytes]) -> None:
    lines = exported["ntriples"].splitlines()
    assert lines == sorted(lines)


def test_json_ld_has_a_context_of_its_own_and_asks_no_other(exported: dict[str, bytes]) -> None:
    document = json.loads(exported["jsonld"])
    assert all(PREFIXES[prefix] == iri for prefix, iri in document["@context"].items())
    assert document["@context"]["cica"] == PREFIXES["cica"]


def test_the_bytes_do_not_depend_on_the_order_of_hashes(cica, exported: dict[str, bytes]) -> None:
    for form, data in exported.items():
        seen = {hashlib.sha256(data).hexdigest()}
        for order in ("1", "2"):
            done = cica("export", "--format", form, "--quiet", env={"PYTHONHASHSEED": order})
            seen.add(hashlib.sha256(done.stdout.encode()).hexdigest())
        assert len(seen) == 1, form


def test_every_ending_names_its_format(cica, exported: dict[str, bytes], tmp_path: Path) -> None:
    assert set(EXTENSIONS.values()) == set(FORMATS)
    for ending, form in EXTENSIONS.items():
        target = tmp_path / f"graph{ending}"
        done = cica("export", "--output", target)
        assert (done.returncode, done.stdout) == (0, "")
        assert target.read_bytes() == exported[form]
        assert str(target) in done.stderr


def test_a_file_that_is_there_is_only_overwritten_by_force(cica, tmp_path: Path) -> None:
    target = tmp_path / "graph.nt"
    target.write_bytes(b"mine")
    done = cica("export", "--output", target)
    assert (done.returncode, target.read_bytes()) == (2, b"mine")
    assert "--force" in done.stderr
    done = cica("export", "--output", target, "--force")
    assert done.returncode == 0
    assert target.stat().st_size > 100_000


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--output", "graph"], 2),
        (["--output", "graph.docx"], 2),
        (["--format", "rdfxml"], 2),
        (["--output", "nowhere/graph.ttl"], 3),
        (["--output", ".", "--format", "turtle"], 2),
        (["--output", ".", "--format", "turtle", "--force"], 3),
        (["--output", "/proc/graph.ttl"], 3),
        (["--output", "", "--format", "turtle"], 2),
        (["--output", "x" * 300 + ".ttl"], 3),
        (["--at", "2012-01-01"], 2),
        (["one-too-many"], 2),
    ],
)
def test_what_cannot_be_written_is_one_line_and_leaves_nothing(
    cica, tmp_path: Path, arguments: list[str], code: int
) -> None:
    done = cica("export", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("cica: ")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_plain_file_is_not_replaced(cica, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    done = cica("export", "--output", pipe, "--force")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert done.returncode in (2, 3)
    target, link = tmp_path / "target.nt", tmp_path / "link.nt"
    target.write_bytes(b"old")
    link.symlink_to(target)
    assert cica("export", "--output", link, "--force").returncode == 0
    assert link.is_symlink()
    assert target.stat().st_size > 100_000


def test_a_full_disk_is_told(cica) -> None:
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("this system has no /dev/full")
    with device.open("wb") as full:
        done = cica("export", "--format", "ntriples", stdout=full)
    assert done.returncode == 3
    assert "No space left" in done.stderr

"""The certificate states what passed, and says when it no longer holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Dataset, Quad, RdfFormat, parse

from cica_kg.errors import DataError
from cica_kg.files import GraphFile, read_graph
from cica_kg.validation import certificate
from cica_kg.validation.gate import judge


def made(small: Path) -> certificate.Certificate:
    files = read_graph(small)
    return certificate.make(files, judge(files))


def read(content: bytes) -> certificate.Certificate:
    return certificate.read(GraphFile("cert", Path("cert"), content))


@pytest.mark.parametrize("ending", [".json", ".ttl"])
def test_it_comes_back_as_it_was_written_in_the_same_bytes(small: Path, ending: str) -> None:
    stated = made(small)
    content = certificate.write(stated, ending)
    assert read(content) == stated
    assert certificate.write(made(small), ending) == content
    assert certificate.compare(read(content), read_graph(small)) == ([], [])


def test_both_forms_say_the_same_and_it_is_a_w3c_report_with_prov(small: Path) -> None:
    stated = made(small)
    graphs = []
    for ending, kind in ((".json", RdfFormat.JSON_LD), (".ttl", RdfFormat.TURTLE)):
        quads = parse(certificate.write(stated, ending), kind)
        graphs.append(Dataset(Quad(*quad.triple) for quad in quads))
    assert graphs[0] == graphs[1]
    used = {quad.predicate.value.rpartition("#")[2] for quad in graphs[0]}
    assert {"conforms", "wasGeneratedBy", "wasAssociatedWith", "used"} <= used
    plain = json.loads(certificate.write(stated, ".json"))
    assert plain["conforms"] is True
    assert plain["sha256"] == read_graph(small).digest
    assert plain["graph"]["knownUntil"] == "2020-06-30"
    names = [engine["name"] for engine in plain["generatedBy"]["engines"]]
    assert names == ["cica-kg", "pyoxigraph", "pyshacl", "rdflib"]


def test_it_says_what_changed(small: Path) -> None:
    stated = made(small)
    (small / "data" / "new.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    records = small / "data" / "records.ttl"
    records.write_text(records.read_text() + "\n# more\n")
    (small / "ontology" / "rules" / "labels.rq").unlink()
    changes, _ = certificate.compare(stated, read_graph(small))
    assert changes == ["data/records.ttl changed", "ontology/rules/labels.rq is gone", "data/new.ttl is new"]


def test_another_engine_is_a_note_and_a_wrong_digest_a_reason(small: Path) -> None:
    stated = made(small)
    other = stated._replace(engines={**stated.engines, "pyshacl": "0.1"})
    changes, (note,) = certificate.compare(other, read_graph(small))
    assert not changes and "pyshacl 0.1" in note
    changes, _ = certificate.compare(stated._replace(digest="0" * 64), read_graph(small))
    assert "tampered" in changes[0]


def test_there_is_none_for_a_graph_that_does_not_conform(small: Path) -> None:
    records = small / "data" / "records.ttl"
    records.write_text(records.read_text().replace("body:club ;", "state:atlantis ;"))
    with pytest.raises(DataError, match="does not conform"):
        made(small)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"{not json",
        b"<urn:a> <urn:b> <urn:c> .",
        b"\xff\xfe",
        b'{"@context": "https://example.org/remote.jsonld", "conforms": true}',
    ],
)
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="cert is no certificate"):
        read(content)


def test_one_that_says_no_is_refused(small: Path) -> None:
    content = certificate.write(made(small), ".json").replace(b'"conforms": true', b'"conforms": false')
    with pytest.raises(DataError, match="no certificate of a graph that conforms"):
        read(content)

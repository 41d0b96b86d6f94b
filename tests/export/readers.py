"""What other implementations read in an export, as pyoxigraph's terms, so that it can be compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from typing import Any

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from cica_kg.rdf import quiet_rdflib
from cica_kg.store import literals_as_written

OXIGRAPH = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "canonical": RdfFormat.N_QUADS,
}
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "canonical": "nquads",
}
RAPPER = {"turtle": "turtle", "ntriples": "ntriples", "rdfxml": "rdfxml"}


def canonical(quads: Iterable[Quad]) -> list[str]:
    """Return what is the same for two sets of quads exactly if they are isomorphic (RDFC-1.0)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def by_oxigraph(data: bytes, form: str) -> list[Quad]:
    return list(parse(data, OXIGRAPH[form]))


def by_rdflib(data: bytes, form: str) -> list[Quad]:
    dataset = rdflib.Dataset()
    with literals_as_written(), quiet_rdflib():
        dataset.parse(data=data, format=RDFLIB[form])
    default = rdflib.graph.DATASET_DEFAULT_GRAPH_ID
    return [
        Quad(_term(s), _term(p), _term(o), DefaultGraph() if g in (None, default) else _term(g))
        for s, p, o, g in dataset.quads()
    ]


def _term(term: Any) -> Any:
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return (
            Literal(str(term), datatype=NamedNode(str(term.datatype)))
            if term.datatype
            else Literal(str(term))
        )
    return BlankNode(f"b{term}") if isinstance(term, rdflib.BNode) else NamedNode(str(term))


def by_rapper(data: bytes, form: str) -> list[Quad]:
    """Skip where Raptor is missing, but fail where everything is said to be there."""
    rapper = shutil.which("rapper")
    if rapper is None:
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("rapper is missing (Debian package raptor2-utils)")
        pytest.skip("rapper is missing (Debian package raptor2-utils)")
    command = [
        rapper,
        "--quiet",
        "--input",
        RAPPER[form],
        "--output",
        "ntriples",
        "-",
        "https://example.org/",
    ]
    done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return list(parse(done.stdout, RdfFormat.N_TRIPLES))


def by_pyld(data: bytes, form: str) -> list[Quad]:
    """Read JSON-LD with a loader that fetches nothing."""

    def loader(url: str, _: object) -> None:
        raise AssertionError(f"{url} was asked for")

    found = jsonld.to_rdf(json.loads(data), {"documentLoader": loader})
    return [
        Quad(_node(each["subject"]), _node(each["predicate"]), _node(each["object"]))
        for each in found["@default"]
    ]


def _node(node: dict[str, str]) -> Any:
    if node["type"] == "blank node":
        return BlankNode(node["value"].removeprefix("_:"))
    if node["type"] == "IRI":
        return NamedNode(node["value"])
    if "language" in node:
        return Literal(node["value"], language=node["language"])
    return Literal(node["value"], datatype=NamedNode(node["datatype"]))


def readers_of(form: str) -> list[Any]:
    """Return all readers that know a form."""
    others = [by_rapper] if form in RAPPER else [by_pyld] if form == "jsonld" else []
    return [by_oxigraph, by_rdflib, *others]

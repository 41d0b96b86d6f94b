"""Everything but asking an endpoint works with no network, and does not even try."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

import cica_kg
from cica_kg import CicaError, KnowledgeGraph

#: Whoever wants a connection, a name or a socket for the network gets an error that nothing catches.
CUT_OFF = """
import socket, sys

class Reached(BaseException):
    pass

def refuse(*arguments, **_):
    raise Reached(f"the network was asked for: {arguments}")

real = socket.socket.__init__
def only_local(self, family=socket.AF_INET, *arguments, **options):
    if family in (socket.AF_INET, socket.AF_INET6, -1):
        refuse(family)
    real(self, family, *arguments, **options)

socket.socket.__init__ = only_local
for name in ("create_connection", "getaddrinfo", "gethostbyname", "gethostbyname_ex", "getfqdn"):
    setattr(socket, name, refuse)
"""


def test_the_guard_of_this_test_works(python) -> None:
    for attempt in (
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket()",
    ):
        done = python("-c", CUT_OFF + attempt)
        assert done.returncode == 1
        assert "the network was asked for" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["validate"],
        ["queries"],
        ["query", "members", "--at", "2008-12-31"],
        ["query", "--sparql", "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }"],
        ["query", "--sparql", "CONSTRUCT WHERE { ?s a cica:State }"],
        ["export", "--format", "turtle"],
        ["export", "--format", "ntriples"],
        ["export", "--format", "jsonld"],
        ["export", "--format", "release", "--output", "release"],
        ["link", "check"],
        ["link", "suggest", "cica", "--endpoint", "wikidata", "--dry-run"],
        ["link", "verify", "--endpoint", "wikidata", "--dry-run"],
        ["link", "compare", "--item", "Q42", "--endpoint", "wikidata", "--dry-run"],
    ],
    ids=" ".join,
)
def test_the_command_line_does_not_ask_for_the_network(
    kg: KnowledgeGraph, python, arguments: list[str]
) -> None:
    done = python("-c", CUT_OFF + "from cica_kg.cli import main; sys.exit(main(sys.argv[1:]))", *arguments)
    assert (done.returncode, "Reached" in done.stderr) == (0, False), done.stderr


def test_validating_does_not_ask_for_the_network(small: Path, python, tmp_path: Path) -> None:
    records = small / "data" / "records.ttl"
    imports = "PREFIX owl: <http://www.w3.org/2002/07/owl#>"
    records.write_text(
        f"{imports} <http://127.0.0.1:9/> owl:imports <http://127.0.0.1:9/x> .\n{records.read_text()}"
    )
    code = CUT_OFF + "import cica_kg; cica_kg.load(root=sys.argv[1])"
    done = python("-c", code, small, env={"CICA_KG_CACHE": str(tmp_path / "cache")})
    assert "Reached" not in done.stderr


SHAPE = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX cica: <https://w3id.org/cica-kg/def#>
<https://w3id.org/cica-kg/shapes#more> a sh:NodeShape ;
    sh:targetClass cica:State ; sh:sparql [ sh:select '%s' ] .
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ontology/rules/labels.rq", "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }"),
        ("ontology/rules/surely.rq", "CONSTRUCT { ?s ?p ?o } FROM <U> WHERE { ?s ?p ?o }"),
        ("ontology/shapes/more.ttl", SHAPE % "SELECT $this { SERVICE <U> { $this ?p ?o } }"),
        ("ontology/shapes/more.ttl", SHAPE % "SELECT $this FROM <U> { $this ?p ?o }"),
        ("queries/all.rq", "#+ summary: All\nSELECT * { SERVICE <U> { ?s ?p ?o } }"),
    ],
)
@pytest.mark.usefixtures("empty_cache")
def test_what_came_with_another_graph_does_not_reach_the_network(
    small: Path, endpoint, name: str, content: str
) -> None:
    (small / name).write_text(content.replace("U>", f"{endpoint.address}>"))
    # Whether it is refused or ignored, it does not go out.
    with contextlib.suppress(CicaError):
        cica_kg.load(root=small).query("all")
    assert endpoint.seen == []


def test_the_rdflib_copy_does_not_ask_for_the_network(kg: KnowledgeGraph, python) -> None:
    code = CUT_OFF + "import cica_kg; print(len(cica_kg.load().graph))"
    done = python("-c", code)
    assert (done.returncode, done.stdout) == (0, f"{len(kg.store)}\n"), done.stderr

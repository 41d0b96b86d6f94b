"""Fixtures that more than one test module uses."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import cica_kg

ROOT = Path(__file__).resolve().parent.parent

# The two cores of a small machine are shared: what counts is the answer, never how long one example took.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a cache of its own: no verdict comes from the user's, none is left there."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A run in the background ignores Ctrl-C, and so would all that it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):  # workers of xdist inherit the folder
        os.environ["CICA_KG_CACHE"] = tempfile.mkdtemp(prefix="cica-kg-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the cache of the run."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["CICA_KG_CACHE"], ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def kg() -> cica_kg.KnowledgeGraph:
    """The shipped graph, validated once a run: other workers wait for the verdict instead of repeating it."""
    with (Path(os.environ["CICA_KG_CACHE"]) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cica_kg.load()


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own; it does not exist yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CICA_KG_CACHE", str(folder))
    return folder


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def python(tmp_path: Path) -> Run:
    """Run Python in a process of its own, in an empty folder: `python("-c", code)`."""

    def run(*arguments: str | os.PathLike[str] | bytes, **options: Any) -> subprocess.CompletedProcess[str]:
        options.setdefault("timeout", 120)
        options.setdefault("cwd", tmp_path)
        options["env"] = os.environ | options.pop("env", {})
        if isinstance(options.get("input"), str):
            options["input"] = options["input"].encode()
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        for stream in ("stdout", "stderr"):
            options.setdefault(stream, subprocess.PIPE)
        command = [sys.executable, *arguments]
        # Bytes in, text out with line ends as they are: the standard forms end their lines with CR LF.
        done = subprocess.run(command, check=False, **options)
        return subprocess.CompletedProcess(
            command, done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode()
        )

    return run


@pytest.fixture
def cica(python: Run, kg: cica_kg.KnowledgeGraph) -> Run:
    """Run the command line in a process of its own; the verdict on the shipped graph is known by then."""

    def run(*arguments: str | os.PathLike[str] | bytes, **options: Any) -> subprocess.CompletedProcess[str]:
        done = python("-m", "cica_kg", *arguments, **options)
        assert "Traceback" not in (done.stderr or "")
        return done

    return run


SMALL = {
    "ontology/cica.ttl": """
        PREFIX cica: <https://w3id.org/cica-kg/def#>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        cica:Organization a owl:Class .
        cica:Body a owl:Class ; rdfs:subClassOf cica:Organization .
        cica:State a owl:Class .
        cica:Relationship a owl:Class .
        cica:Membership a owl:Class ; rdfs:subClassOf cica:Relationship ;
            cica:viewedAs cica:memberOf ; cica:possiblyViewedAs cica:possiblyMemberOf ;
            cica:lastsUntilEnded true ;
            cica:labelPattern "Membership of {party} in {thing}"@en .
        cica:KnowledgeGraph a owl:Class .
        cica:viewedAs a owl:AnnotationProperty . cica:possiblyViewedAs a owl:AnnotationProperty .
        cica:lastsUntilEnded a owl:AnnotationProperty . cica:labelPattern a owl:AnnotationProperty .
        cica:memberOf a owl:ObjectProperty ; owl:inverseOf cica:hasMember .
        cica:hasMember a owl:ObjectProperty .
        cica:possiblyMemberOf a owl:ObjectProperty ; owl:inverseOf cica:possiblyHasMember .
        cica:possiblyHasMember a owl:ObjectProperty .
        cica:party a owl:ObjectProperty . cica:inOrganization a owl:ObjectProperty .
        cica:start a owl:DatatypeProperty . cica:end a owl:DatatypeProperty .
        cica:ongoingAsOf a owl:DatatypeProperty . cica:knownUntil a owl:DatatypeProperty .
        cica:startEarliest a owl:DatatypeProperty .
    """,
    "ontology/shapes/small.ttl": """
        PREFIX cica: <https://w3id.org/cica-kg/def#>
        PREFIX cica-sh: <https://w3id.org/cica-kg/shapes#>
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        cica-sh:relationship a sh:NodeShape ; sh:targetClass cica:Relationship ;
            sh:property cica-sh:in-organization , cica-sh:bounds .
        cica-sh:in-organization a sh:PropertyShape ; sh:path cica:inOrganization ;
            sh:minCount 1 ; sh:class cica:Organization ;
            sh:message "Name an organization of the graph."@en , "سمِّ منظمة من الرسم المعرفي."@ar .
        cica-sh:bounds a sh:PropertyShape ; sh:path cica:startEarliest ;
            sh:minCount 1 ; sh:datatype xsd:date ;
            sh:message "Give a start that the calendar has."@en .
    """,
    "data/graph.ttl": """
        <https://w3id.org/cica-kg/graph> <https://w3id.org/cica-kg/def#knownUntil> "2020-06-30" .
    """,
    "data/records.ttl": """
        PREFIX cica: <https://w3id.org/cica-kg/def#>
        PREFIX membership: <https://w3id.org/cica-kg/id/membership/>
        PREFIX body: <https://w3id.org/cica-kg/id/body/>
        PREFIX state: <https://w3id.org/cica-kg/id/state/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        body:club a cica:Body ; rdfs:label "Club"@en .
        state:atlantis a cica:State ; rdfs:label "Atlantis"@en .
        membership:atlantis-club a cica:Membership ;
            cica:party state:atlantis ; cica:inOrganization body:club ;
            cica:start "2001-02" ; cica:ongoingAsOf "2019" .
    """,
    "queries/all.rq": """#+ summary: Everything
#+ cica:
#+   question: {en: "What is there?"}
SELECT ?s ?p ?o WHERE { ?s ?p ?o }
""",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A graph in a folder of its own, validated in a moment; the test may change its files."""
    folder = tmp_path / "small"
    for name, text in SMALL.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "ontology" / "rules", folder / "ontology" / "rules")
    return folder


class Endpoint:
    """An HTTP server on the loopback interface; `answer(handler)` answers each request, `seen` lists them."""

    def __init__(self) -> None:
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: handler.send_error(404)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.seen.append((self.command, self.path, dict(self.headers), self.body))
                outer.answer(self)

            do_POST = do_GET  # noqa: N815  # the name that http.server calls

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"
        # No logged traceback when a client goes away in the middle, as some tests make it do.
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A server that a test fills with answers."""
    # pyoxigraph's answers must die in the thread they were born in, and the cyclic garbage collector runs in
    # whichever thread happens to call for memory.
    gc.collect()
    gc.disable()
    served = Endpoint()
    yield served
    served.server.shutdown()
    served.server.server_close()
    gc.enable()


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208  # names, not paths


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """After the test this process has no child, running or dead, and no more open files than before."""
    before = len(descriptors())
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert len(descriptors()) <= before

"""A stranger's query ends within its limits, and its process with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cica_kg
from cica_kg import CicaError, KnowledgeGraph, LimitError, Limits, OutsideError
from cica_kg.queries import runner

SMALL = Limits(seconds=20, megabytes=256)

HOSTILE = {
    "brackets": "SELECT * { ?s ?p " + "[ ?p " * 5000 + "1" + " ]" * 5000 + " }",
    "parentheses": "SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "braces": "SELECT * " + "{" * 5000 + "}" * 5000,
    "negations": "SELECT * { FILTER(" + "!" * 50_000 + "true) }",
    "signs": "SELECT * { FILTER(" + "-" * 50_000 + "1) }",
    "inverse paths": "SELECT * { ?s " + "^" * 50_000 + "cica:start ?o }",
    "negated paths": "SELECT * { ?s " + "!" * 50_000 + "cica:start ?o }",
    "not": "SELECT * { FILTER " + "NOT EXISTS { FILTER " * 3000 + "(true)" + " }" * 3000 + " }",
    "unions": "SELECT * { {}" + "UNION{}" * 12_000 + " }",
    "conjunctions": "SELECT * { FILTER(true" + "&&true" * 15_000 + ") }",
    "sums": "SELECT * { BIND(1" + "+1" * 40_000 + " AS ?x) }",
    "concatenations": "SELECT * { BIND(" + "CONCAT(" * 5000 + "'a'" + ")" * 5000 + " AS ?x) }",
    "path parentheses": "SELECT * { ?s " + "(" * 5000 + "cica:start" + ")" * 5000 + " ?o }",
    "lists just deep enough": "SELECT * { ?s ?p " + "(" * 60 + "1" + ")" * 60 + " }",
    "concatenations just deep enough": "SELECT * { BIND(" + "CONCAT(" * 60 + "'a'" + ")" * 60 + " AS ?x) }",
    "paths just deep enough": "SELECT * { ?s " + "(" * 60 + "cica:start" + ")*" * 60 + " ?o }",
    "open brackets": "SELECT * { " + "[" * 60,
    "nothing": "",
    "zero": "\0" * 100,
    "half a pair": "SELECT * { BIND('\ud800' AS ?x) }",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.usefixtures("nothing_left")
def test_a_hostile_query_ends_in_an_answer_or_one_error(kg: KnowledgeGraph, query: str) -> None:
    try:
        kg.query(sparql=query, limits=Limits(seconds=3, megabytes=256))
    except CicaError as error:
        assert len(str(error)) < 1000


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i && ?b = ?f && ?c = ?d && ?a = ?e) }",
    ],
)
@pytest.mark.usefixtures("nothing_left")
def test_an_endless_query_is_stopped_at_its_limit(kg: KnowledgeGraph, query: str) -> None:
    with pytest.raises(LimitError, match=r"stopped after 0\.5 seconds"):
        kg.query(sparql=query, limits=Limits(seconds=0.5))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
        "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f }",
        "SELECT (STRLEN(?x30) AS ?n) { BIND('0123456789' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
        + " }",
    ],
    ids=["sorting", "distinct", "doubling"],
)
@pytest.mark.usefixtures("nothing_left")
def test_a_query_that_takes_all_memory_is_stopped(kg: KnowledgeGraph, query: str) -> None:
    with pytest.raises(LimitError, match="64 MB of memory"):
        kg.query(sparql=query, limits=Limits(seconds=60, megabytes=64))


@pytest.mark.usefixtures("nothing_left")
def test_the_answer_of_the_child_comes_back_whole() -> None:
    large = bytes(range(256)) * 20_000
    assert runner.run_limited(lambda: large, SMALL) == large


@pytest.mark.usefixtures("nothing_left")
def test_an_error_of_the_child_comes_back_with_its_class_and_text() -> None:
    def fail() -> bytes:
        raise cica_kg.UsageError("two\nlines, سيكا")

    with pytest.raises(cica_kg.UsageError, match="two\nlines, سيكا"):
        runner.run_limited(fail, SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_an_unforeseen_error_of_the_child_is_told_as_what_it_is() -> None:
    def fail() -> bytes:
        raise KeyError("unforeseen")

    with pytest.raises(CicaError, match="unforeseen"):
        runner.run_limited(fail, SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_a_child_that_dies_is_an_error() -> None:
    def die() -> bytes:
        os.kill(os.getpid(), signal.SIGSEGV)
        return b""

    with pytest.raises(LimitError):
        runner.run_limited(die, SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_the_child_can_open_no_file_and_no_connection(endpoint, tmp_path: Path) -> None:
    def reach() -> bytes:
        import socket

        for attempt in (
            lambda: socket.create_connection(("127.0.0.1", endpoint.server.server_port)),
            lambda: (tmp_path / "new").write_text("x"),
            lambda: Path("/etc/passwd").read_text(),
        ):
            try:
                attempt()
            except OSError:
                continue
            return b"reached"
        return b"closed in"

    assert runner.run_limited(reach, SMALL) == b"closed in"
    assert endpoint.seen == []


@pytest.mark.usefixtures("nothing_left")
def test_an_interrupt_ends_the_child_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "_read_until", interrupt)
    with pytest.raises(KeyboardInterrupt):
        runner.run_limited(lambda: time.sleep(60) or b"", SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_where_no_process_can_be_started_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(OutsideError, match="no process can be started"):
        runner.run_limited(lambda: b"", SMALL)


def test_where_there_is_no_fork_the_query_runs_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert runner.run_limited(lambda: str(os.getpid()).encode(), SMALL) == str(os.getpid()).encode()


@pytest.fixture
def spinning(kg: KnowledgeGraph) -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], int]]]:
    """Start the command line on an endless query; give its process and the number of its child."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[subprocess.Popen[bytes], int]:
        query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        command = [sys.executable, "-m", "cica_kg", "query", "--timeout", "2", "--sparql", query]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None:
            if child := children.read_text().split():
                return process, int(child[0])
            time.sleep(0.01)
        raise AssertionError(process.communicate())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _ends(pid: int) -> bool:
    for _ in range(1000):
        try:
            status = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True
        if status.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_ctrl_c_ends_a_query_quietly_with_130(spinning) -> None:
    process, child = spinning()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert _ends(child)


def test_a_query_does_not_outlive_a_killed_parent_for_long(spinning) -> None:
    process, child = spinning()
    process.kill()
    process.communicate()
    assert _ends(child)

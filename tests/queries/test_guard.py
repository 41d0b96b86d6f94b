"""What a query may do. Each disguise of SERVICE here was seen to reach the network without the guard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cica_kg
from cica_kg import CicaError, KnowledgeGraph, LimitError, Limits, OutsideError, QueryError
from cica_kg.queries import guard

SMALL = Limits(seconds=20, megabytes=256)

DISGUISES = {
    "plain": "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "small letters": "SELECT * { service <U> { ?s ?p ?o } }",
    "mixed letters": "SELECT * { sErViCe <U> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "silent without a space": "SELECT * { SERVICESILENT <U> { ?s ?p ?o } }",
    "a variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?s ?p ?o } }",
    "no space": "SELECT*{SERVICE<U>{?s ?p ?o}}",
    "a comment between": "SELECT * { SERVICE#\n<U> { ?s ?p ?o } }",
    "a comment with a carriage return": "SELECT * { #\rSERVICE <U> { ?s ?p ?o } }",
    "inside EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "inside a sub-select": "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "in CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "in ASK": "ASK { SERVICE <U> { ?s ?p ?o } }",
    "in DESCRIBE": "DESCRIBE ?s { SERVICE <U> { ?s ?p ?o } }",
    "after true": "SELECT * { OPTIONAL { ?s cica:x trueSERVICE <U> { ?s ?p ?o } } }",
    "after a number": "SELECT * { OPTIONAL { ?s cica:x 1SERVICE <U> { ?s ?p ?o } } }",
    "after an exponent": "SELECT * { OPTIONAL { ?s cica:x 1e5SERVICE <U> { ?s ?p ?o } } }",
    "after a decimal": "SELECT * { OPTIONAL { ?s cica:x 1.5SERVICE <U> { ?s ?p ?o } } }",
    "as a prefix": "PREFIX SERVICE: <a:> PREFIX : <U> SELECT * { SERVICE:a { ?s ?p ?o } }",
    "a silent prefix": "PREFIX SERVICESILENT: <a:> PREFIX : <U> SELECT * { SERVICESILENT:a { ?s ?p ?o } }",
    "as part of a prefix": "PREFIX SERVICEx: <a:> PREFIX x: <U> SELECT * { SERVICEx:a { ?s ?p ?o } }",
    "as a prefix, comment": "PREFIX SERVICE: <a:> PREFIX : <U> SELECT * { SERVICE:a#\n{ ?s ?p ?o } }",
    "as a prefix, silent": "PREFIX SILENT: <a:> PREFIX : <U> SELECT * { SERVICE SILENT:a { ?s ?p ?o } }",
    **{
        f"after {left}<2": f"PREFIX : <U> SELECT * {{ FILTER({left}<2)SERVICE:a#>\n{{ ?s ?p ?o }} }}"
        for left in ("1", "1e1", "?x", "rdf:nil", "true", "<a:a>", "EXISTS{}", "NOW()", "'1'", "'1'^^xsd:int")
    },
    "behind an escaped string": "SELECT * { BIND('\\'' AS ?x) SERVICE <U> { ?s ?p ?o } BIND('' AS ?y) }",
    "behind a long string": "SELECT * { BIND('''' ''' AS ?x) SERVICE <U> { ?s ?p ?o } BIND(''''''AS ?y) }",
    "behind an escaped line": 'SELECT * { BIND("\\\\" AS ?x) SERVICE <U> { ?s ?p ?o } BIND("" AS ?y) }',
}

HARMLESS = {
    "in a string": "ASK { BIND('SERVICE <U> { }' AS ?x) }",
    "in a long string": 'ASK { BIND("""SERVICE " <U> \'\'\' { }""" AS ?x) }',
    "in a comment": "ASK { # SERVICE <U> { }\n }",
    "in an IRI": "ASK { BIND(<https://example.org/SERVICE> AS ?x) }",
    "as a variable": "ASK { BIND(1 AS ?SERVICE) BIND(?SERVICE AS $service) FILTER($service = 1) }",
    "as a local name": "PREFIX ex: <a:> ASK { BIND(ex:SERVICE AS ?x) BIND(ex:a.service AS ?y) }",
    "as a language": "ASK { BIND('a'@service AS ?x) }",
    "as a blank node": "ASK { OPTIONAL { _:SERVICE cica:x 1 } }",
}


@pytest.mark.parametrize("query", DISGUISES.values(), ids=DISGUISES)
def test_service_is_refused_in_every_disguise(query: str) -> None:
    with pytest.raises(QueryError):
        guard.check(query.replace("U", "http://127.0.0.1:9/"))


def test_no_query_reaches_the_network_even_past_the_guard(
    kg: KnowledgeGraph, endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "check", lambda _: None)
    for query in DISGUISES.values():
        try:
            kg.query(sparql=query.replace("U", endpoint.address), limits=SMALL)
        except CicaError:
            continue
    assert endpoint.seen == []


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS)
def test_service_as_a_mere_name_or_text_passes(kg: KnowledgeGraph, query: str) -> None:
    assert kg.query(sparql=query) is True


@pytest.mark.parametrize(
    "query", ["SELECT * { \\u0053ERVICE <U> { } }", "SELECT * { SERVIC\\U00000045 <U> { } }"]
)
def test_service_in_code_points_is_no_query_at_all(kg: KnowledgeGraph, endpoint, query: str) -> None:
    with pytest.raises(QueryError):
        kg.query(sparql=query.replace("U", endpoint.address))
    assert endpoint.seen == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { _:b a cica:State }",
        "SELECT * { ?s cica:source _:b1.x . _:b1.x a cica:Source }",
        "SELECT * { [] a cica:State }",
        "SELECT * { FILTER(1 < 2 && 3 > 2) BIND(1<2 AS ?x) }",
        "SELECT * { ?a ?b ?c . FILTER(?a<?b && ?c>?b) } LIMIT 1",
        "PREFIX a.b: <a:> SELECT * { BIND(a.b:c AS ?x) }",
        "prefix ex:<a:> SELECT * { BIND(ex:%41\\~b AS ?x) }",
        "BASE <http://example.org/> SELECT * { BIND(<x#y> AS ?x) }",
        "PREFIX سيكا: <a:> SELECT * { BIND(سيكا:أ AS ?متغير) }",
    ],
)
def test_ordinary_queries_pass(kg: KnowledgeGraph, query: str) -> None:
    assert kg.query(sparql=query) is not None


@pytest.mark.parametrize("source", ["file:///etc/passwd", "http://127.0.0.1:9/data.ttl"])
@pytest.mark.parametrize(
    "clause", ["FROM <U> WHERE { ?s ?p ?o }", "FROM NAMED <U> { GRAPH ?g { ?s ?p ?o } }"]
)
def test_from_reads_nothing(kg: KnowledgeGraph, source: str, clause: str) -> None:
    assert len(kg.query(sparql="SELECT * " + clause.replace("U", source))) == 0


def test_from_asks_no_server(kg: KnowledgeGraph, endpoint) -> None:
    assert len(kg.query(sparql=f"SELECT * FROM <{endpoint.address}> {{ ?s ?p ?o }}")) == 0
    assert endpoint.seen == []


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "LOAD <http://127.0.0.1:9/>",
        "CLEAR ALL",
        "DROP ALL",
        "SELECT * {} ; DROP ALL",
    ],
)
def test_an_update_is_refused_and_changes_nothing(kg: KnowledgeGraph, update: str) -> None:
    before = len(kg.store)
    with pytest.raises(QueryError, match="not a SPARQL query"):
        kg.query(sparql=update)
    assert len(kg.store) == before


def test_an_update_is_answered_with_what_to_do_instead(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match=r"the graph is read only; edit the files in data/"):
        kg.query(sparql="insert data { <a:a> <a:b> <a:c> }")


def test_an_undeclared_prefix_is_told_with_near_ones_and_the_line() -> None:
    with pytest.raises(QueryError, match=r"line 2: the prefix “stat:” is not declared; did you mean state:"):
        guard.check("SELECT * {\n  ?s a stat:x }")
    with pytest.raises(QueryError, match=r"the prefix “qqqqqq:” is not declared$"):
        guard.check("SELECT * { ?s a qqqqqq:x }")


def test_every_prefix_of_the_graph_is_declared() -> None:
    guard.check("SELECT * { VALUES ?x { " + " ".join(f"{p}:x" for p in cica_kg.vocabulary.PREFIXES) + " } }")


def test_a_query_that_is_too_long_is_refused() -> None:
    with pytest.raises(QueryError, match="at most 100,000 are allowed"):
        guard.check("SELECT * { } #" + "x" * guard.MAX_LENGTH)


@pytest.mark.parametrize(("left", "right"), ["()", "[]", "{}"])
def test_brackets_nest_only_so_deep(left: str, right: str) -> None:
    deep = guard.MAX_DEPTH - 1
    guard.check("SELECT * {" + left * deep + right * deep + "}")
    with pytest.raises(QueryError, match="write it flatter"):
        guard.check("SELECT * {" + left * (deep + 1) + right * (deep + 1) + "}")


def test_brackets_in_strings_and_comments_do_not_nest() -> None:
    guard.check("SELECT * { BIND('" + "(" * 500 + "' AS ?x) # " + "{" * 500 + "\n }")


@given(st.text(max_size=200))
def test_any_text_is_refused_or_passes(text: str) -> None:
    try:
        guard.check(text)
    except QueryError as error:
        assert str(error)


@given(st.lists(st.sampled_from([*"<>{}()'\"\\#ab:?@ \n\r_.%1", "SERVICE"])).map("".join))
def test_tokens_are_in_order_and_lose_only_white_space_and_comments(text: str) -> None:
    end = 0
    for token in guard.tokens(text):
        assert token.start >= end
        assert text.startswith(token.text, token.start)
        assert text[end : token.start].strip() == "" or "#" in text[end : token.start]
        end = token.start + len(token.text)


SLOW_TO_READ = {
    "an IRI of code points": "SELECT * { <" + "\\uAAAAAAAA" * 30 + " }",
    "words and dots": "SELECT * { " + "a." * 45_000 + " }",
    "open strings": "SELECT * { " + "\\'" * 45_000 + " }",
    "an open long string": "SELECT * { '''" + "\\'" * 45_000 + " }",
    "less than": "SELECT * { " + "<a" * 45_000 + " }",
    "colons": "SELECT * { " + ":" * 90_000 + " }",
    "a prefix": "SELECT * { " + "a" * 90_000 + ":x }",
}


@pytest.mark.parametrize("query", SLOW_TO_READ.values(), ids=SLOW_TO_READ)
def test_no_text_keeps_the_guard_busy_for_long(query: str) -> None:
    # In a process of its own, since nothing could stop a regular expression that never ends.
    code = """
import sys
from cica_kg import QueryError
from cica_kg.queries.guard import check
try:
    check(sys.stdin.read())
except QueryError:
    pass
"""
    done = subprocess.run([sys.executable, "-c", code], input=query.encode(), timeout=60, check=False)
    assert done.returncode == 0


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
    assert guard.run_limited(lambda: large, SMALL) == large


@pytest.mark.usefixtures("nothing_left")
def test_an_error_of_the_child_comes_back_with_its_class_and_text() -> None:
    def fail() -> bytes:
        raise cica_kg.UsageError("two\nlines, سيكا")

    with pytest.raises(cica_kg.UsageError, match="two\nlines, سيكا"):
        guard.run_limited(fail, SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_an_unforeseen_error_of_the_child_is_told_as_what_it_is() -> None:
    def fail() -> bytes:
        raise KeyError("unforeseen")

    with pytest.raises(CicaError, match="unforeseen"):
        guard.run_limited(fail, SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_a_child_that_dies_is_an_error() -> None:
    def die() -> bytes:
        os.kill(os.getpid(), signal.SIGSEGV)
        return b""

    with pytest.raises(LimitError):
        guard.run_limited(die, SMALL)


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

    assert guard.run_limited(reach, SMALL) == b"closed in"
    assert endpoint.seen == []


@pytest.mark.usefixtures("nothing_left")
def test_an_interrupt_ends_the_child_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(guard, "_read_until", interrupt)
    with pytest.raises(KeyboardInterrupt):
        guard.run_limited(lambda: time.sleep(60) or b"", SMALL)


@pytest.mark.usefixtures("nothing_left")
def test_where_no_process_can_be_started_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(OutsideError, match="no process can be started"):
        guard.run_limited(lambda: b"", SMALL)


def test_where_there_is_no_fork_the_query_runs_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert guard.run_limited(lambda: str(os.getpid()).encode(), SMALL) == str(os.getpid()).encode()


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

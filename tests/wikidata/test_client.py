"""Asking for Wikidata's side over real sockets: good manners, and an end of its own for each bad answer."""

from __future__ import annotations

import contextlib
import http.server
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

import cica_kg
from cica_kg import (
    EndpointError,
    EndpointTimeoutError,
    NotSparqlError,
    ThrottledError,
    TruncatedError,
    UnreachableError,
    UsageError,
    replies,
)
from cica_kg.errors import BannedError
from cica_kg.manners import LaterError, Manners, retry_after, retrying
from cica_kg.remote import connect
from cica_kg.wikidata.asking import chunks, query_text
from cica_kg.wikidata.client import WIKIDATA, DryRun, Rows, connect_wikidata
from cica_kg.wikidata.fetch import ask_standing
from cica_kg.wikidata.items import read_items
from cica_kg.wikidata.properties import PROPERTIES, expected, find_properties, properties_by_label
from tests.wikidata import misbehaving as bad
from tests.wikidata.server import serve
from tests.wikidata.world import OBSERVER, World

QUERY = "SELECT ?item WHERE { ?item ?p ?o }"
ITEM = NamedNode("http://www.wikidata.org/entity/Q232")


@pytest.fixture
def client(endpoint):
    return connect_wikidata(endpoint.address, pause_s=0, seconds=20)


# Manners ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_client_says_who_asks_with_what_and_how_to_reach_them(endpoint) -> None:
    endpoint.answer = bad.answering(bad.ONE_ROW)
    connect_wikidata(endpoint.address, contact="kg@example.org", pause_s=0).select(QUERY)
    _, _, headers, _ = endpoint.seen[0]
    agent = headers["User-Agent"]
    assert agent.startswith(f"cica-kg/{cica_kg.__version__} (https://w3id.org/cica-kg; kg@example.org) ")
    assert agent.split(" ")[-1].startswith("SPARQLWrapper/")


@pytest.mark.parametrize(
    "contact", ["", "me", "kg@example.org\r\nX-Header: 1", "a b@example.org", "يوسف@example.org", "http://)"]
)
def test_a_contact_is_a_mail_address_or_a_url(contact: str) -> None:
    with pytest.raises(UsageError, match="contact"):
        connect_wikidata("wikidata", contact=contact)


def test_the_public_service_has_a_name_and_is_not_asked_what_it_is() -> None:
    assert connect_wikidata("wikidata").checked == f"{WIKIDATA}, live"


@pytest.mark.parametrize(
    ("url", "pause_s"),
    [
        ("wikidata", 1),
        ("https://example.org/sparql", 1),
        ("http://localhost.example.org/sparql", 1),
        ("http://127.0.0.1:7200/sparql", 0),
        ("http://[::1]:7200/sparql", 0),
    ],
)
def test_only_a_server_on_this_machine_is_asked_without_a_pause(url: str, pause_s: float) -> None:
    assert connect_wikidata(url)._remote._manners.pause_s == pause_s


def test_between_two_requests_there_is_a_pause(endpoint) -> None:
    arrived = []

    def answer(handler) -> None:
        arrived.append(time.monotonic())
        bad.answering(bad.ONE_ROW)(handler)

    endpoint.answer = answer
    client = connect_wikidata(endpoint.address, pause_s=0.1)
    for _ in range(3):
        client.select(QUERY)
    # A slow machine makes the gaps longer, never shorter.
    assert all(later - before >= 0.1 for before, later in pairwise(arrived))


def test_retries_keep_the_pause_too(endpoint) -> None:
    arrived = []

    def answer(handler) -> None:
        arrived.append(time.monotonic())
        (bad.later() if len(arrived) == 1 else bad.answering(bad.ONE_ROW))(handler)

    endpoint.answer = answer
    connect_wikidata(endpoint.address, pause_s=0.1).select(QUERY)
    assert arrived[1] - arrived[0] >= 0.1


def test_no_two_requests_are_under_way_at_once(endpoint, client) -> None:
    under_way, most = [0], [0]
    lock = threading.Lock()

    def answer(handler) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.02)
        with lock:
            under_way[0] -= 1
        bad.answering(bad.ONE_ROW)(handler)

    endpoint.answer = answer
    # Bytes alone cross the threads: answers of the engine may not.
    remote = connect(endpoint.address)
    threads = [threading.Thread(target=remote.ask, args=(QUERY,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], len(endpoint.seen)) == (1, 4)


def test_long_queries_go_by_post_and_short_ones_by_get(endpoint, client) -> None:
    endpoint.answer = bad.answering(bad.ONE_ROW)
    client.select(QUERY)
    client.select(query_text("named", name=[Literal("مؤتمر التفاعل", language="ar")] * 20))
    assert [method for method, *_ in endpoint.seen] == ["GET", "POST"]
    assert all(len(path) < 2500 for _, path, *_ in endpoint.seen)


def test_each_request_and_each_wait_is_told(endpoint) -> None:
    endpoint.answer = bad.in_turn(bad.later(), bad.answering(bad.ONE_ROW))
    told: list[str] = []
    connect_wikidata(endpoint.address, pause_s=0, progress=told.append).select(QUERY)
    assert told == [
        f"asking {endpoint.address}, request 1",
        f"{endpoint.address}: HTTP 429: asking again in 0 s",
    ]


# Answers that come later ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("after", ["0", bad.long_ago()])
def test_who_asks_to_come_again_is_asked_again_when_they_said(
    endpoint, client, status: int, after: str
) -> None:
    endpoint.answer = bad.in_turn(
        bad.later(status, after), bad.later(status, after), bad.answering(bad.ONE_ROW)
    )
    assert client.select(QUERY) == [{"item": ITEM}]
    assert len(endpoint.seen) == 3


def test_without_a_time_the_waits_are_our_own(endpoint) -> None:
    endpoint.answer = bad.in_turn(bad.later(503, None), bad.answering(bad.ONE_ROW))
    remote = connect(endpoint.address, manners=Manners(first_wait_s=0.01))
    assert len(remote.query(sparql=QUERY)) == 1


@pytest.mark.parametrize(("attempt", "longest"), [(1, 0.5), (2, 1.0), (4, 4.0), (50, 20.0)])
def test_our_own_waits_grow_at_random_up_to_a_cap(attempt: int, longest: float) -> None:
    from tenacity import RetryCallState

    again = retrying(Manners(), time.monotonic(), lambda _: None)
    state = RetryCallState(again, None, (), {})
    state.attempt_number = attempt
    state.set_exception((LaterError, LaterError("HTTP 503", None), None))
    waits = {again.wait(state) for _ in range(50)}
    assert len(waits) > 1
    assert all(0 <= wait <= longest for wait in waits)


def test_ctrl_c_ends_a_wait(endpoint, kg: cica_kg.KnowledgeGraph) -> None:
    endpoint.answer = bad.later(429, "30")
    command = [sys.executable, "-m", "cica_kg", "link", "verify", "Japan", "--endpoint", endpoint.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while not endpoint.seen and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        assert running.communicate() == (b"", b"")
    assert running.returncode == 130


def test_the_number_of_attempts_has_an_end(endpoint) -> None:
    endpoint.answer = bad.later()
    with pytest.raises(ThrottledError, match="HTTP 429"):
        connect(endpoint.address, manners=Manners(attempts=3)).query(sparql=QUERY)
    assert len(endpoint.seen) == 3


@pytest.mark.parametrize("after", [lambda: "3600", bad.in_an_hour], ids=["seconds", "a date"])
def test_nobody_waits_beyond_the_time_for_a_query(endpoint, client, after: Callable[[], str]) -> None:
    endpoint.answer = bad.later(429, after())
    with pytest.raises(ThrottledError, match=r"asks to come again in 3\d\d\d seconds: HTTP 429"):
        client.select(QUERY)
    assert len(endpoint.seen) == 1


@given(st.text())
def test_any_retry_after_is_a_time_or_none(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize("zone", ["+9999", "+99999999999999"])
def test_a_date_in_an_impossible_zone_says_nothing(zone: str) -> None:
    assert retry_after(f"Wed, 21 Oct 2015 07:28:00 {zone}") in (None, 0.0)


def test_after_so_many_queries_the_service_wants_a_rest(asking) -> None:
    client = asking(World(), "wdqs", most=1)
    client.select(QUERY)
    with pytest.raises(ThrottledError):
        client.select(QUERY)


# Answers that are none ───────────────────────────────────────────────────────────────────────────────────

BAD = {
    "a notice": (
        bad.answering("Please set a user agent", kind="text/plain"),
        NotSparqlError,
        "“Please set a user agent”",
    ),
    "a page": (bad.answering("<html>busy</html>", kind="text/html"), NotSparqlError, "text/html"),
    "a login": (bad.to_a_login, NotSparqlError, "sent the request on to .*/login"),
    "a circle": (bad.in_circles, UnreachableError, "HTTP 302"),
    "a trace": (bad.answering(bad.CUT_WITH_TRACE), EndpointTimeoutError, "its own limit of time"),
    "a 500 with a trace": (
        bad.answering(bad.CUT_WITH_TRACE, 500, "text/plain"),
        EndpointTimeoutError,
        "its own limit of time",
    ),
    "a 500 with a trace behind the query": (
        bad.answering(bad.LATE_TRACE, 500, "text/plain"),
        EndpointTimeoutError,
        "its own limit of time",
    ),
    "half a result": (bad.answering(bad.ONE_ROW[:70]), TruncatedError, "no SPARQL result"),
    "half a packed result": (bad.gzipped(cut=60), TruncatedError, "broke off"),
    "packed rubbish": (
        bad.answering("no gzip", headers={"Content-Encoding": "gzip"}),
        TruncatedError,
        "packed wrongly",
    ),
    "a reset": (bad.reset, TruncatedError, "broke off"),
    "forbidden": (
        bad.answering("Requests need a user agent.", 403, "text/plain"),
        UnreachableError,
        "user agent",
    ),
    "a page that forbids": (bad.answering("<html>no", 403, "text/html"), UnreachableError, "403, Forbidden"),
    "an address too long": (bad.answering("", 414, "text/html"), EndpointError, "HTTP 414"),
    "a refusal": (bad.answering("Lexical error", 400, "text/plain"), EndpointError, "Lexical error"),
    "an error": (bad.answering("oops", 500, "text/plain"), EndpointError, "oops"),
    "a ban": (bad.answering(bad.BAN, 403, "text/plain"), BannedError, "until 2026-11-26T13:00:00Z"),
    "a ban that says 429": (
        bad.answering(bad.BAN, 429, "text/plain", {"Retry-After": "0"}),
        BannedError,
        "until 2026-11-26",
    ),
    "a ban that says 200": (bad.answering(bad.BAN, kind="text/plain"), BannedError, "until 2026-11-26"),
}


@pytest.mark.parametrize(("answer", "error", "says"), BAD.values(), ids=BAD)
def test_each_bad_answer_has_an_error_of_its_own_and_is_asked_for_once(
    endpoint, client, answer: bad.Answer, error: type[Exception], says: str
) -> None:
    endpoint.answer = answer
    with pytest.raises(error, match=says) as caught:
        client.select(QUERY)
    assert endpoint.address in str(caught.value)
    assert str(caught.value).isprintable()
    asked = [path for _, path, *_ in endpoint.seen if not path.startswith("/login")]
    # urllib itself goes round a circle a few times.
    assert len(asked) == 1 or answer is bad.in_circles


@pytest.mark.parametrize("answer", [bad.dripping, bad.dripping_headers])
def test_a_dripping_answer_has_its_time(endpoint, answer: bad.Answer) -> None:
    endpoint.answer = answer
    with pytest.raises(EndpointTimeoutError, match="more than 1 seconds"):
        connect_wikidata(endpoint.address, seconds=1, pause_s=0).select(QUERY)


@pytest.mark.parametrize("answer", [bad.refusing_slowly, bad.refusing_at_length])
def test_a_refusal_is_read_neither_for_ever_nor_without_end(endpoint, answer: bad.Answer) -> None:
    sent = []

    def counting(handler) -> None:
        with contextlib.suppress(OSError):
            answer(handler)
            sent.append("all of it")

    endpoint.answer = counting
    with pytest.raises(EndpointError, match=r"says that the query is wrong: x{5,300};"):
        connect_wikidata(endpoint.address, seconds=1, pause_s=0).select(QUERY)
    assert sent == []


@pytest.mark.parametrize("scheme", ["ftp", "http"])
def test_no_other_server_is_asked_than_the_one_that_was_named(endpoint, client, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0)
        place = f"{scheme}://127.0.0.1:{elsewhere.getsockname()[1]}/sparql"
        endpoint.answer = bad.answering("", 302, "text/html", {"Location": place})
        with pytest.raises(
            UnreachableError, match=rf"\(HTTP 302\) to {place}: name that address if you trust"
        ):
            client.select(QUERY)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_a_long_query_is_not_sent_on_without_its_body(endpoint, client) -> None:
    endpoint.answer = bad.answering("", 302, "text/html", {"Location": "/elsewhere"})
    with pytest.raises(UnreachableError, match="elsewhere: name that address"):
        client.select(QUERY + " # " + "x" * 4000)
    assert [path for _, path, *_ in endpoint.seen if "elsewhere" in path] == []


def test_an_error_cannot_steer_the_terminal(endpoint, client) -> None:
    endpoint.answer = bad.answering("\x1b[2J\x1b]0;owned\x07 no\u202e", 403, "text/plain")
    with pytest.raises(UnreachableError) as caught:
        client.select(QUERY)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("members", [1, 2, 5])
def test_packed_answers_are_asked_for_and_unpacked(endpoint, client, members: int) -> None:
    endpoint.answer = bad.gzipped(members=members)
    assert client.select(QUERY) == [{"item": ITEM}]
    assert endpoint.seen[0][2]["Accept-Encoding"] == "gzip"


def test_a_packed_answer_is_unpacked_only_as_far_as_allowed(
    endpoint, client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "_LARGEST", 1 << 20)
    endpoint.answer = bad.gzipped(" " * (16 << 20))
    with pytest.raises(TruncatedError, match="more than 1 MB"):
        client.select(QUERY)


@pytest.mark.parametrize("answer", ['{"head": {}, "boolean": true}', bad.ONE_ROW], ids=["yes", "other rows"])
def test_an_answer_to_another_question_is_an_error(endpoint, client, answer: str) -> None:
    endpoint.answer = bad.answering(answer)
    with pytest.raises(NotSparqlError, match="does not fit the question"):
        read_items(client, ["Q232"], {})


def test_an_endpoint_that_refuses_plain_sparql_is_at_fault_itself(endpoint, client) -> None:
    endpoint.answer = bad.answering("no FILTER EXISTS here", 400, "text/plain")
    with pytest.raises(EndpointError, match="no FILTER EXISTS here; the endpoint does not understand"):
        read_items(client, ["Q232"], {})


def test_empty_rows_are_an_answer(endpoint, client) -> None:
    endpoint.answer = bad.answering('{"head": {"vars": ["item"]}, "results": {"bindings": []}}')
    assert client.select(QUERY) == []


def test_a_server_without_a_proof_of_who_it_is_gets_no_query(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("there is no openssl")
        pytest.skip("there is no openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    with pytest.raises(UnreachableError, match=r"nothing was asked: its certificate was refused \(self"):
        connect_wikidata(f"https://127.0.0.1:{server.server_port}/sparql").select(QUERY)
    thread.join()
    server.server_close()


# Engines ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["plain", "wdqs", "qlever"])
def test_rows_and_triples_are_the_same_from_every_engine(asking, mode: str) -> None:
    world = World().item("Q232", {"en": 'Kazakh"stan\n', "ar": "كازاخستان"})
    client = asking(world, mode)
    assert client.checked.endswith(", synthetic data")
    query = 'SELECT ?label { wd:Q232 rdfs:label ?label FILTER(LANG(?label) = "en") }'
    assert client.select(query) == [{"label": Literal('Kazakh"stan\n', language="en")}]
    construct = "CONSTRUCT { ?s rdfs:label ?o } WHERE { ?s rdfs:label ?o . FILTER(LANG(?o) = 'ar') }"
    (triple,) = client.construct(construct)
    assert (triple.subject, triple.object) == (ITEM, Literal("كازاخستان", language="ar"))


def test_the_query_service_refuses_who_does_not_say_who_they_are(serving) -> None:
    from SPARQLWrapper import JSON, SPARQLWrapper

    url = serving(World(), "wdqs")
    nameless = SPARQLWrapper(url)
    nameless.setQuery(QUERY)
    nameless.setReturnFormat(JSON)
    assert nameless.query().response.headers["Content-Type"] == "text/plain"
    assert connect_wikidata(url, pause_s=0).select(QUERY)


def test_what_is_synthetic_says_so_and_is_asked_once(asking) -> None:
    seen: list[str] = []
    client = asking(World(), seen=seen)
    assert client.checked == client.checked == f"{client._remote.url}, synthetic data"
    assert len(seen) == 1


def test_what_is_not_synthetic_is_live() -> None:
    with serve([]) as url:
        assert connect_wikidata(url, pause_s=0).checked == f"{url}, live"


# Queries and their values ────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_any_text_is_bound_as_a_term(texts: list[str]) -> None:
    names = [Literal(text, language="en") for text in texts]
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store = Store()
    store.extend(Quad(NamedNode(f"http://x/{n}"), label, name) for n, name in enumerate(names))
    found = store.query(query_text("named", name=names))
    assert {row["name"] for row in found} == set(names)


def test_a_value_cannot_end_the_query_it_is_bound_in() -> None:
    text = query_text("named", name=[Literal('"@en } } # parameter\nSELECT * { ?s ?p ?o }', language="en")])
    assert list(Store().query(text)) == []
    assert text.count("SELECT") == 1 + text.count("\\nSELECT")


def test_every_value_of_a_query_must_be_given() -> None:
    with pytest.raises(KeyError):
        query_text("coded", code=[Literal("KAZ")])
    with pytest.raises(KeyError):
        query_text("named", name=[], other=[])


@given(st.lists(st.integers()), st.integers(1, 7))
def test_chunks_are_the_whole_in_parts(values: list[int], size: int) -> None:
    parts = list(chunks(values, size))
    assert [value for part in parts for value in part] == values
    assert all(0 < len(part) <= size for part in parts)


# Items ───────────────────────────────────────────────────────────────────────────────────────────────────

NO_REDIRECTS = {
    "a text": Literal("a b>"),
    "the text of an IRI": Literal("http://www.wikidata.org/entity/Q99"),
    "elsewhere": NamedNode("http://example.org/entity/Q99"),
    "a property": NamedNode("http://www.wikidata.org/entity/P99"),
    "a number with a zero before it": NamedNode("http://www.wikidata.org/entity/Q099"),
    "itself": ITEM,
}


def with_same_as(value: NamedNode | Literal) -> list[Triple]:
    same_as = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
    return [*World().item("Q232", {"en": "Kazakhstan"}).triples(), Triple(ITEM, same_as, value)]


@pytest.mark.parametrize("value", NO_REDIRECTS.values(), ids=NO_REDIRECTS)
def test_only_the_iri_of_another_item_is_where_an_item_moved(value: NamedNode | Literal) -> None:
    with serve(with_same_as(value)) as url:
        client = connect_wikidata(url)
        assert ask_standing(client, ["Q232"]) == ({}, frozenset())
        item = read_items(client, ["Q232"], {})["Q232"]
    assert (item.exists, item.moved_to) == (True, None)


def test_an_item_that_moved_has_moved_to_the_same_one_however_it_is_asked_for() -> None:
    with serve(with_same_as(NamedNode("http://www.wikidata.org/entity/Q99"))) as url:
        client = connect_wikidata(url)
        assert ask_standing(client, ["Q232"])[0] == {"Q232": "Q99"}
        assert read_items(client, ["Q232"], {})["Q232"].moved_to == "Q99"


def test_what_is_no_number_of_an_item_is_not_there_and_not_asked_for(asking) -> None:
    seen: list[str] = []
    items = read_items(asking(World(), seen=seen), ["Q1 x", "https://www.wikidata.org/wiki/Q1", ""], {})
    assert [item.exists for item in items.values()] == [False] * 3
    assert seen == []


@pytest.mark.parametrize("mode", ["plain", "wdqs", "qlever"])
def test_an_endpoint_that_has_none_of_many_items_is_not_wikidata(asking, mode: str) -> None:
    client = asking(World(), mode)
    with pytest.raises(EndpointError, match="holds none of the 3 items asked about: is it Wikidata's data"):
        ask_standing(client, ["Q17", "Q148", "Q232"])


def test_an_endpoint_that_has_one_of_many_items_is_believed(asking) -> None:
    client = asking(World().item("Q232", {}))
    assert ask_standing(client, ["Q17", "Q148", "Q232"]) == ({}, frozenset({"Q17", "Q148"}))


def test_a_few_items_may_all_be_gone(asking) -> None:
    assert ask_standing(asking(World()), ["Q17", "Q148"]) == ({}, frozenset({"Q17", "Q148"}))


def test_items_that_were_all_merged_are_there(asking) -> None:
    world = World().redirect("Q17", "Q1").redirect("Q148", "Q1").redirect("Q232", "Q1")
    moved, gone = ask_standing(asking(world), ["Q17", "Q148", "Q232"])
    assert (moved, gone) == (dict.fromkeys(["Q17", "Q148", "Q232"], "Q1"), frozenset())


def test_a_dry_run_finds_none_of_many_items_and_goes_on() -> None:
    told: list[str] = []
    assert len(ask_standing(DryRun(told.append), ["Q17", "Q148", "Q232"])[1]) == len(told) * 3 == 3


# Properties ──────────────────────────────────────────────────────────────────────────────────────────────


def test_properties_are_found_by_their_label(asking) -> None:
    client = asking(World(), "qlever")
    label = "official observer status in organisation"
    assert properties_by_label(client, {"observer": [label], "none": ["no such"]}) == {
        "observer": [OBSERVER],
        "none": [],
    }


def test_a_property_whose_number_moved_is_used_under_its_new_one(asking) -> None:
    world = World()
    world.properties["P777777"] = world.properties.pop("P2082")
    found = find_properties(asking(world), ["M49 code"])
    assert found.direct["M49 code"].value == "http://www.wikidata.org/prop/direct/P777777"


@pytest.mark.parametrize(("others", "says"), [(["P1", "P2"], "2 properties have"), ([], "no property has")])
def test_a_label_that_is_not_that_of_one_property_is_told_and_not_used(
    asking, others: list[str], says: str
) -> None:
    world = World()
    about = world.properties.pop("P2082")
    world.properties |= dict.fromkeys(others, about)
    found = find_properties(asking(world), ["M49 code", "alpha-3 code"])
    assert list(found.direct) == ["alpha-3 code"]
    assert found.notes == [f"{says} the label “M49 code”: “M49 code” was not looked at"]


@pytest.mark.parametrize(
    "property_",
    [
        Literal("P 1<"),
        Literal("P2082"),
        NamedNode("http://example.org/P2082"),
        NamedNode("http://www.wikidata.org/entity/Q2082"),
        NamedNode("http://www.wikidata.org/entity/P0"),
    ],
    ids=str,
)
def test_what_is_no_property_of_wikidata_is_not_used(property_: NamedNode | Literal) -> None:
    class Odd(DryRun):
        def select(self, query: str) -> Rows:
            return [{"label": Literal("M49 code", language="en"), "property": property_}]

    found = find_properties(Odd(lambda _: None), ["M49 code"])
    assert found.direct == {}
    assert found.notes == ["no property has the label “M49 code”: “M49 code” was not looked at"]


def test_evidenced_properties_need_no_request() -> None:
    told: list[str] = []
    find_properties(DryRun(told.append), ["alpha-3 code"])
    assert told == []


def test_a_dry_run_tells_that_an_endpoint_would_be_asked_what_it_is() -> None:
    told: list[str] = []
    for endpoint in (None, "wikidata", WIKIDATA, "https://example.org/sparql"):
        assert DryRun(told.append, endpoint=endpoint).checked == "nothing: a dry run"
    assert ["synthetic" in query for query in told] == [True]


def test_a_dry_run_knows_the_properties_we_expect() -> None:
    told: list[str] = []
    dry = DryRun(told.append, expected())
    found = find_properties(dry, PROPERTIES)
    assert {name: iri.value.rpartition("/")[2] for name, iri in found.direct.items()} == {
        name: each.number for name, each in PROPERTIES.items()
    }
    assert (dry.told, len(told), found.notes) == (1, 1, [])
    assert dry.construct("CONSTRUCT WHERE { ?s ?p ?o }") == []

from __future__ import annotations

import csv
import io
import re
import unicodedata

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from cica_kg import KnowledgeGraph, QueryError, Rows, UsageError
from cica_kg.queries import engine
from cica_kg.queries.forms import Style, table, write
from cica_kg.queries.results import exchange, reopen, value
from cica_kg.text import cut, harmless, isolate, width
from cica_kg.vocabulary import PREFIXES

RAW = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
DATED = (
    "SELECT ?s ?from ?to { ?r cica:party ?s ; cica:start ?from . OPTIONAL { ?r cica:end ?to } } ORDER BY ?r"
)
AWKWARD = """SELECT ?a ?b ?c { VALUES (?a ?b ?c) {
    ("comma, quote \\" and\\nline" "007"^^xsd:int "x"@ar) (<a:b> UNDEF "tab\\t")
    ("" "NA" "ﷺ😀") (true 1.50 1e3) } }"""


def text_rows(*rows: tuple[str | None, ...]) -> Rows:
    columns = tuple(f"c{i}" for i in range(len(rows[0])))
    return Rows(columns, tuple(tuple(None if c is None else Literal(c) for c in row) for row in rows))


def visible(line: str) -> str:
    return line.replace("\u2068", "").replace("\u2069", "")


# Rows ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_have_columns_length_and_terms(kg: KnowledgeGraph) -> None:
    rows = kg.query(
        sparql="SELECT ?s ?l { VALUES ?s { state:japan } ?s rdfs:label ?l FILTER(LANG(?l) = 'ar') }"
    )
    assert rows.columns == ("s", "l")
    assert len(rows) == 1
    assert list(rows) == [(NamedNode(PREFIXES["state"] + "japan"), Literal("اليابان", language="ar"))]
    assert rows.to_dicts() == [{"s": PREFIXES["state"] + "japan", "l": "اليابان"}]
    assert repr(rows) == "<Rows 1 × s, l>"


def test_what_is_unbound_is_none_and_left_out_of_dicts(kg: KnowledgeGraph) -> None:
    rows = kg.query(sparql="SELECT ?a ?b { BIND(1 AS ?b) }")
    assert rows.rows == ((None, Literal(1)),)
    assert rows.to_dicts() == [{"b": "1"}]


def test_rows_that_say_the_same_are_equal(kg: KnowledgeGraph) -> None:
    query = "SELECT ?s { ?s a cica:State } ORDER BY ?s"
    one, other = kg.query(sparql=query), kg.query(sparql=query)
    assert one == other
    assert hash(one) == hash(other)
    assert one != kg.query(sparql=query + " LIMIT 1")
    assert one != list(one)


def test_a_select_without_variables_has_rows_without_columns(kg: KnowledgeGraph) -> None:
    rows = kg.query(sparql="SELECT * { state:japan a cica:State }")
    assert (rows.columns, rows.rows, rows.to_dicts()) == ((), ((),), [{}])


def test_ask_gives_a_bool(kg: KnowledgeGraph) -> None:
    assert kg.query(sparql="ASK { state:japan a cica:State }") is True
    assert kg.query(sparql="ASK { state:japan a cica:Person }") is False


def test_construct_gives_an_rdflib_graph(kg: KnowledgeGraph) -> None:
    graph = kg.query(sparql='CONSTRUCT { state:japan rdfs:comment "007"^^xsd:int, "x"@ar-EG } { }')
    assert isinstance(graph, rdflib.Graph)
    assert {str(o) for o in graph.objects()} == {"007", "x"}
    assert dict(graph.namespaces())["state"] == rdflib.URIRef(PREFIXES["state"])


def test_a_dataframe_keeps_what_a_text_file_would_lose() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is an extra")
    rows = Rows(
        ("text", "number"),
        ((Literal("007"), Literal(1)), (Literal("NA"), None)),
    )
    frame = rows.to_pandas()
    assert frame["text"].tolist() == ["007", "NA"]
    assert frame["number"].tolist() == [1, pandas.NA]


def test_html_escapes_its_cells_and_says_which_way_they_run() -> None:
    rows = Rows(("<c>",), ((Literal("<script>"),), (Literal("سيكا", language="ar"),), (NamedNode("a:&b"),)))
    html = rows._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<th>&lt;c&gt;</th>" in html
    assert '<td lang="ar" dir="rtl">سيكا</td>' in html
    assert 'title="a:&amp;b"' in html


# Crossing a process border ──────────────────────────────────────────────────────────────────────────────

TERMS = st.one_of(
    st.none(),
    st.text().map(Literal),
    st.text().map(lambda text: Literal(text, language="ar")),
    st.integers().map(lambda n: Literal(str(n), datatype=NamedNode(PREFIXES["xsd"] + "integer"))),
    st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True).map(lambda name: NamedNode(f"a:{name}")),
    st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True).map(BlankNode),
)


@given(st.lists(st.tuples(TERMS, TERMS)))
def test_terms_survive_the_way_between_processes(pairs: list[tuple[object, object]]) -> None:
    store = Store()
    values = " ".join(f"({' '.join('UNDEF' if t is None else str(t) for t in pair)})" for pair in pairs)
    if any(isinstance(term, BlankNode) for pair in pairs for term in pair):
        return  # VALUES takes none
    answer = store.query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    assert value(reopen(exchange(answer))).rows == tuple(pairs)


def test_blank_nodes_survive_the_way_between_processes() -> None:
    store = Store()
    store.load(b"_:x <a:p> _:y . _:y <a:p> _:x .", RdfFormat.TURTLE)
    rows = value(reopen(exchange(store.query("SELECT ?s ?o { ?s ?p ?o }"))))
    assert {row[0] for row in rows} == {row[1] for row in rows}
    assert len({row[0] for row in rows}) == 2


@pytest.mark.parametrize("datatype", ["langString", "dirLangString"])
def test_triples_that_a_query_can_make_but_nothing_can_read_are_refused(
    kg: KnowledgeGraph, datatype: str
) -> None:
    sparql = f'CONSTRUCT {{ state:x rdfs:label ?x }} {{ BIND(STRDT("x", rdf:{datatype}) AS ?x) }}'
    with pytest.raises(QueryError, match=f"no RDF: .* must not be rdf:{datatype}"):
        kg.query(sparql=sparql)


# The W3C forms ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", RAW)
@pytest.mark.parametrize("query", [DATED, AWKWARD, "SELECT ?s { ?s a cica:Nothing }", "SELECT ?x { }"])
def test_machine_forms_are_those_of_the_engine_to_the_byte(kg: KnowledgeGraph, form: str, query: str) -> None:
    count, data = write(engine.ask(kg.store, query), Style(form))
    assert data == kg.store.query(query, prefixes=PREFIXES).serialize(format=RAW[form])
    assert count == len(list(kg.store.query(query, prefixes=PREFIXES)))


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("query", ["ASK { }", "ASK { FILTER(false) }"])
def test_the_answer_to_ask_is_that_of_the_engine_to_the_byte(
    kg: KnowledgeGraph, form: str, query: str
) -> None:
    count, data = write(engine.ask(kg.store, query), Style(form))
    assert (count, data) == (1, kg.store.query(query).serialize(format=RAW[form]))


def test_the_answer_to_ask_is_a_word_elsewhere(kg: KnowledgeGraph) -> None:
    for form, yes, no in (("table", b"yes\n", b"no\n"), ("csv", b"true\n", b"false\n")):
        assert write(engine.ask(kg.store, "ASK { }"), Style(form)) == (1, yes)
        assert write(engine.ask(kg.store, "ASK { FILTER(false) }"), Style(form)) == (1, no)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "table", "md"])
def test_rows_are_counted_whatever_stands_in_them(kg: KnowledgeGraph, form: str) -> None:
    long = "a" * 150_000
    query = f'SELECT ?y {{ VALUES ?x {{ "{long[:50_000]}" "a\\r\\nb" "" }} BIND(CONCAT(?x, ?x, ?x) AS ?y) }}'
    count, data = write(engine.ask(kg.store, query), Style(form))
    assert count == 3
    assert long.encode() in data


@pytest.mark.parametrize(("form", "media"), [("turtle", RdfFormat.TURTLE), ("ntriples", RdfFormat.N_TRIPLES)])
def test_triples_are_written_as_rdf(kg: KnowledgeGraph, form: str, media: RdfFormat) -> None:
    query = "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a cica:State ; rdfs:label ?l }"
    expected = {str(triple) for triple in kg.store.query(query, prefixes=PREFIXES)}
    count, data = write(engine.ask(kg.store, query), Style(form))
    assert count == len(expected)
    assert {str(quad.triple) for quad in parse(data, media)} == expected
    assert write(engine.ask(kg.store, query), Style(form)) == (count, data)


def test_triples_are_turtle_unless_asked_otherwise(kg: KnowledgeGraph) -> None:
    query = "CONSTRUCT WHERE { state:japan a ?kind }"
    assert write(engine.ask(kg.store, query), Style()) == write(engine.ask(kg.store, query), Style("turtle"))


def test_a_form_that_does_not_fit_the_answer_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="give RDF"):
        write(engine.ask(kg.store, "CONSTRUCT WHERE { state:japan a ?kind }"), Style("csv"))
    with pytest.raises(UsageError, match="give no RDF"):
        write(engine.ask(kg.store, "SELECT ?s { ?s a cica:State }"), Style("turtle"))
    with pytest.raises(UsageError, match="goes with csv"):
        write(engine.ask(kg.store, "SELECT ?s { ?s a cica:State }"), Style("tsv", spreadsheet=True))


def test_labels_stand_beside_their_iris(kg: KnowledgeGraph) -> None:
    query = "SELECT ?s ?n { VALUES (?s ?n) { (state:japan 1) (<a:nameless> 2) } }"
    for form in ("csv", "json"):
        style = Style(form, lambda iri: kg.label_in(iri, ("ar",)), with_labels=True)
        count, data = write(engine.ask(kg.store, query), style)
        assert count == 2
        if form == "csv":
            assert data.decode().splitlines()[:2] == [
                "s,sLabel,n",
                "https://w3id.org/cica-kg/id/state/japan,اليابان,1",
            ]
        else:
            rows = list(parse_query_results(data, format=QueryResultsFormat.JSON))
            assert rows[0]["sLabel"] == Literal("اليابان", language="ar")
            assert rows[1]["sLabel"] is None


def test_no_cell_of_a_spreadsheet_is_a_formula(kg: KnowledgeGraph) -> None:
    query = 'SELECT ?x { VALUES ?x { "=1+1" "+1" "-1" "@x" "\\t=1" "plain" "سيكا" } }'
    _, data = write(engine.ask(kg.store, query), Style("csv", spreadsheet=True))
    assert data.startswith(b"\xef\xbb\xbf")
    cells = [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    assert cells == ["x", "'=1+1", "'+1", "'-1", "'@x", "'\t=1", "plain", "سيكا"]


# The table ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_shows_labels_short_names_and_texts(kg: KnowledgeGraph) -> None:
    query = (
        "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (state:japan membership:nowhere 'x'@ar) (<a:b> 1 UNDEF) } }"
    )
    _, data = write(engine.ask(kg.store, query), Style("table", kg.label_in))
    assert data.decode().splitlines() == [
        "a      b                   c",
        "─────  ──────────────────  ─",
        "Japan  membership:nowhere  x",
        "a:b    1",
    ]


def test_a_table_shows_iris_where_wanted(kg: KnowledgeGraph) -> None:
    query = "SELECT ?a { VALUES ?a { state:japan } }"
    _, data = write(engine.ask(kg.store, query), Style("table", kg.label_in, iris=True))
    assert data.decode().splitlines()[2] == "state:japan"


def test_a_table_without_rows_has_a_head() -> None:
    assert table(Rows(("one", "two"), ()), Style()).splitlines() == ["one  two", "───  ───"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("سيكا", 4),
        ("عَرَبِيّ", 4),
        ("e\u0301", 1),
        ("日本", 4),
        ("ｱｲ", 2),
        ("Ａ", 2),
        ("한국", 4),
        ("a\u200db", 2),
        ("Türkiye", 7),
        ("😀", 2),
        ("\u2068x\u2069", 1),
    ],
)
def test_the_width_of_a_text_is_what_a_terminal_takes(text: str, columns: int) -> None:
    assert width(text) == columns


CELLS = st.one_of(
    st.none(),
    st.text(alphabet="abc سيكَاّ日本e\u0301\u200d😀", max_size=8),
    st.text(max_size=6),
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_the_columns_of_a_table_stand_under_each_other(rows: list[tuple[str | None, ...]]) -> None:
    shown = [tuple(harmless(cell or "") for cell in row) for row in rows]
    widths = [max([2, *(width(row[i]) for row in shown)]) for i in range(3)]
    text = table(text_rows(*rows) if rows else Rows(("c0", "c1", "c2"), ()), Style())
    assert text.endswith("\n")
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == len(rows) + 2
    assert lines[1] == "  ".join("─" * size for size in widths)
    for line, row in zip(lines[2:], shown, strict=True):
        padded = "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        assert visible(line) == visible(padded).rstrip() or visible(line).rstrip() == visible(padded).rstrip()


@given(st.text(max_size=30))
def test_no_text_of_the_data_can_steer_a_terminal(text: str) -> None:
    line = table(text_rows((text,)), Style()).splitlines()[2] if text.strip() else harmless(text)
    steering = [c for c in visible(line) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert steering == []
    assert not re.search("[\u202a-\u202e\u2066\u2067]", line)
    # What is isolated is closed again.
    assert (
        line.count("\u2068")
        == line.count("\u2069")
        == (1 if isolate(harmless(text)) != harmless(text) else 0)
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\u001b[31mb"),
        ("a\nb\tc", "a\\u000ab\\u0009c"),
        ("\x7f\x9b", "\\u007f\\u009b"),
        ("\u202eabc\u202c", "\\u202eabc\\u202c"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("\u2028", "\\u2028"),
        ("سيكا", "سيكا"),
        ("a\u200db\u0301", "a\u200db\u0301"),
    ],
)
def test_control_characters_and_overrides_are_made_visible(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_right_to_left_text_does_not_pull_its_neighbours_along() -> None:
    line = table(text_rows(("سيكا", "2012", "abc")), Style()).splitlines()[2]
    assert line == "\u2068سيكا\u2069  2012  abc"


@pytest.mark.parametrize(
    ("text", "size", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("日本語", 4, "日…"),
        ("عَرَبِيّ", 3, "عَرَ…"),
        ("ab", 1, "…"),
    ],
)
def test_a_text_is_cut_visibly_and_never_wider_than_its_place(text: str, size: int, shown: str) -> None:
    assert visible(cut(text, size)) == shown
    assert width(cut(text, size)) <= size


@given(st.text(max_size=20), st.integers(1, 20))
def test_no_cut_text_is_wider_than_its_place(text: str, size: int) -> None:
    assert width(cut(text, size)) <= size


def test_a_table_narrows_to_the_terminal(kg: KnowledgeGraph) -> None:
    rows = text_rows(("x" * 100, "y" * 30, "short"))
    lines = table(rows, Style(width=60)).splitlines()
    assert max(map(width, lines)) <= 60
    assert "…" in lines[2]
    assert "short" in lines[2]


# Markdown ───────────────────────────────────────────────────────────────────────────────────────────────


def test_markdown_is_a_table_whose_cells_are_plain_text() -> None:
    _, data = write(
        _answer('SELECT ?a ?b { VALUES (?a ?b) { ("a|b*c*" "<b>[x](y)") ("x" UNDEF) } }'), Style("md")
    )
    assert data.decode().splitlines() == [
        "| a | b |",
        "| --- | --- |",
        r"| a\|b\*c\* | \<b\>\[x\]\(y\) |",
        "| x |  |",
    ]


def _answer(query: str):
    return Store().query(query)

"""What is found before the shapes are asked: broken Turtle, unknown terms, wrong values, loose references."""

# ruff: noqa: E501  # cases stand on one line

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cica_kg.errors import InvalidGraphError, TurtleError
from cica_kg.files import GraphFile, read_graph
from cica_kg.validation.gate import admit, judge
from cica_kg.validation.lexical import FORMS, fits
from cica_kg.validation.report import Result
from cica_kg.validation.syntax import LONGEST_LINE, syntax_errors

CHECK = "https://w3id.org/cica-kg/shapes#check-"
PREFIXES = """\
PREFIX cica: <https://w3id.org/cica-kg/def#>
PREFIX state: <https://w3id.org/cica-kg/id/state/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


@pytest.fixture
def checks(small: Path) -> Iterator[object]:
    """Give the results of our checks on the small graph with some Turtle added (line 5 of extra.ttl on)."""

    def found(turtle: str, prefixes: str = PREFIXES) -> list[Result]:
        (small / "data" / "extra.ttl").write_text(prefixes + turtle, encoding="utf-8")
        return [each for each in judge(read_graph(small)).results if each.shape.startswith(CHECK)]

    yield found


@pytest.mark.parametrize(
    ("turtle", "check", "column", "said"),
    [
        ("state:a a cica:State ; cica:strat '1' .", "unknown-term", 24, "Did you mean cica:start?"),
        ("state:a a cica:Stete .", "unknown-term", 11, "Did you mean cica:State?"),
        ("state:a a cica:State ; rdfs:lable 'x'@en .", "unknown-term", 24, "Did you mean rdfs:label?"),
        ("state:a a cica:State ; rdfs:label '1'^^xsd:dat .", "unknown-term", 35, "Did you mean xsd:date?"),
        ("state:a a cica:party .", "term-role", 11, "class after “a”"),
        ("state:a a cica:State ; cica:State 'x' .", "term-role", 24, "property between"),
        (
            "state:a a cica:State ; <http://www.w3.org/2004/02/skos/cor#note> 'x' .",
            "misspelt-namespace",
            24,
            "Did you mean skos:note?",
        ),
        (
            "state:a a cica:State ; cica:party <http://w3id.org/cica-kg/id/state/atlantis> .",
            "misspelt-namespace",
            35,
            "Did you mean state:atlantis?",
        ),
        ("state:a a cica:State ; cica:party state:atlntis .", "dangling-reference", 35, "state:atlantis?"),
        ("state:atlntis rdfs:label 'x'@en .", "unknown-thing", 1, "Did you mean state:atlantis?"),
        ("state:a a cica:State ; rdfs:label 'x'@eng .", "language-tag", 35, "Did you mean @en?"),
        ("state:a a cica:State ; rdfs:label 'x'@kz .", "language-tag", 35, "Did you mean @kk?"),
        ("state:a a cica:State ; rdfs:label 'x'@zz .", "language-tag", 35, "@zz is no language tag"),
        ("state:a a cica:State ; rdfs:label '99'^^xsd:gYear .", "lexical-form", 35, "“99” is no xsd:gYear"),
        ("state:a a cica:State ; rdfs:label '2020-13'^^xsd:gYearMonth .", "lexical-form", 35, "2020-13"),
        ("state:a a cica:State ; rdfs:label '2023-02-30'^^xsd:date .", "lexical-form", 35, "no xsd:date"),
        (
            "state:a a cica:State ; <http://purl.org/dc/terms/date> '2018-02-30' .",
            "calendar",
            56,
            "“2018-02-30” is written like a date but the calendar has no such day",
        ),
    ],
)
def test_each_check_finds_its_fault_and_says_what_was_meant(
    checks: object, turtle: str, check: str, column: int, said: str
) -> None:
    found = checks(turtle)  # type: ignore[operator]
    assert [each.shape for each in found] == [CHECK + check]
    (result,) = found
    assert said in result.message("en")
    assert result.place[:3] == ("data/extra.ttl", 5, column)
    assert set(result.messages) == {"en", "ar", "ru"}
    assert result.severity == "Violation"


@pytest.mark.parametrize(
    "turtle",
    [
        "state:a a cica:State ; rdfs:label 'x'@en, 'x'@zh-Hans, 'x'@kk-Cyrl-KZ, 'x'@ckb ; rdfs:seeAlso <https://x.org/> .",
        "state:a a cica:State ; rdfs:label 7, 1.5, 1e3, true, '2024-02-29'^^xsd:date .",
        "state:a a cica:State ; <https://example.org/own> <https://example.org/thing> .",
        "state:a a cica:State ; <http://purl.org/dc/terms/date> '2016-02-29', '[2018..2019-02]' .",
        "state:a a cica:State ; rdfs:seeAlso <http://xmlns.com/foaf/0.1/> , <http://purl.org/dc/terms/> .",
    ],
)
def test_what_is_in_order_is_left_alone(checks: object, turtle: str) -> None:
    assert checks(turtle) == []  # type: ignore[operator]


def test_inside_brackets_too(checks: object) -> None:
    found = checks(
        "state:a a cica:State ; cica:party [ rdfs:label 'x' ] ;\n  cica:party [ cica:strat [ ] ] ."
    )  # type: ignore[operator]
    assert [(each.shape, each.place[1:3]) for each in found] == [(f"{CHECK}unknown-term", (6, 16))]


def test_a_prefix_that_means_something_else_is_told_once_at_its_declaration(checks: object) -> None:
    wrong = PREFIXES.replace("2000/01/rdf-schema#", "2000/01/rdf-schema/")
    found = checks("state:a a cica:State ; rdfs:label 'a'@en ; rdfs:comment 'b'@en .", wrong)  # type: ignore[operator]
    (result,) = found
    assert result.shape == f"{CHECK}prefix"
    assert result.place[:3] == ("data/extra.ttl", 3, 1)
    assert "<http://www.w3.org/2000/01/rdf-schema#>" in result.message("en")


def test_checks_keep_a_graph_out_as_a_shape_does(small: Path, empty_cache: Path) -> None:
    (small / "data" / "extra.ttl").write_text(f"{PREFIXES}state:a a cica:State ; cica:strat '1' .")
    with pytest.raises(InvalidGraphError, match="Did you mean cica:start") as caught:
        admit(read_graph(small))
    assert not caught.value.report.conforms
    assert not empty_cache.exists()


def test_shapes_are_checked_too_since_a_typo_would_silence_one(small: Path) -> None:
    path = small / "ontology" / "shapes" / "small.ttl"
    path.write_text(
        path.read_text().replace("sh:minCount", "sh:mincount", 1).replace("cica:inOrg", "cica:inorg", 1)
    )
    found = judge(read_graph(small)).results
    assert {(each.shape, each.place.file if each.place else None) for each in found} == {
        (f"{CHECK}unknown-term", "ontology/shapes/small.ttl")
    }
    assert "sh:minCount" in found[1].message("en") or "minCount" in found[1].message("en")


def test_terms_inside_the_sparql_of_a_shape_are_checked(small: Path) -> None:
    (small / "ontology" / "shapes" / "more.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX cica: <https://w3id.org/cica-kg/def#>\n"
        "<urn:s> a sh:NodeShape ; sh:targetClass cica:State ; sh:sparql [ a sh:SPARQLConstraint ;\n"
        '  sh:select """PREFIX cica: <https://w3id.org/cica-kg/def#>\n'
        '    SELECT $this { $this cica:strat ?x }""" ] .'
    )
    (result,) = judge(read_graph(small)).results
    assert result.place[:3] == ("ontology/shapes/more.ttl", 4, 26)  # type: ignore[index]
    assert result.message("en") == "There is no term cica:strat. Did you mean cica:start?"


def test_the_shipped_graph_passes_every_check(root: Path) -> None:
    from cica_kg.validation.precheck import findings

    assert findings(read_graph(root)) == []


# ── Turtle ──────────────────────────────────────────────────────────────────────────────────────────────────────


def errors(*texts: str | bytes) -> list[tuple[str, int, int, str]]:
    files = [
        GraphFile(f"{number}.ttl", Path(f"{number}.ttl"), text if isinstance(text, bytes) else text.encode())
        for number, text in enumerate(texts)
    ]
    found = []
    for each in syntax_errors(files):
        assert each.place is not None
        found.append((each.place.file, each.place.line, each.place.column, each.message("en")))
    return found


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        (
            "PREFIX a: <urn:a:>\na:b a:c stat:x .",
            2,
            9,
            "the prefix “stat:” is not declared in this file. Did you mean state:?",
        ),
        (
            "PREFIX a: <urn:a:>\na:b a:c state:x .",
            2,
            9,
            "Add: PREFIX state: <https://w3id.org/cica-kg/id/state/>",
        ),
        ("PREFIX a: <urn:a:>\na:b a:c <japan> .", 2, 9, "the IRI is relative"),
        ('PREFIX a: <urn:a:>\na:b a:c "x"@abcdefghi .', 2, 13, "the language tag is malformed"),
        ('PREFIX a: <urn:a:>\na:b a:c "x" a:d .', 2, 13, "Look for a missing “;” “,” or “.” just before"),
        ('PREFIX a: <urn:a:>\r\na:b a:c "open .\r\n', 2, 9, "a missing quotation mark"),
        ("\ufeffPREFIX a: <urn:a:>\na:b a:c <urn:a b> .", 2, 9, "This is not Turtle"),
    ],
)
def test_a_turtle_error_has_line_column_and_advice(text: str, line: int, column: int, said: str) -> None:
    ((_, *place, message),) = errors(text)
    assert place == [line, column]
    assert said in message


def test_all_errors_of_all_files_are_told_and_what_follows_from_one_is_not() -> None:
    first = "PREFIX a: <urn:a:>\na:b a:c stat:x .\na:b a:d <rel> .\na:b a:e stat:y .\na:g a:h 1 .\n"
    second = 'PREFIX a: <urn:a:>\na:b a:c "x" a:d .\n'
    assert [each[:3] for each in errors(first, "<urn:a> <urn:b> 1 .", second)] == [
        ("0.ttl", 2, 9),
        ("0.ttl", 3, 9),
        ("2.ttl", 2, 13),
    ]


def test_the_error_of_the_gate_shows_every_file_with_the_line_itself(small: Path) -> None:
    (small / "data" / "one.ttl").write_text('<urn:a> <urn:b> "\u202eه" x .')
    (small / "data" / "two.ttl").write_text("<urn:a> <urn:b> stat:x .")
    with pytest.raises(TurtleError) as caught:
        admit(read_graph(small))
    error = caught.value
    assert (error.file, error.line) == ("data/one.ttl", 1)
    text = str(error)
    assert "data/one.ttl:1:" in text and "data/two.ttl:1:17:" in text
    assert "\u202e" not in text and "\\u202e" in text
    assert "<urn:a> <urn:b> stat:x .\n" in text


@pytest.mark.parametrize(
    ("content", "line", "column", "said"),
    [
        (b"<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> '\xd8\xb3\xff' .", 2, 19, "not UTF-8 (found 0xff)"),
        ("<urn:a> <urn:b> 1 .".encode("utf-16"), 1, 1, "not UTF-8 (found UTF-16)"),
        (b"<urn:a> <urn:b> '" + b"x" * (LONGEST_LINE + 1) + b"' .", 1, 1, "too long to be read"),
    ],
)
def test_what_is_no_text_is_told_clearly(content: bytes, line: int, column: int, said: str) -> None:
    ((_, *place, message),) = errors(content)
    assert place == [line, column]
    assert said in message


# ── lexical forms ───────────────────────────────────────────────────────────────────────────────────────────────

GOOD = {
    "boolean": "true 0", "integer": "007 -5 +3", "decimal": "1.50 -.5 3.", "double": "1e4 INF -INF NaN 1.",
    "date": "2024-02-29 2020-01-01Z 2020-01-01+14:00 -0044-03-15 12020-02-29",
    "dateTime": "2020-01-01T24:00:00 2020-01-01T00:00:00.5-05:00", "dateTimeStamp": "2020-01-01T00:00:00Z",
    "gYear": "2020 -0044 12020 2020Z", "gYearMonth": "2020-12", "gMonthDay": "--02-29", "gDay": "---31",
    "gMonth": "--12", "time": "23:59:59 24:00:00", "duration": "P4Y P1Y2M3DT4H5M6.7S PT0S -P1M",
    "dayTimeDuration": "P1DT2H", "yearMonthDuration": "P1Y", "hexBinary": "0aFF", "base64Binary": "YQ== YWI=",
    "anyURI": "https://x.org/a?b#c", "language": "zh-Hans", "byte": "-128 127", "unsignedByte": "255",
    "positiveInteger": "1", "nonNegativeInteger": "0", "negativeInteger": "-1", "long": "9223372036854775807",
    "token": "a", "NCName": "a-b", "NMTOKEN": "1a",
}  # fmt: skip
BAD = {
    "boolean": "True yes", "integer": "1.0 one ٣", "decimal": "1e4 1,5", "double": "1e inf", "float": "1.2.3",
    "date": "2023-02-30 2020-13-01 99-01-01 2020-1-1 2020-01-01T00:00:00 2020-01-01+15:00",
    "dateTime": "2020-01-01 2020-01-01T25:00:00 2020-02-30T00:00:00", "dateTimeStamp": "2020-01-01T00:00:00",
    "gYear": "99 19x9 020 02020", "gYearMonth": "2020-13 2020-1", "gMonthDay": "--02-30", "gDay": "---32",
    "gMonth": "--13", "time": "24:00:01 1:00:00", "duration": "P PT 4Y P4 P1YT P1S", "dayTimeDuration": "P1Y",
    "yearMonthDuration": "P1D", "hexBinary": "0aF 0g", "base64Binary": "YQ= ***", "language": "en_US abcdefghi",
    "byte": "128", "unsignedByte": "-1 256", "positiveInteger": "0", "negativeInteger": "0",
    "long": "9223372036854775808", "NCName": "1a a:b",
}  # fmt: skip


@pytest.mark.parametrize("datatype", sorted(FORMS))
def test_forms_of_each_datatype(datatype: str) -> None:
    assert [text for text in GOOD.get(datatype, "").split() if not fits(text, datatype)] == []
    assert [text for text in BAD.get(datatype, "").split() if fits(text, datatype)] == []


def test_a_number_of_a_million_digits_takes_no_time() -> None:
    assert fits("9" * 1_000_000, "integer")
    assert not fits("9" * 1_000_000, "int")


def test_a_datatype_that_is_not_in_the_table_accepts_everything() -> None:
    assert fits("anything", "string")

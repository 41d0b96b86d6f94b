"""A triple is found at its very line and column, however the file is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef

from cica_kg.files import GraphFile
from cica_kg.store import literals_as_written
from cica_kg.validation.locate import Locator, Step, locate
from cica_kg.validation.positions import parse

EX = "https://example.org/"
START, LATEST = URIRef(EX + "start"), URIRef(EX + "startLatest")

TURTLE = '''\
@prefix : <https://example.org/> .   # a comment with a "quote
PREFIX long: <https://example.org/long#>

:a a :Thing ;
    :name "one" , "two"@en ,
        """three
lines of "text"
here"""@en , "after" ;
    long:number 7 , 007 , 1.50 , true ;
    :nested [ :inside :b ;
              :deeper [ :most :c ] ] ;
    :list ( :d [ :item :e ] ) .

:b
    a
        :Thing ;
    :start
        "2020-01" ,
        "2021"
    .
<https://example.org/c> :name "س"@ar ; :last 'x' . :d :near :a .
'''


def file(text: str, name: str = "a.ttl") -> GraphFile:
    return GraphFile(name, Path(name), text.encode())


def n(name: str) -> URIRef:
    return URIRef(EX + name)


def at(text: str, node: URIRef | BNode, property_: URIRef, value: object) -> tuple[int, int, str]:
    locator = Locator([file(text)], {})
    place = locate(locator, node, (Step((property_,)),), value, "PatternConstraintComponent", None)
    assert place is not None
    end = place.end or len(place.text) + 1
    return place.line, place.column, place.text[place.column - 1 : end - 1]


@pytest.mark.parametrize(
    ("property_", "value", "line", "shown"),
    [
        (RDF.type, n("Thing"), 4, ":Thing"),
        (n("name"), Literal("one"), 5, '"one"'),
        (n("name"), Literal("two", lang="en"), 5, '"two"@en'),
        (n("name"), Literal('three\nlines of "text"\nhere', lang="en"), 6, '"""three'),
        (n("name"), Literal("after"), 8, '"after"'),
        (n("long#number"), Literal("7", datatype=XSD.integer), 9, "7"),
        (n("long#number"), Literal("1.50", datatype=XSD.decimal), 9, "1.50"),
        (n("long#number"), Literal("true", datatype=XSD.boolean), 9, "true"),
    ],
)
def test_prefixed_names_a_lists_and_texts_over_lines(
    property_: URIRef, value: URIRef | Literal, line: int, shown: str
) -> None:
    with literals_as_written():
        value = (
            Literal(str(value), lang=value.language, datatype=value.datatype)
            if isinstance(value, Literal)
            else value
        )
    found = at(TURTLE, n("a"), property_, value)
    assert (found[0], found[2]) == (line, shown)


@pytest.mark.parametrize(
    ("subject", "property_", "value", "line", "shown"),
    [
        ("b", "start", Literal("2020-01"), 18, '"2020-01"'),
        ("b", "start", Literal("2021"), 19, '"2021"'),
        ("c", "name", Literal("س", lang="ar"), 21, '"س"@ar'),
        ("c", "last", Literal("x"), 21, "'x'"),
        ("d", "near", n("a"), 21, ":a"),
    ],
)
def test_values_on_lines_of_their_own_and_two_blocks_on_one_line(
    subject: str, property_: str, value: URIRef | Literal, line: int, shown: str
) -> None:
    found = at(TURTLE, n(subject), n(property_), value)
    assert (found[0], found[2]) == (line, shown)


def test_inside_brackets_too() -> None:
    locator = Locator([file(TURTLE)], {})
    graph = Graph()
    parse(graph, file(TURTLE), 0)
    (inner,) = graph.subjects(n("most"), n("c"))
    place = locate(locator, inner, (Step((n("most"),)),), n("c"), "", None)
    assert place is not None
    assert (place.line, place.text[place.column - 1 :]) == (11, ":c ] ] ;")
    (block,) = graph.subjects(n("inside"), n("b"))
    place = locator.block(block)
    assert place is not None
    assert (place.line, place.column) == (10, 13)
    (item,) = graph.subjects(n("item"), n("e"))
    place = locate(locator, item, (Step((n("item"),)),), n("e"), "", None)
    assert place is not None
    assert place.line == 12


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_change_no_place(bom: str, newline: str) -> None:
    text = bom + TURTLE.replace("\n", newline)
    assert at(text, n("b"), n("start"), Literal("2021"))[::2] == (19, '"2021"')
    assert at(text, n("a"), n("name"), Literal("after"))[0] == 8
    assert at(text, n("a"), RDF.type, n("Thing"))[1] == 6


def test_every_triple_of_the_shipped_data_is_where_the_locator_says(root: Path) -> None:
    """The text at each place is what rdflib's own parser reads there."""
    path = root / "data" / "meetings.ttl"
    given = GraphFile("m.ttl", path, path.read_bytes())
    graph = Graph()
    with literals_as_written():
        parse(graph, given, 0)
    locator = Locator([given], {})
    lines = given.content.decode().split("\n")
    for subject, property_, value in graph:
        place = locate(locator, subject, (Step((property_,)),), value, "", None)
        assert place is not None
        shown = lines[place.line - 1][place.column - 1 : (place.end or 0) - 1]
        if isinstance(value, Literal):
            assert shown.startswith(('"', "1", "2", "3", "4", "5", "6", "7", "8", "9"))
            assert str(value)[:20] in shown.replace('\\"', '"')
        else:
            assert str(value).endswith(shown.partition(":")[2])


def test_a_missing_triple_points_at_the_block_of_its_subject() -> None:
    locator = Locator([file(TURTLE)], {})
    place = locate(locator, n("b"), (Step((n("absent"),)),), None, "MinCountConstraintComponent", 1)
    assert place is not None
    assert (place.line, place.column, place.end) == (14, 1, 3)


def test_the_block_that_gives_the_kind_comes_before_others() -> None:
    first = file("<https://example.org/b> <https://example.org/seen> true .", "z.ttl")
    locator = Locator([first, file(TURTLE)], {})
    place = locator.block(n("b"))
    assert place is not None
    assert (place.file, place.line) == ("a.ttl", 14)


def test_too_many_values_point_at_the_first_one_too_many() -> None:
    locator = Locator([file(TURTLE)], {})
    place = locate(locator, n("b"), (Step((n("start"),)),), None, "MaxCountConstraintComponent", 1)
    assert place is not None
    assert place.line == 19


def test_two_texts_in_a_language_point_at_the_second() -> None:
    locator = Locator([file(TURTLE)], {})
    place = locate(locator, n("a"), (Step((n("name"),)),), None, "UniqueLangConstraintComponent", None)
    assert place is not None
    assert place.line == 6


def test_a_derived_bound_points_at_the_date_it_follows_from() -> None:
    locator = Locator([file(TURTLE)], {LATEST: (START,)})
    day = Literal("2021-12-31", datatype=XSD.date)
    place = locate(locator, n("b"), (Step((LATEST,)),), day, "LessThanConstraintComponent", None)
    assert place is not None
    assert place.line == 19
    missing = locate(locator, n("b"), (Step((LATEST,)),), None, "MinCountConstraintComponent", 1)
    assert missing is not None
    assert missing.line == 19


def test_a_path_is_walked_to_its_last_step_and_backwards() -> None:
    locator = Locator([file(TURTLE)], {})
    steps = (Step((n("near"),), inverse=True), Step((n("near"),)))
    place = locate(locator, n("a"), steps, n("a"), "", None)
    assert place is not None
    assert place.line == 21


def test_only_files_that_speak_of_the_thing_are_parsed() -> None:
    broken = file("this is not Turtle at all", "broken.ttl")
    locator = Locator([broken, file(TURTLE)], {})
    assert locator.block(n("b")) is not None
    assert list(locator._indices) == [1]

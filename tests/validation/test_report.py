from __future__ import annotations

import pytest

from cica_kg.validation.report import Place, Report, Result


def result(**changes: object) -> Result:
    plain = Result(
        focus="https://w3id.org/cica-kg/id/state/japan",
        path="https://w3id.org/cica-kg/def#isoAlpha3",
        value="JP",
        severity="Violation",
        shape="https://w3id.org/cica-kg/shapes#state-iso-alpha-3",
        component="PatternConstraintComponent",
        messages={"en": "Give three letters.", "ar": "اكتب ثلاثة أحرف."},
        place=Place("data/states.ttl", 7, 5),
    )
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("severities", "conforms"),
    [([], True), (["Warning", "Info"], True), (["Violation"], False), (["Info", "Violation"], False)],
)
def test_only_violations_stop_a_graph(severities: list[str], conforms: bool) -> None:
    report = Report(tuple(result(severity=severity) for severity in severities), "an engine")
    assert report.conforms is conforms
    assert report.count("Violation") == severities.count("Violation")


@pytest.mark.parametrize(
    ("messages", "language", "message"),
    [
        ({"en": "one", "ar": "واحد"}, "ar", "واحد"),
        ({"en": "one", "ar": "واحد"}, "ru", "one"),
        ({"ar": "واحد"}, "en", "واحد"),
        ({"": "plain"}, "en", "plain"),
        ({"fr": "un"}, "en", "un"),
        ({}, "en", "PatternConstraintComponent"),
    ],
)
def test_a_message_is_in_the_language_asked_for_or_the_next_best(
    messages: dict[str, str], language: str, message: str
) -> None:
    assert result(messages=messages).message(language) == message


def test_results_come_in_the_order_of_files_and_lines_and_the_placeless_last() -> None:
    given = [
        result(place=None, focus="a:1"),
        result(place=Place("data/states.ttl", 10, 1)),
        result(place=Place("data/states.ttl", 9, 1)),
        result(place=Place("data/bodies.ttl", 99, 1)),
    ]
    places = [each.place for each in Report(tuple(given), "an engine").results]
    assert places == [
        Place("data/bodies.ttl", 99, 1),
        Place("data/states.ttl", 9, 1),
        Place("data/states.ttl", 10, 1),
        None,
    ]
    assert Report(tuple(reversed(given)), "an engine").results == Report(tuple(given), "an engine").results


def test_a_place_is_written_as_editors_read_it() -> None:
    assert str(Place("data/states.ttl", 7, 5)) == "data/states.ttl:7:5"


def test_shapes_are_counted_the_most_serious_and_most_frequent_first() -> None:
    report = Report(
        (
            result(shape="a:rare"),
            result(shape="a:often", value="1"),
            result(shape="a:often", value="2"),
            *(result(shape="a:told", severity="Warning", value=str(n)) for n in range(5)),
        ),
        "an engine",
    )
    assert report.by_shape() == [
        ("a:often", "Violation", 2),
        ("a:rare", "Violation", 1),
        ("a:told", "Warning", 5),
    ]


def test_a_result_about_the_whole_graph_is_about_the_thing_it_names() -> None:
    whole = result(
        focus="https://w3id.org/cica-kg/graph",
        path=None,
        value="a:thing",
        component="SPARQLConstraintComponent",
    )
    assert whole.subject == "a:thing"
    assert result().subject == result().focus


def test_lines_tell_place_thing_property_value_and_what_to_do() -> None:
    report = Report((result(),), "an engine", {"https://w3id.org/cica-kg/id/state/japan": {"en": "Japan"}})
    text = "\n".join(report.lines())
    for part in ("data/states.ttl", "7:5", "state:japan", "Japan", "isoAlpha3", "JP", "Give three letters."):
        assert part in text
    assert "اكتب ثلاثة أحرف." in "\n".join(report.lines("ar"))
    assert "state:japan" in "\n".join(report.lines(label=lambda _: None))

"""The forms of a report: text in three languages, JSON, the W3C's Turtle, SARIF, annotations."""

# ruff: noqa: E501  # cases stand on one line

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from sarif_pydantic import Sarif

from cica_kg.files import read_graph
from cica_kg.validation import forms, talk
from cica_kg.validation.gate import judge
from cica_kg.validation.report import Place, Report, Result

BAD = """\
PREFIX cica: <https://w3id.org/cica-kg/def#>
PREFIX membership: <https://w3id.org/cica-kg/id/membership/>
PREFIX body: <https://w3id.org/cica-kg/id/body/>
PREFIX state: <https://w3id.org/cica-kg/id/state/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
state:lemuria a cica:State ; rdfs:label "Lemuria"@en , "ليموريا"@ar .
membership:lemuria-club
    a cica:Membership ;
    cica:party state:lemuria ;
    cica:inOrganization state:lemuria ;
    cica:strat "2001" .
"""


@pytest.fixture
def report(small: Path) -> Report:
    (small / "data" / "bad, file.ttl").write_text(BAD, encoding="utf-8")
    return judge(read_graph(small))


@pytest.fixture
def paths(small: Path) -> dict[str, Path]:
    return {"data/bad, file.ttl": small / "data" / "bad, file.ttl"}


def text(report: Report, language: str) -> str:
    return "\n".join(report.lines(language))


def test_text_has_place_thing_property_value_what_is_wanted_and_what_to_do(report: Report) -> None:
    shown = text(report, "en")
    assert shown.startswith("data/bad, file.ttl\n  7:1  violation  membership:lemuria-club")
    assert "(Membership of Lemuria in Lemuria)" in shown
    assert (
        "cica:startEarliest: nothing found; wanted: at least 1\n      Give a start that the calendar has."
        in shown
    )
    assert (
        "cica:inOrganization: found state:lemuria; wanted: something of the class cica:Organization" in shown
    )
    assert "Name an organization of the graph.  [cica-sh:in-organization]" in shown
    assert "There is no term cica:strat. Did you mean cica:start?  [cica-sh:check-unknown-term]" in shown
    assert (
        "      10 │ cica:inOrganization state:lemuria ;\n         │                     ^^^^^^^^^^^^^\n"
        in shown
    )
    assert shown.endswith(
        "by shape:\n  1  violation  cica-sh:bounds\n  1  violation  cica-sh:check-unknown-term\n"
        "  1  violation  cica-sh:in-organization"
    )
    assert "\x1b" not in shown


def test_text_in_arabic_and_russian(report: Report) -> None:
    arabic = text(report, "ar")
    assert "سمِّ منظمة من الرسم المعرفي." in arabic
    assert "المطلوب: شيء من الفئة" in arabic and "هل تقصد cica:start؟" in arabic
    # A shape without a message in this language falls back to English, the words around it do not.
    russian = text(report, "ru")
    assert "Name an organization of the graph." in russian and "требуется: не менее 1" in russian


def test_severities_are_respected(report: Report) -> None:
    warnings = Report(tuple(each._replace(severity="Warning") for each in report.results), "engine")
    assert warnings.conforms and not report.conforms
    assert talk.verdict(warnings, "en") == "valid: the graph conforms to its shapes (warnings: 3)"
    assert talk.verdict(report, "en").startswith("not valid:")
    assert text(warnings, "en").count("warning") == 6


def test_colours_only_where_asked_for(report: Report) -> None:
    def label(_: str) -> None:
        return None

    assert "\x1b[1;31m" in "".join(talk.lines(report, "en", label, colour=True))
    assert "\x1b" not in "".join(talk.lines(report, "en", label))


def test_text_from_data_cannot_steer_a_terminal() -> None:
    evil = "\x1b[2J\x07\u202e\r\n\x9b31m"
    place = Place("a\x1b]0;x\x07.ttl", 1, 1, f'<urn:a> <urn:b> "{evil}" .', 9)
    result = Result(
        f"urn:{evil}",
        f"urn:p{evil}",
        evil,
        "Violation",
        f"urn:s{evil}",
        "Pattern",
        {"en": evil},
        evil,
        place,
        f'"{evil}"',
    )
    report = Report((result,), "engine", {f"urn:{evil}": {"en": evil}})
    for language in ("en", "ar", "ru"):
        shown = "\n".join(report.lines(language))
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
        assert shown.count("\n") < 12
    github = forms.to_github(report, "en", {})
    assert github.count("\n") == 1 and "\x1b" not in github


def test_a_limit_says_how_much_it_leaves_out(report: Report) -> None:
    shown = "\n".join(report.lines(limit=1))
    assert "and 2 more results: “cica validate” shows all" in shown
    assert shown.count("violation  membership") == 1


def test_what_is_said_about_one_value_stands_together() -> None:
    place = Place("a.ttl", 3, 5, "    cica:start 1 ;", 9)
    one = Result(
        "urn:a",
        "urn:p",
        "1",
        "Violation",
        "urn:s",
        "DatatypeConstraintComponent",
        {"en": "Write a text."},
        "urn:t",
        place,
        '"1"',
    )
    report = Report((one, one._replace(component="PatternConstraintComponent", expected="x" * 50)), "engine")
    shown = "\n".join(report.lines())
    assert shown.count("Write a text.") == 1 and shown.count("3:5") == 1


def test_json_tells_everything(report: Report) -> None:
    content = json.loads(forms.to_json(report, "ar"))
    assert content["conforms"] is False
    assert content["counts"] == {"Violation": 3, "Warning": 0, "Info": 0}
    found = {each["shape"].rpartition("#")[2]: each for each in content["results"]}
    result = found["in-organization"]
    assert result["message"] == "سمِّ منظمة من الرسم المعرفي."
    assert (result["place"]["file"], result["place"]["line"]) == ("data/bad, file.ttl", 10)
    assert result["expected"] == ["https://w3id.org/cica-kg/def#Organization"]
    assert result["term"] == "<https://w3id.org/cica-kg/id/state/lemuria>"


def test_sarif_is_valid_and_has_rules_places_and_stable_identities(
    report: Report, paths: dict[str, Path], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small)
    text = forms.to_sarif(report, "en", paths)
    sarif = Sarif.model_validate_json(text)
    (run,) = sarif.runs
    assert sarif.version == "2.1.0"
    rules = [rule.id for rule in run.tool.driver.rules or []]
    assert rules == ["cica-sh:bounds", "cica-sh:in-organization", "cica-sh:check-unknown-term"]
    raw = json.loads(text)["runs"][0]["results"]
    assert [each["ruleIndex"] for each in raw] == [0, 1, 2]
    assert {each["level"] for each in raw} == {"error"}
    place = raw[1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "data/bad%2C%20file.ttl", "uriBaseId": "%SRCROOT%"}
    assert place["region"]["startLine"] == 10
    assert place["region"]["endColumn"] - place["region"]["startColumn"] == len("state:lemuria")
    before = {each["partialFingerprints"]["thing/v1"] for each in raw}
    path = paths["data/bad, file.ttl"]
    path.write_text(BAD.replace("state:lemuria a", "\n\nstate:lemuria a"), encoding="utf-8")
    again = json.loads(forms.to_sarif(judge(read_graph(small)), "en", paths))["runs"][0]["results"]
    assert {each["partialFingerprints"]["thing/v1"] for each in again} == before


def test_a_file_elsewhere_is_named_by_its_whole_path(report: Report, paths: dict[str, Path]) -> None:
    sarif = json.loads(forms.to_sarif(report, "en", paths))
    uri = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == paths["data/bad, file.ttl"].as_uri()


def test_sarif_of_nothing_is_valid_too(small: Path) -> None:
    Sarif.model_validate_json(forms.to_sarif(judge(read_graph(small)), "en", {}))


def test_annotations_escape_what_would_end_them(
    report: Report, paths: dict[str, Path], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small)
    lines = forms.to_github(report, "en", paths).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(
        "::error file=data/bad%2C file.ttl,line=10,col=25,endLine=10,endColumn=38,title=cica-sh%3Ain-organization::"
    )
    assert lines[1].endswith("found state:lemuria: Name an organization of the graph.")


def test_turtle_is_the_w3c_report_with_our_results_beside_and_the_same_bytes_each_time(
    report: Report, small: Path
) -> None:
    turtle = report.w3c()
    triples = [quad.triple for quad in parse(turtle, RdfFormat.TURTLE)]
    shacl = "http://www.w3.org/ns/shacl#"
    assert sum(t.predicate.value == f"{shacl}result" for t in triples) == 3
    assert any(t.predicate.value == f"{shacl}conforms" and t.object.value == "false" for t in triples)
    shapes = {
        t.object.value.rpartition("#")[2] for t in triples if t.predicate.value == f"{shacl}sourceShape"
    }
    assert shapes == {"bounds", "in-organization", "check-unknown-term"}
    assert judge(read_graph(small)).w3c() == turtle == report.w3c()


def test_broken_turtle_has_every_form(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / "data" / "broken.ttl").write_text("PREFIX a: <urn:a:>\na:b a:c state:x .\n")
    report = judge(read_graph(small))
    monkeypatch.chdir(small)
    assert "2:9  violation\n      This is not Turtle: the prefix “state:”" in text(report, "en")
    sarif = forms.to_sarif(report, "en", {"data/broken.ttl": small / "data" / "broken.ttl"})
    Sarif.model_validate_json(sarif)
    assert "logicalLocations" not in sarif
    assert forms.to_github(report, "en", {}).startswith("::error file=data/broken.ttl,line=2,col=9,")
    assert "check-undeclared-prefix" in report.w3c()


def test_what_is_remembered_is_what_was_found(report: Report) -> None:
    again = forms.undump(forms.dump(report))
    assert again.results == report.results
    assert again.labels == report.labels
    assert again.w3c() == report.w3c()

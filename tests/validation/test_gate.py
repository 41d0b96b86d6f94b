"""Only what conforms comes through, and a verdict is remembered for exactly what it was given on."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import cica_kg
from cica_kg import CicaError, DataError, InvalidGraphError, TurtleError
from cica_kg.files import read_graph
from cica_kg.store import build_store
from cica_kg.validation import memory
from cica_kg.validation.gate import Validated, admit, judge

WRONG_CLASS = """
PREFIX cica: <https://w3id.org/cica-kg/def#>
PREFIX membership: <https://w3id.org/cica-kg/id/membership/>
PREFIX state: <https://w3id.org/cica-kg/id/state/>
membership:wrong a cica:Membership ;
    cica:party state:atlantis ; cica:inOrganization state:atlantis ;
    cica:start "2001" ; cica:ongoingAsOf "2019" .
"""
IMPOSSIBLE_DAY = WRONG_CLASS.replace(
    "cica:inOrganization state:atlantis", "cica:inOrganization <https://w3id.org/cica-kg/id/body/club>"
).replace('"2001"', '"2001-02-30"')

pytestmark = pytest.mark.usefixtures("empty_cache")


def remembered(folder: Path) -> bool:
    return cica_kg.load(root=folder).validated.remembered


def test_a_conforming_graph_comes_through(small: Path) -> None:
    kg = cica_kg.load(root=small)
    assert str(kg.known_until) == "2020-06-30"
    assert kg.query(sparql="ASK { state:atlantis cica:memberOf body:club }") is True


@pytest.mark.parametrize("wrong", [WRONG_CLASS, IMPOSSIBLE_DAY])
def test_what_violates_a_shape_cannot_be_loaded(small: Path, wrong: str) -> None:
    (small / "data" / "wrong.ttl").write_text(wrong)
    with pytest.raises(InvalidGraphError) as caught:
        cica_kg.load(root=small)
    report = caught.value.report
    assert not report.conforms
    assert {r.focus for r in report.results} == {"https://w3id.org/cica-kg/id/membership/wrong"}
    assert "membership:wrong" in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate"],
        ["query", "members"],
        ["query", "--sparql", "ASK { }"],
        ["export"],
        ["export", "--output", "out.ttl"],
    ],
)
def test_no_verb_takes_an_invalid_graph(small: Path, python, tmp_path: Path, arguments: list[str]) -> None:
    (small / "data" / "wrong.ttl").write_text(WRONG_CLASS)
    done = python("-m", "cica_kg", *arguments, "--kg", small)
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert "membership:wrong" in told
    assert "violations: " in told
    assert "Name an organization of the graph." in told
    assert "cica-sh:in-organization" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out.ttl").exists()


def test_extra_data_has_to_conform_as_well(small: Path, tmp_path: Path) -> None:
    extra = tmp_path / "extra.ttl"
    extra.write_text(WRONG_CLASS)
    assert cica_kg.load(root=small)
    with pytest.raises(InvalidGraphError):
        cica_kg.load(root=small, data=[extra])


def test_a_bad_reference_that_passes_without_the_ontology_is_caught(small: Path) -> None:
    import pyshacl
    import rdflib

    (small / "data" / "wrong.ttl").write_text(WRONG_CLASS)
    data, shapes = rdflib.Graph(), rdflib.Graph()
    for path in (small / "data").glob("*.ttl"):
        data.parse(path)
    shapes.parse(small / "ontology" / "shapes" / "small.ttl")
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, "pySHACL knows subclasses without the ontology: this test has lost its point"
    with pytest.raises(InvalidGraphError):
        cica_kg.load(root=small)


def test_a_validated_graph_cannot_be_made_by_hand(small: Path) -> None:
    files = read_graph(small)
    for more in ({}, {"key": object()}, {"key": None}):
        with pytest.raises(TypeError, match="only the gate makes a Validated"):
            Validated(files, build_store(files.data), None, True, **more)


def test_a_validated_graph_does_not_change(small: Path) -> None:
    validated = admit(read_graph(small))
    with pytest.raises(AttributeError):
        validated.files = read_graph(small)


@pytest.mark.parametrize("part", ["shapes", "rules"])
def test_a_graph_with_nothing_to_be_judged_by_is_refused(small: Path, part: str) -> None:
    for path in (small / "ontology" / part).iterdir():
        path.unlink()
    with pytest.raises(DataError, match="nothing can be validated"):
        cica_kg.load(root=small)
    with pytest.raises(DataError, match="nothing can be validated"):
        judge(read_graph(small))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("data/broken.ttl", "<a:a> <a:b> .", TurtleError),
        ("data/latin.ttl", b"# \xe9\n", DataError),
        ("data/graph.ttl", "", DataError),
        ("data/graph.ttl", "<https://w3id.org/cica-kg/graph> a <a:b> .", CicaError),
        ("ontology/cica.ttl", "<a:a> <a:b> .", TurtleError),
        ("ontology/shapes/small.ttl", "<a:a> <a:b> .", DataError),
        ("ontology/shapes/small.ttl", b"# \xe9\n", DataError),
        (
            "ontology/shapes/more.ttl",
            "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX cica: <https://w3id.org/cica-kg/def#> "
            "<a:s> a sh:NodeShape ; sh:targetClass cica:State ; sh:node <a:nowhere> .",
            DataError,
        ),
        (
            "ontology/shapes/more.ttl",
            "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX cica: <https://w3id.org/cica-kg/def#> "
            "<a:s> a sh:NodeShape ; sh:targetClass cica:State ; sh:sparql [ sh:select 'SELECT nonsense' ] .",
            DataError,
        ),
        ("ontology/rules/surely.rq", "CONSTRUCT nonsense", DataError),
        ("ontology/rules/surely.rq", "SELECT * { }", DataError),
        ("ontology/rules/surely.rq", b"# \xe9\nCONSTRUCT { } { }", DataError),
    ],
)
def test_a_file_that_is_no_good_is_one_error_that_names_it(
    small: Path, name: str, content: str | bytes, error: type[CicaError]
) -> None:
    (small / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(error) as caught:
        cica_kg.load(root=small)
    assert Path(name).name in str(caught.value) or "shapes" in str(caught.value)


def test_a_missing_rule_is_named(small: Path) -> None:
    (small / "ontology" / "rules" / "surely.rq").unlink()
    with pytest.raises(DataError, match=r"surely\.rq"):
        cica_kg.load(root=small)


@pytest.mark.parametrize("until", ["2020", "2020-02-30", "soon"])
def test_a_day_to_which_the_graph_is_kept_that_is_no_day_is_told(small: Path, until: str) -> None:
    graph = small / "data" / "graph.ttl"
    graph.write_text(graph.read_text().replace("2020-06-30", until))
    with pytest.raises(DataError, match=until):
        cica_kg.load(root=small)


# Remembering ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_verdict_is_remembered(small: Path, empty_cache: Path) -> None:
    assert not remembered(small)
    kept = sorted(empty_cache.iterdir())
    assert {path.suffix for path in kept} == {".txt", ".nt"}
    assert remembered(small)
    assert sorted(empty_cache.iterdir()) == kept


def test_what_is_remembered_gives_the_same_graph(small: Path) -> None:
    fresh, known = cica_kg.load(root=small), cica_kg.load(root=small)
    assert (fresh.validated.remembered, known.validated.remembered) == (False, True)
    assert set(fresh.store) == set(known.store)
    assert fresh.known_until == known.known_until


def test_a_remembered_verdict_holds_for_every_day(small: Path) -> None:
    cica_kg.load(root=small)
    assert cica_kg.load(root=small, at="2005-01-01").validated.remembered


def test_nothing_is_remembered_of_a_graph_that_does_not_conform(small: Path, empty_cache: Path) -> None:
    (small / "data" / "wrong.ttl").write_text(WRONG_CLASS)
    for _ in range(2):
        with pytest.raises(InvalidGraphError):
            cica_kg.load(root=small)
    assert not empty_cache.exists() or not list(empty_cache.iterdir())


@pytest.mark.parametrize(
    "name",
    [
        "data/records.ttl",
        "data/graph.ttl",
        "ontology/cica.ttl",
        "ontology/shapes/small.ttl",
        "ontology/rules/labels.rq",
        "ontology/rules/surely.rq",
    ],
)
def test_a_graph_with_one_byte_changed_is_judged_anew(small: Path, name: str) -> None:
    cica_kg.load(root=small)
    with (small / name).open("ab") as file:
        file.write(b"\n")
    assert not remembered(small)
    assert remembered(small)


def test_a_new_file_is_judged_and_its_removal_needs_no_second_look(small: Path) -> None:
    cica_kg.load(root=small)
    new = small / "data" / "new.ttl"
    new.write_text("# nothing\n")
    assert not remembered(small)
    new.unlink()
    assert remembered(small)


def test_a_change_that_keeps_the_time_of_a_file_is_seen(small: Path) -> None:
    cica_kg.load(root=small)
    records = small / "data" / "records.ttl"
    times = (records.stat().st_atime_ns, records.stat().st_mtime_ns)
    records.write_text(records.read_text().replace("body:club a cica:Body", "body:club a cica:State"))
    os.utime(records, ns=times)
    with pytest.raises(InvalidGraphError):
        cica_kg.load(root=small)


def test_a_graph_that_moves_is_not_judged_again(small: Path, tmp_path: Path) -> None:
    cica_kg.load(root=small)
    shutil.copytree(small, tmp_path / "elsewhere")
    assert remembered(tmp_path / "elsewhere")


def test_another_engine_or_another_program_judges_anew(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cica_kg.load(root=small)
    monkeypatch.setattr(memory, "installed", lambda name: f"{name}-99.dist-info")
    assert not remembered(small)


def test_every_module_that_decides_is_there(root: Path) -> None:
    for module in memory.DECIDING_MODULES:
        assert (root / "cica_kg" / module).is_file(), module


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: b"\x00\xff" + content,
        lambda content: b"true",
        lambda content: b"{}",
        lambda content: json.dumps({"conforms": True}).encode(),
        lambda content: b"cica-kg verdict: conforms\n",
        lambda content: content.replace(b"conforms", b"does not", 1),
    ],
)
def test_a_damaged_verdict_is_not_believed(
    small: Path, empty_cache: Path, damage: Callable[[bytes], bytes]
) -> None:
    cica_kg.load(root=small)
    (verdict,) = empty_cache.glob("*.txt")
    verdict.write_bytes(damage(verdict.read_bytes()))
    assert not remembered(small)
    assert remembered(small)


def test_a_verdict_under_the_name_of_another_is_not_believed(small: Path, empty_cache: Path) -> None:
    cica_kg.load(root=small)
    (good,) = empty_cache.glob("*.txt")
    (small / "data" / "wrong.ttl").write_text(WRONG_CLASS)
    other = memory.verdict_file(read_graph(small))
    assert other is not None
    assert other.parent == good.parent
    shutil.copy(good, other)
    with pytest.raises(InvalidGraphError):
        cica_kg.load(root=small)


@pytest.mark.parametrize(
    "content", [b"", b"<a:a> <a:b> <a:c> .\n", b"\xff", b"0" * 64 + b"\n<a:a> <a:b> <a:c> .\n"]
)
def test_damage_to_remembered_triples_is_made_good(small: Path, empty_cache: Path, content: bytes) -> None:
    fresh = cica_kg.load(root=small)
    (derived,) = empty_cache.glob("*.nt")
    derived.write_bytes(content)
    assert set(cica_kg.load(root=small).store) == set(fresh.store)
    derived.unlink()
    assert set(cica_kg.load(root=small).store) == set(fresh.store)


def test_triples_of_another_graph_are_not_taken_for_those_of_this_one(small: Path, empty_cache: Path) -> None:
    first = cica_kg.load(root=small)
    (of_the_first,) = empty_cache.glob("*.nt")
    records = small / "data" / "records.ttl"
    records.write_text(records.read_text().replace('"2001-02"', '"2002-02"'))
    second = cica_kg.load(root=small)
    (of_the_second,) = set(empty_cache.glob("*.nt")) - {of_the_first}
    assert set(first.store) != set(second.store)
    shutil.copy(of_the_first, of_the_second)
    assert set(cica_kg.load(root=small).store) == set(second.store)


def test_a_folder_in_the_place_of_a_verdict_is_passed_over(small: Path, empty_cache: Path) -> None:
    verdict = memory.verdict_file(read_graph(small))
    assert verdict is not None
    verdict.mkdir(parents=True)
    assert not remembered(small)


def test_a_cache_that_is_a_file_is_passed_over(small: Path, empty_cache: Path) -> None:
    empty_cache.write_text("a file")
    assert not remembered(small)
    assert not remembered(small)
    assert empty_cache.read_text() == "a file"


@pytest.mark.parametrize("place", ["/proc/cica-kg", "/dev/null/cica-kg", "\x00"])
def test_a_cache_that_cannot_be_made_is_passed_over(
    small: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if "\x00" in place:
        monkeypatch.setattr(memory, "cache_folder", lambda: None)
    else:
        monkeypatch.setenv("CICA_KG_CACHE", place)
    assert not remembered(small)
    assert not remembered(small)


def test_a_cache_without_room_is_passed_over_and_nothing_half_written_stays(
    small: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert not remembered(small)
    assert list(empty_cache.iterdir()) == []


def test_without_a_home_the_graph_is_judged_each_time(small: Path, python) -> None:
    code = "import sys, cica_kg; print(cica_kg.load(root=sys.argv[1]).validated.remembered)"
    for _ in range(2):
        done = python("-c", code, small, env={"CICA_KG_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/dev/null"})
        assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


def test_the_cache_of_the_user_is_where_the_platform_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CICA_KG_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert memory.cache_folder() == tmp_path / "cica-kg" / "verdicts"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert memory.cache_folder() == tmp_path / ".cache" / "cica-kg" / "verdicts"


def test_a_file_that_changes_while_it_is_judged_is_not_vouched_for(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = small / "data" / "records.ttl"

    def meanwhile(_: str) -> None:
        records.write_text(records.read_text().replace("body:club a cica:Body", "body:club a cica:State"))
        time.sleep(0)

    kg = cica_kg.load(root=small, progress=meanwhile)
    # What was judged is what was read; the changed file is another graph, and is judged for itself.
    assert kg.query(sparql="ASK { body:club a cica:Body }") is True
    with pytest.raises(InvalidGraphError):
        cica_kg.load(root=small)

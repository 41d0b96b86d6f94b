"""Items suggested for things, out of worlds that are right, wrong, ambiguous or out of order."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.cli import main
from cica_kg.folding import fold, key
from cica_kg.store import copy_store
from cica_kg.wikidata import suggest_forms
from cica_kg.wikidata.client import connect_wikidata
from cica_kg.wikidata.labels import names_of, spellings
from cica_kg.wikidata.links import item_of
from cica_kg.wikidata.suggest import CANDIDATES, FAILED, LINKED, NONE_FOUND, NOT_ASKED, Suggestion, suggest
from tests.canonical import canonical
from tests.wikidata import misbehaving as bad
from tests.wikidata.mirror import mirror
from tests.wikidata.shape import Time
from tests.wikidata.world import CICA_ITEM, World

MODES = ("plain", "wdqs", "qlever")
THING = "https://w3id.org/cica-kg/id/"
CICA, JAPAN, SCO = THING + "organization/cica", THING + "state/japan", THING + "organization/sco"
NAME = "Conference on Interaction and Confidence-Building Measures in Asia"


@pytest.fixture(scope="module")
def store(kg: KnowledgeGraph) -> Store:
    """The graph as if Japan, the SCO and Almaty had no link."""
    copy = copy_store(kg.store)
    for thing in (JAPAN, SCO, THING + "place/almaty"):
        for quad in list(copy.quads_for_pattern(None, None, NamedNode(thing))):
            if quad.predicate.value.endswith("linksThing"):
                for fact in list(copy.quads_for_pattern(quad.subject, None, None)):
                    copy.remove(fact)
        for quad in list(copy.quads_for_pattern(NamedNode(thing), None, None)):
            if quad.predicate.value.endswith("exactMatch"):
                copy.remove(quad)
    return copy


@pytest.fixture
def suggested(store: Store, asking):
    """Suggest items for one thing out of a world; all engines must say the same."""

    def look(world: World, thing: str) -> Suggestion:
        first, *others = (suggest(store, [thing], asking(world, mode)).suggestions[0] for mode in MODES)
        assert all(other == first for other in others)
        return first

    return look


def points(suggestion: Suggestion) -> dict[str, int]:
    return {candidate.item.number: candidate.points for candidate in suggestion.candidates}


def state(world: World, number: str, code: str) -> None:
    world.state(number, "P31", "Q3624078")
    world.state(number, "P298", Literal(code))


# Points ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_item_of_cica_is_found_where_there_is_one(kg: KnowledgeGraph, suggested) -> None:
    found = suggested(mirror(kg.store), CICA)
    assert (found.outcome, points(found)) == (CANDIDATES, {CICA_ITEM: 4})
    assert found.proposed is found.candidates[0]
    assert [part.points for part in found.candidates[0].parts] == [2, 1, 1, 0]


def test_names_alone_are_no_reason_to_propose(suggested) -> None:
    labels = {"en": NAME, "ar": "مؤتمر التفاعل وإجراءات بناء الثقة في آسيا"}
    labels["ru"] = "Совещание по взаимодействию и мерам доверия в Азии"
    found = suggested(World().item("Q7", labels), CICA)
    assert (points(found), found.proposed) == ({"Q7": 2}, None)


def test_one_name_for_all_languages_is_one_name(suggested) -> None:
    found = suggested(World().item("Q7", {"mul": "CICA"}), CICA)
    assert points(found) == {"Q7": 1}


def test_another_spelling_finds_an_item_and_proves_nothing(suggested) -> None:
    arabic = "مؤتمر التفاعل وإجراءات بناء الثقة فی آسیا"
    found = suggested(World().item("Q7", {"ar": arabic}, sitelinks={"ar": arabic}), CICA)
    assert (points(found), found.proposed) == ({"Q7": 0}, None)
    assert "ours in another spelling" in found.candidates[0].parts[0].reason


def test_an_alias_finds_an_item(suggested) -> None:
    world = World().item("Q7", {"en": "Asian meeting"}, aliases={"en": ["CICA"]})
    assert points(suggested(world, CICA)) == {"Q7": 0}


def test_a_code_finds_an_item_whatever_it_is_called(suggested) -> None:
    world = World().item("Q17", {"fr": "Japon"})
    state(world, "Q17", "JPN")
    world.state("Q17", "P2082", Literal("392"))
    found = suggested(world, JAPAN)
    assert (points(found), found.proposed) == ({"Q17": 6}, found.candidates[0])


def test_another_kind_and_another_code_speak_against(suggested) -> None:
    world = World().item("Q5", {"en": "Japan"}, descriptions={"en": "English band"})
    world.state("Q5", "P31", "Q215380")
    world.item("Q215380", {"en": "band"}).state("Q215380", "P279", "Q2088357")
    world.item("Q6", {"en": "Japan"}, sitelinks={"en": "Japan"})
    state(world, "Q6", "KOR")
    found = suggested(world, JAPAN)
    assert points(found) == {"Q6": -2, "Q5": -4}
    assert found.proposed is None
    assert found.candidates[1].item.description == "English band"


def test_facts_tell_places_apart_that_have_one_name(store: Store, suggested) -> None:
    world = World()
    world.properties["P1566"] = ("GeoNames ID", "ExternalId")
    for number, country in (("Q35493", "Q232"), ("Q4", "Q159")):
        world.item(number, {"en": "Almaty"}).state(number, "P17", country)
    found = suggested(world, THING + "place/almaty")
    assert points(found) == {"Q35493": 3, "Q4": -4}
    assert found.proposed is found.candidates[0]


def test_two_items_as_good_as_each_other_are_both_not_proposed(store: Store, suggested, asking) -> None:
    world = World()
    for number in ("Q17", "Q18"):
        world.item(number, {"en": "Japan"})
        state(world, number, "JPN")
    found = suggested(world, JAPAN)
    assert (points(found), found.proposed) == ({"Q17": 4, "Q18": 4}, None)
    only = suggest(store, [JAPAN], asking(world), limit=1).suggestions[0]
    assert (points(only), only.proposed) == ({"Q17": 4}, None)


def test_an_item_that_another_thing_is_linked_to_is_not_proposed(store: Store, suggested) -> None:
    world = World().item("Q1065", {"en": NAME}, sitelinks={"en": NAME})
    found = suggested(world, CICA)
    assert (points(found), found.proposed) == ({"Q1065": -2}, None)
    assert found.candidates[0].parts[0].reason == "organization:united-nations is linked to it already"


def test_what_has_our_name_and_is_no_item_is_no_candidate(suggested) -> None:
    world = World()
    world.properties["P9999"] = ("CICA", "ExternalId")
    assert suggested(world, CICA).outcome == NONE_FOUND


def test_another_thing_that_has_the_acronym_for_its_name_is_not_proposed(suggested) -> None:
    world = World().item("Q7", {"en": "CICA"}, sitelinks={"en": "CICA"})
    world.item("Q43229", {"en": "organization"}).state("Q43229", "P279", "Q16334295")
    world.state("Q7", "P31", "Q43229")
    found = suggested(world, CICA)
    assert (points(found), found.proposed) == ({"Q7": 1}, None)


PERSON, COUNCIL = THING + "person/zhang-ling", THING + "body/cica-ministerial-council"


def named_alike(kg: KnowledgeGraph, thing: str, kind: str, above: str) -> World:
    """A world with an item of the same kind that has all the names of a thing, and no more in common."""
    labels = {language: names[0] for language, names in names_of(kg.store, thing).items()}
    world = World().item("Q7", labels, sitelinks=labels)
    world.properties["P27"] = ("country of citizenship", "WikibaseItem")
    world.item(kind, {"en": "kind"}).state(kind, "P279", above)
    world.state("Q7", "P31", kind)
    return world


def test_a_namesake_is_not_proposed_and_with_a_fact_it_is(kg: KnowledgeGraph, suggested) -> None:
    world = named_alike(kg, PERSON, "Q5", "Q154954")
    assert (points(found := suggested(world, PERSON)), found.proposed) == ({"Q7": 2}, None)
    citizenship = world.state("Q7", "P27", "Q148")
    assert (points(found := suggested(world, PERSON)), found.proposed) == ({"Q7": 4}, found.candidates[0])
    citizenship.value = "Q30"
    assert (points(found := suggested(world, PERSON)), found.proposed) == ({"Q7": -3}, None)


def test_the_council_of_another_organization_is_not_proposed(kg: KnowledgeGraph, suggested) -> None:
    world = named_alike(kg, COUNCIL, "Q43229", "Q16334295")
    world.state("Q7", "P571", Time("1991-12-21"))
    assert (points(found := suggested(world, COUNCIL)), found.proposed) == ({"Q7": 2}, None)


def test_the_right_code_on_the_wrong_kind_of_thing_is_not_proposed(suggested) -> None:
    world = World().item("Q7", {"en": "Japan"}, sitelinks={"en": "Japan"})
    world.item("Q9", {"en": "football team"}).state("Q9", "P279", "Q10")
    world.state("Q7", "P31", "Q9")
    world.state("Q7", "P298", Literal("JPN"))
    found = suggested(world, JAPAN)
    assert (points(found), found.proposed) == ({"Q7": 1}, None)


def test_an_item_that_is_known_to_be_wrong_is_not_proposed(suggested) -> None:
    name = "Shanghai Cooperation Organisation"
    labels = {"en": name, "ru": "Шанхайская организация сотрудничества"}
    found = suggested(World().item("Q188749", labels, sitelinks={"en": name}), SCO)
    assert found.proposed is None
    assert "known to be wrong: it is a mushroom; the item is Q485207" in [
        part.reason for candidate in found.candidates for part in candidate.parts
    ]


def test_an_item_that_was_merged_is_not_proposed(suggested) -> None:
    world = World().item("Q8", {}).redirect("Q7", "Q8")
    world.item("Q7", {"en": NAME}, sitelinks={"en": NAME})  # an engine that has not heard of it in full
    found = suggested(world, CICA)
    assert (points(found), found.proposed) == ({"Q7": -2}, None)
    assert found.candidates[0].parts[0].reason == "merged into Q8"


# Outcomes ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_there_a_failure_and_a_question_not_asked_are_three_things(
    kg: KnowledgeGraph, store: Store, asking
) -> None:
    bodies = sorted({quad.subject.value for quad in store if "/body/cica" in str(quad.subject)})
    things = [thing for thing in bodies if item_of(store, thing) is None][:17]
    seen: list[str] = []
    suggest(store, things[:10], asking(World(), seen=seen))
    found = suggest(store, [*things, THING + "state/china"], asking(World(), most=len(seen)))
    assert [each.outcome for each in found.suggestions] == [NONE_FOUND] * 10 + [FAILED] * 7 + [LINKED]
    assert "HTTP 429" in found.suggestions[10].reason
    more = suggest(store, things, asking(World(), most=1))
    assert [each.outcome for each in more.suggestions] == [FAILED] * 10 + [NOT_ASKED] * 7


def test_after_a_ban_nothing_more_is_sent(store: Store, endpoint) -> None:
    endpoint.answer = bad.answering(bad.BAN, 429, "text/plain", {"Retry-After": "0"})
    found = suggest(store, [CICA, JAPAN], connect_wikidata(endpoint.address, pause_s=0))
    assert len(endpoint.seen) == 1
    assert found.checked == FAILED
    assert {each.outcome for each in found.suggestions} == {FAILED}
    assert "banned this client until 2026-11-26" in found.suggestions[0].reason


def test_what_is_linked_is_not_asked_about(kg: KnowledgeGraph, asking) -> None:
    seen: list[str] = []
    found = suggest(kg.store, [JAPAN], asking(World(), seen=seen))
    assert (found.suggestions[0].outcome, found.suggestions[0].reason, seen) == (LINKED, "Q17", [])


# Names ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["ar", "ru", "en", "tr"])
@given(name=st.text("أإآاىيیكکةهـَٱءёеЁ-‑’ Abçıİüé", max_size=12))
def test_each_spelling_of_a_name_folds_to_what_the_name_folds_to(language: str, name: str) -> None:
    found = spellings(name, language)
    assert {key(fold(each)) for each in found} == {key(fold(name))}
    assert len(found) == len(set(found))


# Forms and the command line ──────────────────────────────────────────────────────────────────────────────


def test_a_proposal_is_in_the_form_of_the_links_and_passes_the_gate(
    kg: KnowledgeGraph, asking, tmp_path: Path
) -> None:
    found = suggest(kg.store, [CICA], asking(mirror(kg.store)))
    file = tmp_path / "wikidata-cica.ttl"
    file.write_bytes(suggest_forms.proposal(found))
    text = file.read_text(encoding="utf-8")
    assert text == canonical(text)
    assert "synthetic data" in text
    assert f'cica:checkedOn "{found.day}"' in text
    with_it = cica_kg.load(data=[file])
    assert item_of(with_it.store, CICA) == CICA_ITEM


def test_nothing_proposed_is_an_empty_file(kg: KnowledgeGraph, asking) -> None:
    assert suggest_forms.proposal(suggest(kg.store, [CICA], asking(World()))).strip() == b""


@pytest.mark.parametrize("format_", suggest_forms.FORMATS)
def test_texts_from_there_steer_no_terminal_and_are_the_same_each_time(
    kg: KnowledgeGraph, asking, format_: str
) -> None:
    nasty = 'x\x1b[31m\u202e\x9b2J*_<b>"\n\\'
    world = World().item("Q7", {"en": NAME}, descriptions={"en": nasty}, sitelinks={"en": NAME})
    found = suggest(kg.store, [CICA], asking(world))
    data = suggest_forms.write(found, format_, kg.label).decode()
    assert not set(data) & set("\x1b\u202e\x9b")
    assert data == suggest_forms.write(found, format_, kg.label).decode()
    if format_ == "json":
        assert json.loads(data)["suggestions"][0]["candidates"][0]["description"] == nasty


def test_a_note_is_no_part_of_what_stands_before_it(kg: KnowledgeGraph, asking) -> None:
    found = suggest(kg.store, [CICA, PERSON], asking(World()))
    lines = suggest_forms.write(found, "md", kg.label).decode().splitlines()
    assert [line.startswith("- ") for line in lines] == [False, True, True, True, True]
    assert [line.startswith("- note: ") for line in lines[3:]] == [True, True]


def test_the_command_line_writes_a_proposal_outside_the_graph_and_changes_no_file_of_it(
    kg: KnowledgeGraph, serving, tmp_path: Path, capsysbinary, root: Path
) -> None:
    def hashes() -> dict[Path, str]:
        files = [*root.glob("data/**/*.ttl"), *root.glob("ontology/**/*.ttl")]
        return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    before = hashes()
    seen: list[str] = []
    url = serving(mirror(kg.store), "wdqs", seen=seen)
    inside = root / "data" / "links" / "proposal.ttl"
    command = ["link", "suggest", "cica", "--endpoint", url, "--output"]
    assert main([*command, str(inside)]) == 2
    assert main([*command, str(tmp_path / "proposal.ttl")]) == 0
    asked = len(seen)
    assert main([*command, str(tmp_path / "proposal.ttl")]) == 2
    assert len(seen) == asked  # nobody waits to be told that
    _, err = capsysbinary.readouterr()
    assert b"a proposal is moved there by a person" in err
    assert (
        b"cica:linksTo <http://www.wikidata.org/entity/Q9000000001>"
        in (tmp_path / "proposal.ttl").read_bytes()
    )
    assert hashes() == before


def test_all_unlinked_things_are_looked_for_at_once(kg: KnowledgeGraph, serving, capsysbinary) -> None:
    url = serving(mirror(kg.store))
    assert main(["link", "suggest", "--all-unlinked", "--endpoint", url, "--format", "json"]) == 0
    out, _ = capsysbinary.readouterr()
    outcomes = {each["name"]: each["outcome"] for each in json.loads(out)["suggestions"]}
    assert outcomes.pop("organization:cica") == CANDIDATES
    assert set(outcomes) == {
        name for each in kg.query("without-wikidata-link").to_dicts() if (name := _short(each["thing"]))
    } - {"organization:cica"}
    assert set(outcomes.values()) == {NONE_FOUND}


def _short(iri: str) -> str:
    return iri.removeprefix(THING).replace("/", ":")


def test_no_candidate_exits_with_1_and_says_that_it_proves_nothing(
    kg: KnowledgeGraph, serving, capsysbinary
) -> None:
    assert main(["link", "suggest", "cica", "--endpoint", serving(World())]) == 1
    out, _ = capsysbinary.readouterr()
    assert b"Asia): no candidate\nnote: no candidate means that no item has one of the names" in out


def test_a_failure_exits_with_3_and_leaves_no_proposal(
    kg: KnowledgeGraph, serving, tmp_path: Path, capsysbinary
) -> None:
    url = serving(mirror(kg.store), most=0)
    file = tmp_path / "proposal.ttl"
    assert main(["link", "suggest", "cica", "--endpoint", url, "--output", str(file)]) == 3
    assert not file.exists()
    assert main(["link", "suggest", "cica", "--endpoint", url]) == 3
    out, err = capsysbinary.readouterr()
    assert "service failed (" in out.decode()
    assert "cica: http://127.0.0.1" in err.decode()


@pytest.mark.parametrize("place", ["data/links/new.ttl", "ontology/shapes/links.ttl", "queries/new.ttl"])
def test_a_proposal_is_written_into_no_file_of_the_graph(
    kg: KnowledgeGraph, small: Path, capsys, place: str
) -> None:
    file = small / place
    before = file.read_bytes() if file.exists() else None
    arguments = ["--kg", str(small), "--output", str(file), "--force", "--endpoint", "http://127.0.0.1:9/"]
    assert main(["link", "suggest", "body:club", *arguments]) == 2
    assert "in the graph's own files" in capsys.readouterr().err
    assert (file.read_bytes() if file.exists() else None) == before


def test_a_dry_run_refuses_what_the_real_run_would(kg: KnowledgeGraph, capsys) -> None:
    for source in (("ftp://x/",), ("http://127.0.0.1:9/", "--contact", "a\nb")):
        assert main(["link", "suggest", "cica", "--dry-run", "--endpoint", *source]) == 2
        assert capsys.readouterr().out == ""


def test_a_dry_run_sends_nothing(kg: KnowledgeGraph, serving, capsysbinary) -> None:
    seen: list[str] = []
    url = serving(World(), seen=seen)
    assert main(["link", "suggest", "cica", "--endpoint", url, "--dry-run"]) == 0
    out, err = capsysbinary.readouterr()
    # The second asks an endpoint that is not Wikidata's whether it is synthetic.
    assert (seen, out.count(b"# query ")) == ([], 2)
    assert b"2 queries would be sent" in err
    assert main(["link", "suggest", "cica", "--dry-run"]) == 0
    assert b"1 query would be sent" in capsysbinary.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["cica", "--all-unlinked"],
        ["cica", "--limit", "0"],
        ["cica", "--output", "x.xyz"],
        ["no such thing"],
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_asked(
    kg: KnowledgeGraph, capsys, arguments: list[str]
) -> None:
    assert main(["link", "suggest", *arguments, "--endpoint", "http://127.0.0.1:9/"]) == 2
    assert capsys.readouterr().err.startswith("cica: ")

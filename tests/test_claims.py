"""Verdicts on what the two articles say, and the line of truth they rest on."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import cica_kg
from cica_kg import claims, claims_forms
from cica_kg.claims import Judged, judge_claims
from cica_kg.records import read_records
from cica_kg.vocabulary import PREFIXES

CLAIM = PREFIXES["claim"]


@pytest.fixture(scope="module")
def judged(kg: cica_kg.KnowledgeGraph) -> dict[str, Judged]:
    return {each.claim.removeprefix(CLAIM): each for each in kg.claims()}


def test_28_members_agree_since_kuwait_joined(judged: dict[str, Judged]) -> None:
    claim = judged["article-002-member-count"]
    assert (claim.verdict, claim.decided_by, claim.since) == ("agrees", "graph", date(2022, 10, 13))
    assert (claim.right_then, claim.computed) == ("yes", "28")


def test_27_members_are_outdated_since_kuwait_joined(judged: dict[str, Judged]) -> None:
    claim = judged["article-000-member-count"]
    assert (claim.verdict, claim.decided_by, claim.since) == ("outdated", "graph", date(2022, 10, 13))
    assert claim.right_then == "no"


def test_13_observer_states_are_contradicted_for_every_day(
    kg: cica_kg.KnowledgeGraph, judged: dict[str, Judged]
) -> None:
    claim = judged["article-002-observer-state-count"]
    assert (claim.verdict, claim.decided_by, claim.computed) == ("contradicted", "graph", "10")
    days = sorted({day for record in read_records(kg.store, kg.known_until) for day in record.changes()})
    for day in days:
        each = judge_claims(kg.store, day, kg.known_until)
        assert next(c for c in each if c.claim == claim.claim).computed_verdict == "contradicted"


def test_5_observer_organizations_agree(judged: dict[str, Judged]) -> None:
    claim = judged["article-002-observer-organization-count"]
    assert (claim.verdict, claim.decided_by, claim.computed) == ("agrees", "graph", "5")


def test_13_observers_are_outdated_since_turkmenistan_was_admitted(judged: dict[str, Judged]) -> None:
    claim = judged["article-000-observer-count"]
    assert (claim.verdict, claim.decided_by, claim.since) == ("outdated", "graph", date(2021, 6, 23))


def test_kazakhstan_in_the_chair_until_2024_is_outdated_since_the_handover(judged: dict[str, Judged]) -> None:
    claim = judged["article-000-chair-kazakhstan-until-2024"]
    assert (claim.verdict, claim.decided_by, claim.since) == ("outdated", "graph", date(2024, 12, 17))
    assert claim.right_then == "yes"


def test_ministerials_every_two_years_are_contradicted_by_the_meetings_held(
    judged: dict[str, Judged],
) -> None:
    claim = judged["article-000-ministerial-rhythm"]
    assert (claim.verdict, claim.decided_by) == ("contradicted", "graph")
    assert claim.computed.startswith("7 meetings")
    assert judged["article-000-summit-rhythm"].verdict == "agrees"


def test_the_name_nur_sultan_is_outdated_while_the_seat_agrees(judged: dict[str, Judged]) -> None:
    assert judged["article-002-name-of-the-city"].verdict == "outdated"
    assert judged["article-002-seat-of-the-secretariat"].verdict == "agrees"


def test_each_list_is_judged_member_by_member(judged: dict[str, Judged]) -> None:
    members = [
        j for name, j in judged.items() if name.startswith("article-000-member-") and j.claimed_is_thing
    ]
    observers = [
        j for name, j in judged.items() if name.startswith("article-000-observer-") and j.claimed_is_thing
    ]
    assert (len(members), len(observers)) == (27, 13)
    assert {j.verdict for j in members + observers} == {"agrees"}
    assert {j.decided_by for j in members + observers} == {"graph"}


def test_those_who_had_chaired_have_their_chairmanships(judged: dict[str, Judged]) -> None:
    for state in ("kazakhstan", "turkey", "china", "tajikistan"):
        assert judged[f"article-000-chair-{state}"].verdict == "agrees"


def test_where_graph_and_editors_both_decide_they_agree(judged: dict[str, Judged]) -> None:
    apart = [
        (name, j.computed_verdict, j.editor_verdict)
        for name, j in judged.items()
        if j.editor_verdict and j.decided_by == "graph" and j.computed_verdict != j.editor_verdict
    ]
    assert apart == []


def test_every_claim_has_a_verdict_of_the_scheme(judged: dict[str, Judged]) -> None:
    assert set(Counter(j.verdict for j in judged.values())) <= set(claims.VERDICTS)
    assert len(judged) >= 200


def test_records_hold_on_the_days_on_which_the_views_say_so(kg: cica_kg.KnowledgeGraph) -> None:
    records = read_records(kg.store, kg.known_until)
    views = {
        row["kind"].value: (row["view"].value, row["maybe"].value)
        for row in kg.store.query(  # type: ignore[union-attr]
            "SELECT * { ?kind cica:viewedAs ?view ; cica:possiblyViewedAs ?maybe }", prefixes=PREFIXES
        )
    }
    days = sorted({day for record in records for day in record.changes()})
    for day in (*days[:: max(1, len(days) // 40)], date(2026, 12, 31)):
        then = kg.as_of(day)
        for record in records:
            surely, possibly = (
                any(
                    True
                    for _ in then.store.quads_for_pattern(
                        NamedNode(record.party), NamedNode(v), NamedNode(record.thing)
                    )
                )
                for v in views[record.kind]
            )
            same = [
                r for r in records if (r.kind, r.party, r.thing) == (record.kind, record.party, record.thing)
            ]
            states = {r.holds(day) for r in same}
            expected = True if True in states else None if None in states else False
            assert (True if surely else None if possibly else False) is expected, (record.iri, day)


def test_without_kuwait_only_the_verdicts_that_rest_on_it_change(
    kg: cica_kg.KnowledgeGraph, judged: dict[str, Judged], tmp_path: Path, root: Path
) -> None:
    import shutil

    shutil.copytree(root / "data", tmp_path / "data")
    shutil.copytree(root / "ontology", tmp_path / "ontology")
    memberships = tmp_path / "data" / "memberships.ttl"
    blocks = memberships.read_text().split("\n\n")
    kept = [block for block in blocks if not block.startswith("membership:kuwait-cica")]
    assert len(kept) == len(blocks) - 1
    memberships.write_text("\n\n".join(kept))
    scratch = cica_kg.load(root=tmp_path)
    changed = {
        each.claim.removeprefix(CLAIM): each.verdict
        for each in scratch.claims()
        if each.verdict != judged[each.claim.removeprefix(CLAIM)].verdict
    }
    assert changed == {"article-000-member-count": "agrees", "article-002-member-count": "contradicted"}


def test_the_verdict_moves_with_the_reference_date(kg: cica_kg.KnowledgeGraph) -> None:
    then = {j.claim.removeprefix(CLAIM): j for j in kg.as_of("2020-01-01").claims()}
    assert then["article-000-member-count"].verdict == "agrees"
    assert then["article-000-member-count"].since == date(2018, 8, 15)
    assert then["article-002-member-count"].computed_verdict == "contradicted"


def test_claims_can_be_chosen_by_source_thing_and_verdict(kg: cica_kg.KnowledgeGraph) -> None:
    assert {j.source.rpartition("/")[2] for j in kg.claims(source="source:article-002")} == {"article-002"}
    assert {j.claim.removeprefix(CLAIM) for j in kg.claims(about="JPN")} == {"article-000-observer-japan"}
    assert {j.verdict for j in kg.claims(verdict="contradicted")} == {"contradicted"}
    with pytest.raises(cica_kg.UsageError):
        kg.claims(about="Atlantis")


def test_all_forms_hold_all_claims(kg: cica_kg.KnowledgeGraph) -> None:
    found = kg.claims(source="source:article-000")

    def form(name: str) -> str:
        return claims_forms.write(found, name, ("ar",), kg.label_in, {}).decode()

    assert [row["claim"] for row in csv.DictReader(io.StringIO(form("csv")))] == [j.claim for j in found]
    assert [row["claim"] for row in json.loads(form("json"))] == [j.claim for j in found]
    assert form("md").count("\n") == len(found) + 2
    assert form("text").count("source:article-000") >= len(found)


def test_a_copy_of_the_text_shows_the_passage_and_a_changed_copy_is_refused(
    kg: cica_kg.KnowledgeGraph, root: Path, tmp_path: Path
) -> None:
    articles = root.parent / "shared" / "articles"
    if not articles.is_dir():
        pytest.skip("no copies of the articles beside the checkout (../shared/articles)")
    texts = claims_forms.read_texts(articles, kg.store)
    found = kg.claims(source="source:article-002", about="state:russia")
    rows = json.loads(claims_forms.write(found, "json", ("en",), kg.label_in, texts))
    assert all("روسيا" in row["passage"] for row in rows)
    for original in articles.iterdir():
        content = original.read_bytes() + b" "
        (tmp_path / original.name).write_bytes(content)
        assert hashlib.sha256(content).hexdigest() not in texts
    with pytest.raises(cica_kg.UsageError, match="no unchanged copy"):
        claims_forms.read_texts(tmp_path, kg.store)


def test_the_command_prints_claims_and_counts_them(cica) -> None:  # type: ignore[no-untyped-def]
    done = cica("claims", "--verdict", "contradicted", "--lang", "ar")
    assert done.returncode == 0
    assert "مخالفة" in done.stdout
    assert "contradicted" in done.stderr
    assert cica("claims", "--verdict", "wrong").returncode == 2
    assert cica("claims", "--texts", "nowhere").returncode == 2

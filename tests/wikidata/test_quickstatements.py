"""What is missing there as a batch: read back by the grammar, it gives the same statements."""

from __future__ import annotations

import copy
import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import cica_kg
from cica_kg.vocabulary import PREFIXES
from cica_kg.wikidata.compare import compare, compare_facts
from cica_kg.wikidata.ours import STAND_IN, read_facts
from cica_kg.wikidata.quickstatements import Batch, Command, batch, quoted, write
from cica_kg.wikidata.times import for_wikidata
from tests.wikidata.local import Local
from tests.wikidata.mirror import mirror
from tests.wikidata.server import serve
from tests.wikidata.world import OBSERVER, Snak, Time, World

#: A number that is not the stand-in: as if CICA's were known.
CICA = "Q9000000003"
KAZAKHSTAN = "https://w3id.org/cica-kg/id/membership/kazakhstan-cica"


@pytest.fixture(scope="module")
def empty(kg: cica_kg.KnowledgeGraph) -> World:
    """A world where nothing is said of CICA, as Wikidata's may well be."""
    world = mirror(kg.store, CICA)
    world.statements = [s for s in world.statements if s.property not in ("P463", OBSERVER)]
    return world


@pytest.fixture(scope="module")
def made(kg: cica_kg.KnowledgeGraph, empty: World) -> Batch:
    return make(kg, empty)


def make(kg: cica_kg.KnowledgeGraph, world: World, **changes: object) -> Batch:
    """A batch; `changes` are made to our membership of Kazakhstan."""
    facts = [
        fact._replace(**changes) if fact.iri == KAZAKHSTAN else fact  # type: ignore[arg-type]
        for fact in read_facts(kg.store, CICA)
    ]
    return batch(compare_facts(facts, Local(world.triples())), kg.store, kg.at, kg.known_until)


def why(made: Batch, iri: str = KAZAKHSTAN) -> str:
    (found,) = [refused.why for refused in made.refused if refused.fact.iri == iri]
    return found


# A reader of the grammar, written apart from the writer.

VALUE = {
    "item": re.compile(r"(Q[1-9]\d*)"),
    "time": re.compile(r"([+-]\d{4,}-\d\d-\d\dT00:00:00Z/(?:9|10|11))"),
    "text in a language": re.compile(r'([a-z][a-z0-9_-]*):"(.*)"'),
    "text": re.compile(r'"(.*)"'),
}


def value(text: str) -> tuple[str, ...]:
    for kind, form in VALUE.items():
        if match := form.fullmatch(text.strip()):
            return (kind, *match.groups())
    raise AssertionError(f"no value: {text!r}")


Parsed = tuple[
    str, str, tuple[str, ...], list[tuple[str, tuple[str, ...]]], list[list[tuple[str, tuple[str, ...]]]]
]


def read_v1(content: bytes) -> list[Parsed]:
    found = []
    for line in content.decode().split("\n")[:-1]:
        assert "/*" not in line
        item, property_, told, *rest = line.replace("||", "\t").split("\t")
        assert len(rest) % 2 == 0
        pairs = list(zip(rest[::2], map(value, rest[1::2]), strict=True))
        qualifiers = [pair for pair in pairs if re.fullmatch(r"P\d+", pair[0])]
        reference = [pair for pair in pairs if re.fullmatch(r"S\d+", pair[0])]
        assert pairs == qualifiers + reference
        assert re.fullmatch(r"Q\d+", item) and re.fullmatch(r"P\d+", property_)
        found.append((item, property_, value(told), qualifiers, [reference]))
    return found


def read_csv(content: bytes) -> list[Parsed]:
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert header[0] == "qid"
    found: list[Parsed] = []
    for item, *cells in rows:
        opened = False
        for name, text in zip(header[1:], cells, strict=True):
            if not text:
                continue
            if re.fullmatch(r"P\d+", name):
                found.append((item, name, value(text), [], []))
                opened = True
                continue
            assert opened, "a qualifier or a reference before its statement"
            _, _, _, qualifiers, references = found[-1]
            if match := re.fullmatch(r"qal(\d+)", name):
                qualifiers.append((f"P{match[1]}", value(text)))
            elif re.fullmatch(r"S\d+", name):
                references.append([(name, value(text))])
            else:
                assert re.fullmatch(r"s\d+", name)
                references[-1].append((name.upper(), value(text)))
    return found


def expected(commands: list[Command]) -> list[Parsed]:
    return [
        (
            c.item,
            c.property_id,
            value(c.value),
            [(name, value(text)) for name, text in c.qualifiers],
            [[(name, value(text)) for name, text in c.reference]],
        )
        for c in commands
    ]


def test_both_forms_read_back_give_the_same_statements(made: Batch) -> None:
    assert len(made.commands) > 30
    assert read_v1(write(made.commands, "v1")) == expected(made.commands)
    assert read_csv(write(made.commands, "csv")) == expected(made.commands)


items = st.integers(1, 10**9).map(lambda number: f"Q{number}")
properties = st.integers(1, 20000).map(lambda number: f"P{number}")
times = st.tuples(st.dates(date(1000, 1, 1)), st.sampled_from([9, 10, 11])).map(
    lambda pair: f"+{pair[0].isoformat()}T00:00:00Z/{pair[1]}"
)
free = st.text(st.characters(codec="utf-8", exclude_characters="|*")).map(quoted)
commands = st.builds(
    Command,
    items,
    properties,
    st.one_of(items, times),
    st.dictionaries(st.sampled_from(["P580", "P582"]), times).map(lambda found: tuple(sorted(found.items()))),
    st.tuples(free, st.none() | times).map(
        lambda pair: (("S854", pair[0]), *((("S577", pair[1]),) if pair[1] is not None else ()))
    ),
)


@given(st.lists(commands, max_size=6))
def test_any_statement_survives_writing_and_reading(found: list[Command]) -> None:
    assert read_v1(write(found, "v1")) == expected(found)
    assert read_csv(write(found, "csv")) == expected(found)


@given(st.text())
def test_no_text_breaks_out_of_its_column(text: str) -> None:
    inside = quoted(text)[1:-1]
    assert inside.isprintable()
    assert quoted(inside) == quoted(text)
    assert "".join(inside.split()) == "".join("".join(c if c.isprintable() else " " for c in text).split())


def test_a_membership_has_its_date_and_its_best_source(made: Batch, kg: cica_kg.KnowledgeGraph) -> None:
    (command,) = [c for c in made.commands if c.item == "Q232"]
    assert command[:4] == ("Q232", "P463", CICA, (("P580", "+1999-09-14T00:00:00Z/11"),))
    ((url, address),) = command.reference  # this page has no date
    assert url == "S854"
    page = NamedNode(address.strip('"'))
    (source,) = [
        q.subject for q in kg.store.quads_for_pattern(None, NamedNode(PREFIXES["foaf"] + "page"), page, None)
    ]
    sources = {q.object.value for q in kg.store.quads_for_pattern(NamedNode(KAZAKHSTAN), None, source, None)}
    assert sources == {source.value}


def test_a_source_has_the_day_of_its_publication(made: Batch, kg: cica_kg.KnowledgeGraph) -> None:
    dated = [dict(c.reference) for c in made.commands if len(c.reference) == 2]
    assert dated
    for reference in dated:
        page = NamedNode(reference["S854"].strip('"'))
        dates = kg.query(
            sparql=f"SELECT ?date {{ ?source foaf:page {page} ; dcterms:date ?date }}"
        ).to_dicts()
        held = for_wikidata(dates[0]["date"])
        assert held is not None
        assert reference["S577"] == f"{held[0]}/{held[1]}"


def test_observers_use_the_property_found_by_its_label(made: Batch) -> None:
    assert {c.property_id for c in made.commands} >= {"P463", OBSERVER, "P159"}


def test_no_title_and_no_day_of_retrieval_is_invented(made: Batch) -> None:
    assert {name for c in made.commands for name, _ in c.reference} == {"S854", "S577"}


def test_what_is_there_is_not_written_again(kg: cica_kg.KnowledgeGraph) -> None:
    made = make(kg, mirror(kg.store, CICA))
    assert {c.property_id for c in made.commands} <= {"P159", "P361"}


def test_every_missing_fact_is_written_or_told(made: Batch, kg: cica_kg.KnowledgeGraph, empty: World) -> None:
    rows = compare(kg.store, Local(empty.triples()), CICA).rows
    facts = [row.fact for row in rows if row.fact]
    assert len(made.commands) + len(made.refused) == len(facts)
    assert all(refused.why for refused in made.refused)


def test_a_date_that_runs_over_a_new_year_is_kept_back(kg: cica_kg.KnowledgeGraph, empty: World) -> None:
    assert "over a new year" in why(make(kg, empty, start="[1999-09-14..2002-06-04]"))
    (command,) = [c for c in make(kg, empty, start="[1999-03..1999-09]").commands if c.item == "Q232"]
    assert command.qualifiers == (("P580", "+1999-01-01T00:00:00Z/9"),)


def test_without_a_source_that_is_no_wiki_nothing_is_written(
    kg: cica_kg.KnowledgeGraph, empty: World
) -> None:
    pages = kg.store.quads_for_pattern(None, NamedNode(PREFIXES["foaf"] + "page"), None, None)
    (wiki,) = [q.subject.value for q in pages if "wikipedia.org" in q.object.value]
    assert why(make(kg, empty, sources=(wiki,))) == "its only source is a wiki, or this project"
    article = PREFIXES["source"] + "article-000"
    assert why(make(kg, empty, sources=(article,))) == "no source of it has an address"
    assert why(make(kg, empty, sources=(wiki, article))) == "its only source is a wiki, or this project"
    assert why(make(kg, empty, sources=())) == "no source of it has an address"


@pytest.mark.parametrize("verdict", ["contradicted", "undecided"])
def test_a_fact_that_rests_on_a_shaky_claim_is_kept_back(
    verdict: str, kg: cica_kg.KnowledgeGraph, empty: World
) -> None:
    claims = [judged.claim for judged in kg.claims(verdict=verdict)]
    assert claims
    assert f"which is {verdict}" in why(make(kg, empty, claims=(claims[0],)))


def test_what_has_no_item_is_told(made: Batch) -> None:
    assert why(made, "https://w3id.org/cica-kg/id/tenure/kairat-sarybay-secretary-general").startswith(
        "no link: "
    )


def test_an_observer_in_a_role_is_left_to_a_person(kg: cica_kg.KnowledgeGraph, empty: World) -> None:
    world = copy.deepcopy(empty)
    world.state("Q232", "P463", CICA, qualifiers={"P2868": ["Q9000000777"]})
    assert "a person decides" in why(make(kg, world))


def test_the_stand_in_is_never_written(kg: cica_kg.KnowledgeGraph) -> None:
    world = mirror(kg.store, STAND_IN)
    world.statements = []
    made = batch(compare(kg.store, Local(world.triples()), STAND_IN), kg.store, kg.at, kg.known_until)
    assert STAND_IN not in write(made.commands, "v1").decode()
    assert STAND_IN in why(made)


def test_what_stands_in_the_way_there_is_told(kg: cica_kg.KnowledgeGraph, empty: World) -> None:
    for change, told in (
        ({"value": Snak.UNKNOWN}, "unknown"),
        ({"value": Snak.NO_VALUE}, "to be none"),
        ({"value": CICA, "rank": "Deprecated"}, "to be wrong"),
    ):
        world = copy.deepcopy(empty)
        world.state("Q232", "P463", **change)
        assert told in why(make(kg, world))


def test_a_second_period_is_never_added_to_a_statement(kg: cica_kg.KnowledgeGraph, empty: World) -> None:
    (now,) = [fact for fact in read_facts(kg.store, CICA) if fact.iri == KAZAKHSTAN]
    before = now._replace(iri=f"{KAZAKHSTAN}-before", start="1992", end="1995")
    stated = copy.deepcopy(empty)
    stated.state(
        "Q232", "P463", CICA, qualifiers={"P580": [Time("1992-01-01", 9)], "P582": [Time("1995-01-01", 9)]}
    )
    for world, written in ((stated, 0), (empty, 1)):
        found = compare_facts([before, now], Local(world.triples()))
        made = batch(found, kg.store, kg.at, kg.known_until)
        assert len(made.commands) == written
        assert ["for another period" in refused.why for refused in made.refused] == [True]


# The command line.


def test_without_cicas_item_there_is_nothing_to_write_and_nothing_is_asked(cica, empty: World) -> None:  # type: ignore[no-untyped-def]
    seen: list[str] = []
    with serve(empty.triples(), seen=seen) as url:
        done = cica("link", "quickstatements", "--endpoint", url)
    assert (done.returncode, done.stdout, seen) == (0, "", [])
    assert "nothing to write" in done.stderr


def test_the_stand_in_is_refused(cica) -> None:  # type: ignore[no-untyped-def]
    done = cica("link", "quickstatements", "--endpoint", "http://127.0.0.1:9/", "--item", STAND_IN)
    assert (done.returncode, done.stdout) == (2, "")
    assert "made-up" in done.stderr


def test_the_command_writes_the_batch_and_tells_what_was_kept_back(
    cica, made: Batch, empty: World, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    with serve(empty.triples(), "wdqs") as url:
        source = ("--endpoint", url, "--item", CICA)
        done = cica("link", "quickstatements", *source)
        table = cica("link", "quickstatements", *source, "--format", "csv", "--output", "batch.csv")
        again = cica("link", "quickstatements", *source, "--output", "batch.csv")
    assert done.returncode == table.returncode == 0
    assert done.stdout.encode() == write(made.commands, "v1")
    assert (tmp_path / "batch.csv").read_bytes() == write(made.commands, "csv")
    assert done.stderr.count("kept back: ") == len(made.refused)
    assert "nothing was sent" in done.stderr
    assert again.returncode == 2


def test_the_help_says_who_uploads(cica) -> None:  # type: ignore[no-untyped-def]
    told = " ".join(cica("link", "quickstatements", "--help").stdout.split())
    assert "nothing is sent: a person uploads it" in told
    assert "quickstatements.toolforge.org" in told

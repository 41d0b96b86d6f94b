"""What is missing there as a batch: read back by the grammar, it gives the same statements."""

from __future__ import annotations

import copy
import csv
import io
import re
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

import cica_kg
from cica_kg.errors import UsageError
from cica_kg.vocabulary import PREFIXES
from cica_kg.wikidata.citing import (
    Source,
    best_source,
    monolingual,
    quoted,
    read_retrieved,
    reference,
    refuse_unpublished,
)
from cica_kg.wikidata.compare import compare, compare_facts
from cica_kg.wikidata.ours import STAND_IN, read_facts
from cica_kg.wikidata.quickstatements import Batch, Command, batch, write
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


def make(kg: cica_kg.KnowledgeGraph, world: World, retrieved: date | None = None, **changes: object) -> Batch:
    """A batch; `changes` are made to our membership of Kazakhstan."""
    facts = [
        fact._replace(**changes) if fact.iri == KAZAKHSTAN else fact  # type: ignore[arg-type]
        for fact in read_facts(kg.store, CICA)
    ]
    return batch(compare_facts(facts, Local(world.triples())), kg.store, kg.at, kg.known_until, retrieved)


def why(made: Batch, iri: str = KAZAKHSTAN) -> str:
    (found,) = [refused.why for refused in made.refused if refused.fact.iri == iri]
    return found


def page_of(told: dict[str, str]) -> NamedNode:
    """The page that a reference names."""
    return NamedNode(told["S854"].strip('"'))


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
#: What a title may hold that means something to QuickStatements, to a terminal or to Wikidata.
_WORST = (
    '"', '""', ",", ":", "en:", "\t", "\n", "\r\n", "\x00", "\x85", "\u2028", "|", "||", "/*", "*/", "/", "*",
    "\u200e", "\u202e", "\u2066", "\u2069", "\u061c", "\u200c", "\u00a0", "  ",
    "عربي", "中文", "தமிழ்", "a" * 2000,
)  # fmt: skip
hostile = st.lists(st.sampled_from(_WORST) | st.text(st.characters(codec="utf-8"), max_size=5), max_size=6)
languages = st.sampled_from(["en", "ar", "fa", "zh", "zh-Hans", "az", "ta"])
titles = st.builds(monolingual, hostile.map("".join), languages)
commands = st.builds(
    Command,
    items,
    properties,
    st.one_of(items, times),
    st.dictionaries(st.sampled_from(["P580", "P582"]), times).map(lambda found: tuple(sorted(found.items()))),
    st.tuples(free, titles, st.none() | times, st.none() | times).map(
        lambda four: tuple(
            (name, text) for name, text in zip(("S854", "S1476", "S577", "S813"), four, strict=True) if text
        )
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
    (url, address), (title, text) = command.reference  # this page has no date
    assert (url, title) == ("S854", "S1476")
    assert text == 'en:"First CICA Summit"'
    page = NamedNode(address.strip('"'))
    (source,) = [
        q.subject for q in kg.store.quads_for_pattern(None, NamedNode(PREFIXES["foaf"] + "page"), page, None)
    ]
    sources = {q.object.value for q in kg.store.quads_for_pattern(NamedNode(KAZAKHSTAN), None, source, None)}
    assert sources == {source.value}


def test_a_source_has_the_day_of_its_publication(made: Batch, kg: cica_kg.KnowledgeGraph) -> None:
    dated = [dict(c.reference) for c in made.commands if "S577" in dict(c.reference)]
    assert len(dated) > 10
    for told in dated:
        page = page_of(told)
        dates = kg.query(
            sparql=f"SELECT ?date {{ ?source foaf:page {page} ; dcterms:date ?date }}"
        ).to_dicts()
        held = for_wikidata(dates[0]["date"])
        assert held is not None
        assert told["S577"] == f"{held[0]}/{held[1]}"


def test_observers_use_the_property_found_by_its_label(made: Batch) -> None:
    assert {c.property_id for c in made.commands} >= {"P463", OBSERVER, "P159"}


def test_a_reference_has_the_printed_title_of_its_page_and_never_our_label(
    made: Batch, kg: cica_kg.KnowledgeGraph
) -> None:
    for command in made.commands:
        told = dict(command.reference)
        rows = kg.query(
            sparql="SELECT ?title (LANG(?title) AS ?language) "
            f"{{ ?source foaf:page {page_of(told)} ; dcterms:title ?title }}"
        ).to_dicts()
        printed = [("text in a language", row["language"], row["title"]) for row in rows]
        assert [value(told[name]) for name in ("S1476",) if name in told] == printed
    assert sum("S1476" in dict(c.reference) for c in made.commands) > len(made.commands) * 3 / 4


def test_a_reference_has_its_parts_in_one_order(kg: cica_kg.KnowledgeGraph, empty: World) -> None:
    order = ["S854", "S1476", "S577", "S813"]
    made = make(kg, empty, date(2030, 1, 2))
    names = [[name for name, _ in c.reference] for c in made.commands]
    assert all(each == [name for name in order if name in each] for each in names)
    assert order in names


def store_of(*sources: tuple[str, dict[str, Literal | NamedNode]]) -> Store:
    """A graph of sources: their names, and what is said of them."""
    store = Store()
    for name, said in sources:
        for property_, term in said.items():
            prefix, _, local = property_.partition(":")
            node = NamedNode(PREFIXES["source"] + name)
            store.add(Quad(node, NamedNode(PREFIXES[prefix] + local), term))
    return store


def rated(grade: str, **more: Literal) -> dict[str, Literal | NamedNode]:
    """What is said of a source of this reliability; its page is of its own."""
    return {
        "cica:reliability": NamedNode(PREFIXES["category"] + f"reliability-{grade}"),
        **{f"dcterms:{name}": term for name, term in more.items()},
    }


def chosen(*sources: tuple[str, dict[str, Literal | NamedNode]]) -> str:
    for name, said in sources:
        said["foaf:page"] = NamedNode(f"https://example.org/{name}")
    best = best_source([PREFIXES["source"] + name for name, _ in sources], store_of(*sources))
    assert isinstance(best, Source)
    return best.iri.removeprefix(PREFIXES["source"])


def test_of_equally_reliable_sources_one_with_a_title_is_cited() -> None:
    title = Literal("A title", language="en")
    assert chosen(("a", rated("high")), ("b", rated("high", title=title))) == "b"
    assert chosen(("a", rated("high", title=title)), ("b", rated("high", title=title))) == "a"
    assert chosen(("a", rated("high")), ("b", rated("high"))) == "a"
    assert chosen(("a", rated("high")), ("b", rated("medium", title=title))) == "a"


def test_a_title_that_cannot_be_written_counts_for_none() -> None:
    title = Literal("A title", language="en")
    for unfit in (
        Literal("News || Site", language="en"),
        Literal("a/*b", language="en"),
        Literal("a" * 1501, language="en"),
        Literal("…", language="en"),
        Literal("in no language"),
    ):
        assert chosen(("a", rated("high", title=unfit)), ("b", rated("high", title=title))) == "b"
        assert chosen(("a", rated("high", title=unfit)), ("b", rated("high"))) == "a"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kuwait joins CICA as 28th member state", "en"),
        ("انطلاق أعمال القمة السادسة للدول الأعضاء في مؤتمر التفاعل وإجراءات بناء الثقة في آسيا", "ar"),
        ("Кувейт стал 28-м членом СВМДА", "ru"),
        ("亚信大家庭容纳新伙伴 卡塔尔加入", "zh"),
        ("아시아 교류 및 신뢰구축회의 개최", "ko"),
        ("இலங்கை உறுப்புரிமை பெறுகின்றது", "ta"),
        ("Xarici İşlər Nazirləri Şurasının qeyri-rəsmi iclası keçirilib - FOTO", "az"),
        ("نشست سیکا برگزار می\u200cشود", "fa"),
        ('Fatih Ceylan\'ın "CICA Günü" resepsiyonunda yapmış oldukları konuşma', "tr"),
        ('"Quoted" at both "ends"', "en"),
        ("a | b, c: d; e", "en"),
    ],
)
def test_a_title_in_any_script_is_read_back_as_it_was_printed(text: str, language: str) -> None:
    source = Source("source", "https://example.org/", monolingual(text, language), "2020-05-01")
    made = [Command("Q1", "P463", "Q2", (), reference(source, date(2026, 4, 30)))]
    for ((_, _, _, _, told),) in (read_v1(write(made, "v1")), read_csv(write(made, "csv"))):
        assert told == [
            [
                ("S854", ("text", "https://example.org/")),
                ("S1476", ("text in a language", language, text)),
                ("S577", ("time", "+2020-05-01T00:00:00Z/11")),
                ("S813", ("time", "+2026-04-30T00:00:00Z/11")),
            ]
        ]


#: Controls that steer the direction of writing; they have no shape.
STEERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SPACES = ("Cc", "Zs", "Zl", "Zp")


@given(hostile.map("".join), languages)
@example('"', "en")
@example("a" * 2000, "en")
@example("one\ttwo\nthree \u2028 four", "en")
@example("\u202eabc\u202c", "en")
@example("a|\u200e|b /\u2066* c", "en")
def test_a_title_comes_through_whole_or_not_at_all(text: str, language: str) -> None:
    seen = "".join(" " if unicodedata.category(c) in SPACES else c for c in text if c not in STEERING)
    whole = " ".join(seen.split())
    written = monolingual(text, language)
    if not written:
        assert "||" in whole or "/*" in whole or len(whole) > 400 or not any(map(str.isalnum, whole))
        return
    kind, tag, inside = value(written)
    assert (kind, tag, inside) == ("text in a language", language.lower(), whole)
    assert len(inside) <= 400
    assert not any(each in inside for each in ("\t", "\n", "\r", "||", "/*", *STEERING))


def test_no_day_of_retrieval_is_invented(made: Batch) -> None:
    assert {name for c in made.commands for name, _ in c.reference} == {"S854", "S1476", "S577"}


def test_a_day_of_retrieval_stands_in_every_reference_and_changes_nothing_else(
    made: Batch, kg: cica_kg.KnowledgeGraph, empty: World
) -> None:
    dated = make(kg, empty, date(2026, 5, 1))
    assert [c.reference[-1] for c in dated.commands] == [("S813", "+2026-05-01T00:00:00Z/11")] * len(
        made.commands
    )
    assert [c._replace(reference=c.reference[:-1]) for c in dated.commands] == made.commands
    assert dated.refused == made.refused
    assert read_v1(write(dated.commands, "v1")) == expected(dated.commands)
    assert read_csv(write(dated.commands, "csv")) == expected(dated.commands)


def test_a_day_before_the_publication_of_a_cited_source_is_refused(
    kg: cica_kg.KnowledgeGraph, empty: World
) -> None:
    with pytest.raises(UsageError, match=r"source:[a-z0-9-]+ on 2011-01-20.*published on 20\d\d"):
        make(kg, empty, date(2011, 1, 20))


def test_a_page_that_is_not_cited_may_be_newer_than_the_look(
    kg: cica_kg.KnowledgeGraph, empty: World, made: Batch
) -> None:
    newest = max(dict(c.reference).get("S577", "") for c in made.commands)
    looked = date.fromisoformat(newest[1:11]) + timedelta(days=31)
    assert looked < kg.known_until
    assert len(make(kg, empty, looked).commands) == len(made.commands)


@pytest.mark.parametrize(
    ("published", "refused"),
    [("2020-05-02", True), ("2020-05-01", False), ("2020-05", False), ("2020-06", True), ("2021", True)],
)
def test_the_day_of_retrieval_may_be_any_on_which_the_page_may_have_been_there(
    published: str, refused: bool
) -> None:
    source = Source(PREFIXES["source"] + "a", "https://example.org/", "", published)
    if refused:
        with pytest.raises(UsageError, match=f"source:a on 2020-05-01: it was published on {published};"):
            refuse_unpublished([source], date(2020, 5, 1))
    else:
        refuse_unpublished([source], date(2020, 5, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-05-02", "today is 2026-05-01"),
        ("2026", "is no day; write it as YYYY-MM-DD"),
        ("2026-04", "is no day"),
        ("[2026-04-01..2026-04-01]", "is no day"),
        ("[..2026-01-01]", "is no day"),
        ("2026-02-30", "no such day"),
        ("0000-01-01", "the day of retrieval"),
        ("٢٠٢٦-٠١-٠١", "is no day"),
        ("1 May 2026", "is no day"),
        ("today", "is no day"),
        ("", "is no day"),
    ],
)
def test_what_is_no_day_until_today_is_no_day_of_retrieval(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_retrieved(text, date(2026, 5, 1))


def test_of_sources_that_came_out_later_the_last_is_named() -> None:
    cited = [
        Source(PREFIXES["source"] + name, "https://example.org/", "", published)
        for name, published in (("a", "2021-01-01"), ("b", "[2022-05-02..2023]"), ("c", ""), ("d", "2019"))
    ]
    with pytest.raises(UsageError, match="source:b on 2020-05-01: it was published on"):
        refuse_unpublished(cited, date(2020, 5, 1))
    refuse_unpublished(cited, date(2022, 5, 2))
    refuse_unpublished([], date(2020, 5, 1))


@pytest.mark.parametrize("text", ["2018-02-30", "0000", "[2022-05..2021-01]", "2018\n", "soon"])
def test_a_day_of_publication_that_is_none_is_left_out(text: str) -> None:
    store, source = Store(), NamedNode(PREFIXES["source"] + "a")
    store.add(Quad(source, NamedNode(PREFIXES["foaf"] + "page"), NamedNode("https://example.org/")))
    store.add(Quad(source, NamedNode(PREFIXES["dcterms"] + "date"), Literal(text)))
    found = best_source([source.value], store)
    assert isinstance(found, Source)
    assert found.published == ""
    refuse_unpublished([found], date(2020, 5, 1))
    assert reference(found, None) == (("S854", '"https://example.org/"'),)


def test_today_and_any_day_before_may_be_the_day_of_retrieval() -> None:
    for told in ("2026-05-01", "2026-04-30", "2003-01-01"):
        assert read_retrieved(told, date(2026, 5, 1)).isoformat() == told


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
    (hint,) = [line for line in done.stderr.splitlines() if "S813" in line]
    assert "--retrieved" in hint
    assert again.returncode == 2


def test_the_command_writes_the_day_of_retrieval_that_it_is_given(
    cica, kg: cica_kg.KnowledgeGraph, empty: World
) -> None:  # type: ignore[no-untyped-def]
    today = date.today()
    with serve(empty.triples(), "wdqs") as url:
        done = cica("link", "quickstatements", "--endpoint", url, "--item", CICA, "--retrieved", f"{today}")
        early = cica(
            "link", "quickstatements", "--endpoint", url, "--item", CICA, "--retrieved", "2001-01-01"
        )
    assert done.returncode == 0
    assert done.stdout.encode() == write(make(kg, empty, today).commands, "v1")
    assert "S813" not in done.stderr
    assert (early.returncode, early.stdout) == (2, "")
    assert "on 2001-01-01: it was published on " in early.stderr


def test_a_day_of_retrieval_that_is_none_is_refused_before_anything_is_asked(cica, empty: World) -> None:  # type: ignore[no-untyped-def]
    seen: list[str] = []
    with serve(empty.triples(), seen=seen) as url:
        for text, told in ((f"{date.today() + timedelta(days=2)}", "yet: today is"), ("2026", "is no day")):
            done = cica("link", "quickstatements", "--endpoint", url, "--item", CICA, "--retrieved", text)
            assert (done.returncode, done.stdout) == (2, "")
            assert told in done.stderr
    assert seen == []


def test_the_help_says_who_uploads(cica) -> None:  # type: ignore[no-untyped-def]
    told = " ".join(cica("link", "quickstatements", "--help").stdout.split())
    assert "nothing is sent: a person uploads it" in told
    assert "quickstatements.toolforge.org" in told
    assert "say only the day on which you did look" in told

"""What is known of a thing, in words and in every form."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

import cica_kg
from cica_kg.cli import main
from cica_kg.dates import bounds
from cica_kg.describe import describe
from cica_kg.describe_forms import FORMATS, as_json, as_markdown, as_text, write
from cica_kg.describe_rdf import as_rdf
from cica_kg.description import Description
from cica_kg.errors import UsageError
from cica_kg.vocabulary import RDF, RDFS, SKOS, TERMS_NAMESPACE
from cica_kg.words import LANGUAGES, duration, period, until, when

STATE = "https://w3id.org/cica-kg/id/state/"
HERO = STATE + "hero"


# Words


@pytest.mark.parametrize(
    ("text", "english", "arabic", "russian"),
    [
        ("1999-09-14", "14 September 1999", "14 سبتمبر 1999", "14 сентября 1999 года"),
        ("1993-08", "in August 1993", "في أغسطس 1993", "в августе 1993 года"),
        ("2012", "in 2012", "في عام 2012", "в 2012 году"),
        (
            "[2016-04-28..2017-10-28]",
            "some day from 28 April 2016 to 28 October 2017",
            "في يوم ما من 28 أبريل 2016 إلى 28 أكتوبر 2017",
            "в один из дней с 28 апреля 2016 года по 28 октября 2017 года",
        ),
        (
            "[2008-06..2009]",
            "some day from June 2008 to 2009",
            "في يوم ما من يونيو 2008 إلى عام 2009",
            "в один из дней с июня 2008 года по 2009 год",
        ),
        (
            "[1993-03,1993-04]",
            "in March 1993 or in April 1993",
            "في مارس 1993 أو في أبريل 1993",
            "в марте 1993 года или в апреле 1993 года",
        ),
    ],
)
def test_dates_are_told_in_words(text: str, english: str, arabic: str, russian: str) -> None:
    assert [when(text, language) for language in LANGUAGES] == [english, arabic, russian]
    assert when(text, "fr") == english


def test_periods_are_told_in_words() -> None:
    assert until("2025-07") == "shown until July 2025"
    assert period("1999-09-14", None, "2025-07") == "since 14 September 1999, shown until July 2025"
    assert period("2012", "2014-05", None) == "from 2012 to May 2014"
    assert period("[2010..2011]", "2014-05", None) == "began some day from 2010 to 2011; ended in May 2014"
    assert period("2012", None, "2025-07", "ar") == "منذ عام 2012، ثابت حتى يوليو 2025"
    assert period("2012", None, "2025-07", "ru") == "с 2012 года, подтверждено по июль 2025 года"
    assert period(None, None, None) == ""


def test_durations_are_told_in_words() -> None:
    assert [duration(f"P{n}Y", "ru") for n in (1, 3, 5, 12, 21, 22)] == [
        "1 год", "3 года", "5 лет", "12 лет", "21 год", "22 года",
    ]  # fmt: skip
    assert [duration(f"P{n}Y", "ar") for n in (1, 2, 4, 11)] == ["سنة", "سنتان", "4 سنوات", "11 سنة"]
    assert [duration(text) for text in ("P1M", "P4Y", "PT1H", "x")] == ["1 month", "4 years", "PT1H", "x"]


@given(st.text(), st.sampled_from(LANGUAGES))
def test_what_is_no_date_comes_back_unharmed(text: str, language: str) -> None:
    when(text, language)
    period(text, text, text, language)
    duration(text, language)


@given(st.dates(), st.sampled_from(LANGUAGES))
def test_words_keep_the_year_and_the_day(day: date, language: str) -> None:
    said = when(day.isoformat(), language)
    assert re.findall(r"\d+", said) == [str(day.day), str(day.year)]


# The shipped graph


def test_a_member_is_described_with_its_names_relations_and_sources(kg: cica_kg.KnowledgeGraph) -> None:
    about = kg.describe("JOR")
    assert (about.thing.name, about.thing.label, about.kinds[0].label) == ("state:jordan", "Jordan", "state")
    assert {"en", "ar", "ru"} <= {name.language for name in about.names}
    assert {value for fact in about.codes for value in fact.values} >= {"JO", "JOR", "400"}
    assert ("member of", True) in [(view.property.label, view.surely) for view in about.now]
    membership = next(relation for relation in about.relations if relation.kind.label == "membership")
    assert membership.when == "since 25 August 2008, shown until July 2025"
    assert membership.start == "2008-08-25"
    assert [part.label for part in membership.part] == ["party"]
    assert membership.sources
    assert max(membership.sources) <= len(about.sources)
    assert all(source.title and source.publisher and source.reliability for source in about.sources)
    assert about.links[0].target == "http://www.wikidata.org/entity/Q810"
    assert about.links[0].evidence


def test_relations_come_in_order_of_time_from_both_ends(kg: cica_kg.KnowledgeGraph) -> None:
    about = kg.describe("organization:cica")
    starts = [bounds(relation.start).earliest for relation in about.relations if relation.start]
    assert starts == sorted(starts)
    parts = {part.iri.rpartition("#")[2] for relation in about.relations for part in relation.part}
    assert parts >= {"inOrganization", "party"}
    assert {mention.thing.name for mention in about.bodies} >= {"body:cica-secretariat"}


def test_a_day_has_its_own_description(kg: cica_kg.KnowledgeGraph) -> None:
    early, now = kg.as_of("2000-01-01").describe("Jordan"), kg.describe("Jordan")
    assert "member of" not in [view.property.label for view in early.now]
    assert (early.at, early.relations) == ("2000-01-01", now.relations)


def test_what_is_only_possible_says_so(kg: cica_kg.KnowledgeGraph) -> None:
    views = [view for view in kg.describe("Astana").now if not view.surely]
    assert all(view.property.label.startswith("possibly") for view in views)


def test_every_thing_can_be_described_in_every_form(kg: cica_kg.KnowledgeGraph) -> None:
    kinds: dict[str, str] = {}
    for quad in kg.store.quads_for_pattern(None, NamedNode(RDF + "type"), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            kinds.setdefault(quad.object.value, quad.subject.value)
    for iri in sorted(set(kinds.values())):
        for language in LANGUAGES:
            about = describe(kg.store, iri, kg.at, (language,))
            for form in FORMATS:
                assert write(about, form)


def test_headings_dates_and_labels_are_in_the_wanted_language(kg: cica_kg.KnowledgeGraph) -> None:
    text = as_text(kg.describe("Jordan", ("ar",)))
    for words in ("الأردن", "العلاقات", "25 أغسطس 2008", "ثابت حتى يوليو 2025", "عضو في", "المصادر"):
        assert words in text
    assert "Relations" not in text
    assert "Отношения" in as_text(kg.describe("Jordan", ("ru", "ar")))
    assert "Relations" in as_text(kg.describe("Jordan", ("tr",)))


def test_json_has_the_fields_of_the_dataclass_and_nothing_is_lost(kg: cica_kg.KnowledgeGraph) -> None:
    about = kg.describe("organization:cica")
    read = json.loads(as_json(about))
    assert list(read) == [field.name for field in fields(Description)]
    assert len(read["relations"]) == len(about.relations)
    assert read["relations"][0]["record"]["iri"] == about.relations[0].record.iri


def test_the_same_thing_is_described_in_the_same_bytes(kg: cica_kg.KnowledgeGraph) -> None:
    shuffled = Store()
    shuffled.extend(reversed(list(kg.store)))
    for iri in (
        STATE + "jordan",
        "https://w3id.org/cica-kg/id/organization/cica",
        TERMS_NAMESPACE + "memberOf",
    ):
        assert as_json(describe(kg.store, iri, kg.at)) == as_json(describe(shuffled, iri, kg.at))
        assert as_rdf(kg.store, iri, "ntriples") == as_rdf(shuffled, iri, "ntriples")


def test_rdf_holds_the_thing_its_records_their_sources_and_the_day(kg: cica_kg.KnowledgeGraph) -> None:
    triples = {
        quad.triple for quad in parse(as_rdf(kg.store, STATE + "jordan", "ntriples"), RdfFormat.N_TRIPLES)
    }
    subjects = {str(triple.subject)[1:-1] for triple in triples}
    record = "https://w3id.org/cica-kg/id/membership/jordan-cica"
    own = {quad.triple for quad in kg.store.quads_for_pattern(NamedNode(STATE + "jordan"), None, None, None)}
    assert own <= triples
    assert {
        quad.triple for quad in kg.store.quads_for_pattern(NamedNode(record), None, None, None)
    } <= triples
    assert any(subject.startswith("https://w3id.org/cica-kg/id/source/") for subject in subjects)
    assert "https://w3id.org/cica-kg/graph" in subjects
    neighbour = [
        t for t in triples if t.subject == NamedNode("https://w3id.org/cica-kg/id/organization/cica")
    ]
    assert {t.predicate.value for t in neighbour} <= {RDFS + "label", TERMS_NAMESPACE + "hasMember"}
    for format_, read in (("turtle", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)):
        again = {quad.triple for quad in parse(as_rdf(kg.store, STATE + "jordan", format_), read)}
        assert len(again) == len(triples)


# Claims and terms, on a small store

CLAIMS = """
PREFIX cica: <https://w3id.org/cica-kg/def#>
PREFIX claim: <https://w3id.org/cica-kg/id/claim/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX source: <https://w3id.org/cica-kg/id/source/>
PREFIX state: <https://w3id.org/cica-kg/id/state/>
state:hero a cica:State ; rdfs:label "Hero"@en .
cica:memberCount rdfs:label "number of members"@en .
source:one a cica:Source ; rdfs:label "One"@en .
claim:a a cica:Claim ; cica:about state:hero ; cica:onProperty cica:memberCount ; cica:claimedValue 27 ;
    cica:asOf "2022-10" ; cica:madeIn source:one ; cica:locator "line 2" ; cica:disagreesWith claim:b .
claim:b a cica:Claim ; cica:about state:hero ; cica:onProperty cica:memberCount ; cica:claimedValue 28 ;
    cica:madeIn source:one ; cica:disagreesWith claim:a .
claim:loop a cica:Claim ; cica:about claim:loop ; cica:onProperty cica:memberCount .
"""


@pytest.mark.parametrize("day", ["2008-06-01", "2026-04-14"])
def test_a_claim_is_told_with_the_verdict_of_the_reference_date(kg: cica_kg.KnowledgeGraph, day: str) -> None:
    graph = kg.as_of(day)
    judged = {each.claim: each for each in graph.claims()}
    told = [
        note for thing in ("organization:cica", "qatar", "astana") for note in graph.describe(thing).claims
    ]
    assert len(told) > 20
    for note in told:
        own = judged[note.claim.iri]
        assert note.verdict is not None
        assert note.verdict.iri.endswith(f"/verdict-{own.verdict}")
        assert (note.since is None) == (own.since is None)
        assert note.decided_by == own.decided_by


def test_claims_and_disagreements_are_told() -> None:
    store = Store()
    store.load(CLAIMS, RdfFormat.TURTLE)
    about = describe(store, HERO, date(2024, 1, 1))
    first, second = about.claims
    assert (first.value, first.as_of, first.locators) == ("27", "in October 2022", ("line 2",))
    assert first.made_in is not None
    assert first.made_in.label == "One"
    assert [other.label for other in first.disagrees_with] == ["Hero – number of members – 28"]
    assert second.as_of is None
    assert "disagrees with: Hero – number of members – 28" in as_text(about)
    assert len(describe(store, "https://w3id.org/cica-kg/id/source/one", date(2024, 1, 1)).claims) == 2
    assert (
        describe(store, "https://w3id.org/cica-kg/id/claim/loop", date(2024, 1, 1)).thing.name == "claim:loop"
    )


def test_an_unknown_thing_has_an_empty_description() -> None:
    about = describe(Store(), HERO, date(2024, 1, 1))
    assert about.thing.label == "state:hero"
    assert as_text(about).startswith("state:hero\n")


# No text of the graph breaks a form

ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\n\r\t\x00\x1b\x7f\u202e\u2066\u2069\u200f`*_[]()<>#|!&\\~$:@-+.=\"'"),
    ),
    max_size=40,
)


def odd_store(texts: list[str]) -> Store:
    store = Store()
    hero = NamedNode(HERO)
    a, b, c = texts
    for property_, text in ((RDFS + "label", a), (SKOS + "altLabel", b), (SKOS + "note", c)):
        store.add(Quad(hero, NamedNode(property_), Literal(text, language="ar")))
    source = NamedNode("https://w3id.org/cica-kg/id/source/odd")
    store.add(Quad(hero, NamedNode(TERMS_NAMESPACE + "source"), source))
    store.add(Quad(source, NamedNode(RDFS + "label"), Literal(c)))
    store.add(Quad(source, NamedNode("http://purl.org/dc/terms/publisher"), Literal(a)))
    store.add(Quad(source, NamedNode("http://purl.org/dc/terms/date"), Literal(b)))
    store.add(Quad(source, NamedNode("http://xmlns.com/foaf/0.1/page"), NamedNode("javascript:alert(1)")))
    return store


@given(st.tuples(ODD, ODD, ODD))
def test_no_text_can_steer_a_terminal_or_add_a_line(texts: tuple[str, str, str]) -> None:
    about = describe(odd_store(list(texts)), HERO, date(2024, 1, 1))
    plain = describe(odd_store(["a", "b", "c"]), HERO, date(2024, 1, 1))
    text = as_text(about)
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in text)
    # The only direction marks are the isolates that we put, and they are balanced on every line.
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067") & set(text)
    for line in text.split("\n"):
        assert line.count("\u2068") == line.count("\u2069")
    # After the title and the line below it, only headings begin at the margin.
    assert margin(text)[1:] == margin(as_text(plain))[1:]


def margin(text: str) -> list[str]:
    return [line for line in text.split("\n")[1:] if line and not line.startswith(" ")]


@given(st.tuples(ODD, ODD, ODD))
def test_no_text_becomes_markup(texts: tuple[str, str, str]) -> None:
    plain = as_markdown(describe(odd_store(["a", "b", "c"]), HERO, date(2024, 1, 1)))
    marked = as_markdown(describe(odd_store(list(texts)), HERO, date(2024, 1, 1)))

    def markup(text: str) -> list[str]:
        """Return what is left of each line when escapes, entities and letters are gone."""
        bare = re.sub(r"\\[!-/:-@\[-`{-~]|&(?:lt|gt|amp);", "", text)
        return ["".join(re.findall(r"[`*_\[\]<>#!|~&$@^\\]", line)) for line in bare.split("\n")]

    assert markup(marked) == markup(plain)
    assert "](<javascript" not in marked


@given(st.tuples(ODD, ODD, ODD))
def test_json_and_rdf_keep_every_text(texts: tuple[str, str, str]) -> None:
    store = odd_store(list(texts))
    read = json.loads(as_json(describe(store, HERO, date(2024, 1, 1))))
    assert read["names"][0]["text"] == texts[0]
    assert read["sources"][0]["title"] == (texts[2] or "source:odd")
    triples = [quad.triple for quad in parse(as_rdf(store, HERO, "ntriples"), RdfFormat.N_TRIPLES)]
    assert {t.object.value for t in triples if isinstance(t.object, Literal)} >= set(texts)


# The command


def test_the_command_takes_a_name_in_any_spelling_and_a_day(
    kg: cica_kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["describe", "الاردن", "--at", "2000-01-01"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Jordan\nstate · state:jordan")
    assert "as of 1 January 2000" in out
    assert "as of 2000-01-01" in err


@pytest.mark.parametrize("form", [*FORMATS, "turtle", "ntriples", "jsonld"])
def test_the_command_writes_every_form(
    form: str, kg: cica_kg.KnowledgeGraph, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["describe", "state:jordan", "--format", form, "--quiet"]) == 0
    out, err = capsysbinary.readouterr()
    assert "الأردن".encode() in out or b"\\u0627" in out
    assert err == b""


def test_the_command_offers_what_is_near(
    kg: cica_kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["describe", "Kazakstan"]) == 2
    assert "did you mean state:kazakhstan (Kazakhstan)" in capsys.readouterr().err
    with pytest.raises(UsageError):
        kg.describe("nobody at all")


def test_describing_imports_no_rdflib_unless_it_writes_rdf(cica: object, python: object) -> None:
    code = (
        "import sys\nfrom cica_kg.cli import main\n"
        "assert main(['describe', 'Japan', '--format', 'md']) == 0\n"
        "print([m for m in ('rdflib', 'pyshacl', 'SPARQLWrapper', 'yaml') if m in sys.modules])"
    )
    done = python("-c", code)  # type: ignore[operator]
    assert done.stdout.splitlines()[-1] == "[]", done.stderr

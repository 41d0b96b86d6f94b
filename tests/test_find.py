"""Names → things: folding, ranking, typos, and what a text may not mean."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

import cica_kg
from cica_kg.cli import main
from cica_kg.errors import UsageError
from cica_kg.find import MATCHES, find, resolve
from cica_kg.folding import fold, key, typos, typos_allowed
from cica_kg.names import Name, Names, read_names

SMALL = """
PREFIX cica: <https://w3id.org/cica-kg/def#>
PREFIX membership: <https://w3id.org/cica-kg/id/membership/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX person: <https://w3id.org/cica-kg/id/person/>
PREFIX place: <https://w3id.org/cica-kg/id/place/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX state: <https://w3id.org/cica-kg/id/state/>
PREFIX wd: <http://www.wikidata.org/entity/>
cica:State a owl:Class ; rdfs:label "state"@en , "دولة"@ar .
cica:Organization a owl:Class ; rdfs:label "organization"@en .
cica:Body a owl:Class ; rdfs:subClassOf cica:Organization .
cica:memberOf a owl:ObjectProperty , owl:IrreflexiveProperty ; rdfs:label "member of"@en .
cica:Omani a owl:Class ; rdfs:label "Oman"@en .
state:oman a cica:State ; rdfs:label "Oman"@en , "عمان"@ar , "Оман"@ru ; cica:isoAlpha2 "OM" ;
    cica:isoAlpha3 "OMN" ; cica:m49 "512" ; skos:exactMatch wd:Q842 .
place:amman a cica:Place ; rdfs:label "Amman"@en , "عمّان"@ar , "Амман"@ru .
state:kuwait a cica:State ; rdfs:label "Kuwait"@en , "الكويت"@ar ; cica:officialName "State of Kuwait"@en .
place:kuwait-city a cica:Place ; rdfs:label "Kuwait City"@en , "مدينة الكويت"@ar .
state:jordan a cica:State ; rdfs:label "Jordan"@en , "الأردن"@ar , "Иордания"@ru ; cica:isoAlpha3 "JOR" .
state:turkey a cica:State ; rdfs:label "Türkiye"@en , "تركيا"@ar ; skos:altLabel "Turkey"@en .
state:kazakhstan a cica:State ; rdfs:label "Kazakhstan"@en , "كازاخستان"@ar , "Казахстан"@ru .
place:astana a cica:Place ; rdfs:label "Astana"@en ; skos:altLabel "Nur-Sultan"@en , "نور سلطان"@ar .
person:semyon a cica:Person ; rdfs:label "Семён Сергеев"@ru .
person:muhammad a cica:Person ; rdfs:label "مُحَمَّد عليّ"@ar .
cica:club a owl:Class .
<https://w3id.org/cica-kg/id/body/council> a cica:Body ; rdfs:label "People’s Council for Peace"@en .
<https://w3id.org/cica-kg/id/document/plan-2014> a cica:Document ; rdfs:label "Plan 2014"@en .
<https://w3id.org/cica-kg/id/document/plan-2024> a cica:Document ; rdfs:label "Plan 2024"@en .
membership:jordan a cica:Membership ; rdfs:label "Jordan"@en , "Membership of Jordan in the club"@en .
<https://w3id.org/cica-kg/id/source/oman> a cica:Source ; rdfs:label "Oman"@en .
<http://example.org/elsewhere> a cica:State ; rdfs:label "Jordan"@en .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()
    made.load(SMALL, RdfFormat.TURTLE)
    return made


def slugs(store: Store, text: str, **options: object) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in find(store, text, **options)]  # type: ignore[arg-type]


# Folding


@given(st.text())
def test_folding_twice_is_folding_once_and_never_raises(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="والأإآٱىيةهءؤئ َّْـabé-’ ٣3ёйЁЙ", max_size=14))
def test_folding_twice_is_folding_once_for_the_letters_it_is_about(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الأردن", "الاردن"),
        ("إيران", "ايران"),
        ("آسيا", "اسيا"),
        ("ٱلأردن", "الاردن"),
        ("مؤتمر", "موتمر"),
        ("هيئة", "هييه"),
        ("القمة", "القمه"),
        ("مستشفى", "مستشفي"),
        ("سيكا", "سیکا"),
        ("محمد", "مُحَمَّد"),
        ("محمد", "محـــمد"),
        ("الكويت", "كويت"),
        ("التعاون والتنمية", "تعاون وتنمية".replace("وت", "الت")),
        ("بناء", "بنا"),
        ("القمة 6", "القمة ٦"),
        ("القمة 6", "القمة ۶"),
        ("Семён", "Семен"),
        ("Сарыбай", "Сарыбаи"),
        ("KAZAKHSTAN", "Kazakhstan"),
        ("Türkiye", "Turkiye"),
        ("Azərbaycan", "Azerbaycan"),
        ("Straße", "STRASSE"),
        ("Women's", "Women’s"),
        ("Women's", "Womens"),
        ("O‘zbekiston", "Oʻzbekiston"),
        ("Nur-Sultan", "nur sultan"),
        ("Confidence–Building", "confidence building"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_of_different_letters_do_not_fold_alike() -> None:
    assert len({fold(name) for name in ("Oman", "Amman", "Iran", "Iraq", "مالي", "موالي", "الي", "دين")}) == 8


# Ranking


def test_the_reasons_come_in_their_order(store: Store) -> None:
    ranks = [hit.rank for hit in find(store, "Kuwait")]
    assert ranks == sorted(ranks)
    assert [hit.match for hit in find(store, "kuwait")] == ["folded", "prefix"]
    assert find(store, "Oman")[0].match == "exact"
    assert [(h.iri.rpartition("/")[2], h.match) for h in find(store, "peace council")] == [
        ("council", "word")
    ]
    assert [h.match for h in find(store, "akhs")] == ["substring"]
    assert [(h.match, h.distance) for h in find(store, "Kazakstan")] == [("typo", 1)]


def test_a_hit_says_what_matched_and_in_which_language(store: Store) -> None:
    hit = find(store, "الاردن", ("ru",))[0]
    assert (hit.label, hit.name, hit.language, hit.match) == ("Иордания", "الأردن", "ar", "folded")
    assert (hit.kind, hit.kind_label) == ("https://w3id.org/cica-kg/def#State", "state")


def test_labels_fall_back_in_a_fixed_order(store: Store) -> None:
    assert find(store, "Семен", ("ar",))[0].label == "Семён Сергеев"
    assert find(store, "Oman", ("de", "ar"))[0].label == "عمان"


def test_codes_identifiers_and_prefixed_names_find_their_thing(store: Store) -> None:
    for text in (
        "OMN",
        "omn",
        "512",
        "Q842",
        "state:oman",
        "<https://w3id.org/cica-kg/id/state/oman>",
        "https://w3id.org/cica-kg/id/state/oman",
    ):
        assert slugs(store, text)[0] == "oman", text


def test_things_come_before_records_and_sources_and_those_before_terms(store: Store) -> None:
    kinds = [hit.iri for hit in find(store, "Oman") if hit.match == "exact"]
    assert kinds == [
        "https://w3id.org/cica-kg/id/state/oman",
        "https://w3id.org/cica-kg/id/source/oman",
        "https://w3id.org/cica-kg/def#Omani",
    ]


def test_what_stands_outside_the_graph_is_not_found(store: Store) -> None:
    assert "http://example.org/elsewhere" not in [hit.iri for hit in find(store, "Jordan")]


def test_a_thing_comes_once_however_many_of_its_names_match(store: Store) -> None:
    assert slugs(store, "Turk") == ["turkey"]


def test_the_limit_and_the_class_are_kept(store: Store) -> None:
    assert len(find(store, "plan", limit=1)) == 1
    assert slugs(store, "Kuwait", wanted_class="cica:Place") == ["kuwait-city"]
    assert slugs(store, "council", wanted_class="cica:Organization") == ["council"]


def test_the_answer_is_the_same_each_time(store: Store) -> None:
    fresh = Store()
    fresh.extend(random.Random(1).sample(list(store), len(store)))
    for text in ("Oman", "عمان", "a", "Kazakstan", "plan", "ال"):
        assert find(store, text) == find(fresh, text)


def test_a_blank_text_is_refused_and_signs_alone_find_nothing(store: Store) -> None:
    with pytest.raises(UsageError, match="give a name"):
        find(store, " \n")
    assert find(store, "!!!") == []
    assert find(store, "ـ") == []


# Typos


def test_a_small_typo_finds_its_thing(store: Store) -> None:
    for text in ("Kazakstan", "Kazakhstna", "Kazakhsatn", "Qazakhstan", "xKazakhstan", "Kazaxhstann"):
        assert slugs(store, text)[0] == "kazakhstan", text
    assert slugs(store, "كزاخستان") == ["kazakhstan"]
    assert slugs(store, "Astena") == ["astana"]


def test_a_few_letters_and_numbers_are_taken_as_they_are(store: Store) -> None:
    assert slugs(store, "Plan 2034") == []
    assert slugs(store, "OMX") == []


def test_a_typo_never_stands_before_or_beside_a_thing_that_is_called_so(store: Store) -> None:
    assert "amman" not in slugs(store, "Oman")
    assert slugs(store, "Kuwait") == ["kuwait", "kuwait-city"]


def test_the_name_of_a_source_does_not_hide_a_thing_with_a_near_name() -> None:
    store = Store()
    store.load(
        SMALL + '<https://w3id.org/cica-kg/id/source/x> a cica:Source ; rdfs:label "Kazakstan"@en .',
        RdfFormat.TURTLE,
    )
    assert slugs(store, "Kazakstan") == ["x", "kazakhstan"]


WORDS = st.text(alphabet="abc", min_size=1, max_size=13)


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_number_of_typos_is_the_edit_distance_with_swaps(one: str, other: str, most: int) -> None:
    def distance(a: str, b: str) -> int:
        rows = [[max(i, j) if not min(i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
        for i in range(1, len(a) + 1):
            for j in range(1, len(b) + 1):
                rows[i][j] = min(
                    rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1])
                )
                if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        return rows[-1][-1]

    found = distance(one, other)
    assert typos(one, other, most) == (found if found <= most else None)


@given(st.lists(st.text(alphabet="abcd", min_size=1, max_size=12), min_size=1, max_size=30), st.data())
def test_the_index_finds_every_word_within_the_typos_allowed(words: list[str], data: st.DataObject) -> None:
    rows = [Name(0, word, f"thing:{word}", word, "en") for word in dict.fromkeys(words)]
    names = Names(rows, {}, {}, {})
    text = data.draw(st.sampled_from(words))
    for _ in range(2):
        place = data.draw(st.integers(0, len(text)))
        letter = data.draw(st.sampled_from(["", "a", "b", "ab"]))
        text = text[:place] + letter + text[place + data.draw(st.integers(0, 1)) :] or "a"
    reached = {name.text for match, _, name in names.matches(text)}
    if key(text) not in {key(word) for word in words}:
        for word in words:
            if typos(text, word, typos_allowed(text)) is not None:
                assert word in reached


# Resolving


def test_a_name_in_any_spelling_is_resolved(store: Store) -> None:
    for text in ("Jordan", "JORDAN", "الأردن", "الاردن", "اردن", "JOR", "jor", " Jordan ", "Иордания"):
        assert resolve(store, text) == "https://w3id.org/cica-kg/id/state/jordan", text


def test_folding_finds_but_never_merges(store: Store) -> None:
    assert set(slugs(store, "عمان")) == {"oman", "amman"}
    with pytest.raises(UsageError) as error:
        resolve(store, "عمان")
    assert "state:oman (Oman)" in str(error.value)
    assert "place:amman (Amman)" in str(error.value)
    assert resolve(store, "عمّان").endswith("/amman")
    assert resolve(store, "عمان", "cica:State").endswith("/oman")
    assert resolve(store, "Oman").endswith("/state/oman")
    assert resolve(store, "Kuwait").endswith("/kuwait")
    assert resolve(store, "Kuwait City").endswith("/kuwait-city")


def test_a_part_or_a_typo_is_offered_never_taken(store: Store) -> None:
    with pytest.raises(UsageError, match=r"nothing is called “Kazakstan”; did you mean state:kazakhstan"):
        resolve(store, "Kazakstan")
    with pytest.raises(UsageError, match=r"did you mean state:kazakhstan"):
        resolve(store, "state:kazakstan")
    with pytest.raises(UsageError, match="nothing of class cica:Place is called “Jordan”"):
        resolve(store, "Jordan", "cica:Place")
    for text in ("", "  ", "!!", "http://", "<>", "a b:c", "state:", "state:{}", "state:a b"):
        with pytest.raises(UsageError):
            resolve(store, text)


def test_a_thing_of_the_wrong_class_is_named_as_such(store: Store) -> None:
    with pytest.raises(UsageError, match="“state:oman” is of class cica:State, not cica:Place"):
        resolve(store, "state:oman", "cica:Place")


def test_a_thing_goes_before_a_record_a_source_or_a_term_of_its_name(store: Store) -> None:
    assert resolve(store, "Oman") == "https://w3id.org/cica-kg/id/state/oman"
    assert resolve(store, "member of") == "https://w3id.org/cica-kg/def#memberOf"


@given(st.text(max_size=30))
def test_no_text_breaks_the_search(text: str) -> None:
    made = Store()
    made.load(SMALL, RdfFormat.TURTLE)
    for call in (find, resolve):
        try:
            call(made, text)
        except UsageError:
            continue


# The shipped graph

CHANGES = {
    "hamza seats": lambda s: s.translate(str.maketrans("أإآؤئ", "اااوي")),
    "ta marbuta": lambda s: s.replace("ة", "ه"),
    "alef maqsura": lambda s: s.replace("ى", "ي"),
    "Persian letters": lambda s: s.replace("ي", "ی").replace("ك", "ک"),
    "tatweel": lambda s: "".join(c + "ـ" if "ب" <= c <= "ي" else c for c in s),
    "harakat": lambda s: "".join(c + "\u064e" if "ب" <= c <= "ي" else c for c in s),
    "no article": lambda s: s.removeprefix("ال") if len(s.split()[0]) > 4 else s,
    "Arabic digits": lambda s: s.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "ё": lambda s: s.replace("ё", "е").replace("Ё", "Е"),
    "й": lambda s: s.replace("й", "и"),
    "upper case": str.upper,
    "lower case": str.lower,
    "hyphens": lambda s: s.replace("-", " "),
    "no hyphens": lambda s: s.replace("-", ""),
    "apostrophes": lambda s: s.replace("'", "’").replace("’", ""),
    "accents": lambda s: s.replace("ü", "u").replace("é", "e").replace("ı", "i"),
}


@given(data=st.data())
def test_any_name_with_one_change_of_spelling_finds_its_thing_first_or_tied(
    kg: cica_kg.KnowledgeGraph, data: st.DataObject
) -> None:
    names = read_names(kg.store).rows
    name = names[data.draw(st.integers(0, len(names) - 1))]
    change = CHANGES[data.draw(st.sampled_from(sorted(CHANGES)))]
    hits = kg.find(change(name.text), limit=len(names))
    own = next(hit for hit in hits if hit.iri == name.thing)
    assert own.match in ("exact", "folded")
    assert hits[0].match in ("exact", "folded")


def test_every_name_of_a_thing_resolves_to_it_or_to_a_choice_with_it(kg: cica_kg.KnowledgeGraph) -> None:
    for name in read_names(kg.store).rows:
        assert name.order > 0 or name.thing in read_names(kg.store).called(name.text), name


def test_states_resolve_by_every_label_and_code(kg: cica_kg.KnowledgeGraph) -> None:
    names = "rdfs:label|cica:isoAlpha2|cica:isoAlpha3|cica:m49"
    rows = kg.query(sparql=f"SELECT ?s ?n {{ ?s a cica:State ; {names} ?n }}")
    assert isinstance(rows, cica_kg.Rows)
    for state, name in rows:
        assert kg.resolve(name.value, "cica:State") == state.value  # type: ignore[union-attr]


def test_a_question_takes_a_thing_in_any_spelling(kg: cica_kg.KnowledgeGraph) -> None:
    named = [kg.query("history", agent=text) for text in ("state:jordan", "JOR", "الاردن", "ИОРДАНИЯ")]
    assert all(list(rows) == list(named[0]) for rows in named)  # type: ignore[arg-type]
    assert len(named[0]) > 0  # type: ignore[arg-type]


# The command


def test_the_command_prints_hits_and_says_how_many(
    kg: cica_kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", "الاردن", "--lang", "ru"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].split("  ")[0] == "state:jordan"
    assert "Иордания" in out
    assert "in another spelling" in out
    assert "found · cica-kg" in err


def test_the_command_gives_json_and_exit_code_1_for_nothing(
    kg: cica_kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", "Kazakstan", "--format", "json", "--limit", "1"]) == 0
    out, err = capsys.readouterr()
    [hit] = json.loads(out)
    assert hit["iri"].endswith("/kazakhstan")
    keys = ["iri", "name", "kind", "kind_label", "label", "matched", "language", "match", "typos"]
    assert list(hit) == keys
    assert hit["match"] in MATCHES
    assert "there are more" in err
    assert main(["find", "zzzzzz", "qqqq", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert "nothing is called" in err
    assert main(["find", "x", "--limit", "0"]) == 2


def test_finding_imports_neither_rdflib_nor_sqlite(cica: object, python: object) -> None:
    code = (
        "import sys\nfrom cica_kg.cli import main\nassert main(['find', 'Japan']) == 0\n"
        "print([m for m in ('rdflib', 'pyshacl', 'SPARQLWrapper', 'yaml', 'sqlite3') if m in sys.modules])"
    )
    done = python("-c", code)  # type: ignore[operator]
    assert done.stdout.splitlines()[-1] == "[]", done.stderr

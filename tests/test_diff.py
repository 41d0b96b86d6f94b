"""A difference holds each changed fact once, turns one graph into the other, and is told by thing."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from cica_kg import CicaError, DataError, KnowledgeGraph, UsageError
from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.diff import Change, Difference, Renamed, Side, diff, read_side
from cica_kg.diff_forms import FORMATS, write
from cica_kg.diff_told import tell
from cica_kg.store import triples
from cica_kg.vocabulary import PREFIXES, RDF, RDFS, XSD

EX = "https://example.org/"
LABEL = NamedNode(RDFS + "label")
PREFIX = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


TEXTS = st.sampled_from(["", "x", "قطر", "\x1b[2J\u202e| `*_[x](http://e.org)", "line\nline"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=5
)
LITERALS = st.builds(Literal, TEXTS) | st.builds(
    lambda text, language: Literal(text, language=language), TEXTS, st.sampled_from(["en", "ar"])
)
LITERALS |= st.builds(lambda text: Literal(text, datatype=NamedNode(XSD + "date")), TEXTS)
SUBJECTS = st.sampled_from([*map(ex, "abc"), NamedNode(PREFIXES["state"] + "qatar"), *map(BlankNode, "nm")])
PROPERTIES = st.sampled_from(
    [
        ex("p"),
        LABEL,
        NamedNode(RDF + "type"),
        *(NamedNode(PREFIXES["cica"] + name) for name in ("party", "about")),
    ]
)
GRAPHS = st.lists(st.builds(Triple, SUBJECTS, PROPERTIES, SUBJECTS | LITERALS), max_size=10)


def named(found: Iterable[Triple]) -> set[Triple]:
    try:
        return name_blank_nodes(found)
    except DataError:
        assume(False)
        raise


def old_facts(found: Difference) -> list[Triple]:
    return [
        *found.removed,
        *(Triple(change.subject, change.property, change.old) for change in found.changed),
    ]


def new_facts(found: Difference) -> list[Triple]:
    return [*found.added, *(Triple(change.subject, change.property, change.new) for change in found.changed)]


@given(GRAPHS)
def test_a_graph_does_not_differ_from_itself(graph: list[Triple]) -> None:
    named(graph)
    assert not diff(graph, graph)
    assert diff(graph, graph) == Difference((), (), (), (), (), ())


@given(GRAPHS, GRAPHS)
def test_a_difference_turns_the_old_graph_into_the_new_one(old: list[Triple], new: list[Triple]) -> None:
    before, after = named(old), named(new)
    found = diff(old, new)
    assert set(old_facts(found)) <= before
    assert (before - set(old_facts(found))) | set(new_facts(found)) == after
    assert bool(found) == (before != after)


@given(GRAPHS, GRAPHS)
def test_each_fact_is_told_once(old: list[Triple], new: list[Triple]) -> None:
    before, after = named(old), named(new)
    found = diff(old, new)
    assert Counter(old_facts(found)) == Counter(before - after)
    assert Counter(new_facts(found)) == Counter(after - before)


@given(GRAPHS, GRAPHS)
def test_the_way_back_is_the_inverse(old: list[Triple], new: list[Triple]) -> None:
    named(old), named(new)
    there, back = diff(old, new), diff(new, old)
    assert (there.removed, there.added, there.gone, there.new) == (
        back.added,
        back.removed,
        back.new,
        back.gone,
    )
    assert set(there.changed) == {Change(c.subject, c.property, c.new, c.old) for c in back.changed}
    assert set(there.renamed) == {Renamed(pair.new, pair.old) for pair in back.renamed}


@given(st.data(), GRAPHS, GRAPHS)
def test_the_order_of_facts_does_not_matter(
    data: st.DataObject, old: list[Triple], new: list[Triple]
) -> None:
    named(old), named(new)
    shuffled = data.draw(st.permutations(old)), data.draw(st.permutations(new))
    assert diff(*shuffled) == diff(old, new)


@given(GRAPHS, GRAPHS)
def test_new_and_gone_are_the_subjects_of_one_side_alone(old: list[Triple], new: list[Triple]) -> None:
    before, after = ({triple.subject for triple in named(graph)} for graph in (old, new))
    found = diff(old, new)
    assert (set(found.new), set(found.gone)) == (after - before, before - after)


def changes(old: Iterable[Any], new: Iterable[Any]) -> tuple[int, int, set[tuple[str, str]]]:
    """Compare the values of one property of one thing."""
    found = diff(*([Triple(ex("a"), ex("p"), value) for value in values] for values in (old, new)))
    return len(found.removed), len(found.added), {(str(c.old), str(c.new)) for c in found.changed}


def test_one_value_for_another_is_a_change() -> None:
    assert changes([Literal("1999")], [Literal("1999-09-14")]) == (0, 0, {('"1999"', '"1999-09-14"')})
    assert changes([ex("b")], [ex("c")]) == (0, 0, {(f"<{EX}b>", f"<{EX}c>")})
    assert changes([ex("b")], [Literal("b")]) == (0, 0, {(f"<{EX}b>", '"b"')})


def test_a_change_of_language_or_datatype_is_a_change() -> None:
    assert changes([Literal("x")], [Literal("x", language="en")]) == (0, 0, {('"x"', '"x"@en')})
    year = Literal("1999", datatype=NamedNode(XSD + "gYear"))
    assert changes([Literal("1999"), ex("b")], [year, ex("c")])[2] >= {('"1999"', str(year))}


def test_texts_are_paired_by_language() -> None:
    old = [Literal(f"old {language}", language=language) for language in ("en", "ar", "ru")]
    new = [Literal(f"new {language}", language=language) for language in ("en", "ar", "de")]
    removed, added, changed = changes(old, new)
    assert (removed, added) == (1, 1)
    assert changed == {('"old en"@en', '"new en"@en'), ('"old ar"@ar', '"new ar"@ar')}


def test_where_more_than_one_may_have_been_replaced_nothing_is_guessed() -> None:
    assert changes([ex("b"), ex("c")], [ex("d"), ex("e")]) == (2, 2, set())
    assert changes([ex("b"), ex("c")], [ex("c"), ex("d")]) == (0, 0, {(f"<{EX}b>", f"<{EX}d>")})


def facts(subject: str, *values: str) -> list[Triple]:
    return [Triple(ex(subject), ex("p"), Literal(value)) for value in values]


def test_a_thing_with_the_same_facts_under_another_iri_was_renamed() -> None:
    found = diff(facts("a", "1", "2"), facts("b", "1", "2"))
    assert found.renamed == (Renamed(ex("a"), ex("b")),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (facts("a", "1", "2"), facts("b", "1", "3")),
        (facts("a", "1"), facts("b", "1") + facts("c", "1")),
        (facts("a", "1") + facts("c", "1"), facts("b", "1") + facts("c", "1")),
        (facts("a", "1") + facts("c", "1", "2"), facts("b", "1") + facts("c", "1", "2")),
        (facts("a", "1") + facts("c", "1"), facts("b", "2")),
    ],
    ids=[
        "another fact",
        "two new ones",
        "a third says the same",
        "a third says that and more",
        "both are gone",
    ],
)
def test_what_may_be_another_thing_was_not_renamed(old: list[Triple], new: list[Triple]) -> None:
    assert diff(old, new).renamed == ()


# How it is told.


def side(text: str, name: str = "x.ttl") -> Side:
    from pyoxigraph import parse

    found = {quad.triple for quad in parse(PREFIX + text, RdfFormat.TURTLE, base_iri=EX)}
    return Side(name, name_blank_nodes(found))


def told(old: str, new: str, *languages: str, form: str = "text") -> str:
    return write(tell(side(old, "old.ttl"), side(new, "new.ttl"), languages or ("en",)), form)


RECORD = (
    "membership:qatar-cica a cica:Membership ; cica:party state:qatar ; cica:inOrganization organization:cica"
)


def test_a_record_is_told_under_its_party_in_words() -> None:
    old, new = f'{RECORD} ; cica:start "2014" .', f'{RECORD} ; cica:start "2014-05-20" .'
    assert told(old, new).splitlines() == [
        "state",
        "  Qatar [state:qatar]",
        "    ~ Membership of Qatar in CICA [membership:qatar-cica]",
        "        ~ start: 2014 → 2014-05-20",
    ]
    arabic = told(old, new, "ar")
    assert "عضوية قطر في سيكا" in arabic
    assert "من 2014 إلى 2014-05-20" in arabic
    assert "Членство: Катар — СВМДА" in told(old, new, "ru")


def test_a_thing_that_is_new_or_gone_is_one_block_with_its_own_name() -> None:
    text = 'state:atlantis a cica:State ; rdfs:label "Atlantis"@en , "أطلنطس"@ar .'
    block = told("", text).splitlines()
    assert block[:2] == ["state", "+ Atlantis [state:atlantis] (new)"]
    assert block[2:] == [
        "    + kind: state",
        "    + name (en): Atlantis",
        "    + name (ar): \u2068أطلنطس\u2069",
    ]
    assert told(text, "").splitlines()[1] == "- Atlantis [state:atlantis] (gone)"


def test_what_a_thing_is_and_its_names_are_told_first() -> None:
    text = 'source:x dcterms:date "2020" ; a cica:Source ; rdfs:label "X"@en ; cica:sha256 "0" .'
    properties = [line.split(":")[0].strip() for line in told("", text).splitlines()[2:]]
    assert properties[:2] == ["+ kind", "+ name (en)"]
    assert len(properties) == 4


def test_a_category_is_told_among_those_of_its_class() -> None:
    text = "category:region-asia skos:exactMatch <https://example.org/asia> ."
    heading, thing, _ = told("", text).splitlines()
    assert (heading, thing) == ("category", "+ Asia [category:region-asia] (new)")


def test_a_renamed_thing_is_told_in_one_line() -> None:
    text = '{} a cica:State ; rdfs:label "Atlantis"@en ; cica:isoAlpha2 "XA" .'
    lines = told(text.format("state:atlantis"), text.format("state:atlantida")).splitlines()
    assert lines[1:] == ["~ Atlantis [state:atlantida] (renamed, was state:atlantis)"]


def test_language_and_datatype_are_told_where_they_changed() -> None:
    lines = told('<a> <p> "x" ; <q> "1" .', '<a> <p> "x"@en ; <q> "1"^^xsd:integer .').splitlines()
    assert lines[-2:] == [f"    ~ {EX}p: x → x (en)", f"    ~ {EX}q: 1 (xsd:string) → 1 (xsd:integer)"]


def test_claims_and_links_are_told_under_what_they_are_about() -> None:
    text = "claim:x cica:about membership:qatar-cica . link:x cica:linksThing state:qatar ; <p> {} ."
    read = json.loads(told(f"{RECORD} . {text.format(1)}", f"{RECORD} . {text.format(2)}", form="json"))
    thing = read["kinds"][0]["things"][0]
    assert thing["thing"]["name"] == "state:qatar"
    assert [record["thing"]["name"] for record in thing["records"]] == ["link:x"]
    gone = json.loads(told(f"{RECORD} . {text.format(1)}", f"{RECORD} .", form="json"))
    (thing,) = gone["kinds"][0]["things"]
    assert [record["thing"]["name"] for record in thing["records"]] == ["claim:x", "link:x"]


def test_a_blank_node_is_told_under_the_thing_that_it_belongs_to() -> None:
    lines = told("<a> <p> [ <q> 1 ] .", "<a> <p> [ <q> 2 ] , [ <q> 1 ] .").splitlines()
    assert [line[:5] for line in lines] == ["Other", f"~ {EX}"[:5], "    +", "    +", "     "]
    assert told("<a> <p> [ <q> 1 ] .", "<a> <p> [ <q> 1 ] .") == ""


def told_facts(thing: dict[str, Any]) -> list[tuple[str, str, str | None, str | None]]:
    own = [
        (
            thing["thing"]["iri"],
            fact["property"]["iri"],
            *(fact[s] and fact[s]["term"] for s in ("old", "new")),
        )
        for fact in thing["facts"]
    ]
    return own + [fact for record in thing["records"] for fact in told_facts(record)]


@settings(max_examples=40)
@given(GRAPHS, GRAPHS)
def test_every_form_tells_every_fact_once_and_nothing_steers_terminal_or_page(
    old: list[Triple], new: list[Triple]
) -> None:
    sides = Side("old\x1b[2J", named(old)), Side("new", named(new))
    found = diff(old, new)
    renamed = {subject for pair in found.renamed for subject in pair}
    wanted = Counter(
        (str(s) if isinstance(s, BlankNode) else s.value, p.value, o and str(o), n and str(n))
        for s, p, o, n in (
            *((*triple, None) for triple in found.removed),
            *((triple.subject, triple.predicate, None, triple.object) for triple in found.added),
            *found.changed,
        )
        if s not in renamed
    )
    result = tell(*sides)
    read = json.loads(write(result, "json"))
    assert (
        Counter(f for kind in read["kinds"] for thing in kind["things"] for f in told_facts(thing)) == wanted
    )
    text, markdown = write(result, "text"), write(result, "md")
    lines = [line for line in text.splitlines() if line.strip(" ")[:1] in "+-~"]
    assert len(lines) >= wanted.total()
    for form in (text, markdown):
        assert not any(c in form for c in "\x1b\r\u2028\u202e")
        assert form == "" or form.endswith("\n")
    assert not re.search(r"(?<!\\)(\\\\)*(<|\]\(|\*)", markdown)


# What is read.


@pytest.fixture(scope="module")
def authored(kg: KnowledgeGraph) -> set[Triple]:
    return triples(kg.validated.files.data)


@pytest.mark.parametrize(
    ("ending", "form"),
    [
        (".ttl", RdfFormat.TURTLE),
        (".nt", RdfFormat.N_TRIPLES),
        (".nq", RdfFormat.N_QUADS),
        (".trig", RdfFormat.TRIG),
        (".rdf", RdfFormat.RDF_XML),
        (".owl", RdfFormat.RDF_XML),
        (".jsonld", RdfFormat.JSON_LD),
    ],
)
def test_every_format_can_be_compared_with_the_folder(
    authored: set[Triple], root: Path, tmp_path: Path, ending: str, form: RdfFormat
) -> None:
    data = serialize(authored, format=form)
    assert data is not None
    plain, packed = tmp_path / f"graph.1{ending}", tmp_path / f"graph{ending}.gz"
    plain.write_bytes(b"\xef\xbb\xbf" + data if ending == ".ttl" else data)
    packed.write_bytes(gzip.compress(data, mtime=0))
    assert read_side(plain).triples == read_side(packed).triples == read_side(root).triples == authored


def test_graph_names_are_left_out_and_literals_stay_as_written(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(
        f'<{EX}a> <{EX}p> "007"^^<{XSD}int> <{EX}g> .\n<{EX}a> <{EX}p> "007"^^<{XSD}int> <{EX}h> .\n'
    )
    assert read_side(path).triples == {
        Triple(ex("a"), ex("p"), Literal("007", datatype=NamedNode(XSD + "int")))
    }


def _bomb(declarations: str) -> bytes:
    return f'<!DOCTYPE r [{declarations}]><rdf:RDF xmlns:rdf="{RDF}"/>'.encode()


def test_a_namespace_may_be_abbreviated_by_an_entity(tmp_path: Path) -> None:
    path = tmp_path / "short.rdf"
    path.write_text(
        f'''<!DOCTYPE r [<!ENTITY ex "{EX}">]><rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="{EX}">
        <rdf:Description rdf:about="&ex;a"><ex:p>1</ex:p></rdf:Description></rdf:RDF>'''
    )
    assert read_side(path).triples == {Triple(ex("a"), ex("p"), Literal("1"))}


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("x.txt", b"", UsageError, "its ending names no RDF format"),
        ("x.gz", b"", UsageError, "its ending names no RDF format"),
        ("x.ttl", b"<a> <b> .", DataError, "x.ttl is not Turtle"),
        ("x.ttl", b"<a> <b> \xff .", DataError, "x.ttl is not Turtle"),
        ("x.json", b"{", DataError, "x.json is not JSON-LD"),
        ("x.rdf", b"<html>", DataError, "x.rdf is not RDF/XML"),
        ("x.rdf", _bomb('<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">'), DataError, "“b” could fill the memory"),
        ("x.rdf", _bomb(f'<!ENTITY a "{"a" * 10_000}">'), DataError, "“a” could fill the memory"),
        ("x.rdf", _bomb('%p; <!ENTITY b "&a;&a;">'), DataError, "“%p;” could fill the memory"),
        ("x.rdf", _bomb('<!WRONG><!ENTITY b "&a;&a;">'), DataError, "x.rdf is not RDF/XML"),
        ("x.ttl.gz", b"<a> <b> <c> .", DataError, "no whole gzip file"),
        ("x.ttl.gz", gzip.compress(b"<a> <b> <c> ." * 99, mtime=0)[:-9], DataError, "no whole gzip file"),
        ("x.jsonld", b'{"@context": "https://example.org/context", "p": 1}', DataError, "nothing is fetched"),
        ("x.jsonld", b'{"@context": {"@import": "https://example.org/c"}}', DataError, "nothing is fetched"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_message(
    tmp_path: Path, name: str, content: bytes, error: type[Exception], message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=message):
        read_side(path)


def test_a_broken_file_of_a_folder_is_named_with_its_folder(small: Path) -> None:
    (small / "data" / "broken.ttl").write_text("<a")
    with pytest.raises(DataError, match=r"small: data/broken\.ttl:1"):
        read_side(small)
    with pytest.raises(UsageError, match="no folder data/"):
        read_side(small / "ontology")
    for gone in ("gone.ttl", "gone"):
        with pytest.raises(UsageError, match=f"{gone}: there is no such file"):
            read_side(small / gone)


@pytest.mark.parametrize("ending", ["", ".ttl"])
def test_what_the_system_refuses_is_told_with_its_path(tmp_path: Path, ending: str) -> None:
    path = tmp_path / ("n" * 300 + ending)
    with pytest.raises(CicaError, match="nnn"):
        read_side(path)


def test_a_graph_with_terms_of_its_own_is_told_in_them(small: Path) -> None:
    old = read_side(small)
    path = small / "data" / "records.ttl"
    path.write_text(path.read_text().replace('"2001-02"', '"2001"'))
    text = write(tell(old, read_side(small)), "text")
    assert "Membership of Atlantis in Club [membership:atlantis-club]" in text


# The command.


def test_the_exit_code_says_whether_there_is_a_difference(cica, small: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.ttl"
    old.write_text((small / "data" / "records.ttl").read_text())
    done = cica("diff", old, old)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no difference\n")
    done = cica("diff", old, small)
    assert (done.returncode, done.stderr) == (1, "facts added: 1, removed: 0, changed: 0\n")
    assert "+ known until: 2020-06-30" in done.stdout
    assert cica("diff", old, tmp_path / "none.ttl").returncode == 2
    assert cica("diff", old).returncode == 2


def test_a_file_name_that_is_no_utf8_is_told_too(cica, tmp_path: Path) -> None:
    paths = [tmp_path / "old.ttl", tmp_path / os.fsdecode(b"\xff.ttl")]
    for path, text in zip(paths, ("", "<urn:a> <urn:b> <urn:c> ."), strict=True):
        path.write_text(text)
    seen = {form: cica("diff", *paths, "--format", form).stdout for form in FORMATS}
    assert json.loads(seen["json"])["new"] == str(paths[1])
    assert "udcff" in seen["md"]
    assert "+ urn:a (new)" in seen["text"]


def test_the_output_is_a_file_that_only_force_overwrites(cica, small: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    arguments = ("diff", small / "data" / "graph.ttl", small, "--format", "md", "--output", page)
    assert (cica(*arguments).returncode, cica(*arguments).returncode) == (1, 2)
    assert page.read_text().startswith("# From ")
    assert cica(*arguments, "--force", "--quiet").stderr == ""


@pytest.mark.parametrize("form", FORMATS)
def test_the_bytes_do_not_depend_on_the_order_of_hashes(cica, small: Path, root: Path, form: str) -> None:
    seen = {
        cica(
            "diff", small, root / "data" / "states.ttl", "--format", form, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1

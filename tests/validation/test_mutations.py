"""300 faults, put into the shipped files by fixed rules, are caught: by the right shape, on the right line.

Each fault stands in a block of its own, so many are judged in one run of the whole gate on the whole graph:
the outcome is that of a full run, since it is one. Run this file as a script to print operators and faults.
"""

# ruff: noqa: E501  # cases stand on one line

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from cica_kg.files import GraphFile, GraphFiles, read_graph, with_parts
from cica_kg.validation.gate import judge
from cica_kg.validation.report import Result
from cica_kg.vocabulary import PREFIXES, SHAPES_NAMESPACE, shorten

FAULTS = 300
LEAST = 10
BATCHES = 2
CICA = PREFIXES["cica"]
DATE = ("cica:start", "cica:end", "cica:date")


class Line(NamedTuple):
    """One line of a canonical file that states something: `property value`, in the block of `subject`."""

    file: str
    number: int
    subject: str
    kind: str
    property: str
    value: str
    end: str
    alone: bool


class Fault(NamedTuple):
    """An edit, and what must come of it.

    Attributes:
        operator: what was done.
        line: where (the index of the line that is replaced).
        replacement: the new lines; the one at `wrong` is at fault.
        wrong: index in `replacement`; None where something is missing or the whole block is meant.
        shapes: the local names of the shapes of which one must speak.
        touches: the subjects that must stay as they are besides.
    """

    operator: str
    line: Line
    replacement: tuple[str, ...]
    wrong: int | None
    shapes: tuple[str, ...]
    touches: tuple[str, ...] = ()


def read_lines(file: GraphFile) -> Iterator[Line]:
    """Give the statements of a canonical file: one value a line."""
    subject = kind = property_ = ""
    for number, text in enumerate(file.content.decode().split("\n")):
        if not text or text.startswith("PREFIX"):
            continue
        if not text.startswith((" ", ".")):
            subject, kind = text, ""
            continue
        alone = text.startswith("    ") and not text.startswith("     ")
        words = text.strip()
        if alone:
            property_, _, words = words.partition(" ")
        match = re.fullmatch(r"(.*?) ?([;,])", words)
        if match is None or not match[1]:
            continue
        if property_ == "a":
            kind = match[1]
        yield Line(file.name, number, subject, kind, property_, match[1], match[2], alone)


class World:
    """The shipped files and what their shapes ask for."""

    def __init__(self) -> None:
        self.files: GraphFiles = read_graph()
        self.lines = [line for file in self.files.data for line in read_lines(file)]
        self.blocks: dict[str, list[Line]] = {}
        for line in self.lines:
            self.blocks.setdefault(line.subject, []).append(line)
        self._asked: dict[tuple[object, ...], tuple[str, ...]] = {}
        ontology, self.shapes = Graph(), Graph()
        for file in self.files.ontology:
            ontology.parse(data=file.content, format="turtle")
        for file in self.files.shapes:
            self.shapes.parse(data=file.content, format="turtle")
        self.batches: list[list[Fault]] = []
        self.kinds = {
            shorten(str(kind)): {
                shorten(str(above)) for above in ontology.transitive_objects(kind, RDFS.subClassOf)
            }
            for kind in ontology.subjects(None, URIRef("http://www.w3.org/2002/07/owl#Class"))
            if isinstance(kind, URIRef)
        }

    def asked(self, kind: str, property_: str, *parameters: URIRef) -> tuple[str, ...]:
        """Return the shapes that ask this of a property of this kind of thing."""
        key = (kind, property_, parameters)
        if key in self._asked:
            return self._asked[key]
        found = []
        for shape in self.shapes.subjects(SH.path, URIRef(full(property_))):
            if not any(self.shapes.value(shape, each) is not None for each in parameters):
                continue
            parents = [shape, *self.shapes.subjects(SH.property, shape)]
            targets = {
                shorten(str(t)) for parent in parents for t in self.shapes.objects(parent, SH.targetClass)
            }
            subjects = set(self.shapes.objects(shape, SH.targetSubjectsOf))
            if targets & self.kinds.get(kind, set()) or URIRef(full(property_)) in subjects:
                found.append(str(shape).removeprefix(SHAPES_NAMESPACE))
        self._asked[key] = tuple(sorted(found))
        return self._asked[key]


def full(name: str) -> str:
    if name == "a":
        return str(RDF.type)
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def changed(line: Line, value: str) -> str:
    head = f"    {line.property} " if line.alone else "        "
    return f"{head}{value} {line.end}"


def has(line: Line, *properties: str) -> bool:
    return line.property in properties


Operator = Callable[[World, Line], Fault | None]
OPERATORS: dict[str, Operator] = {}


def operator(function: Operator) -> Operator:
    OPERATORS[function.__name__.replace("_", "-")] = function
    return function


def name_of(function: str) -> str:
    return function.replace("_", "-")


@operator
def drop_a_required_statement(world: World, line: Line) -> Fault | None:
    if not line.alone or line.property == "a" or line.end != ";":
        return None
    shapes = world.asked(line.kind, line.property, SH.minCount)
    counts = [int(n) for s in shapes if (n := world.shapes.value(URIRef(SHAPES_NAMESPACE + s), SH.minCount))]
    if not shapes or max(counts) < 1:
        return None
    return Fault("drop-a-required-statement", line, (), None, shapes)


@operator
def drop_a_label(world: World, line: Line) -> Fault | None:
    language = line.value.rpartition("@")[2]
    shape = {"en": "label-english", "ar": "label-arabic"}.get(language)
    if not has(line, "rdfs:label") or shape is None or line.alone or line.end != ",":
        return None
    return Fault("drop-a-label", line, (), None, (shape,))


@operator
def second_label_in_a_language(world: World, line: Line) -> Fault | None:
    if not has(line, "rdfs:label") or line.alone or line.end != "," or not line.value.endswith("@en"):
        return None
    return Fault(
        "second-label-in-a-language",
        line,
        (changed(line, line.value), '        "Another"@en ,'),
        1,
        ("label-once",),
    )


@operator
def swap_the_class_for_a_broader_one(world: World, line: Line) -> Fault | None:
    broader = {
        "cica:State": "cica:Agent", "cica:Meeting": "cica:Event", "cica:Milestone": "cica:Event",
        "cica:Membership": "cica:Affiliation", "cica:Observership": "cica:Affiliation", "cica:Seat": "cica:Relationship",
        "cica:Chairmanship": "cica:Affiliation", "cica:Tenure": "cica:Relationship", "cica:Person": "cica:Agent",
        "cica:Partnership": "cica:Affiliation", "cica:Coordination": "cica:Relationship", "cica:Aim": "cica:Topic",
        "cica:Principle": "cica:Topic", "cica:Challenge": "cica:Topic",
    }  # fmt: skip
    if not has(line, "a") or line.value not in broader:
        return None
    return Fault(
        "swap-the-class-for-a-broader-one",
        line,
        (changed(line, broader[line.value]),),
        0,
        ("narrowest-kind",),
    )


@operator
def break_a_date(world: World, line: Line) -> Fault | None:
    if not has(line, *DATE, "cica:ongoingAsOf", "cica:established", "cica:knownUntil") or not line.alone:
        return None
    shapes = world.asked(line.kind, line.property, SH.pattern)
    value = f'"{line.value[1:5]}-13-01"' if line.value[1] != "[" else '"[2001..open]"'
    return Fault("break-a-date", line, (changed(line, value),), 0, shapes) if shapes else None


@operator
def name_a_day_that_no_calendar_has(world: World, line: Line) -> Fault | None:
    if not has(line, *DATE, "cica:ongoingAsOf") or not line.alone:
        return None
    shape = f"{line.property.removeprefix('cica:').removesuffix('AsOf')}-exists"
    return Fault("name-a-day-that-no-calendar-has", line, (changed(line, '"2005-02-30"'),), 0, (shape,))


@operator
def start_after_the_end(world: World, line: Line) -> Fault | None:
    if not has(line, "cica:start") or not line.alone:
        return None
    ends = [each for each in world.blocks[line.subject] if has(each, "cica:end", "cica:ongoingAsOf")]
    if len(ends) != 1 or ends[0].file != line.file:
        return None
    shape = "start-before-end" if has(ends[0], "cica:end") else "start-before-ongoing"
    return Fault("start-after-the-end", line, (changed(line, '"2030-01-01"'),), 0, (shape,))


@operator
def write_a_view_into_the_data(world: World, line: Line) -> Fault | None:
    views = {"cica:State": "memberOf", "cica:Organization": "hasMember", "cica:Person": "holdsPost"}
    if not has(line, "a") or line.value not in views or line.end != ";":
        return None
    thing = "<https://w3id.org/cica-kg/id/organization/cica>"
    lines = (changed(line, line.value), f"    cica:{views[line.value]} {thing} ;")
    return Fault("write-a-view-into-the-data", line, lines, 1, ("authored-view",))


@operator
def overlap_an_affiliation(world: World, line: Line) -> Fault | None:
    """Write a second, endless record of the same party in the same organization, begun on the same day."""
    if not has(line, "cica:start") or line.kind not in ("cica:Membership", "cica:Observership"):
        return None
    block = {each.property: each.value for each in world.blocks[line.subject] if each.alone}
    if "cica:party" not in block or line.value[1] == "[":
        return None
    copy = (
        f"{line.subject}-2",
        f"    a {line.kind} ;",
        *(f"    {name} {block[name]} ;" for name in ("cica:party", "cica:inOrganization", "cica:start")),
        f"    cica:ongoingAsOf {line.value} ;",
        "    cica:source <https://w3id.org/cica-kg/id/source/article-000> ;",
        ".",
        "",
    )
    # Before the block itself, at its first line.
    first = world.blocks[line.subject][0]
    at = first._replace(number=first.number - 1)
    return Fault(
        "overlap-an-affiliation", at, (*copy, line.subject), None, ("sure-overlap",), (line.subject,)
    )


@operator
def refer_to_what_is_not_there(world: World, line: Line) -> Fault | None:
    if ":" not in line.value or line.value.startswith(('"', "<")) or has(line, "a", "cica:onProperty"):
        return None
    if line.value.partition(":")[0] in ("cica", "category"):
        return None
    shapes = world.asked(line.kind, line.property, SH.path)
    return Fault(
        "refer-to-what-is-not-there",
        line,
        (changed(line, f"{line.value}-xyz"),),
        0,
        (*shapes, "check-dangling-reference"),
        (line.value,),  # what is said of the thing that is not there is told once, with the reference
    )


@operator
def misspell_a_term_of_ours(world: World, line: Line) -> Fault | None:
    if not line.property.startswith("cica:") or not line.alone:
        return None
    wrong = f"{line.property[:-2]}{line.property[-1]}{line.property[-2]}x"
    text = f"    {wrong} {line.value} {line.end}"
    return Fault("misspell-a-term-of-ours", line, (text,), 0, ("check-unknown-term",))


@operator
def misspell_a_well_known_term(world: World, line: Line) -> Fault | None:
    if line.property.partition(":")[0] not in ("skos", "dcterms", "foaf") or not line.alone:
        return None
    text = f"    {line.property}s {line.value} {line.end}"
    return Fault("misspell-a-well-known-term", line, (text,), 0, ("check-unknown-term",))


@operator
def give_a_bad_lexical_form(world: World, line: Line) -> Fault | None:
    kinds = (
        ("gYear", "99"),
        ("gYearMonth", "2020-13"),
        ("date", "2023-02-30"),
        ("integer", "seven"),
        ("boolean", "yes"),
    )
    if not line.value.startswith('"') or not line.value.endswith('"'):
        return None
    kind, text = kinds[line.number % len(kinds)]
    value = f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{kind}>'
    return Fault("give-a-bad-lexical-form", line, (changed(line, value),), 0, ("check-lexical-form",))


@operator
def tag_with_no_language(world: World, line: Line) -> Fault | None:
    match = re.fullmatch(r'(".*")@(en|ar|ru)', line.value)
    if match is None:
        return None
    wrong = {"en": "eng", "ar": "ara", "ru": "rus"}[match[2]]
    return Fault(
        "tag-with-no-language", line, (changed(line, f"{match[1]}@{wrong}"),), 0, ("check-language-tag",)
    )


@operator
def speak_of_an_unknown_thing(world: World, line: Line) -> Fault | None:
    if not has(line, "a") or line.subject.startswith("<"):
        return None
    lines = (
        f"{line.subject}-xyz",
        "    <http://www.w3.org/2000/01/rdf-schema#comment> 1 ;",
        ".",
        "",
        line.subject,
    )
    at = line._replace(number=line.number - 1)
    return Fault("speak-of-an-unknown-thing", at, lines, 0, ("check-unknown-thing",))


@operator
def give_two_values_where_one_is_allowed(world: World, line: Line) -> Fault | None:
    if not line.alone or line.end != ";" or has(line, "a"):
        return None
    shapes = [
        shape
        for shape in world.asked(line.kind, line.property, SH.maxCount)
        if str(world.shapes.value(URIRef(SHAPES_NAMESPACE + shape), SH.maxCount)) == "1"
    ]
    second = '"1994"' if line.value.startswith('"') else None
    if not shapes or second is None or line.value == second:
        return None
    lines = (f"    {line.property} {line.value} ,", f"        {second} ;")
    return Fault("give-two-values-where-one-is-allowed", line, lines, 1, tuple(shapes))


@operator
def write_a_number_for_a_text(world: World, line: Line) -> Fault | None:
    shapes = world.asked(line.kind, line.property, SH.datatype)
    if not line.alone or not re.fullmatch(r'"\d+"', line.value) or not shapes:
        return None
    return Fault("write-a-number-for-a-text", line, (changed(line, line.value[1:-1]),), 0, shapes)


@operator
def break_a_code(world: World, line: Line) -> Fault | None:
    if not has(
        line,
        "cica:isoAlpha2",
        "cica:isoAlpha3",
        "cica:isoNumeric",
        "cica:m49",
        "cica:meetsEvery",
        "cica:sha256",
    ):
        return None
    shapes = world.asked(line.kind, line.property, SH.pattern)
    return Fault("break-a-code", line, (changed(line, '"_x"'),), 0, shapes) if shapes else None


@operator
def break_the_iri_of_a_thing(world: World, line: Line) -> Fault | None:
    if not has(line, "a") or line.kind not in (
        "cica:Membership",
        "cica:Link",
        "cica:Claim",
        "cica:Coordination",
        "cica:Tenure",
    ):
        return None
    # Nothing refers to records and links, so only the pattern of their IRI can object.
    at = line._replace(number=line.number - 1)
    kind = line.kind.removeprefix("cica:").lower()
    return Fault("break-the-iri-of-a-thing", at, (f"{line.subject}_Bad",), 0, (kind,))


def choose(world: World) -> list[list[Fault]]:
    """Return the faults in batches: every operator at least ten times, every file, no two in one block."""
    dice = random.Random(20260414)
    offers: dict[str, list[Fault]] = {
        name: [fault for line in world.lines if (fault := put(world, line))]
        for name, put in OPERATORS.items()
    }
    for each in offers.values():
        dice.shuffle(each)
    batches: list[list[Fault]] = [[] for _ in range(BATCHES)]
    taken: list[set[str]] = [set() for _ in range(BATCHES)]
    counts: Counter[str] = Counter()
    files: Counter[str] = Counter()

    def take(fault: Fault) -> bool:
        subjects = {fault.line.subject, *fault.touches}
        for batch, used in sorted(zip(batches, taken, strict=True), key=lambda pair: len(pair[0])):
            if not subjects & used:
                batch.append(fault)
                used |= subjects
                counts[fault.operator] += 1
                files[fault.line.file] += 1
                return True
        return False

    # Files with few blocks first, then operators with few offers, then whatever makes the number full.
    for file in sorted(
        {line.file for line in world.lines}, key=lambda f: sum(x.file == f for x in world.lines)
    ):
        mine = [
            fault
            for name in sorted(offers, key=lambda n: len(offers[n]))
            for fault in offers[name]
            if fault.line.file == file
        ]
        next(filter(take, mine))
    for name in sorted(offers, key=lambda n: len(offers[n])):
        for fault in offers[name]:
            if counts[name] >= LEAST:
                break
            if not any(fault in batch for batch in batches):
                take(fault)
    while sum(counts.values()) < FAULTS:
        for name in sorted(offers):
            if sum(counts.values()) < FAULTS and offers[name]:
                fault = offers[name].pop()
                if not any(fault in batch for batch in batches):
                    take(fault)
    return batches


def apply(files: GraphFiles, faults: list[Fault]) -> tuple[GraphFiles, dict[Fault, tuple[int, int]]]:
    """Return the files with all faults in them, and for each the first and last line that may be meant."""
    data, places = [], {}
    for file in files.data:
        lines: list[tuple[str, Fault | None, bool]] = [
            (t, None, False) for t in file.content.decode().split("\n")
        ]
        mine = sorted((f for f in faults if f.line.file == file.name), key=lambda f: -f.line.number)
        for fault in mine:
            new = [(text, fault, index == fault.wrong) for index, text in enumerate(fault.replacement)]
            if not new:  # a line that goes leaves its mark on the line before
                before = lines[fault.line.number - 1]
                lines[fault.line.number - 1] = (before[0], fault, False)
            lines[fault.line.number : fault.line.number + 1] = new
        for number, (_, fault, wrong) in enumerate(lines, 1):
            if fault is None:
                continue
            if wrong:
                places[fault] = (number, number)
            elif fault.wrong is None and fault not in places:
                first = number
                while lines[first - 1][0].startswith((" ", ".")):
                    first -= 1
                last = first
                while not lines[last - 1][0].startswith("."):
                    last += 1
                places[fault] = (first, last)
        data.append(file._replace(content="\n".join(text for text, *_ in lines).encode()))
    return with_parts(files, data=tuple(data)), places


def caught(fault: Fault, place: tuple[int, int], results: list[Result]) -> bool:
    return any(
        result.place is not None
        and result.place.file == fault.line.file
        and place[0] <= result.place.line <= place[1]
        and result.shape.removeprefix(SHAPES_NAMESPACE) in fault.shapes
        and result.severity == "Violation"
        for result in results
    )


@pytest.fixture(scope="module")
def world() -> World:
    made = World()
    made.batches = choose(made)
    return made


def test_the_faults_cover_every_operator_and_every_file(world: World) -> None:
    faults = [fault for batch in world.batches for fault in batch]
    assert len(faults) == FAULTS == len(set(faults))
    counts = Counter(fault.operator for fault in faults)
    assert set(counts) == set(OPERATORS)
    assert min(counts.values()) >= LEAST
    assert {fault.line.file for fault in faults} == {file.name for file in world.files.data}


@pytest.mark.parametrize("number", range(BATCHES))
def test_every_fault_is_caught_by_the_right_shape_on_the_right_line(world: World, number: int) -> None:
    faults = world.batches[number]
    files, places = apply(world.files, faults)
    assert set(places) == set(faults)
    results = list(judge(files).results)
    missed = [fault for fault in faults if not caught(fault, places[fault], results)]
    assert [(f.operator, f.line.file, f.line.number, f.replacement, f.shapes) for f in missed] == []


SYNTAX = {
    "take-a-semicolon-away": (lambda line: line.end == ";", lambda text: text.rstrip(" ;"), ("turtle",)),
    "use-an-undeclared-prefix": (
        lambda line: line.alone and ":" in line.property,
        lambda text: re.sub(r"^    \w+:", "    nowhere:", text),
        ("undeclared-prefix",),
    ),
    "leave-a-quotation-mark-open": (
        lambda line: line.value.endswith('"'),
        lambda text: text.replace('" ', " ", 1) if text.count('"') == 2 else text,
        ("turtle", "unfinished"),
    ),
    "write-a-relative-iri": (
        lambda line: line.value.startswith("source:"),
        lambda text: re.sub(r"source:([\w-]+)", r"<\1>", text),
        ("relative-iri",),
    ),
}


@pytest.mark.parametrize("name", SYNTAX)
def test_broken_turtle_is_caught_on_its_line_or_where_the_next_statement_begins(
    world: World, name: str
) -> None:
    from cica_kg.validation.syntax import syntax_errors

    fits, edit, checks = SYNTAX[name]
    offers = [line for line in world.lines if fits(line)]
    done = 0
    for line in random.Random(7).sample(offers, 60):
        file = next(each for each in world.files.data if each.name == line.file)
        lines = file.content.decode().split("\n")
        edited = edit(lines[line.number])
        # The last semicolon of a block may go: what follows is its full stop.
        if edited == lines[line.number] or lines[line.number + 1].startswith("."):
            continue
        lines[line.number] = edited
        found = syntax_errors([file._replace(content="\n".join(lines).encode())])
        assert found and found[0].place is not None
        assert found[0].shape.removeprefix(f"{SHAPES_NAMESPACE}check-") in checks
        assert line.number + 1 <= found[0].place.line <= line.number + 3
        done += 1
    assert done >= LEAST


if __name__ == "__main__":
    chosen = [fault for batch in choose(World()) for fault in batch]
    for operator_, number_ in sorted(Counter(fault.operator for fault in chosen).items()):
        print(f"{number_:>4}  {operator_}")
    for fault_ in sorted(chosen):
        print(f"{fault_.operator}  {fault_.line.file}:{fault_.line.number + 1}  {', '.join(fault_.shapes)}")

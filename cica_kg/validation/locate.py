"""A validation result → the file, line and column it is about. Nothing here runs for a graph without any."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from rdflib import RDF, BNode, Literal, URIRef
from rdflib.term import Node

from cica_kg import dates
from cica_kg.files import GraphFile
from cica_kg.validation.positions import Positions, Spot, Triple
from cica_kg.validation.report import Place


class Step(NamedTuple):
    """One step of a path: any of some properties, forwards or backwards."""

    properties: tuple[URIRef, ...]
    inverse: bool = False


Found: TypeAlias = tuple[Positions, Spot]


class Locator:
    """Finds triples in the files of a graph; parses a file only when it speaks of what is looked for.

    Args:
        files: in the order of the graph; a triple that stands in two files is found in the first.
        bounds: derived property → the authored properties that it follows from.
    """

    def __init__(self, files: Iterable[GraphFile], bounds: dict[URIRef, tuple[URIRef, ...]]) -> None:
        """Look at nothing yet."""
        self._files = tuple(files)
        self._texts: dict[int, str] = {}
        self._indices: dict[int, Positions] = {}
        self._bounds = bounds

    def in_file(self, name: str, triple: Triple, part: str) -> Place | None:
        """Return the place of a triple's `subject`, `predicate` or `object` in one file."""
        for number, file in enumerate(self._files):
            if file.name == name:
                index = self._index(number)
                # Another parser gave blank nodes other names, and rdflib writes numbers in its own way: then
                # whatever else is the same has to do.
                for depth in (3, 2):
                    for spot in index.spots:
                        if all(
                            _alike(*pair) for pair in zip(spot.triple[:depth], triple[:depth], strict=True)
                        ):
                            return self._part(index, spot, part)
                return self.block(triple[0])
        return None

    def block(self, node: Node) -> Place | None:
        """Return the place of the block about `node`: the one that gives its kind, else the first."""
        first = None
        for index in self._mentioning(node):
            for spot in index.about.get(node, ()):
                if spot.triple[1] == RDF.type:
                    return index.word(spot.subject)
            if first is None and node in index.blocks:
                first = index.word(index.blocks[node])
        return first

    def spots(self, node: Node, step: Step) -> list[Found]:
        """Return where the values of a step of a path from `node` stand, in file order.

        A date bound stands nowhere: then what it follows from is returned.
        """
        wanted = [each for property_ in step.properties for each in self._bounds.get(property_, (property_,))]
        return [
            (index, spot)
            for index in self._mentioning(node)
            for spot in (index.pointing if step.inverse else index.about).get(node, ())
            if spot.triple[1] in wanted
        ]

    def place(self, index: Positions, spot: Spot) -> Place:
        """Return the place of the object of a triple."""
        return index.place(spot.object, spot.end)

    def is_bound(self, step: Step) -> bool:
        """Whether the properties of a step are derived from authored dates."""
        return all(property_ in self._bounds for property_ in step.properties)

    def _part(self, index: Positions, spot: Spot, part: str) -> Place:
        if part == "object":
            return self.place(index, spot)
        return index.word(spot.predicate if part == "predicate" else spot.subject)

    def _mentioning(self, node: Node) -> Iterable[Positions]:
        """Give the indices of the files that can speak of `node`, by a search for its name in their text."""
        if isinstance(node, BNode):
            number = str(node).removeprefix("nfile").partition("b")[0]
            candidates = [int(number)] if number.isdigit() and int(number) < len(self._files) else []
        else:
            name = str(node) if isinstance(node, Literal) else _last_part(str(node))
            candidates = [n for n in range(len(self._files)) if not name or name in self._text(n)]
            # The name may stand there in another spelling (an escape): then every file is looked at.
            candidates = candidates or list(range(len(self._files)))
        return map(self._index, candidates)

    def _text(self, number: int) -> str:
        if number not in self._texts:
            self._texts[number] = self._files[number].turtle.decode("utf-8")
        return self._texts[number]

    def _index(self, number: int) -> Positions:
        if number not in self._indices:
            self._indices[number] = Positions(self._files[number], number)
        return self._indices[number]


def _alike(one: Node, other: Node) -> bool:
    return one == other or (isinstance(one, BNode) and isinstance(other, BNode))


def _last_part(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1 :]


def locate(
    locator: Locator,
    focus: Node,
    steps: tuple[Step, ...],
    value: Node | None,
    component: str,
    limit: int | None,
    targets: tuple[URIRef, ...] = (),
) -> Place | None:
    """Return the place that a validation result is about.

    Args:
        locator: knows the files.
        focus: the focus node.
        steps: the path; empty where the whole node is meant.
        value: the offending value, or None.
        component: the name of the constraint component.
        limit: how many values are allowed, where too many is the fault.
        targets: the properties for whose subjects the shape is.

    Returns:
        The very triple, where one is at fault; else the block of the subject; None where no file has it.
    """
    if not steps:
        if value is not None and value != focus and (elsewhere := locator.block(value)):
            return elsewhere
        if component in ("ClassConstraintComponent", "InConstraintComponent"):
            kinds = locator.spots(focus, Step((RDF.type,)))
            if kinds:
                return locator.place(*kinds[0])
        # A shape for whoever has a property speaks of that property.
        said = locator.spots(focus, Step(targets)) if targets else []
        return locator.place(*said[0]) if said else locator.block(focus)
    found = _walk(locator, focus, steps, value)
    chosen = _choose(found, value, component, limit, bound=locator.is_bound(steps[-1]))
    return locator.place(*chosen) if chosen else locator.block(focus)


def _walk(locator: Locator, focus: Node, steps: tuple[Step, ...], value: Node | None) -> list[Found]:
    """Return the triples of the last step, or of the first where no value tells which last one is meant."""
    here = first = locator.spots(focus, steps[0])
    for before, step in pairwise(steps) if value is not None else ():
        nodes = {spot.triple[0 if before.inverse else 2] for _, spot in here}
        here = [found for node in sorted(nodes, key=str) for found in locator.spots(node, step)]
    return here or first


def _choose(
    found: list[Found], value: Node | None, component: str, limit: int | None, *, bound: bool
) -> Found | None:
    if not found:
        return None
    if value is not None:
        for each in found:
            if value in (each[1].triple[0], each[1].triple[2]) or (bound and _gives(each[1], str(value))):
                return each
        return found[0] if bound else None
    if component == "UniqueLangConstraintComponent":
        seen: set[str | None] = set()
        for each in found:
            text = each[1].triple[2]
            language = text.language if isinstance(text, Literal) else None
            if language is not None and language in seen:
                return each
            seen.add(language)
    if limit is not None:
        return found[min(limit, len(found) - 1)]
    # A bound is missing: the text that it should follow from cannot be read.
    return found[0] if bound else None


def _gives(spot: Spot, day: str) -> bool:
    """Whether `day` is a bound of the date text that stands at `spot`."""
    try:
        return day in {each.isoformat() for each in dates.bounds(str(spot.triple[2]))}
    except ValueError:
        return False

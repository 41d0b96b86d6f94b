"""Judging, in order: is it Turtle, do our checks find anything, do the shapes; then where that stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.derive import BOUNDS, add_labels, date_bounds
from cica_kg.files import GraphFiles
from cica_kg.store import build_store, quiet_literals
from cica_kg.validation import precheck
from cica_kg.validation.report import Place, Report, Result
from cica_kg.validation.syntax import syntax_errors
from cica_kg.validation.words import check_result, with_hint
from cica_kg.vocabulary import RDF, RDFS

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    from cica_kg.validation.locate import Locator
    from cica_kg.validation.shacl import Found

_LABEL = NamedNode(RDFS + "label")


def judge(files: GraphFiles, store: Store | None, progress: Callable[[str], None]) -> Report:
    """Return the full report on `files`; the arguments are those of `gate.judge`."""
    broken = syntax_errors(files.data + files.ontology + files.shapes)
    if broken:
        return Report(
            tuple(broken), "Oxigraph's Turtle parser", None, lambda: _w3c(None, tuple(broken), tuple(broken))
        )
    if store is None:
        store = build_store(files.ontology + files.data)
        store.extend(date_bounds(store))
    with quiet_literals():
        return _full(files, store, progress)


def _full(files: GraphFiles, store: Store, progress: Callable[[str], None]) -> Report:
    size = sum(len(file.content) for file in files.data)
    progress(f"validating {len(files.data)} files, {size / 1000:,.0f} kB (remembered until a file changes) …")
    from cica_kg.validation import shacl

    checked = precheck.findings(files)
    found, graph, engine = shacl.run(files, date_bounds(store))
    if not checked and not found:
        return Report((), engine, None, lambda: _w3c(graph, (), ()))
    from rdflib import URIRef

    from cica_kg.validation.locate import Locator

    bounds: dict[URIRef, tuple[URIRef, ...]] = {}
    for authored, first, last in BOUNDS:
        for derived in (*first, *last):
            key = URIRef(derived.value)
            bounds[key] = (*bounds.get(key, ()), URIRef(authored.value))
    locator = Locator(shacl.numbered(files), bounds)
    others = tuple(_found(each, locator) for each in found)
    checked, others = _told_once(checked, others)
    own = tuple(_checked(each, locator, files) for each in checked)
    results = own + others
    return Report(results, engine, _labels(store, files, results), lambda: _w3c(graph, own, results))


def _told_once(
    checked: list[precheck.Finding], results: tuple[Result, ...]
) -> tuple[list[precheck.Finding], tuple[Result, ...]]:
    """Where a shape speaks of the same value already, give it our hint and leave our finding out."""
    told = {(each.focus, each.path, each.value) for each in results}
    missed = {each.value for each in results}
    kept, hints = [], {}
    for finding in checked:
        key = _same(finding)
        if key in told:
            hints[key] = finding.hint
        elif not (finding.check == "unknown-thing" and key and key[0] in missed):
            kept.append(finding)
    hinted = tuple(
        each._replace(messages=with_hint(each.messages, hints.get((each.focus, each.path, each.value), "")))
        for each in results
    )
    return kept, hinted


def _same(finding: precheck.Finding) -> tuple[str, str | None, str | None] | None:
    """Return focus, path and value of the result in which a shape would say what a finding says."""
    triple = finding.triple
    if triple is None:
        return None
    if finding.check == "unknown-thing":
        return precheck.describe(triple.subject), f"{RDF}type", None
    if finding.part == "object" and finding.check in ("dangling-reference", "unknown-term"):
        return precheck.describe(triple.subject), triple.predicate.value, precheck.describe(triple.object)
    return None


def _checked(finding: precheck.Finding, locator: Locator, files: GraphFiles) -> Result:
    """Turn what a check found into a result."""
    values = (finding.what, finding.hint)
    triple = finding.triple
    if triple is None:
        place = _by_text(finding, files)
        return check_result(finding.check, values, focus=finding.file, path=None, value=None, place=place)
    from cica_kg.validation.positions import as_rdflib

    terms = (as_rdflib(triple.subject), as_rdflib(triple.predicate), as_rdflib(triple.object))
    place = locator.in_file(finding.file, terms, finding.part)
    return check_result(
        finding.check,
        values,
        focus=precheck.describe(triple.subject),
        path=triple.predicate.value,
        value=precheck.describe(triple.object),
        place=place,
        term=str(triple.object),
    )


def _by_text(finding: precheck.Finding, files: GraphFiles) -> Place | None:
    """Return the place of what is no triple: a prefix declaration, or a term inside SPARQL."""
    file = next(each for each in (*files.data, *files.ontology, *files.shapes) if each.name == finding.file)
    if finding.check == "prefix":
        pattern = re.compile(
            rf"^[ \t]*@?prefix[ \t]+{re.escape(finding.part)}[ \t]*:", re.IGNORECASE | re.MULTILINE
        )
    else:
        pattern = re.compile(rf"(?<![\w:]){re.escape(finding.part)}\b")
    text = file.turtle.decode("utf-8")
    match = pattern.search(text)
    if match is None:
        return None
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    line = text.count("\n", 0, start) + 1
    begins = text.rfind("\n", 0, start) + 1
    whole = text[begins:].partition("\n")[0].removesuffix("\r")
    end = len(whole) if finding.check == "prefix" else start - begins + len(finding.part)
    return Place(file.name, line, start - begins + 1, whole, end + 1)


def _found(found: Found, locator: Locator) -> Result:
    """Turn what the validator found into a result."""
    from cica_kg.validation.locate import locate

    limit = (
        int(found.expected)
        if found.expected and found.expected.isdigit() and "Max" in found.component
        else None
    )
    place = locate(locator, found.focus, found.steps, found.value, found.component, limit, found.targets)
    return Result(
        focus=_text(found.focus),
        path=found.path,
        value=None if found.value is None else _text(found.value),
        severity=found.severity,
        shape=found.shape,
        component=found.component,
        messages=found.messages,
        expected=found.expected,
        place=place,
        term=None if found.value is None else found.value.n3(),
    )


def _text(node: Node) -> str:
    from rdflib import BNode

    return f"_:{node}" if isinstance(node, BNode) else str(node)


def _labels(store: Store, files: GraphFiles, results: Iterable[Result]) -> dict[str, dict[str, str]]:
    """Return the labels of everything that the results mention, by IRI and language."""
    from cica_kg.store import copy_store

    named = copy_store(store)
    add_labels(named, files)
    wanted: set[str] = set()
    for result in results:
        wanted |= {result.focus, result.path or "", result.value or "", *(result.expected or "").split("\n")}
    labels: dict[str, dict[str, str]] = {}
    for iri in sorted(wanted):
        if "://" not in iri or any(c in iri for c in ' <>"{}|\\^`\n'):
            continue
        for quad in named.quads_for_pattern(NamedNode(iri), _LABEL, None, None):
            if isinstance(quad.object, Literal):
                labels.setdefault(iri, {})[quad.object.language or ""] = quad.object.value
    return labels


def _w3c(graph: Graph | None, own: tuple[Result, ...], results: tuple[Result, ...]) -> str:
    from rdflib import Graph

    from cica_kg.validation.forms import w3c_turtle

    return w3c_turtle(graph if graph is not None else Graph(), own, conforms=not results)

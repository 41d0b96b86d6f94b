"""A report in the forms that machines read: JSON, the W3C report in Turtle, SARIF, annotations of GitHub."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from cica_kg.text import harmless, json_text
from cica_kg.validation.report import Place, Report, Result
from cica_kg.validation.talk import one_line
from cica_kg.version import __version__
from cica_kg.vocabulary import PREFIXES, shorten

if TYPE_CHECKING:
    from pyoxigraph import Triple
    from rdflib import Graph

FORMATS: Final = ("text", "json", "turtle", "sarif", "github")
_LEVELS: Final = {"Violation": "error", "Warning": "warning", "Info": "note"}
_COMMANDS: Final = {"Violation": "error", "Warning": "warning", "Info": "notice"}
_HOME: Final = "https://w3id.org/cica-kg"


def dump(report: Report) -> bytes:
    """Return a report as JSON bytes from which `undump` makes an equal one."""
    content = {
        "engine": report.engine,
        "labels": report.labels,
        "results": [result._asdict() for result in report.results],
        "turtle": report.w3c(),
    }
    return json.dumps(content, ensure_ascii=False).encode()


def undump(data: bytes) -> Report:
    """Read back what `dump` wrote.

    Raises:
        ValueError, KeyError, TypeError: it is something else.
    """
    content = json.loads(data)
    results = []
    for fields in content["results"]:
        place = fields.pop("place")
        results.append(Result(**fields, place=Place(*place) if place else None))
    turtle = str(content["turtle"])
    return Report(tuple(results), content["engine"], content["labels"], lambda: turtle)


def to_json(report: Report, language: str) -> str:
    """Return everything the report knows as JSON; `message` is in the language asked for."""

    def result(each: Result) -> dict[str, Any]:
        place = each.place._asdict() if each.place else None
        return {
            "severity": each.severity,
            "place": place,
            "focus": each.focus,
            "label": report.label(each.focus, language),
            "path": each.path,
            "property": report.label(each.path, language) if each.path else None,
            "value": each.value,
            "term": each.term,
            "expected": each.expected.split("\n") if each.expected is not None else None,
            "message": each.message(language),
            "messages": each.messages,
            "shape": each.shape,
            "component": each.component,
        }

    content = {
        "conforms": report.conforms,
        "engine": report.engine,
        "counts": {severity: report.count(severity) for severity in _LEVELS},
        "shapes": [
            {"shape": shape, "severity": severity, "count": number}
            for shape, severity, number in report.by_shape()
        ],
        "results": [result(each) for each in report.results],
    }
    return json_text(content)


def to_github(report: Report, language: str, paths: dict[str, Path]) -> str:
    """Return workflow commands, one a result, that GitHub shows on the line of a pull request.

    Args:
        report: what to show.
        language: of the messages.
        paths: name of a file → where it is; what lies under the current folder is named from there.
    """
    lines = []
    for result in report.results:
        title = shorten(result.shape) or result.shape
        properties = {"title": title}
        if place := result.place:
            properties = {
                "file": _relative(place.file, paths),
                "line": str(place.line),
                "col": str(place.column),
            }
            if place.end is not None:
                properties |= {"endLine": str(place.line), "endColumn": str(place.end)}
            properties["title"] = title
        told = ",".join(f"{name}={_escaped(harmless(value), ':,')}" for name, value in properties.items())
        text = one_line(result, language, lambda iri: report.label(iri, language))
        lines.append(f"::{_COMMANDS.get(result.severity, 'notice')} {told}::{_escaped(text)}\n")
    return "".join(lines)


def _escaped(text: str, besides: str = "") -> str:
    """Escape text for a workflow command: per cent, line ends, and in properties `:` and `,`."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + besides else c for c in text)


def to_sarif(report: Report, language: str, paths: dict[str, Path]) -> str:
    """Return the report as SARIF 2.1.0 (OASIS), one rule a shape, so that code hosts show it on the line.

    Args:
        report: what to show.
        language: of the messages.
        paths: name of a file → where it is.
    """
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for result in report.results:
        name = shorten(result.shape) or result.shape
        level = _LEVELS.get(result.severity, "note")
        if name not in rules:
            rules[name] = {
                "id": name,
                "shortDescription": {"text": result.message("en")},
                "fullDescription": {"text": result.message(language)},
                "helpUri": result.shape if "://" in result.shape else _HOME,
                "defaultConfiguration": {"level": level},
            }
        shown: dict[str, Any] = {
            "ruleId": name,
            "ruleIndex": list(rules).index(name),
            "level": level,
            "message": {"text": one_line(result, language, lambda iri: report.label(iri, language))},
            # The same fault keeps its identity when lines above it come or go.
            "partialFingerprints": {"thing/v1": _fingerprint(result)},
        }
        location: dict[str, Any] = {}
        if place := result.place:
            region: dict[str, Any] = {"startLine": place.line, "startColumn": place.column}
            if place.end is not None:
                region |= {"endLine": place.line, "endColumn": place.end}
            if place.text:
                region["snippet"] = {"text": place.text[:500]}
            location["physicalLocation"] = {
                "artifactLocation": _artifact(place.file, paths),
                "region": region,
            }
        if result.place is None or result.focus != result.place.file:
            location["logicalLocations"] = [{"fullyQualifiedName": result.subject, "kind": "resource"}]
        shown["locations"] = [location]
        results.append(shown)
    driver = {
        "name": "cica-kg",
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": list(rules.values()),
    }
    run = {
        "tool": {
            "driver": driver,
            "extensions": [{"name": each} for each in report.engine.split(", ") if each],
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    sarif = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json_text(sarif)


def _fingerprint(result: Result) -> str:
    told = "\0".join((result.shape, result.focus, result.path or "", result.value or "", result.component))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _relative(name: str, paths: dict[str, Path]) -> str:
    path = paths.get(name)
    if path is None:
        return name
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _artifact(name: str, paths: dict[str, Path]) -> dict[str, str]:
    shown = _relative(name, paths)
    if Path(shown).is_absolute():
        return {"uri": Path(shown).as_uri()}
    return {"uri": quote(shown), "uriBaseId": "%SRCROOT%"}


def w3c_turtle(graph: Graph, own: tuple[Result, ...], conforms: bool) -> str:
    """Return the W3C report as Turtle: pySHACL's own results as they are, ours beside them, in a fixed order.

    Args:
        graph: pySHACL's report graph; empty where the shapes were not asked.
        own: results of our own checks, which are added as further results.
        conforms: whether nothing at all was found (the W3C's sense: a warning counts).
    """
    from pyoxigraph import RdfFormat, parse
    from rdflib import RDF, SH, XSD, BNode, Graph, Literal, Node, URIRef
    from rdflib.util import from_n3

    from cica_kg.store import literals_as_written

    # A copy: the validator's own graph stays as it is, whoever asks again.
    found, graph = graph, Graph(bind_namespaces="none")
    graph += found
    report = next(graph.subjects(RDF.type, SH.ValidationReport), None) or BNode()
    graph.set((report, RDF.type, SH.ValidationReport))
    graph.set((report, SH.conforms, Literal(conforms, datatype=XSD.boolean)))
    for result in own:
        node = BNode()
        graph.add((report, SH.result, node))
        graph.add((node, RDF.type, SH.ValidationResult))
        focus = URIRef(result.focus) if "://" in result.focus else Literal(result.focus)
        graph.add((node, SH.focusNode, focus))
        graph.add((node, SH.resultSeverity, URIRef(SH + result.severity)))
        graph.add((node, SH.sourceShape, URIRef(result.shape)))
        graph.add((node, SH.sourceConstraintComponent, URIRef(result.shape)))
        if result.path:
            graph.add((node, SH.resultPath, URIRef(result.path)))
        with literals_as_written():
            value = from_n3(result.term) if result.term else None
        if isinstance(value, Node):
            graph.add((node, SH.value, value))
        for language, message in result.messages.items():
            graph.add((node, SH.resultMessage, Literal(message, lang=language or None)))
    triples = [quad.triple for quad in parse(graph.serialize(format="nt"), RdfFormat.N_TRIPLES)]
    return canonical_turtle(triples, {"sh": "http://www.w3.org/ns/shacl#"})


def canonical_turtle(triples: Iterable[Triple], prefixes: dict[str, str]) -> str:
    """Return triples as Turtle with blank nodes named by RDFC-1.0: the same graph has the same bytes."""
    from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad
    from rdflib import Graph

    from cica_kg.validation.positions import as_rdflib

    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    named = Graph(bind_namespaces="none")
    for prefix, iri in {**PREFIXES, **prefixes}.items():
        named.bind(prefix, iri)
    for quad in dataset:
        named.add((as_rdflib(quad.subject), as_rdflib(quad.predicate), as_rdflib(quad.object)))
    return named.serialize(format="longturtle")

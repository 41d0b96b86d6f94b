"""The gate: pySHACL judges the authored graph and its date bounds; only what conforms comes through.

Nothing here depends on the reference date, so one verdict, remembered by content hash, holds for every day.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.dates import day
from cica_kg.derive import add_labels, date_bounds, known_until
from cica_kg.errors import DataError, InvalidGraphError
from cica_kg.files import GraphFile, GraphFiles, write_file
from cica_kg.store import build_store, literals_as_written
from cica_kg.validation.report import Report, Result
from cica_kg.vocabulary import RDFS

if TYPE_CHECKING:
    from rdflib import Graph

_KEY = object()
_ENGINES = ("pyshacl", "rdflib")
_DECIDING_MODULES = ("dates.py", "derive.py", "validation/gate.py")


@dataclass(frozen=True)
class Validated:
    """A graph that passed the gate: every verb takes one, and only `admit` makes one.

    Attributes:
        files: what was judged.
        store: ontology, data, bounds and record labels in the default graph; whoever loads it adds the views.
        known_until: the day up to which the graph was kept.
        remembered: whether the verdict was known from an earlier run.
    """

    files: GraphFiles
    store: Store
    known_until: date
    remembered: bool
    key: object

    def __post_init__(self) -> None:
        """Refuse to be made anywhere else."""
        if self.key is not _KEY:
            raise TypeError("only the gate makes a Validated: call admit()")


def admit(files: GraphFiles, progress: Callable[[str], None] = lambda _: None) -> Validated:
    """Let `files` through if they conform to their shapes.

    Args:
        files: the graph.
        progress: called with a line of text before work that takes longer than a second.

    Raises:
        TurtleError: a file is not Turtle.
        InvalidGraphError: the graph does not conform; the error holds the report.
    """
    if not (files.shapes and files.ontology and files.rules):
        raise DataError(
            f"{files.root} has no shapes, no terms or no rules under ontology/: nothing can be validated"
        )
    store = build_store(files.ontology + files.data)
    store.extend(date_bounds(store))
    verdict = _verdict_file(files)
    remembered = _is_remembered(verdict)
    if not remembered:
        progress("validating the graph (the verdict is remembered until a file changes) …")
        report = judge(files, store)
        if not report.conforms:
            count = sum(result.severity == "Violation" for result in report.results)
            raise InvalidGraphError(_invalid_message(report, store, count), report)
        _remember(verdict, report)
    return _pass(files, store, remembered)


def judge(files: GraphFiles, store: Store | None = None) -> Report:
    """Validate `files` with pySHACL, whatever is remembered, and return the full report.

    The data graph is parsed by rdflib from the source files (a store rewrites literals), with the date
    bounds added; the ontology goes in as `ont_graph`, without which class constraints pass bad data.
    """
    if store is None:
        store = build_store(files.ontology + files.data)
        store.extend(date_bounds(store))
    import pyshacl
    import rdflib

    with literals_as_written():
        data = _parse(files.data)
        ontology = _parse(files.ontology)
        shapes = _parse(files.shapes)
        for quad in date_bounds(store):
            subject, bound = cast(NamedNode, quad.subject), cast(Literal, quad.object)
            day_bound = rdflib.Literal(bound.value, datatype=rdflib.XSD.date)
            data.add((rdflib.URIRef(subject.value), rdflib.URIRef(quad.predicate.value), day_bound))
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")
    return Report(_results(results), f"pySHACL {pyshacl.__version__}, rdflib {rdflib.__version__}")


def label_of(store: Store, iri: str, languages: tuple[str, ...] = ("en", "ar", "ru")) -> str | None:
    """Return the label of `iri` in the first of `languages` that has one, else any, else None."""
    labels = {
        quad.object.language or "": quad.object.value
        for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(RDFS + "label"), None, None)
        if isinstance(quad.object, Literal)
    }
    for language in (*languages, *sorted(labels)):
        if language in labels:
            return labels[language]
    return None


def _pass(files: GraphFiles, store: Store, remembered: bool) -> Validated:
    text = known_until(store)
    if text is None:
        raise DataError(
            "the graph does not say up to which day it was kept: add cica:knownUntil to data/graph.ttl"
        )
    add_labels(store, files)
    return Validated(files, store, day(text), remembered, _KEY)


def _invalid_message(report: Report, store: Store, count: int) -> str:
    lines = report.lines(label=lambda iri: label_of(store, iri))
    return f"the graph does not conform to its shapes ({count} violations):\n" + "\n".join(lines)


def _parse(files: tuple[GraphFile, ...]) -> Graph:
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for file in files:
        graph.parse(data=file.content, format="turtle", publicID="urn:none:")
    return graph


def _results(graph: Any) -> tuple[Result, ...]:
    from rdflib import RDF, SH
    from rdflib import Literal as RdflibLiteral

    found = []
    for node in graph.subjects(RDF.type, SH.ValidationResult):

        def text(property_: Any, node: Any = node) -> str | None:
            value = graph.value(node, property_)
            return None if value is None else str(value)

        messages = {
            (m.language or "") if isinstance(m, RdflibLiteral) else "": str(m)
            for m in sorted(graph.objects(node, SH.resultMessage))
        }
        found.append(
            Result(
                focus=text(SH.focusNode) or "",
                path=text(SH.resultPath),
                value=text(SH.value),
                severity=(text(SH.resultSeverity) or "").rpartition("#")[2],
                shape=text(SH.sourceShape) or "",
                component=(text(SH.sourceConstraintComponent) or "").rpartition("#")[2],
                messages=messages,
            )
        )
    return tuple(sorted(found, key=lambda r: (r.focus, r.path or "", r.shape, r.component, r.value or "")))


def _verdict_file(files: GraphFiles) -> Path | None:
    """Return where the verdict on exactly this input is remembered; None where that cannot be known."""
    total = hashlib.sha256(files.digest.encode())
    package = Path(__file__).resolve().parent.parent
    try:
        for module in _DECIDING_MODULES:
            total.update((package / module).read_bytes())
    except OSError:
        return None
    for engine in _ENGINES:
        total.update(f"{engine} {_installed(engine)}".encode())
    folder = _cache_folder()
    return folder / f"{total.hexdigest()}.json" if folder else None


def _installed(name: str) -> str:
    """Return the name of the installed distribution's metadata folder: its version, without its import.

    importlib.metadata alone would cost more than the rest of a plain query.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return "missing"
    beside = Path(spec.origin).parent.parent
    return ",".join(sorted(path.name for path in beside.glob(f"{name}-*.dist-info"))) or spec.origin


def _cache_folder() -> Path | None:
    """Return the user's cache folder by the platform's convention, or None where there is none."""
    if own := os.environ.get("CICA_KG_CACHE"):
        return Path(own)
    try:
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return base / "cica-kg" / "verdicts"


def _is_remembered(verdict: Path | None) -> bool:
    if verdict is None:
        return False
    try:
        content = json.loads(verdict.read_bytes())
    except (OSError, ValueError):
        return False
    return (
        isinstance(content, dict) and content.get("key") == verdict.stem and content.get("conforms") is True
    )


def _remember(verdict: Path | None, report: Report) -> None:
    """Keep the verdict; a cache that cannot be written is no error."""
    if verdict is None:
        return
    content = json.dumps({"key": verdict.stem, "conforms": True, "engine": report.engine})
    with contextlib.suppress(OSError):
        verdict.parent.mkdir(parents=True, exist_ok=True)
        write_file(verdict, content.encode())

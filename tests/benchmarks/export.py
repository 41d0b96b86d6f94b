"""How fast an RDF export is, beside pyoxigraph's own serializer and rdflib, in one run.

    python -m tests.benchmarks.export

All write the same triples: Oxigraph and we from one list in the order of the files, rdflib from its graph.
The least CPU time of several runs.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence

import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

import cica_kg
from cica_kg.export.rdf import WITH_GRAPHS, rdf_bytes
from cica_kg.export.selection import Selection, select
from cica_kg.rdf import WRITTEN_PREFIXES
from cica_kg.store import rdflib_graph
from tests.benchmarks import report

#: Our form → Oxigraph's and rdflib's names for it; canonical has N-Quads of the default graph beside it.
FORMS = {
    "turtle": (RdfFormat.TURTLE, "longturtle"),
    "ntriples": (RdfFormat.N_TRIPLES, "nt"),
    "nquads": (RdfFormat.N_QUADS, "nquads"),
    "trig": (RdfFormat.TRIG, "trig"),
    "rdfxml": (RdfFormat.RDF_XML, "xml"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
    "canonical": (RdfFormat.N_QUADS, None),
}
#: Forms of Oxigraph's that have prefixes.
PREFIXED = ("turtle", "trig", "rdfxml")
#: Copies of the graph that make some 100,000 triples.
COPIES = 10


def best(works: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """Return the least milliseconds of CPU time that each took; by turns, as the machine is fast and slow."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, taken in zip(works, times, strict=True):
            gc.collect()
            begun = time.process_time()
            work()
            taken.append(1000 * (time.process_time() - begun))
    return [min(taken) for taken in times]


def copies(quads: list[Quad], number: int) -> Iterator[Quad]:
    """Yield the graph so many times, each time with other things."""
    for copy in range(number):
        for quad in quads:
            subject, value = quad.subject, quad.object
            if copy and isinstance(subject, NamedNode):
                subject = NamedNode(f"{subject.value}-{copy}")
            if copy and isinstance(value, NamedNode) and "/id/" in value.value:
                value = NamedNode(f"{value.value}-{copy}")
            yield Quad(subject, quad.predicate, value, quad.graph_name)


def dataset(quads: list[Quad]) -> rdflib.Dataset:
    """Return the quads as rdflib has them."""
    made = rdflib.Dataset()
    for prefix, iri in WRITTEN_PREFIXES.items():
        made.bind(prefix, iri)
    made.parse(data=serialize(quads, format=RdfFormat.N_QUADS), format="nquads")
    return made


def measure(quads: list[Quad], runs: int) -> list[tuple[str, ...]]:
    """Return a row a form: ours, Oxigraph with a sort, rdflib, and the ratios."""
    flat = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    graph, with_graphs = rdflib_graph(quad.triple for quad in quads), dataset(quads)
    rows = []
    for form, (format_, other) in FORMS.items():
        held = quads if form in WITH_GRAPHS else flat

        def raw(
            held: list[Quad] = held,
            format_: RdfFormat = format_,
            prefixes: dict[str, str] | None = WRITTEN_PREFIXES if form in PREFIXED else None,
        ) -> bytes | None:
            return serialize(sorted(held, key=str), format=format_, prefixes=prefixes)

        def rdflib_own(form: str = form, other: str | None = other) -> str:
            return (with_graphs if form in WITH_GRAPHS else graph).serialize(format=other)

        def own(held: list[Quad] = held, form: str = form) -> bytes:
            return rdf_bytes(held, form)

        ours, oxigraph = best([own, raw], runs)
        theirs = best([rdflib_own], max(1, runs // 5))[0] if other else None
        rows.append(
            (
                form,
                f"{ours:.0f}",
                f"{oxigraph:.0f}",
                f"{theirs:.0f}" if theirs else "–",
                f"{ours / oxigraph:.2f}",
                f"{theirs / ours:.1f}" if theirs else "–",
            )
        )
    return rows


def selecting(kg: cica_kg.KnowledgeGraph) -> float:
    """Return the milliseconds of CPU time that it takes to select a whole graph that was exported before."""
    return best([lambda: select(kg, Selection())], 10)[0]


def main() -> None:
    """Measure, print, and write the section of docs/benchmarks.md."""
    kg = cica_kg.load()
    quads = select(kg, Selection())
    head = ("form", "export", "Oxigraph and a sort", "rdflib", "÷ Oxigraph", "rdflib ÷")
    many = list(copies(quads, COPIES))
    lines = [
        f"The graph, {len(quads):,} triples, milliseconds of CPU time:",
        "",
        *report.table(head, measure(quads, 25)),
        "",
        f"{COPIES} copies of it, {len(many):,} triples:",
        "",
        *report.table(head, measure(many, 5)),
        "",
        "An export has the same bytes each time; rdflib sorts Turtle, TriG and RDF/XML alone. Its Turtle and"
        " ours have one value a line, Oxigraph's all values of a property; no JSON-LD but ours has language"
        " maps. All are given the prefixes of the graph for Turtle, TriG and RDF/XML. To select a whole graph"
        f" takes {selecting(kg):.1f} ms more, and for the first export as long as to parse its files.",
    ]
    report.section("Export", "tests/benchmarks/export.py", lines)


if __name__ == "__main__":
    main()

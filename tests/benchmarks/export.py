"""How fast an RDF export is, beside pyoxigraph's own serializer and rdflib, in one run.

    python -m tests.benchmarks.export

All write the same triples, held in memory as each has them; the least CPU time of several runs.
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
    made.parse(data=serialize(quads, format=RdfFormat.N_QUADS), format="nquads")
    return made


def measure(quads: list[Quad], runs: int) -> list[tuple[str, ...]]:
    """Return a row a form: ours, Oxigraph with a sort, rdflib, and the ratios."""
    flat = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    graph, with_graphs = rdflib_graph(quad.triple for quad in quads), dataset(quads)
    rows = []
    for form, (format_, other) in FORMS.items():
        held = quads if form in WITH_GRAPHS else flat

        def raw(held: list[Quad] = held, format_: RdfFormat = format_) -> bytes | None:
            return serialize(sorted(held, key=str), format=format_)

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


def main() -> None:
    """Measure, print, and write the section of docs/benchmarks.md."""
    quads = select(cica_kg.load(), Selection())
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
        " ours have one value a line; its JSON-LD has no language maps.",
    ]
    report.section("Export", "tests/benchmarks/export.py", lines)


if __name__ == "__main__":
    main()

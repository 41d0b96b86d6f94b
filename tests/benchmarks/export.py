"""How fast an RDF export is, beside pyoxigraph's own serializer and rdflib, in one run.

    python -m tests.benchmarks.export

All write the same triples, from where each has them in memory: Oxigraph in its store, rdflib in its graph, we
in a loaded graph, the selection included. The first export of a graph reads its files again: that is told
apart. The least CPU time of several runs.

Oxigraph's serializer takes any triples. So it is measured too with a list in the order of the files, which it
sorts and writes in half the time, beside our writers with the same list.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence

import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

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

Row = tuple[str, ...]


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


def measure(quads: list[Quad], runs: int, chosen: Callable[[bool], list[Quad]] | None = None) -> list[Row]:
    """Return a row a form: ours and Oxigraph's from memory, rdflib's, both from one list, and the ratios.

    Args:
        quads: what is written, in the order of the files.
        runs: of each.
        chosen: selects the quads from a loaded graph, with the graphs of their files or without; None: a list
            is all there is to select from.
    """
    flat = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    store = Store()
    store.extend(quads)
    graph, with_graphs = rdflib_graph(quad.triple for quad in quads), dataset(quads)
    rows = []
    for form, (format_, other) in FORMS.items():
        named = form in WITH_GRAPHS
        held = quads if named else flat
        prefixes = WRITTEN_PREFIXES if form in PREFIXED else None

        def own(held: list[Quad] = held, form: str = form, named: bool = named) -> bytes:
            return rdf_bytes(chosen(named) if chosen else held, form)

        def oxigraph(
            format_: RdfFormat = format_, named: bool = named, prefixes: dict[str, str] | None = prefixes
        ) -> bytes | None:
            found = sorted(store, key=str) if named else sorted([quad.triple for quad in store], key=str)
            return serialize(found, format=format_, prefixes=prefixes)

        def own_list(held: list[Quad] = held, form: str = form) -> bytes:
            return rdf_bytes(held, form)

        def oxigraph_list(
            held: list[Quad] = held, format_: RdfFormat = format_, prefixes: dict[str, str] | None = prefixes
        ) -> bytes | None:
            return serialize(sorted(held, key=str), format=format_, prefixes=prefixes)

        def rdflib_own(named: bool = named, other: str | None = other) -> str:
            return (with_graphs if named else graph).serialize(format=other)

        ours, theirs, our_list, their_list = best([own, oxigraph, own_list, oxigraph_list], runs)
        slowest = best([rdflib_own], max(1, runs // 5))[0] if other else None
        rows.append(
            (
                form,
                f"{ours:.0f}",
                f"{theirs:.0f}",
                f"{slowest:.0f}" if slowest else "–",
                f"{ours / theirs:.2f}",
                f"{slowest / ours:.1f}" if slowest else "–",
                f"{our_list:.0f} ÷ {their_list:.0f} = {our_list / their_list:.2f}",
            )
        )
    return rows


def main() -> None:
    """Measure, print, and write the section of docs/benchmarks.md."""
    kg = cica_kg.load()
    begun = time.process_time()
    quads = select(kg, Selection())
    first = 1000 * (time.process_time() - begun)
    head = (
        *("form", "export", "Oxigraph and a sort", "rdflib", "÷ Oxigraph", "rdflib ÷"),
        "both from a list",
    )
    many = list(copies(quads, COPIES))
    lines = [
        f"The graph, {len(quads):,} triples, milliseconds of CPU time:",
        "",
        *report.table(head, measure(quads, 25, lambda named: select(kg, Selection(), named=named))),
        "",
        f"{COPIES} copies of it, {len(many):,} triples:",
        "",
        *report.table(head, measure(many, 5)),
        "",
        "Oxigraph writes from its store, rdflib from its graph, and an export from a loaded graph. The first"
        f" export of a graph reads its files again, {first:.0f} ms more; the copies are a list. “Both from a"
        " list”: Oxigraph too is given the triples in the order of the files, which it sorts and writes in"
        " half the time.",
        "",
        "An export has the same bytes each time; rdflib sorts Turtle, TriG and RDF/XML alone. Its Turtle and"
        " ours have one value a line, Oxigraph's has all values of a property on one; no JSON-LD but ours has"
        " language maps. All have the prefixes of the graph in Turtle, TriG and RDF/XML.",
    ]
    report.section("Export", "tests/benchmarks/export.py", lines)


if __name__ == "__main__":
    main()

"""What validation costs: all shapes beside core ones, a remembered verdict beside a cold query, locating.

    python -m tests.benchmarks.validate

Ratios for docs/benchmarks.md. Exits with 1 where a goal is missed: everything at most 3 times pySHACL's time
with core constraints alone, the remembered verdict under 10 % of a cold query, 100 results located in 1 s.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pyshacl
from pyoxigraph import RdfFormat, parse
from rdflib import SH, Graph, URIRef

from cica_kg.derive import date_bounds
from cica_kg.files import GraphFile, GraphFiles, read_graph
from cica_kg.store import build_store
from cica_kg.validation import precheck, shacl, syntax
from cica_kg.validation.gate import judge
from cica_kg.validation.locate import Locator, Step, locate
from cica_kg.validation.positions import as_rdflib
from cica_kg.vocabulary import shorten
from tests.benchmarks import report

#: Run in a fresh process: what the remembered verdict costs there, in milliseconds.
REMEMBERED = """
import time
from cica_kg.files import read_graph
from cica_kg.validation import memory
files = read_graph()
started = time.perf_counter()
assert memory.is_remembered(memory.verdict_file(files))
print((time.perf_counter() - started) * 1000)
"""


def cpu(work: Callable[[], object], rounds: int) -> float:
    """Return the least CPU seconds of `work`: the machine is shared, and waiting is not the work's fault."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def core_only(files: GraphFiles) -> None:
    """Validate with pySHACL as one does, without the SPARQL constraints."""

    def graph(parts: tuple[GraphFile, ...]) -> Graph:
        made = Graph()
        for part in parts:
            made.parse(data=part.content, format="turtle")
        return made

    shapes = graph(files.shapes)
    shapes.remove((None, SH.sparql, None))
    pyshacl.validate(graph(files.data), shacl_graph=shapes, ont_graph=graph(files.ontology), inference="none")


def shapes_ratio(files: GraphFiles, rounds: int = 3) -> tuple[list[tuple[str, float]], float]:
    """Return the CPU seconds of each part of judging, and all of it over pySHACL with core constraints."""
    store = build_store(files.ontology + files.data)
    bounds = date_bounds(store)
    parts: list[tuple[str, Callable[[], object]]] = [
        ("pySHACL alone, core constraints only", lambda: core_only(files)),
        ("the gate: everything", lambda: judge(files)),
        ("… of it: is it Turtle", lambda: syntax.syntax_errors(files.data + files.ontology + files.shapes)),
        ("… of it: checks before the shapes", lambda: precheck.findings(files)),
        ("… of it: all shapes by pySHACL", lambda: shacl.run(files, bounds)),
    ]
    times = [(name, cpu(work, rounds)) for name, work in parts]
    return times, times[1][1] / times[0][1]


def remembered_share(rounds: int = 15) -> tuple[float, float]:
    """Return the median milliseconds of a remembered verdict, and of a whole cold query around one."""
    query = [sys.executable, "-m", "cica_kg", "query", "members", "--format", "csv"]
    verdicts, queries = [], []
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"CICA_KG_CACHE": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for round_ in range(rounds + 1):
            started = time.perf_counter()
            subprocess.run(query, env=environment, capture_output=True, check=True)
            took = (time.perf_counter() - started) * 1000
            done = subprocess.run(
                [sys.executable, "-c", REMEMBERED],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            if round_:  # the first one validates
                queries.append(took)
                verdicts.append(float(done.stdout))
    return statistics.median(verdicts), statistics.median(queries)


def locating(files: GraphFiles, results: int = 100) -> tuple[float, int]:
    """Return the CPU seconds it takes to locate triples spread over all files, and how many were found."""
    triples = [quad.triple for file in files.data for quad in parse(file.turtle, RdfFormat.TURTLE)]
    chosen = triples[:: len(triples) // results][:results]
    terms = [(as_rdflib(t.subject), as_rdflib(t.predicate), as_rdflib(t.object)) for t in chosen]
    found = 0
    started = time.process_time()
    locator = Locator(shacl.numbered(files), {})
    for subject, property_, value in terms:
        steps = (Step((URIRef(str(property_)),)),)
        place = locate(locator, subject, steps, value, "PatternConstraintComponent", None)
        found += place is not None
    return time.process_time() - started, found


def shape_costs(files: GraphFiles) -> list[tuple[str, float]]:
    """Return the CPU seconds of each shape that has targets, with all that it calls, the dearest first."""
    from pyshacl.shape import Shape

    costs: Counter[str] = Counter()
    whole = Shape.validate
    running: list[str] = []

    def timed(shape: Shape, *arguments: Any, **named: Any) -> Any:
        if running:
            return whole(shape, *arguments, **named)
        running.append(str(shape.node))
        started = time.process_time()
        try:
            return whole(shape, *arguments, **named)
        finally:
            costs[running.pop()] += time.process_time() - started

    Shape.validate = timed
    try:
        shacl.run(files, date_bounds(build_store(files.ontology + files.data)))
    finally:
        Shape.validate = whole
    return costs.most_common()


def main() -> int:
    """Measure, write the section, and say whether the goals are met."""
    files = read_graph()
    located, found = locating(files)
    verdict, query = remembered_share()
    times, ratio = shapes_ratio(files)
    triples = sum(1 for file in files.data for _ in parse(file.turtle, RdfFormat.TURTLE))
    rows = [(name, f"{seconds:.2f}") for name, seconds in times]
    rows += [(f"locating {found} results in {len(files.data)} files", f"{located:.2f}")]
    costs = shape_costs(files)
    goals = [
        ("the dearest shape, s", f"{costs[0][1]:.2f}", "< 1", costs[0][1] < 1),
        ("all shapes and checks ÷ pySHACL, core only", f"{ratio:.2f}", "≤ 3", ratio <= 3),
        ("remembered verdict ÷ cold `cica query`", f"{verdict / query:.1%}", "< 10 %", verdict / query < 0.1),
        ("100 results located, s", f"{located:.2f}", "< 1", located < 1 and found == 100),
    ]
    lines = [f"{len(files.data)} data files, {triples:,} triples; CPU seconds.\n"]
    lines += report.table(("work", "s"), rows)
    lines += [f"\nA remembered verdict takes {verdict:.1f} ms of a cold query's {query:.0f} ms.\n"]
    lines += report.table(("goal", "measured", "wanted"), [goal[:3] for goal in goals])
    lines += [f"\nThe dearest of {len(costs)} shapes with targets:\n"]
    lines += report.table(("shape", "s"), [(f"`{shorten(iri)}`", f"{cost:.2f}") for iri, cost in costs[:8]])
    report.section("Validation", "tests/benchmarks/validate.py", lines)
    return 0 if all(goal[3] for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())

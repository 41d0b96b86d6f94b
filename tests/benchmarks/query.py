"""How fast a query is, beside raw pyoxigraph and rdflib, in one run: ratios for docs/benchmarks.md.

    python -m tests.benchmarks.query

Cold: whole processes, alternating, medians. Warm: all named questions in process, geometric mean.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cica_kg
from cica_kg.queries import engine
from cica_kg.vocabulary import PREFIXES
from tests.benchmarks import report

ROOT = Path(cica_kg.__file__).resolve().parent.parent
RECORDS = (
    "PREFIX cica: <https://w3id.org/cica-kg/def#> SELECT ?party ?start "
    "{ ?r a cica:Membership ; cica:party ?party ; cica:start ?start } ORDER BY ?start"
)
FILES = [
    *sorted((ROOT / "data").rglob("*.ttl")),
    ROOT / "ontology/cica.ttl",
    ROOT / "ontology/categories.ttl",
]
PYOXIGRAPH = f"""
from pyoxigraph import Store
store = Store()
for path in {[str(path) for path in FILES]!r}: store.load(path=path)
for row in store.query({RECORDS!r}): print(row["party"].value, row["start"].value, sep=",")
"""
RDFLIB = f"""
from rdflib import Graph
graph = Graph()
for path in {[str(path) for path in FILES]!r}: graph.parse(path)
for row in graph.query({RECORDS!r}): print(row.party, row.start, sep=",")
"""


def cold(rounds: int = 15) -> dict[str, float]:
    """Return the median milliseconds of whole processes, run in turn so that noise falls on all alike."""
    cica = [str(Path(sys.executable).with_name("cica"))]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "cica --help": [*cica, "--help"],
        "cica query members --format csv": [*cica, "query", "members", "--format", "csv"],
        "script: pyoxigraph, the same files": [sys.executable, "-c", PYOXIGRAPH],
        "script: rdflib, the same files": [sys.executable, "-c", RDFLIB],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"CICA_KG_CACHE": cache}
        # Python compiles a package once, as for anyone who installs it.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for round_ in range(rounds + 1):
            for name, command in commands.items():
                if "rdflib" in name and round_ > 5:
                    continue
                begun = time.perf_counter()
                subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
                if round_:  # the first round fills caches and validates
                    times[name].append(time.perf_counter() - begun)
    return {name: 1000 * statistics.median(values) for name, values in times.items()}


def best(work: Callable[[], object], seconds: float) -> float:
    """Return the least milliseconds that `work` took, tried for `seconds`."""
    found = []
    end = time.perf_counter() + seconds
    while not found or time.perf_counter() < end:
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return 1000 * min(found)


def warm() -> dict[str, float]:
    """Return the geometric mean in milliseconds of all named questions for each engine."""
    kg = cica_kg.load()
    graph = kg.graph
    heading = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    ours, raw, rdflib_own = [], [], []
    for question in kg.questions():
        if question.links_of is not None or engine.gives_triples(question.text):
            continue  # for Wikidata, or a graph in place of rows
        name, text = question.name, question.text
        ours.append(best(lambda name=name: kg.query(name), 0.3))
        raw.append(best(lambda text=text: [tuple(s) for s in kg.store.query(text, prefixes=PREFIXES)], 0.3))
        rdflib_own.append(best(lambda text=text: list(graph.query(heading + text)), 0.1))
    mean = statistics.geometric_mean
    return {"kg.query(name)": mean(ours), "raw pyoxigraph": mean(raw), "rdflib": mean(rdflib_own)}


def main() -> None:
    """Measure, print, and write the section of docs/benchmarks.md."""
    start = cold()
    run = start["cica query members --format csv"]
    helped = start["cica --help"] - start["python -c pass"]
    questions = warm()
    ours = questions["kg.query(name)"]
    lines = [
        "Whole processes, median milliseconds:",
        "",
        *report.table(("command", "ms"), [(name, f"{value:.0f}") for name, value in start.items()]),
        "",
        f"- `cica query` ÷ the pyoxigraph script: {run / start['script: pyoxigraph, the same files']:.2f}",
        f"- `cica query` ÷ the rdflib script: {run / start['script: rdflib, the same files']:.2f}",
        f"- `cica --help` beyond `python -c pass`: {helped:.0f} ms",
        "",
        "All named questions in process, geometric mean of the best times in milliseconds:",
        "",
        *report.table(("engine", "ms"), [(name, f"{value:.3f}") for name, value in questions.items()]),
        "",
        f"- `kg.query(name)` ÷ raw pyoxigraph: {ours / questions['raw pyoxigraph']:.2f}",
        f"- rdflib ÷ `kg.query(name)`: {questions['rdflib'] / ours:.0f}",
    ]
    report.section("Queries", "tests/benchmarks/query.py", lines)


if __name__ == "__main__":
    main()

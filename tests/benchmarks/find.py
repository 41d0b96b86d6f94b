"""How fast names are found, beside scans in pyoxigraph and rdflib and SQLite's FTS5, for docs/benchmarks.md.

    python -m tests.benchmarks.find

100,000 made names in three scripts; the same searches in each engine, in one run.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

import cica_kg
from cica_kg.find import find
from cica_kg.folding import fold
from cica_kg.names import read_names
from cica_kg.store import rdflib_graph
from cica_kg.vocabulary import PREFIXES, RDF, RDFS, TERMS_NAMESPACE
from tests.benchmarks import report

NAMES = 100_000
ROOT = Path(cica_kg.__file__).resolve().parent.parent
SYLLABLES = {
    "en": "ka za khs tan ma na ri to ul be or in al sha que lon dor pe gra vi mer sto ne",
    "ar": "كا زا خس تان ما نا ري تو ال بي أو إن شا قي لو دو بي غرا في مر ستو ني ة",
    "ru": "ка за хс тан ма на ри то уль бе ор ин аль ша кё лон дор пе гра ви мер сто ней",
}
COMMON = {
    "en": "Council Meeting Republic Conference of the Committee",
    "ar": "المجلس اجتماع جمهورية مؤتمر لجنة",
    "ru": "Совет Встреча Республика Совещание Комитет",
}
#: rdflib takes a quarter of a minute for each.
SCANNED_BY_RDFLIB = ("exact", "a part", "nothing")
SCAN = "SELECT DISTINCT ?s ?n {{ ?s rdfs:label ?n FILTER(CONTAINS(LCASE(STR(?n)), {})) }} LIMIT 20"


def made_names() -> list[tuple[str, str]]:
    """Return (name, language): one to four words each, some of them common to thousands."""
    chance = random.Random(3)
    words = {
        language: ["".join(chance.choices(some.split(), k=chance.randint(2, 4))) for _ in range(15_000)]
        for language, some in SYLLABLES.items()
    }
    found = []
    for _ in range(NAMES):
        language = chance.choice(("en", "ar", "ru"))
        parts = chance.choices(words[language], k=chance.randint(1, 3))
        if chance.random() < 0.4:
            parts.insert(0, chance.choice(COMMON[language].split()))
        found.append((" ".join(part.capitalize() for part in parts), language))
    return found


def made_store(names: list[tuple[str, str]]) -> Store:
    """Return a store of states with these labels, one thing for three names."""
    store = Store()
    state = NamedNode(TERMS_NAMESPACE + "State")
    quads = []
    for number, (name, language) in enumerate(names):
        thing = NamedNode(f"https://w3id.org/cica-kg/id/state/made-{number // 3}")
        quads.append(Quad(thing, NamedNode(RDFS + "label"), Literal(name, language=language)))
        quads.append(Quad(thing, NamedNode(RDF + "type"), state))
    store.extend(quads)
    return store


def searches(names: list[tuple[str, str]]) -> dict[str, str]:
    """Return one text for each way of finding, and the worst cases."""
    long = next(name for name, _ in names if len(name.split()) == 1 and name.isascii() and len(name) >= 9)
    arabic = next(name for name, language in names if language == "ar" and len(name.split()) == 3)
    return {
        "exact": names[500][0],
        "another spelling": arabic.replace("أ", "ا").replace("ة", "ه"),
        "prefix": names[500][0][:5],
        "a word of thousands of names": "Meeting",
        "two words": f"Meeting {names[500][0].split()[-1]}",
        "a part": "zakhs",
        "a part of thousands of names": "tan",
        "parts of two words": "onfer akhst",
        "one typo": long[:3] + long[4:],
        "two typos": long[:2] + "x" + long[3:-2] + long[-1],
        "nothing": "wwwwwwwwww qqqqqqqqqq",
        "one letter": "k",
    }


def timed(work: Callable[[], object], rounds: int) -> float:
    """Return the median milliseconds of `work`."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return 1000 * statistics.median(found)


def full_text(names: list[tuple[str, str]]) -> sqlite3.Connection:
    """Return an FTS5 trigram index of the folded names."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
    database.executemany("INSERT INTO names VALUES (?)", [(fold(name),) for name, _ in names])
    return database


def search_full_text(database: sqlite3.Connection, text: str) -> list[tuple[str]]:
    """Return the twenty shortest names that have every word of `text` in them, as `find` ranks them."""
    wanted = " ".join(f'"{word}"' for word in fold(text).split() if len(word) >= 3)
    statement = "SELECT name FROM names WHERE name MATCH ? ORDER BY length(name), name LIMIT 20"
    return database.execute(statement, (wanted,)).fetchall() if wanted else []


def cold(rounds: int = 9) -> dict[str, float]:
    """Return the median milliseconds of whole processes on the graph of the package, run in turn."""
    cica = [sys.executable, "-m", "cica_kg"]
    commands = {
        "cica query members": [*cica, "query", "members"],
        "cica find Japan": [*cica, "find", "Japan"],
        "cica find Kazakstan": [*cica, "find", "Kazakstan"],
        "cica describe Japan": [*cica, "describe", "Japan"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(rounds + 1):
        for name, command in commands.items():
            begun = time.perf_counter()
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            if round_:
                times[name].append(time.perf_counter() - begun)
    return {name: 1000 * statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Measure, print, and write the section of docs/benchmarks.md."""
    names = made_names()
    store = made_store(names)
    begun = time.perf_counter()
    index = read_names(store)
    index.prepare()
    built = time.perf_counter() - begun
    begun = time.perf_counter()
    database = full_text(names)
    built_full_text = time.perf_counter() - begun
    graph = rdflib_graph(quad.triple for quad in store)
    heading = f"PREFIX rdfs: <{RDFS}>\n"

    rows, times = [], {"find": [], "FTS5": [], "pyoxigraph": [], "rdflib": []}
    for what, text in searches(names).items():
        scan = SCAN.format(Literal(text.lower()))
        times["find"].append(timed(lambda text=text: find(store, text), 51))
        times["FTS5"].append(timed(lambda text=text: search_full_text(database, text), 11))
        times["pyoxigraph"].append(timed(lambda scan=scan: list(store.query(scan, prefixes=PREFIXES)), 5))
        ours, full, raw = (times[engine][-1] for engine in ("find", "FTS5", "pyoxigraph"))
        slow = "–"
        if what in SCANNED_BY_RDFLIB:
            times["rdflib"].append(timed(lambda scan=scan: list(graph.query(heading + scan)), 1) / ours)
            slow = f"{times['rdflib'][-1] * ours:.0f}"
        rows.append((what, f"{ours:.2f}", f"{full:.2f}", f"{raw:.1f}", slow))
    against_raw = [raw / ours for raw, ours in zip(times["pyoxigraph"], times["find"], strict=True)]
    mean = statistics.geometric_mean
    small = cica_kg.load().store
    shipped = timed(lambda: read_names.__wrapped__(small), 11)
    lines = [
        f"{NAMES:,} made names, twenty hits wanted, median milliseconds. FTS5 and the scans find parts of",
        "names only (no typos, no short words), so an empty answer of theirs may be quick.",
        "",
        *report.table(("search", "find", "FTS5 trigram", "pyoxigraph scan", "rdflib scan"), rows),
        "",
        f"- slowest search: `find` {max(times['find']):.2f} ms, FTS5 {max(times['FTS5']):.1f} ms, "
        f"pyoxigraph's scan {max(times['pyoxigraph']):.0f} ms",
        f"- geometric means: pyoxigraph's scan ÷ `find`: {mean(against_raw):.0f}; "
        f"rdflib's ÷ `find`: {mean(times['rdflib']):.0f}",
        f"- building the index: {built:.1f} s from the store (FTS5: {built_full_text:.1f} s from a list)",
        f"- the index of the graph of the package, {len(index_rows(small)):,} names: {shipped:.0f} ms",
        "",
        "Whole processes, median milliseconds:",
        "",
        *report.table(("command", "ms"), [(name, f"{value:.0f}") for name, value in cold().items()]),
    ]
    report.section("Finding names", "tests/benchmarks/find.py", lines)


def index_rows(store: Store) -> list[object]:
    """Return all names of a store."""
    return list(read_names(store).rows)


if __name__ == "__main__":
    main()

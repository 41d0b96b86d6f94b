"""Bare `cica`: what the graph holds, as of when, and what to try next."""

from __future__ import annotations

from pyoxigraph import QuerySolutions

from cica_kg.graph import load
from cica_kg.vocabulary import PREFIXES

_COUNTS = """
SELECT (COUNT(DISTINCT ?member) AS ?members) (COUNT(DISTINCT ?observer) AS ?observers)
       (SAMPLE(?chairing) AS ?chair) {
  { ?member cica:memberOf organization:cica } UNION { ?observer cica:observerOf organization:cica }
  UNION { ?chairing cica:chairs organization:cica }
}"""


def run() -> int:
    """Print the overview."""
    graph = load()
    answer = graph.store.query(_COUNTS, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    row = next(answer)
    chair = graph.label(row["chair"].value) if row["chair"] is not None else "none"
    print(f"cica-kg {graph.version}: the Conference on Interaction and Confidence-Building Measures in Asia")
    print(
        f"kept to {graph.known_until}: {len(graph.store):,} triples, validated (sha256:{graph.digest[:12]})"
    )
    print(f"on that day: {row['members'].value} members, {row['observers'].value} observers, chair {chair}")
    print("\ntry:")
    for line in (
        "cica queries                             the questions it answers",
        "cica query members --at 2008-12-31       members on a day",
        "cica query chairs --lang ar              labels in Arabic",
        "cica query --sparql 'SELECT ?s { ?s cica:observerOf organization:cica }'",
        "cica export --output cica.ttl            the graph as Turtle",
        "cica --help",
    ):
        print(f"  {line}")
    return 0

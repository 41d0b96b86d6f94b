"""SPARQL on the embedded store.

pyoxigraph answers a typical question on 10,000 triples in 0.2 ms, 85 times faster than rdflib's own engine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pyoxigraph import QuerySolutions, Store

from cica_kg.errors import QueryError
from cica_kg.queries import guard
from cica_kg.queries.results import Answer
from cica_kg.text import harmless as printable
from cica_kg.vocabulary import BASE, PREFIXES

_LONGEST_REASON = 160
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def evaluate(store: Store, query: str, finish: Callable[[Answer], bytes], limits: guard.Limits) -> bytes:
    """Run `query` on `store` within `limits` and return what `finish` makes of the answer.

    An answer may not leave the process (nor the thread) it was made in, so `finish` runs there too.

    Raises:
        QueryError: the query may not run, or is no SPARQL query.
        LimitError: it went over its limits.
    """
    from cica_kg.queries.runner import run_limited

    # Here, not in the child: a refusal may need modules that a child cannot load.
    guard.check(query)
    return run_limited(lambda: finish(ask(store, query, harmless=True)), limits)


def form(query: str) -> str:
    """Return the form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE (SELECT where it is none of them)."""
    words = (token.text.upper() for token in guard.tokens(query) if token.kind == "word")
    return next((word for word in words if word in _FORMS), "SELECT")


def gives_triples(query: str) -> bool:
    """Tell whether a query is a CONSTRUCT or DESCRIBE, whose answer is triples."""
    return form(query) in ("CONSTRUCT", "DESCRIBE")


def names_graphs(query: str) -> bool:
    """Tell whether a query speaks of named graphs (GRAPH, FROM)."""
    return any(
        token.kind == "word" and token.text.upper() in ("GRAPH", "FROM") for token in guard.tokens(query)
    )


def ask(store: Store, query: str, *, harmless: bool = False) -> Answer:
    """Run a query that the guard lets pass, here and now, without limits.

    Args:
        store: to run it on.
        query: its text.
        harmless: it is known to be (a named question of ours), and the guard need not look.

    Raises:
        QueryError: it may not run, or is no SPARQL query; the message gives the line and the column.
    """
    if not harmless:
        guard.check(query)
    try:
        answer = store.query(query, prefixes=PREFIXES, base_iri=BASE)
        if isinstance(answer, QuerySolutions) and (star := _star(query)) is not None:
            query = query[:star] + _columns_by_appearance(answer, query) + query[star + 1 :]
            answer = store.query(query, prefixes=PREFIXES, base_iri=BASE)
        return answer
    except SyntaxError as error:
        raise QueryError(_explain(str(error.msg), query)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query failed: {error}") from None


@lru_cache(maxsize=256)
def _star(query: str) -> int | None:
    """Return where the `*` of a top-level `SELECT *` stands, or None."""
    if "*" not in query:
        return None
    words: list[str] = []
    for token in guard.tokens(query):
        if token.kind == "open":
            return None
        if token.text == "*" and words and words[-1] in ("SELECT", "DISTINCT", "REDUCED"):
            return token.start
        words.append(token.text.upper())
    return None


def _columns_by_appearance(answer: QuerySolutions, query: str) -> str:
    """Return the columns of a `SELECT *` in the order of the query; the engine gives them by the alphabet."""
    visible = {variable.value for variable in answer.variables}
    order = dict.fromkeys(
        t.text[1:] for t in guard.tokens(query) if t.kind == "variable" and t.text[1:] in visible
    )
    return " ".join(f"?{name}" for name in (order or visible)) or "*"


def _explain(message: str, query: str) -> str:
    """Turn the engine's `error at 3:14: expected …` into a message with the line itself."""
    place, _, reason = message.removeprefix("error at ").partition(": ")
    line, _, column = place.partition(":")
    if not (line.isdigit() and column.isdigit()):
        return f"this is not a SPARQL query: {printable(message)}"
    if len(reason) > _LONGEST_REASON:
        reason = "unexpected text"  # the engine listed every character that it would have taken
    lines = query.splitlines() or [""]
    text = lines[min(int(line), len(lines)) - 1]
    begin = max(0, int(column) - 60)
    pointer = " " * (min(int(column), len(text) + 1) - begin - 1) + "^"
    head = next((t.text.upper() for t in guard.tokens(query) if t.kind == "word"), "")
    hint = ""
    if head in ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"):
        hint = " (updates are not possible: the graph is read only; edit the files in data/)"
    shown = f"\n    {printable(text[begin : begin + 120])}\n    {pointer}"
    return f"line {line}, column {column}: this is not a SPARQL query: {printable(reason)}{hint}{shown}"

"""Triples → bytes, the same each time: sorted, our prefixes, blank nodes named after their content."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from cica_kg.errors import UsageError
from cica_kg.steady import (
    Statements,
    by_line,
    has_blank_nodes,
    in_order,
    marked_lines,
    sorted_lines,
    steady_lines,
)
from cica_kg.store import literals_as_written, quiet_literals, rdflib_graph
from cica_kg.vocabulary import PREFIXES, RDF

#: Format names → what each is good for.
FORMATS: Final = {
    "turtle": "for people: grouped by subject, sorted, one value a line",
    "ntriples": "for machines: one triple a line, sorted",
    "jsonld": "for web developers: JSON-LD with a context of our terms",
}
#: File endings that name a format.
EXTENSIONS: Final = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld"}
#: Beside those of queries. No namespace of all begins with another, so an IRI has one short form at most.
MORE_PREFIXES: Final = {"org": "http://www.w3.org/ns/org#", "time": "http://www.w3.org/2006/time#"}
WRITTEN_PREFIXES: Final = PREFIXES | MORE_PREFIXES

_REST: Final = NamedNode(RDF + "rest")
#: rdflib, which writes Turtle with blank nodes, takes nearly twenty times as long as we do for others.
_MOST_FOR_RDFLIB: Final = 50_000


def write_triples(found: Iterable[Triple] | Iterable[Quad], format_: str) -> bytes:
    """Serialise triples as UTF-8 bytes, in a fixed order.

    Args:
        found: triples, or quads whose graphs do not matter.
        format_: a key of FORMATS.

    Raises:
        UsageError: there is no such format.
        DataError: they hold what the format cannot carry; the message names it.
    """
    if format_ == "ntriples":
        return sorted_lines(steady_lines(found)[1])
    if format_ == "turtle":
        return _turtle(found)
    if format_ != "jsonld":
        raise UsageError(f"there is no format “{format_}”; there are: {', '.join(FORMATS)}")
    from cica_kg.jsonld import jsonld_bytes

    return jsonld_bytes(steady_lines(found)[1])


def _turtle(found: Iterable[Triple] | Iterable[Quad]) -> bytes:
    """Write Turtle; blank nodes are for rdflib, which puts lists and unnamed things in their place.

    rdflib gets some odd lists and values wrong, so it is read back. Where it is wrong, or would take too long
    (above 50,000 triples), blank nodes keep their labels.
    """
    held, text = steady_lines(found)
    if has_blank_nodes(held, text) and len(held) <= _MOST_FOR_RDFLIB and _lists_end(held):
        from rdflib.exceptions import ParserError

        lines, ordered = by_line(marked_lines(text), held)
        with contextlib.suppress(RecursionError, SyntaxError, ParserError):
            turtle = _by_rdflib(ordered)
            if in_order(parse(turtle, RdfFormat.TURTLE))[0] == lines:
                return turtle
    from cica_kg.turtle import turtle_bytes

    return turtle_bytes(text, WRITTEN_PREFIXES)


def _by_rdflib(ordered: Statements) -> bytes:
    graph = rdflib_graph(())
    for prefix, iri in MORE_PREFIXES.items():
        graph.bind(prefix, iri)
    # The parser renames blank nodes at random where it is not told what to call them.
    names = {
        node.value: node.value
        for triple in ordered
        for node in (triple.subject, triple.object)
        if isinstance(node, BlankNode)
    }
    with literals_as_written(), quiet_rdflib():
        data = serialize(ordered, format=RdfFormat.N_TRIPLES) or b""
        graph.parse(data=data, format="nt", bnode_context=names)
        # Prefixes that it makes up are numbered in the order in which it meets their namespaces.
        for property_ in sorted({triple.predicate.value for triple in ordered}):
            with contextlib.suppress(ValueError):  # has no short form
                graph.compute_qname(property_)
        text = graph.serialize(format="longturtle", encoding="utf-8")
    # Control characters can only stand in literals, where the grammar lets them be escaped.
    return re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda found: b"\\u%04X" % found[0][0], text)


@contextlib.contextmanager
def quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from logging and warning of each value that is no value of its datatype."""
    import warnings

    with quiet_literals(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _lists_end(found: Statements) -> bool:
    """Tell whether no list runs in a circle or forks, which may hide one: rdflib would follow it for ever."""
    rests: dict[object, object] = {}
    for triple in found:
        if triple.predicate == _REST and rests.setdefault(triple.subject, triple.object) != triple.object:
            return False
    ended: set[object] = set()
    for cell in rests:
        seen = set()
        following: Any = cell
        while following in rests and following not in ended:
            if following in seen:
                return False
            seen.add(following)
            following = rests[following]
        ended |= seen
    return True

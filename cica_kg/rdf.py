"""Triples → bytes, the same each time: sorted, our prefixes, blank nodes named after their content."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.errors import DataError
from cica_kg.store import literals_as_written, rdflib_graph
from cica_kg.text import harmless
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

_KIND: Final = f" <{RDF}type> "
_REST: Final = NamedNode(RDF + "rest")


def write_triples(found: Iterable[Triple], format_: str) -> bytes:
    """Serialise triples as UTF-8 bytes, in a fixed order.

    Args:
        found: the triples.
        format_: a key of FORMATS.

    Raises:
        DataError: they hold what the format cannot carry; the message names it.
    """
    found = steady(found)
    if format_ == "ntriples":
        return sorted_lines(serialize(found, format=RdfFormat.N_TRIPLES) or b"")
    ordered = sorted(found, key=position)
    if format_ == "turtle":
        return _turtle(ordered)
    from cica_kg.jsonld import jsonld_bytes

    return jsonld_bytes(ordered)


def steady(found: Iterable[Triple]) -> set[Triple]:
    """Return the triples with their blank nodes named after what is said of them.

    Raises:
        DataError: as `has_blank_nodes` and `name_blank_nodes`.
    """
    found = set(found)
    return name_blank_nodes(found) if has_blank_nodes(found) else found


def has_blank_nodes(found: Collection[Triple] | Collection[Quad]) -> bool:
    """Tell whether there are blank nodes.

    Raises:
        DataError: there is a term of RDF 1.2, which most tools cannot read yet.
    """
    objects = [statement.object for statement in found]
    for value in objects:
        if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction):
            raise DataError(
                f"{harmless(str(value))[:160]} is a term of RDF 1.2, which most tools cannot read yet:"
                " leave it out"
            )
    return BlankNode in {*map(type, objects), *(type(statement.subject) for statement in found)}


def position(statement: Triple | Quad) -> str:
    """Return the key by which statements are sorted: their text, with the kind of a thing first."""
    # NUL comes before all else, and stands in no other text: terms escape it.
    return str(statement).replace(_KIND, " \0 ", 1)


def sorted_lines(text: bytes) -> bytes:
    """Return a text of N-Triples or N-Quads with its lines sorted."""
    return b"".join(sorted(text.splitlines(keepends=True)))


def with_used_prefixes(text: bytes) -> bytes:
    """Return Turtle or TriG as Oxigraph writes it, with the prefixes that it uses alone, sorted.

    Oxigraph declares all that it is given, in another order each time.
    """
    end = 0
    while text.startswith(b"@prefix ", end):
        end = text.index(b"\n", end) + 1
    body = text[end:]
    used = [line for line in sorted(text[:end].splitlines(keepends=True)) if line.split()[1] in body]
    return b"".join(used) + body


def _turtle(ordered: Collection[Triple]) -> bytes:
    """Write Turtle by rdflib: lists and blank nodes in their place, one value a line.

    rdflib gets some odd lists and values wrong, so it is read back. Where it is wrong, Oxigraph writes.
    """
    if _lists_end(ordered):
        with contextlib.suppress(RecursionError, SyntaxError):
            text = _by_rdflib(ordered)
            if steady(quad.triple for quad in parse(text, RdfFormat.TURTLE)) == set(ordered):
                return text
    return with_used_prefixes(serialize(ordered, format=RdfFormat.TURTLE, prefixes=WRITTEN_PREFIXES) or b"")


def _by_rdflib(ordered: Collection[Triple]) -> bytes:
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
        text = graph.serialize(format="longturtle", encoding="utf-8")
    # Control characters can only stand in literals, where the grammar lets them be escaped.
    return re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda found: b"\\u%04X" % found[0][0], text)


@contextlib.contextmanager
def quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from logging and warning of each value that is no value of its datatype."""
    import logging
    import warnings

    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _lists_end(found: Iterable[Triple]) -> bool:
    """Tell whether no list runs in a circle: rdflib would follow it for ever."""
    rests = {triple.subject: triple.object for triple in found if triple.predicate == _REST}
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

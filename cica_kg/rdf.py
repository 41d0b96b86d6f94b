"""Triples → bytes, the same each time: sorted, our prefixes, blank nodes named after their content."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.errors import DataError
from cica_kg.store import literals_as_written, quiet_literals, rdflib_graph
from cica_kg.text import harmless
from cica_kg.vocabulary import PREFIXES, RDF

#: Triples, or quads of the default graph; in order, by their lines.
Statements: TypeAlias = list[Triple] | list[Quad]
Ordered: TypeAlias = dict[bytes, Triple] | dict[bytes, Quad]

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

#: How blank nodes, triples as terms and the directions of texts begin in N-Triples; elsewhere by chance.
_MARKS: Final = (b"_:", b"<<", b"--ltr", b"--rtl")
#: As it stands in a line; NUL takes its place, so that the kinds of a thing come first.
KIND: Final = f" <{RDF}type> ".encode()
_REST: Final = NamedNode(RDF + "rest")


def write_triples(found: Iterable[Triple] | Iterable[Quad], format_: str) -> bytes:
    """Serialise triples as UTF-8 bytes, in a fixed order.

    Args:
        found: the triples, or quads of the default graph.
        format_: a key of FORMATS.

    Raises:
        DataError: they hold what the format cannot carry; the message names it.
    """
    if format_ == "ntriples":
        return sorted_lines(steady_lines(found)[1])
    if format_ == "turtle":
        return _turtle(in_order(found))
    from cica_kg.jsonld import jsonld_bytes

    return jsonld_bytes(in_order(found).values())


def in_order(found: Iterable[Triple] | Iterable[Quad]) -> Ordered:
    """Return triples, each once, those of a subject together and its kinds first; blank nodes are named.

    Args:
        found: triples, or quads whose graphs do not matter.

    Returns:
        Line of N-Triples → triple, in the order of the lines; in them NUL stands for `rdf:type`.

    Raises:
        DataError: as `steady_lines`.
    """
    held, text = steady_lines(found)
    # All at once and in C; NUL comes before all else and stands in no other line, as terms escape it.
    by_line = dict(zip(text.replace(KIND, b" \0 ").splitlines(), held, strict=True))
    return cast("Ordered", {line: by_line[line] for line in sorted(by_line)})


def steady_lines(found: Iterable[Triple] | Iterable[Quad]) -> tuple[Statements, bytes]:
    """Return triples with their blank nodes named after what is said of them, and the same as N-Triples.

    Args:
        found: triples, or quads whose graphs do not matter.

    Raises:
        DataError: there is a term of RDF 1.2, or blank nodes that cannot be named in reasonable time.
    """
    held = cast("Statements", list(found))
    try:
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    except ValueError:  # N-Triples have no named graphs
        held = list(_triples(held))
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    if has_blank_nodes(held, text):
        held = list(name_blank_nodes(_triples(held)))
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    return held, text


def _triples(found: Statements) -> Iterator[Triple]:
    return (statement.triple if isinstance(statement, Quad) else statement for statement in found)


def has_blank_nodes(found: Collection[Triple] | Collection[Quad], text: bytes) -> bool:
    """Tell whether there are blank nodes.

    Args:
        found: the statements.
        text: the same as N-Triples or N-Quads: most graphs have nothing of the kind, which it shows at once.

    Raises:
        DataError: there is a term of RDF 1.2, which most tools cannot read yet.
    """
    if not any(mark in text for mark in _MARKS):
        return False
    objects = [statement.object for statement in found]
    for value in objects:
        if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction):
            raise DataError(
                f"{harmless(str(value))[:160]} is a term of RDF 1.2, which most tools cannot read yet:"
                " leave it out"
            )
    return BlankNode in {*map(type, objects), *(type(statement.subject) for statement in found)}


def sorted_lines(text: bytes) -> bytes:
    """Return a text of N-Triples or N-Quads with its lines sorted, each once."""
    return b"".join(sorted(set(text.splitlines(keepends=True))))


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


def _turtle(ordered: Ordered) -> bytes:
    """Write Turtle by rdflib: lists and blank nodes in their place, one value a line.

    rdflib gets some odd lists and values wrong, so it is read back. Where it is wrong, Oxigraph writes.
    """
    if _lists_end(ordered.values()):
        with contextlib.suppress(RecursionError, SyntaxError):
            text = _by_rdflib(ordered.values())
            if in_order(parse(text, RdfFormat.TURTLE)).keys() == ordered.keys():
                return text
    text = serialize(ordered.values(), format=RdfFormat.TURTLE, prefixes=WRITTEN_PREFIXES) or b""
    return with_used_prefixes(text)


def _by_rdflib(ordered: Collection[Triple] | Collection[Quad]) -> bytes:
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
    import warnings

    with quiet_literals(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _lists_end(found: Iterable[Triple] | Iterable[Quad]) -> bool:
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

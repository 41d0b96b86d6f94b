"""Triples → bytes, the same each time: sorted, our prefixes, blank nodes named after their content."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice, pairwise
from operator import eq
from typing import Any, Final, TypeAlias, TypeVar, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.errors import DataError, UsageError
from cica_kg.store import literals_as_written, quiet_literals, rdflib_graph
from cica_kg.text import harmless
from cica_kg.vocabulary import PREFIXES, RDF

#: Triples, or quads whose graphs do not matter.
Statements: TypeAlias = list[Triple] | list[Quad]
Held = TypeVar("Held", Statements, list[Quad])

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

_KIND: Final = f" <{RDF}type> ".encode()
_REST: Final = NamedNode(RDF + "rest")
#: Datatypes of texts with a language; where there is none, they follow the first `^` of N-Triples.
_OF_LANGUAGES: Final = (f"{RDF}langString", f"{RDF}dirLangString")
_NO_LANGUAGE: Final = tuple(f"^<{datatype}>".encode() for datatype in _OF_LANGUAGES)
#: rdflib, which writes Turtle with blank nodes, takes thirty times as long as we do for others.
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

    return _typed(jsonld_bytes(sorted_once(marked_lines(steady_lines(found)[1]))))


def in_order(found: Iterable[Triple] | Iterable[Quad]) -> tuple[list[bytes], Statements]:
    """Return triples, each once, those of a subject together and its kinds first; blank nodes are named.

    Args:
        found: triples, or quads whose graphs do not matter.

    Returns:
        Their lines, as `marked_lines` gives them, sorted; and the triples.

    Raises:
        DataError: as `steady_lines`.
    """
    held, text = steady_lines(found)
    return by_line(marked_lines(text), held)


def by_line(lines: list[bytes], held: Held) -> tuple[list[bytes], Held]:
    """Sort lines, each once, and what belongs to them."""
    # Places are sorted and no line is hashed, which takes half the time of a dictionary.
    places: list[int] = sorted(range(len(lines)), key=lines.__getitem__)
    ordered = list(map(lines.__getitem__, places))
    if any(map(eq, ordered, islice(ordered, 1, None))):
        places = [places[0], *(place for last, place in pairwise(places) if lines[place] != lines[last])]
        ordered = list(map(lines.__getitem__, places))
    return ordered, cast("Held", list(map(held.__getitem__, places)))


def marked_lines(text: bytes) -> list[bytes]:
    """Split N-Triples or N-Quads into lines, with NUL for `rdf:type`: the kinds of a thing come first.

    NUL comes before all else, and terms escape it. `rdf:type` as an object becomes NUL too, and so it does in
    a text that quotes a triple: see `_typed`. All is done at once and in C.
    """
    return text.replace(_KIND, b" \0 ").split(b"\n")[:-1]


def _typed(text: bytes) -> bytes:
    """Undo what `marked_lines` does beside properties."""
    return text.replace(b"\0", _KIND.strip())


def steady_lines(found: Iterable[Triple] | Iterable[Quad]) -> tuple[Statements, bytes]:
    """Return triples with their blank nodes named after what is said of them, and the same as N-Triples.

    Args:
        found: triples, or quads whose graphs do not matter.

    Raises:
        DataError: there is a term that most tools cannot read, or blank nodes that cannot be named in
            reasonable time.
    """
    held = cast("Statements", list(found))
    try:
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    except ValueError:  # N-Triples have no named graphs
        held = list(_triples(held))
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    refuse_unreadable(held, text)
    if has_blank_nodes(held, text):
        held = list(name_blank_nodes(_triples(held)))
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    return held, text


def _triples(found: Iterable[Triple] | Iterable[Quad]) -> Iterator[Triple]:
    return (statement.triple if isinstance(statement, Quad) else statement for statement in found)


def has_blank_nodes(found: Collection[Triple] | Collection[Quad], text: bytes) -> bool:
    """Tell whether there are blank nodes, as names of graphs too.

    Args:
        found: the statements.
        text: the same as N-Triples or N-Quads: most graphs have none, which it shows at once.
    """
    if not any(text.startswith(b":", at + 1) for at in _positions(text, b"_")):
        return False
    kinds: set[type] = {type(node) for triple in found for node in (triple.subject, triple.object)}
    kinds |= {type(statement.graph_name) for statement in found if isinstance(statement, Quad)}
    return BlankNode in kinds


def refuse_unreadable(found: Iterable[Triple] | Iterable[Quad], text: bytes) -> None:
    """Refuse what came with RDF 1.2, and what a query can make but no file may hold.

    The former are triples as terms and the directions of texts; the latter texts of the datatypes of texts
    with a language that have none.

    Args:
        found: the statements.
        text: the same as N-Triples or N-Quads, where they would stand as `<<(`, `--ltr` or `--rtl`, and with
            the datatype, which is left out where there is a language.

    Raises:
        DataError: there is such a term; the message names it.
    """
    if any(text.startswith(_NO_LANGUAGE, at + 1) for at in _positions(text, b"^")):
        for value in (statement.object for statement in found):
            if isinstance(value, Literal) and not value.language and value.datatype.value in _OF_LANGUAGES:
                raise DataError(f"{harmless(str(value))[:160]} needs a language: give it one, or no datatype")
    tags = {text[at : text.find(b" ", at)] for at in _positions(text, b"@")}
    if any(b"--" in tag for tag in tags) or any(text.endswith(b"<<", 0, at) for at in _positions(text, b"(")):
        for value in (statement.object for statement in found):
            if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction):
                raise DataError(
                    f"{harmless(str(value))[:160]} is a term of RDF 1.2, which most tools cannot read yet:"
                    " leave it out"
                )


def _positions(text: bytes, byte: bytes) -> Iterator[int]:
    """Yield where a byte stands: a rare one is found twenty times as fast as the pair that it begins."""
    at = text.find(byte)
    while at >= 0:
        yield at
        at = text.find(byte, at + 1)


def sorted_lines(text: bytes) -> bytes:
    """Return a text of N-Triples or N-Quads with its lines sorted, each once."""
    return b"".join(sorted_once(text.splitlines(keepends=True)))


def sorted_once(lines: list[bytes]) -> list[bytes]:
    """Sort lines, each once."""
    # Not a set: lines that mostly stand in order already are sorted five times as fast.
    ordered = sorted(lines)
    return list(dict.fromkeys(ordered)) if any(map(eq, ordered, islice(ordered, 1, None))) else ordered


def with_used_prefixes(text: bytes) -> bytes:
    """Return Turtle or TriG as Oxigraph writes it, its prefixes sorted, without those that nothing needs.

    Oxigraph declares all that it is given, in another order each time. A prefix stays where its name and a
    colon stand anywhere, be it in a text or an IRI: to tell these apart would take a parser.
    """
    end = 0
    while text.startswith(b"@prefix ", end):
        end = text.index(b"\n", end) + 1
    body = text[end:]
    used = [line for line in sorted(text[:end].splitlines(keepends=True)) if line.split()[1] in body]
    return b"".join(used) + body


def _turtle(found: Iterable[Triple] | Iterable[Quad]) -> bytes:
    """Write Turtle; blank nodes are for rdflib, which puts lists and unnamed things in their place.

    rdflib gets some odd lists and values wrong, so it is read back. Where it is wrong, or would take too long
    (above 50,000 triples), Oxigraph writes.
    """
    held, text = steady_lines(found)
    if not has_blank_nodes(held, text):
        from cica_kg.turtle import turtle_bytes

        return _typed(turtle_bytes(sorted_once(marked_lines(text)), WRITTEN_PREFIXES))
    lines, ordered = by_line(marked_lines(text), held)
    if len(ordered) <= _MOST_FOR_RDFLIB and _lists_end(ordered):
        from rdflib.exceptions import ParserError

        with contextlib.suppress(RecursionError, SyntaxError, ParserError):
            turtle = _by_rdflib(ordered)
            if in_order(parse(turtle, RdfFormat.TURTLE))[0] == lines:
                return turtle
    turtle = serialize(ordered, format=RdfFormat.TURTLE, prefixes=WRITTEN_PREFIXES) or b""
    return with_used_prefixes(turtle)


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


def _lists_end(found: Iterable[Triple] | Iterable[Quad]) -> bool:
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

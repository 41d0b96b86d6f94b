"""Statements in the same order each time: by their lines of N-Triples, blank nodes named after content."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress, islice
from operator import ne
from typing import Final, TypeAlias, TypeVar, cast

from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Triple, serialize

from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.errors import DataError
from cica_kg.text import harmless
from cica_kg.vocabulary import RDF

#: Triples, or quads whose graphs do not matter.
Statements: TypeAlias = list[Triple] | list[Quad]
Line = TypeVar("Line", bytes, str)
Held = TypeVar("Held", Statements, list[Quad])

#: `rdf:type` in N-Triples, and its mark, as long: N-Triples escape NUL, and it comes before all else.
KIND: Final = f"<{RDF}type>".encode()
KIND_MARK: Final = b"\0" + KIND[1:]
#: Datatypes of texts with a language; where there is none, they follow the first `^`. TriG may shorten them.
_OF_LANGUAGES: Final = (f"{RDF}langString", f"{RDF}dirLangString")
#: A language with a direction, `@ar--rtl`, and a few texts and IRIs.
_DIRECTION: Final = re.compile(rb"@[^ @]*--")
_NO_LANGUAGE: Final = (*(f"^<{datatype}>".encode() for datatype in _OF_LANGUAGES), b"^rdf:")


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
    places = sorted(range(len(lines)), key=lines.__getitem__)
    ordered = list(map(lines.__getitem__, places))
    new = _differs_from_last(ordered)
    return list(compress(ordered, new)), cast("Held", list(map(held.__getitem__, compress(places, new))))


def marked_lines(text: bytes) -> list[bytes]:
    """Split N-Triples or N-Quads into lines, marked so that the kinds of a thing come first."""
    return _marked(text).split(b"\n")[:-1]


def marked_statements(text: bytes) -> list[str]:
    """Split N-Triples into statements without their “ .”, sorted, each once, the kinds of a thing first.

    Each byte is a character: str is quicker than bytes in what its readers do, and nothing is decoded.
    """
    return sorted_once(_marked(text).decode("latin-1").split(" .\n")[:-1])


def _marked(text: bytes) -> bytes:
    """Mark `rdf:type` where an IRI follows: a kind, mostly.

    The name of a graph may follow too, and all may stand in a text that quotes a triple: see `unmarked`.
    """
    return text.replace(b" %b <" % KIND, b" %b <" % KIND_MARK)


def unmarked(statements: str) -> bytes:
    """Return the bytes of marked statements, with what `marked_statements` did to texts undone."""
    return statements.encode("latin-1").replace(KIND_MARK, KIND)


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
        text: the same as N-Triples, N-Quads or TriG: most graphs have none, which it shows at once.
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
        text: the same as N-Triples, N-Quads or TriG, where they would stand as `<<(`, `--ltr` or `--rtl`, and
            with the datatype, which is left out where there is a language.

    Raises:
        DataError: there is such a term; the message names it.
    """
    if any(text.startswith(_NO_LANGUAGE, at + 1) for at in _positions(text, b"^")):
        for value in (statement.object for statement in found):
            if isinstance(value, Literal) and not value.language and value.datatype.value in _OF_LANGUAGES:
                raise DataError(f"{harmless(str(value))[:160]} needs a language: give it one, or no datatype")
    if _DIRECTION.search(text) or any(text.endswith(b"<<", 0, at) for at in _positions(text, b"(")):
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


def sorted_once(lines: list[Line]) -> list[Line]:
    """Sort lines, each once."""
    # Not a set: lines that mostly stand in order already are sorted five times as fast.
    ordered = sorted(lines)
    return list(compress(ordered, _differs_from_last(ordered)))


def _differs_from_last(ordered: Sequence[bytes] | Sequence[str]) -> list[bool]:
    return [True, *map(ne, ordered, islice(ordered, 1, None))]

"""Ordered lines of N-Triples → Turtle for people: a thing with all that is said of it, one value a line.

rdflib's writer of the same style takes thirty times as long; Oxigraph's puts all values on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from cica_kg.vocabulary import RDF, XSD

#: The local names that need no escapes (Turtle 1.1, PN_LOCAL) and cannot be taken for anything else.
_LOCAL: Final = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_-]*")
_TYPE: Final = f"<{RDF}type>".encode()
_QUOTE: Final = ord('"')
_END_OF_IRI: Final = ord(">")
#: Literals that Turtle has a plain form for, which every reader gives back as it stood.
_PLAIN: Final = {
    f"<{XSD}integer>".encode(): re.compile(rb"0|-?[1-9][0-9]*"),
    f"<{XSD}boolean>".encode(): re.compile(rb"true|false"),
}


def turtle_bytes(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> bytes:
    """Write Turtle, with the prefixes that it uses alone.

    Args:
        lines: sorted, without blank nodes, NUL in place of `rdf:type` (see `cica_kg.rdf.marked_lines`).
        prefixes: prefix → namespace, which no other begins with.
    """
    names = _Names(prefixes)
    things: list[bytes] = []
    subject, said = b"", dict[bytes, bytes | list[bytes]]()
    for line in lines:
        about, property_, value = line.split(b" ", 2)
        if about != subject:
            things.append(_thing(names[subject], said))
            subject, said = about, {}
        name = names[property_]
        # Most values are texts, and stand as they are.
        text = value[:-2] if value[0] == _QUOTE and value[-3] != _END_OF_IRI else names[value]
        if name not in said:
            said[name] = text
        elif isinstance(found := said[name], list):
            found.append(text)
        else:
            said[name] = [found, text]
    things.append(_thing(names[subject], said))
    head = [b"PREFIX %b: <%b>\n" % pair for pair in sorted(names.used.items())]
    return b"".join(head) + b"\n".join(things)


def _thing(name: bytes, said: dict[bytes, bytes | list[bytes]]) -> bytes:
    if not said:
        return b""
    lines = [
        b"    %b\n        %b ;\n" % (property_, b" ,\n        ".join(value))
        if isinstance(value, list)
        else b"    %b %b ;\n" % (property_, value)
        for property_, value in said.items()
    ]
    return b"%b\n%b.\n" % (name, b"".join(lines))


class _Names(dict[bytes, bytes]):
    """IRIs and literals as N-Triples write them, with or without the “ .” → as Turtle does.

    Attributes:
        used: prefix → namespace.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__({b"\0": b"a"})
        self._prefixes = {iri.encode(): prefix.encode() for prefix, iri in prefixes.items()}
        self.used: dict[bytes, bytes] = {}

    def __missing__(self, term: bytes) -> bytes:
        if term.endswith(b" ."):
            self[term] = self[_TYPE if term == b"\0 ." else term[:-2]]
        else:
            self[term] = self._typed(term) if term.startswith(b'"') else self._name(term)
        return self[term]

    def _name(self, iri: bytes) -> bytes:
        begin = max(iri.rfind(b"/"), iri.rfind(b"#")) + 1
        namespace, local = iri[1:begin], iri[begin:-1]
        prefix = self._prefixes.get(namespace)
        if prefix is None or not _LOCAL.fullmatch(local):
            return iri
        self.used[prefix] = namespace
        return b"%b:%b" % (prefix, local)

    def _typed(self, literal: bytes) -> bytes:
        text, _, datatype = literal.rpartition(b"^^")
        plain = _PLAIN.get(datatype)
        if plain and plain.fullmatch(text[1:-1]):
            return text[1:-1]
        return b"%b^^%b" % (text, self[datatype])

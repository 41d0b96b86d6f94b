"""Ordered lines of N-Triples → Turtle for people: a thing with all that is said of it, one value a line.

rdflib's writer of the same style takes thirty times as long; Oxigraph's puts all values on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from cica_kg.vocabulary import XSD

#: The local names that need no escapes (Turtle 1.1, PN_LOCAL) and cannot be taken for anything else.
_LOCAL: Final = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_-]*")
#: Literals that Turtle has a plain form for, which every reader gives back as it stood.
_PLAIN: Final = {
    f"<{XSD}integer>".encode(): re.compile(rb"0|-?[1-9][0-9]*"),
    f"<{XSD}boolean>".encode(): re.compile(rb"true|false"),
}


def turtle_bytes(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> bytes:
    """Write Turtle, with the prefixes that it uses alone.

    Args:
        lines: as `cica_kg.rdf.in_order` gives them, without blank nodes.
        prefixes: prefix → namespace, which no other begins with.
    """
    names = _Names(prefixes)
    pairs = _Pairs(names)
    things: list[bytes] = []
    subject, said = b"", dict[bytes, bytes | list[bytes]]()
    for line in lines:
        about, _, pair = line.partition(b" ")
        if about != subject:
            things.append(_thing(names[subject], said))
            subject, said = about, {}
        property_, value = pairs[pair]
        if property_ not in said:
            said[property_] = value
        elif isinstance(found := said[property_], list):
            found.append(value)
        else:
            said[property_] = [found, value]
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
    """IRIs as N-Triples write them → prefixed names where there are; `used`: prefix → namespace."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__({b"\0": b"a"})
        self._prefixes = {iri.encode(): prefix.encode() for prefix, iri in prefixes.items()}
        self.used: dict[bytes, bytes] = {}

    def __missing__(self, iri: bytes) -> bytes:
        begin = max(iri.rfind(b"/"), iri.rfind(b"#")) + 1
        namespace, local = iri[1:begin], iri[begin:-1]
        prefix = self._prefixes.get(namespace)
        self[iri] = iri
        if prefix is not None and _LOCAL.fullmatch(local):
            self.used[prefix] = namespace
            self[iri] = b"%b:%b" % (prefix, local)
        return self[iri]


class _Pairs(dict[bytes, tuple[bytes, bytes]]):
    """What a line says of its subject → property and value as Turtle writes them.

    Many things are said of many things, so this is looked up more often than found out.
    """

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, pair: bytes) -> tuple[bytes, bytes]:
        property_, _, value = pair[:-2].partition(b" ")
        self[pair] = self._names[property_], self._value(value)
        return self[pair]

    def _value(self, term: bytes) -> bytes:
        if term.startswith(b"<"):
            return self._names[term]
        if not term.endswith(b">"):
            return term
        text, _, datatype = term.rpartition(b"^^")
        plain = _PLAIN.get(datatype)
        if plain and plain.fullmatch(text[1:-1]):
            return text[1:-1]
        return b"%b^^%b" % (text, self._names[datatype])

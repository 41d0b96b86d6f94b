"""Ordered lines of N-Triples → JSON-LD, compacted by the context of the ontology, which stands inside.

pyLD can compact by any context but takes a hundred times as long, and rdflib makes no language maps: this
writes what a flat document and our own context need. A text stands in N-Triples as it does in JSON: all its
escapes are JSON's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from cica_kg.errors import DataError
from cica_kg.files import default_root
from cica_kg.text import harmless
from cica_kg.vocabulary import RDF

#: Key → JSON of a value or of several, or a node of its own: a language map.
_Node: TypeAlias = dict[bytes, Any]

_QUOTE: Final = ord('"')
_AT: Final = ord("@")
_KIND: Final = b'"type"'
_TYPE: Final = f"<{RDF}type>".encode()
#: The numbers that every JSON parser gives back digit by digit (RFC 8259, section 6).
_PLAIN: Final = {
    b'"xsd:integer"': re.compile(rb"0|-?[1-9][0-9]{0,14}"),
    b'"xsd:boolean"': re.compile(rb"true|false"),
}


def jsonld_bytes(lines: Iterable[bytes]) -> bytes:
    """Write a flat JSON-LD document, one thing a line, in the order given.

    Texts with a language become language maps, IRIs prefixed names, and values of the type that the context
    expects plain JSON.

    Args:
        lines: sorted, with NUL in place of `rdf:type` (see `cica_kg.rdf.marked_lines`).

    Raises:
        DataError: an IRI would be read as a prefixed name.
    """
    names = _Names(context())
    terms = _Terms(context(), names)
    nodes: list[bytes] = []
    subject, node = b"", _Node()
    for line in lines:
        about, property_, value = line.split(b" ", 2)
        if about != subject:
            nodes.append(_object(node))
            subject, node = about, {b'"id"': names[about]}
        said, (key, type_, texts) = node, terms[property_]
        if value[0] == _QUOTE:
            end = value.rindex(b'"') + 1
            found, kind = value[:end], value[end:-2]
            if kind and texts and kind[0] == _AT:
                said, key = node.setdefault(texts, {}), b'"%b"' % kind[1:]
            elif kind or type_:
                found = _literal(found, kind, type_, names)
            if key is _KIND:  # only IRIs and blank nodes can stand under “type”
                key = names[_TYPE]
        elif key is _KIND:
            found = terms[value].key
        else:
            found = names[value] if type_ == b'"@id"' else b'{"id": %b}' % names[value]
        if key not in said:
            said[key] = found
        elif isinstance(said[key], list):
            said[key].append(found)
        else:
            said[key] = [said[key], found]
    nodes.append(_object(node))
    encode = json.JSONEncoder(ensure_ascii=False).encode
    head = ",\n".join(f"  {encode(name)}: {encode(about)}" for name, about in _used(names, terms).items())
    return b'{"@context": {\n%b\n},\n"@graph": [\n%b\n]}\n' % (head.encode(), b",\n".join(nodes[1:]))


@cache
def context() -> dict[str, Any]:
    """Return the context of ontology/context.jsonld: prefixes, terms and their types."""
    text = (default_root() / "ontology" / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["@context"]
    return found


def _used(names: _Names, terms: _Terms) -> dict[str, Any]:
    """Return the part of the context that a document uses."""
    used = {"id", "type"}
    used |= {text.decode()[1:-1] for term in terms.values() for text in term if text}
    used |= {text.partition(":")[0] for text in (*used, *(name.decode()[1:] for name in names.values()))}
    return {name: about for name, about in context().items() if name in used}


class _Term(NamedTuple):
    """How a property is called, which type its values have (`@id`: IRIs), how its language map is called."""

    key: bytes
    type: bytes | None = None
    texts: bytes | None = None


class _Names(dict[bytes, bytes]):
    """IRIs and blank nodes of N-Triples, with or without the “ .” → JSON: prefixed names, where there are.

    Neither can hold what JSON would escape.
    """

    def __init__(self, context: dict[str, Any]) -> None:
        super().__init__()
        self._context = {name.encode() for name in context}
        self._prefixes = {about.encode(): name.encode() for name, about in context.items() if "://" in about}

    def __missing__(self, node: bytes) -> bytes:
        if node.endswith(b" ."):
            self[node] = self[_TYPE if node == b"\0 ." else node[:-2]]
        else:
            self[node] = b'"%b"' % (self._find(node[1:-1]) if node.startswith(b"<") else node)
        return self[node]

    def _find(self, iri: bytes) -> bytes:
        begin = max(iri.rfind(b"/"), iri.rfind(b"#")) + 1
        prefix = self._prefixes.get(iri[:begin])
        if prefix is not None:
            return b"%b:%b" % (prefix, iri[begin:])
        scheme, _, rest = iri.partition(b":")
        if scheme in self._context and not rest.startswith(b"//"):
            raise DataError(
                f"JSON-LD would read <{harmless(iri.decode())}> as a prefixed name: take another form"
            )
        return iri


class _Terms(dict[bytes, _Term]):
    """Properties and classes of N-Triples → how the context calls them."""

    def __init__(self, context: dict[str, Any], names: _Names) -> None:
        super().__init__({b"\0": _Term(_KIND)})
        self._names = names
        self._listed: dict[bytes, _Term] = {}
        for name, about in context.items():
            if isinstance(about, str):
                self._listed[_json(about)] = _Term(_json(name))
            elif "@container" in about:
                self._listed[_json(about["@id"])] = _Term(_json(about["@id"]), texts=_json(name))
            else:
                self._listed[_json(about["@id"])] = _Term(_json(name), _json(about["@type"]))

    def __missing__(self, node: bytes) -> _Term:
        name = self._names[node]
        self[node] = self._listed.get(name) or _Term(name)
        return self[node]


def _literal(text: bytes, kind: bytes, expected: bytes | None, names: _Names) -> bytes:
    """Return JSON of a text in quotes, followed in N-Triples by nothing, a language or a datatype."""
    if not kind:
        return b'{"@value": %b}' % text if expected else text
    if kind.startswith(b"@"):
        return b'{"@language": "%b", "@value": %b}' % (kind[1:], text)
    type_ = names[kind[2:]]
    if expected in (None, type_):
        if type_ in _PLAIN and _PLAIN[type_].fullmatch(text[1:-1]):
            return text[1:-1]
        if expected:
            return text
    return b'{"@type": %b, "@value": %b}' % (type_, text)


def _object(node: _Node) -> bytes:
    for key, value in node.items():
        if isinstance(value, dict):
            node[key] = _object(value)
        elif isinstance(value, list):
            node[key] = b"[%b]" % b", ".join(value)
    return b"{%b}" % b", ".join([b"%b: %b" % member for member in node.items()])


def _json(text: str) -> bytes:
    return b'"%b"' % text.encode()

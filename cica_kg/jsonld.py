"""Triples → JSON-LD, compacted by the context of the ontology, which stands inside each document.

pyLD can compact by any context but takes a hundred times as long, and rdflib makes no language maps: this
writes what a flat document and our own context need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from cica_kg.errors import DataError
from cica_kg.files import default_root
from cica_kg.text import harmless
from cica_kg.vocabulary import XSD

#: Terms of RDF 1.2 have been refused before.
Node: TypeAlias = NamedNode | BlankNode | Triple

_STRING: Final = NamedNode(XSD + "string")
#: The numbers that every JSON parser gives back digit by digit (RFC 8259, section 6).
_PLAIN_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")


def jsonld_bytes(ordered: Iterable[Triple | Quad]) -> bytes:
    """Write a flat JSON-LD document, one thing a line, in the order given.

    Texts with a language become language maps, IRIs prefixed names, and values of the type that the context
    expects plain JSON.

    Args:
        ordered: the triples, those of a subject together.

    Raises:
        DataError: an IRI would be read as a prefixed name.
    """
    names = _Names(context())
    terms = _Terms(context(), names)
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = []
    for subject, said in groupby(ordered, attrgetter("subject")):
        node: dict[str, Any] = {"id": names[subject]}
        for triple in said:
            _add(node, triple.object, terms[triple.predicate], names, terms)
        lines.append(encode(node))
    head = ",\n".join(f"  {encode(name)}: {encode(about)}" for name, about in _used(names, terms).items())
    body = ",\n".join(lines)
    return f'{{"@context": {{\n{head}\n}},\n"@graph": [\n{body}\n]}}\n'.encode()


@cache
def context() -> dict[str, Any]:
    """Return the context of ontology/context.jsonld: prefixes, terms and their types."""
    text = (default_root() / "ontology" / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["@context"]
    return found


def _used(names: _Names, terms: _Terms) -> dict[str, Any]:
    """Return the part of the context that a document uses."""
    used = {"id", "type", *(text for term in terms.values() for text in term if text)}
    used |= {text.partition(":")[0] for text in (*used, *names.values())}
    return {name: about for name, about in context().items() if name in used}


class _Term(NamedTuple):
    """How a property is called, which type its values have (`@id`: IRIs), how its language map is called."""

    key: str
    type: str | None = None
    texts: str | None = None


class _Names(dict["Node", str]):
    """Nodes → the prefixed name of an IRI, the IRI where no prefix fits, the label of a blank node."""

    def __init__(self, context: dict[str, Any]) -> None:
        super().__init__()
        self._context = context
        self._prefixes = {about: name for name, about in context.items() if "://" in about}

    def __missing__(self, node: Node) -> str:
        self[node] = self._find(node.value) if isinstance(node, NamedNode) else str(node)
        return self[node]

    def _find(self, iri: str) -> str:
        begin = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._prefixes.get(iri[:begin])
        if prefix is not None:
            return f"{prefix}:{iri[begin:]}"
        if iri.partition(":")[0] in self._context:
            raise DataError(f"JSON-LD would read <{harmless(iri)}> as a prefixed name: take another form")
        return iri


class _Terms(dict["Node", _Term]):
    """Properties and classes → how the context calls them."""

    def __init__(self, context: dict[str, Any], names: _Names) -> None:
        super().__init__()
        self._names = names
        self._listed: dict[str, _Term] = {}
        for name, about in context.items():
            if isinstance(about, str):
                self._listed[about] = _Term(name)
            elif "@container" in about:
                self._listed[about["@id"]] = _Term(about["@id"], texts=name)
            else:
                self._listed[about["@id"]] = _Term(name, about["@type"])

    def __missing__(self, node: Node) -> _Term:
        name = self._names[node]
        self[node] = self._listed.get(name) or _Term(name)
        return self[node]


def _add(node: dict[str, Any], value: Node | Literal, term: _Term, names: _Names, terms: _Terms) -> None:
    key: str = term.key
    found: object
    if isinstance(value, Literal):
        if term.texts is not None and (language := value.language):
            node, key, found = node.setdefault(term.texts, {}), language, value.value
        else:
            found = _literal(value, term.type, names)
    elif key == "rdf:type":
        key, found = "type", terms[value].key
    else:
        found = names[value] if term.type == "@id" else {"id": names[value]}
    if key not in node:
        node[key] = found
    elif isinstance(node[key], list):
        node[key].append(found)
    else:
        node[key] = [node[key], found]


def _literal(value: Literal, expected: str | None, names: _Names) -> object:
    text = value.value
    if language := value.language:
        return {"@language": language, "@value": text}
    if value.datatype == _STRING:
        return {"@value": text} if expected else text
    type_ = names[value.datatype]
    if expected in (None, type_):
        if type_ == "xsd:boolean" and text in ("true", "false"):
            return text == "true"
        if type_ == "xsd:integer" and _PLAIN_INTEGER.fullmatch(text):
            return int(text)
        if expected:
            return text
    return {"@type": type_, "@value": text}

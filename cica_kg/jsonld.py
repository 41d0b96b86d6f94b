"""N-Triples → JSON-LD in a fixed order, compacted by the context of the ontology, which stands inside.

pyLD can compact by any context but takes a hundred times as long, and rdflib makes no language maps: this
writes what a flat document and our own context need. A text stands in N-Triples as it does in JSON: all its
escapes are JSON's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from cica_kg.errors import DataError
from cica_kg.files import default_root
from cica_kg.short_names import ShortNames
from cica_kg.steady import KIND_MARK, marked_statements, unmarked
from cica_kg.text import harmless
from cica_kg.vocabulary import XSD

#: Language → texts.
_Texts: TypeAlias = dict[str, list[str]]
#: How the values of a property stand: what comes before them; the name of their language map, where there
#: is one; the type that they have without saying so, if any (`@id`: IRIs); IRIs and blank nodes → JSON.
_Term: TypeAlias = tuple[str, str, str, Mapping[str, str]]

#: The type of IRIs in a context.
_IRI: Final = '"@id"'
#: What stands between two things.
_NEXT: Final = '},\n{"id": '
#: Datatype → its name in the context, and what every JSON parser gives back as it stood, digit by digit
#: (RFC 8259, section 6).
_PLAIN: Final = {
    f"<{XSD}integer>": ('"xsd:integer"', re.compile(r"0|-?[1-9][0-9]{0,14}")),
    f"<{XSD}boolean>": ('"xsd:boolean"', re.compile(r"true|false")),
}


def jsonld_bytes(text: bytes) -> bytes:
    """Write a flat JSON-LD document, one thing a line.

    Texts with a language become language maps, IRIs prefixed names, and values of the type that the context
    expects plain JSON.

    Args:
        text: N-Triples as Oxigraph writes them.

    Raises:
        DataError: an IRI would be read as a prefixed name.
    """
    names = _Names(context())
    terms = _Terms(context(), names)
    written = [""]  # the head of the document, when all that it declares is known
    write = written.append
    subject = last = end = map_ = ""
    texts: _Texts = {}
    statements = marked_statements(text)
    statements.reverse()  # each is let go when it is taken, see turtle.py
    take = statements.pop
    while statements:
        about, property_, value = take().split(" ", 2)
        if about != subject or property_ != last:
            if end:
                write(end)
                end = ""
            if texts:
                write(_language_map(map_, texts, terms))
                texts = {}
            if about != subject:
                write(_NEXT)
                write(names[about])
            subject, last = about, property_
            head, map_, type_, nodes = terms[property_]
        if value[0] != '"':
            found = nodes[value]
        elif value[-1] == '"' and not type_:
            found = value
        elif map_ and value[-1] not in '">':
            said, _, language = value.rpartition("@")
            texts.setdefault(language, []).append(said)
            continue
        else:
            found = _literal(value, type_, names)
        if head:
            first = len(written)
            write(head)
            head = ""
        else:
            if not end:
                written[first] += "["
                end = "]"
            write(", ")
        write(found)
    if texts:
        end += _language_map(map_, texts, terms)
    written[0] = f'{{"@context": {{\n{_used(names, terms)}\n}},\n"@graph": [\n'
    if len(written) > 1:
        written[1] = _NEXT[len("},\n") :]  # nothing comes before the first thing
        end += "}"
    write(f"{end}\n]}}\n")
    return unmarked("".join(written))


@cache
def context() -> dict[str, Any]:
    """Return the context of ontology/context.jsonld: prefixes, terms and their types."""
    text = (default_root() / "ontology" / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["@context"]
    return found


def _used(names: _Names, terms: _Terms) -> str:
    """Return the members of the context that a document uses."""
    used = names.used | terms.used | {"id", "type"}
    encode = json.JSONEncoder().encode
    return ",\n".join(
        f"  {encode(name)}: {encode(about)}" for name, about in context().items() if name in used
    )


class _Names(ShortNames):
    """IRIs and blank nodes → JSON, which escapes nothing that these can hold."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        super().__init__({name: about for name, about in context.items() if "://" in about})
        self._context = context

    def __missing__(self, node: str) -> str:
        prefix, local = self.split(node)
        if prefix is not None and "/" not in local:  # what begins with two slashes would not be expanded
            self.used.add(prefix)
            name = f'"{prefix}:{local[:-1]}"'
        else:
            name = f'"{self._iri(node[1:-1]) if node[0] == "<" else node}"'
        self[node] = name
        return name

    def _iri(self, iri: str) -> str:
        scheme, _, rest = iri.partition(":")
        if scheme in self._context and not rest.startswith("//"):
            shown = harmless(iri.encode("latin-1").decode())
            raise DataError(f"JSON-LD would read <{shown}> as a prefixed name: take another form")
        return iri


class _Made(dict[str, str]):
    """IRIs and blank nodes as N-Triples write them → JSON, each made once."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, node: str) -> str:
        self[node] = self._make(node)
        return self[node]


class _Terms(dict[str, _Term]):
    """Properties as N-Triples write them → how their values stand.

    Attributes:
        used: what a document has of the context: terms and types.
    """

    def __init__(self, context: Mapping[str, Any], names: _Names) -> None:
        super().__init__({KIND_MARK.decode(): (', "type": ', "", "", _Made(self._name))})
        self.used: set[str] = set()
        self._names = names
        self._objects = _Made(lambda node: f'{{"id": {names[node]}}}')
        self._listed = {
            f'"{said if isinstance(said, str) else said["@id"]}"': (f'"{term}"', said)
            for term, said in context.items()
        }

    def __missing__(self, property_: str) -> _Term:
        name = self._name(property_)
        map_ = type_ = ""
        term, said = self._listed.get(self._names[property_], (name, ""))
        if "@container" in said:
            map_ = term
        elif isinstance(said, dict):
            type_ = f'"{said["@type"]}"'
            self.used.add(said["@type"].partition(":")[0])
        self[property_] = (f", {name}: ", map_, type_, self._names if type_ == _IRI else self._objects)
        return self[property_]

    def _name(self, node: str) -> str:
        """Return the JSON of the name of a property or class."""
        name = self._names[node]
        term, said = self._listed.get(name, (name, ""))
        if "@container" not in said:  # a term with a language map has no other values
            name = term
        self.used.add(name[1:-1])
        return name


def _language_map(name: str, texts: _Texts, terms: _Terms) -> str:
    terms.used.add(name[1:-1])
    members = ", ".join(
        [
            f'"{language}": {found[0]}' if len(found) == 1 else f'"{language}": [{", ".join(found)}]'
            for language, found in texts.items()
        ]
    )
    return f", {name}: {{{members}}}"


def _literal(literal: str, expected: str, names: _Names) -> str:
    """Return JSON of a literal as N-Triples write it, where the context expects values of a type, or none."""
    end = literal.rindex('"') + 1
    text, kind = literal[:end], literal[end:]
    if not kind:
        return f'{{"@value": {text}}}' if expected else text
    if kind[0] == "@":
        return f'{{"@language": "{kind[1:]}", "@value": {text}}}'
    type_, form = _PLAIN.get(kind[2:], ("", None))
    if form and expected in ("", type_) and form.fullmatch(text[1:-1]):
        return text[1:-1]
    type_ = names[kind[2:]]
    if expected == type_:
        return text
    return f'{{"@type": {type_}, "@value": {text}}}'

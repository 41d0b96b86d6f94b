"""RDF/XML, written by Oxigraph. What XML has no way to say is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from cica_kg.errors import DataError
from cica_kg.rdf import WRITTEN_PREFIXES, in_order
from cica_kg.text import harmless
from cica_kg.vocabulary import RDF

#: XML 1.0, section 2.2: no document may hold these characters, not even as references.
_NO_XML: Final = tuple(map(chr, (*range(9), 0xB, 0xC, *range(0xE, 0x20), 0xFFFE, 0xFFFF)))
_XML_BYTES: Final = bytes({9, 10, 13, *range(0x20, 0x100)})
_NO_XML_PAIRS: Final = ("\ufffe".encode(), "\uffff".encode())
#: RDF/XML, section 7.2: names of an earlier version, which readers refuse; Oxigraph refuses the others.
_WITHDRAWN: Final = tuple(RDF + name for name in ("aboutEach", "aboutEachPrefix", "bagID"))
#: Namespaces in XML 1.0, section 3: no element may be in these.
_RESERVED_NAMESPACES: Final = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
#: How Oxigraph begins an element that has no name in XML.
_NAMELESS: Final = b"<oxprefix: "
#: Stands for rdf:type in ordered lines.
_KIND: Final = b"\0"
_TYPE: Final = NamedNode(RDF + "type")


def rdfxml_bytes(found: Iterable[Triple] | Iterable[Quad]) -> bytes:
    """Serialise triples as RDF/XML in UTF-8, in a fixed order.

    Raises:
        DataError: a literal holds a character that XML forbids, or a property or class has no name in XML.
    """
    ordered = in_order(found)
    _refuse_nameless(ordered)
    data = serialize(ordered.values(), format=RdfFormat.RDF_XML, prefixes=WRITTEN_PREFIXES) or b""
    if data.translate(None, _XML_BYTES) or any(character in data for character in _NO_XML_PAIRS):
        raise DataError(_unwritable(ordered.values()))
    # A carriage return that is not escaped would be read back as the end of a line.
    return _with_used_prefixes(data.replace(b"\r", b"&#xD;"))


def _refuse_nameless(lines: Iterable[bytes]) -> None:
    """Refuse a property or class that cannot be the name of an element (its IRI stands second or last)."""
    words = {line.split(b" ", 2)[1] for line in lines} - {_KIND}
    words |= {line.split(b" ", 2)[2] for line in lines if b" \0 " in line}
    for word in sorted(words):
        name = word.removesuffix(b" .")[1:-1].decode()
        if word.startswith(b"<") and _has_no_name(name):
            raise DataError(
                f"RDF/XML has no way to write the property or class <{harmless(name)}>: take another form"
            )


def _has_no_name(iri: str) -> bool:
    """Tell whether an IRI cannot be split into a namespace and the name of an element."""
    try:
        probe = serialize([Triple(_TYPE, NamedNode(iri), _TYPE)], format=RdfFormat.RDF_XML) or b""
    except OSError:  # it has another meaning there
        return True
    return _NAMELESS in probe or iri in _WITHDRAWN or iri.startswith(_RESERVED_NAMESPACES)


def _unwritable(ordered: Iterable[Triple] | Iterable[Quad]) -> str:
    """Say which literal XML cannot hold: the first."""
    for triple in ordered:
        text = triple.object.value if isinstance(triple.object, Literal) else ""
        for character in _NO_XML:
            if character in text:
                return (
                    f"XML cannot hold the character U+{ord(character):04X} in {triple.predicate} of"
                    f" {triple.subject} (“{harmless(text[:60])}”): take another form, or correct the text"
                )
    raise AssertionError("only literals can hold such characters")


def _with_used_prefixes(data: bytes) -> bytes:
    """Declare the prefixes that elements use, sorted: Oxigraph declares all, in another order each time."""
    begin = data.index(b"<rdf:RDF ")
    end = data.index(b">", begin)
    declared = re.findall(rb' xmlns:([\w-]+)(="[^"]*")', data[begin:end])
    used = {b"rdf", *re.findall(rb"<([\w-]+):", data[end:])}
    kept = [name + iri for name, iri in sorted(declared) if name in used]
    return data[:begin] + b"<rdf:RDF xmlns:" + b" xmlns:".join(kept) + data[end:]

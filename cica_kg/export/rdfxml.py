"""RDF/XML, written by Oxigraph, which names elements after classes too. What cannot be is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from cica_kg.errors import DataError
from cica_kg.rdf import WRITTEN_PREFIXES
from cica_kg.steady import KIND_MARK, in_order
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
#: Names in these are fit for elements: so much of Namespaces in XML as vocabularies use.
_NAMESPACES: Final = {*WRITTEN_PREFIXES.values()} - {RDF}
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TYPE: Final = NamedNode(RDF + "type")


def rdfxml_bytes(found: Iterable[Triple] | Iterable[Quad]) -> bytes:
    """Serialise triples as RDF/XML in UTF-8, in a fixed order.

    Raises:
        DataError: a literal holds a character that XML forbids, or no element can be named after a property
            or class.
    """
    lines, ordered = in_order(found)
    properties, classes = _element_names(lines)
    del lines  # their memory is at hand, that of others must be asked for
    for name in sorted(properties | classes):
        if _has_no_name(name):
            raise DataError(
                f"RDF/XML as it is written here names elements after properties and classes, and none can be"
                f" named after <{harmless(name)}>: take another form"
            )
    data = serialize(ordered, format=RdfFormat.RDF_XML, prefixes=WRITTEN_PREFIXES) or b""
    if data.translate(None, _XML_BYTES) or (b"\xef" in data and any(pair in data for pair in _NO_XML_PAIRS)):
        raise DataError(_unwritable(ordered))
    # A carriage return that is not escaped would be read back as the end of a line.
    return _with_used_prefixes(data.replace(b"\r", b"&#xD;"), properties, classes)


def _element_names(lines: Iterable[bytes]) -> tuple[set[str], set[str]]:
    """Return what elements are named after: the properties, and the classes."""
    properties, classes = set(), set()
    for line in lines:
        _, property_, value = line.split(b" ", 2)
        if property_ == KIND_MARK:
            classes.add(value[:-2])
        else:
            properties.add(property_)
    return _iris(properties), _iris(classes)


def _iris(nodes: Iterable[bytes]) -> set[str]:
    return {node[1:-1].decode() for node in nodes if node.startswith(b"<")}


def _has_no_name(iri: str) -> bool:
    """Tell whether an IRI cannot be split into a namespace and the name of an element.

    Oxigraph follows the latest edition of XML 1.0, where nearly all letters may stand in names. Most readers
    know the letters of the fourth edition alone.
    """
    namespace, local = _split(iri)
    if namespace in _NAMESPACES and _LOCAL.fullmatch(local):
        return False
    if iri in _WITHDRAWN or iri.startswith(_RESERVED_NAMESPACES):
        return True
    if iri.startswith(RDF) and not _LOCAL.fullmatch(iri[len(RDF) :]):
        return True
    from xml.parsers import expat

    try:
        probe = serialize([Triple(_TYPE, NamedNode(iri), _TYPE)], format=RdfFormat.RDF_XML) or b""
        expat.ParserCreate(namespace_separator=" ").Parse(probe, True)
    except (OSError, expat.ExpatError):  # the former where it has another meaning there
        return True
    return _NAMELESS in probe


def _split(iri: str) -> tuple[str, str]:
    begin = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:begin], iri[begin:]


def _unwritable(ordered: Iterable[Triple] | Iterable[Quad]) -> str:
    """Say which literal XML cannot hold: the first."""
    for triple in ordered:
        text = triple.object.value if isinstance(triple.object, Literal) else ""
        for character in _NO_XML:
            if character in text:
                return (
                    f"XML cannot hold the character U+{ord(character):04X} in"
                    f" {harmless(str(triple.predicate))} of {harmless(str(triple.subject))}"
                    f" (“{harmless(text[:60])}”): take another form, or correct the text"
                )
    raise AssertionError("only literals can hold such characters")


def _with_used_prefixes(data: bytes, properties: set[str], classes: set[str]) -> bytes:
    """Declare the prefixes that elements use, sorted: Oxigraph declares all, in another order each time."""
    begin = data.index(b"<rdf:RDF ")
    end = data.index(b">", begin)
    used = {RDF} | {space for space, local in map(_split, properties) if _LOCAL.fullmatch(local)}
    # An element may have another name: that of a thing's second class, or of a part that cannot be a name.
    perhaps = {_split(name)[0] for name in properties | classes} - used
    declared = " xmlns:".join(
        f'{prefix}="{iri}"'
        for prefix, iri in sorted(WRITTEN_PREFIXES.items())
        if iri in used or (iri in perhaps and f"<{prefix}:".encode() in data)
    )
    rest = memoryview(data)
    return b"".join((rest[:begin], f"<rdf:RDF xmlns:{declared}".encode(), rest[end:]))

"""A guard before RDF/XML: entities made of entities let a small file fill the memory of whoever reads it."""

from __future__ import annotations

from typing import BinaryIO, Final

from cica_kg.errors import DataError

#: RDF/XML abbreviates namespaces by entities; nothing longer is needed.
_LONGEST: Final = 500


def refuse_entity_bombs(file: BinaryIO, name: str) -> None:
    """Read an XML document up to its first element, and go back to where the file stood.

    Args:
        file: the document.
        name: what messages call it.

    Raises:
        DataError: it declares an entity that is made of others or is long, or is not even well-formed there.
    """
    from xml.parsers import expat

    start = file.tell()
    parser = expat.ParserCreate()
    elements: list[str] = []

    def refuse(entity: str) -> None:
        raise DataError(f"{name}: its entity “{entity}” could fill the memory; write out what it stands for")

    def declared(entity: str, is_parameter: bool, value: str | None, *_: object) -> None:
        # An entity without a value stands in another file, which nothing here opens.
        if is_parameter or (value is not None and ("&" in value or len(value) > _LONGEST)):
            refuse(entity)

    def other(text: str) -> None:
        # Behind a parameter entity, declarations would not be told any more.
        if text.startswith("%"):
            refuse(text)

    parser.EntityDeclHandler = declared
    parser.DefaultHandler = other
    parser.StartElementHandler = lambda element, _: elements.append(element)
    try:
        while not elements and (piece := file.read(4096)):
            parser.Parse(piece)
    except expat.ExpatError as error:
        raise DataError(f"{name} is not RDF/XML: {error}") from None
    file.seek(start)

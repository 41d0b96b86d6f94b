"""What a CITATION.cff says: who made a graph, and under which name and address to cite it."""

from __future__ import annotations

from typing import NamedTuple

from cica_kg.errors import DataError


class Citation(NamedTuple):
    """Title, authors by name, and the first address given (empty for none)."""

    title: str
    authors: tuple[str, ...]
    address: str


def read_citation(content: bytes) -> Citation:
    """Read a file in the Citation File Format (citation-file-format.github.io).

    Raises:
        DataError: it is no YAML, or lacks a title or authors.
    """
    import yaml

    try:
        read = yaml.safe_load(content)
        authors = tuple(_name(author) for author in read["authors"])
        addresses = [read.get("url"), *(each["value"] for each in read.get("identifiers", ()))]
        title = str(read["title"])
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"CITATION.cff is no YAML: {error}") from None
    except (AttributeError, KeyError, TypeError):
        raise DataError("CITATION.cff needs a title, and authors with names") from None
    return Citation(title, authors, next((str(each) for each in addresses if each), ""))


def _name(author: dict[str, str]) -> str:
    parts = (author.get(key) for key in ("given-names", "name-particle", "family-names", "name"))
    return " ".join(part for part in parts if part)

"""The forms of an export: their names, what each is good for, and the file endings that stand for them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final, Literal, NamedTuple

from cica_kg.errors import UsageError


class Format(NamedTuple):
    """A form of export.

    Attributes:
        name: as `--format` takes it.
        about: one line on what it is good for.
        extensions: the file endings that stand for it, the usual one first; none for what has no ending.
        family: which part of the package writes it.
    """

    name: str
    about: str
    extensions: tuple[str, ...]
    family: Literal["rdf", "tables", "network", "release"]


#: All forms by name, in the order in which they are listed.
FORMATS: Final[dict[str, Format]] = {
    form.name: form
    for form in (
        Format("turtle", "RDF for people: grouped by subject, sorted", (".ttl",), "rdf"),
        Format("ntriples", "RDF for line tools: one triple a line, sorted", (".nt",), "rdf"),
        Format("nquads", "RDF with graphs: as N-Triples, each triple with its file", (".nq",), "rdf"),
        Format("trig", "RDF with graphs: as Turtle, one block a file", (".trig",), "rdf"),
        Format("rdfxml", "RDF for XML tools and Protégé", (".rdf", ".owl"), "rdf"),
        Format("jsonld", "RDF for web developers: JSON-LD with its context inside", (".jsonld",), "rdf"),
        Format("canonical", "RDF to hash and sign: RDFC-1.0, sorted N-Quads", (), "rdf"),
        Format("csv", "tables: a folder or .zip of CSV files with CSVW metadata", (".zip",), "tables"),
        Format("sqlite", "tables: an SQLite database", (".sqlite", ".db"), "tables"),
        Format("graphml", "a network for Gephi, Cytoscape and yEd", (".graphml",), "network"),
        Format("release", "a folder with all of these, checksums and a description", (), "release"),
    )
}
#: Forms that are several files, written to a folder or a .zip: the file by which such a folder is known.
FOLDERS: Final = {"csv": "csv-metadata.json", "release": "SHA256SUMS"}

_BY_EXTENSION: Final = {extension: form.name for form in FORMATS.values() for extension in form.extensions}


def format_of(path: PurePath) -> tuple[str, bool]:
    """Return the form that the ending of `path` stands for, and whether `.gz` behind it asks to compress.

    Raises:
        UsageError: the ending stands for no form.
    """
    ending = path.suffix.lower()
    compressed = ending == ".gz"
    if compressed:
        ending = PurePath(path.stem).suffix.lower()
    name = _BY_EXTENSION.get(ending)
    if name is None or (compressed and name in FOLDERS):
        raise UsageError(
            f"{path}: its ending names no format; use --format, or one of {' '.join(_BY_EXTENSION)}"
            " (.gz may follow)"
        )
    return name, compressed


def find_format(name: str) -> Format:
    """Return the form called `name`.

    Raises:
        UsageError: there is none; the message offers near names.
    """
    if name not in FORMATS:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMATS, n=1)
        raise UsageError(
            f"there is no format “{name}”: "
            + (f"did you mean {near[0]}?" if near else f"there are {', '.join(FORMATS)}")
        )
    return FORMATS[name]

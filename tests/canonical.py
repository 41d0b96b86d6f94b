"""The one form that the files in data/ have: `python -m tests.canonical data` writes it.

rdflib's long Turtle, with the prefixes of the vocabulary that the file uses, in the order of their names. One
value a line, sorted: a change of the data is a change of the lines that it is about.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rdflib import Graph

from cica_kg.store import literals_as_written
from cica_kg.vocabulary import PREFIXES


def canonical(text: str) -> str:
    """Return the canonical form of a Turtle document."""
    read = Graph(bind_namespaces="none")
    with literals_as_written():
        read.parse(data=text, format="turtle")
    # The prefixes of the document do not count: its triples go into a graph that has ours. Wikidata's items
    # stay whole, so that they can be followed from the file.
    graph = Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        if prefix != "wd":
            graph.bind(prefix, iri)
    for triple in read:
        graph.add(triple)
    written = graph.serialize(format="longturtle").strip("\n") + "\n"
    # rdflib declares xsd for numbers, which are written without it.
    declared = f"PREFIX xsd: <{PREFIXES['xsd']}>\n"
    return written if "xsd:" in written.replace(declared, "") else written.replace(declared, "")


def main(folders: list[str]) -> None:
    """Rewrite the Turtle files of `folders` that are not in canonical form, and name them."""
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.ttl")):
        before = path.read_text(encoding="utf-8")
        after = canonical(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The page that comes with a release: what it is, as of when, how to use, check and cite it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from cica_kg.export.citation import Citation
from cica_kg.export.dataset import Part
from cica_kg.text import harmless, markdown
from cica_kg.vocabulary import DCTERMS, GRAPH, RDFS
from cica_kg.words import LANGUAGES

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph

_FOLDERS: Final = {
    "data/": "the data as authored: Turtle, one file a kind of thing",
    "ontology/": "terms, categories, alignments, shapes and rules",
    "queries/": "named questions in SPARQL",
}
#: Files beside the graph in its forms.
_BESIDE: Final = {
    "dataset.ttl": "what is here, for catalogues: VoID and DCAT",
    "dataset.jsonld": "the same in JSON-LD",
    "certificate.json": "that the graph passed its shapes: engines, versions, a hash of each file",
    "certificate.ttl": "the same in Turtle",
    "CITATION.cff": "how to cite",
    "LICENSE-DATA": "the licence",
}
_PAGE: Final = """\
# {title}

{texts}- Version {version}, kept to {day}: nothing later is in it.
- {triples:,} triples; SHA-256 over data/ and ontology/: `{digest}`.
{licence}
## Check

```console
$ sha256sum -c SHA256SUMS
$ cica validate --kg . --verify certificate.json
$ cica validate --kg .
```

The first finds what was damaged on its way. The second holds the certificate against the files, and the third
gives the verdict anew. To see what changed since an older release: `cica diff OLDER .`

## Use

The folder has the layout that the program `cica` reads: `cica query members --kg .` answers from it, and so
do its other verbs. Other tools find a form of their own below.

## Files

| file | bytes | what |
|---|--:|---|
{files}
{cite}"""


def readme(
    kg: KnowledgeGraph, parts: Sequence[Part], files: Mapping[str, bytes], citation: Citation | None
) -> str:
    """Return the page in Markdown.

    Args:
        kg: the graph.
        parts: its forms.
        files: all files of the release but this one and the checksums.
        citation: how to cite it, where it says.
    """
    titles = _said(kg, RDFS + "label")
    about = _said(kg, DCTERMS + "description")
    licences = _said(kg, DCTERMS + "license")
    return _PAGE.format(
        title=titles.pop("en", "Knowledge graph"),
        texts="".join(f"{text}\n\n" for text in (*titles.values(), *about.values())),
        version=kg.version,
        day=kg.known_until,
        triples=files["rdf/cica-kg.nt"].count(b"\n"),
        digest=kg.digest,
        licence=f"- Licence: {', '.join(licences.values())}\n" if licences else "",
        files="\n".join(_rows(parts, files)),
        cite=_cite(citation, kg.version) if citation else "",
    )


def _said(kg: KnowledgeGraph, property_: str) -> dict[str, str]:
    """Return what the graph says of itself, by language: en, ar and ru first."""
    found: dict[str, str] = {}
    quads = kg.store.quads_for_pattern(NamedNode(GRAPH), NamedNode(property_), None, None)
    for term in sorted((quad.object for quad in quads), key=str):
        language = (term.language if isinstance(term, Literal) else None) or ""
        text = f"<{term.value}>" if isinstance(term, NamedNode) else _escaped(getattr(term, "value", ""))
        found[language] = f"{found[language]}, {text}" if language in found else text
    order = dict.fromkeys((*LANGUAGES, *sorted(found)))
    return {language: found[language] for language in order if language in found}


def _rows(parts: Sequence[Part], files: Mapping[str, bytes]) -> Iterator[str]:
    for folder, about in _FOLDERS.items():
        sizes = [len(content) for path, content in files.items() if path.startswith(folder)]
        yield f"| `{folder}` ({len(sizes)} files) | {sum(sizes):,} | {about} |"
    told = {part.path: part.about for part in parts} | _BESIDE
    yield from (
        f"| `{path}` | {len(files[path]):,} | {about} |" for path, about in told.items() if path in files
    )


def _cite(citation: Citation, version: str) -> str:
    parts = ("; ".join(citation.authors), citation.title, f"Version {version}", citation.address)
    return f"\n## Cite\n\n{'. '.join(_escaped(part) for part in parts if part)}\n\nMore in `CITATION.cff`.\n"


def _escaped(text: str) -> str:
    return markdown(harmless(text))

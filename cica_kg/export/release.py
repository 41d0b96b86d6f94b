"""A release: the graph in every form, with licence, checksums, certificate and description, fit to publish.

The folder has the layout of a graph (ontology/ data/ queries/), so it can be loaded and compared as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cica_kg.errors import UsageError
from cica_kg.export.citation import read_citation
from cica_kg.export.csvw import METADATA
from cica_kg.export.dataset import Part, description_files
from cica_kg.export.formats import FORMATS
from cica_kg.export.readme import readme
from cica_kg.files import default_root, query_folder, read_file
from cica_kg.validation import certificate
from cica_kg.validation.gate import judge, known_report

if TYPE_CHECKING:
    from cica_kg.files import GraphFiles
    from cica_kg.graph import KnowledgeGraph

_NAME: Final = "cica-kg"
#: What a release takes from the folder of its graph, where it is there.
_BESIDE: Final = ("CITATION.cff", "LICENSE-DATA")


def release_files(kg: KnowledgeGraph) -> dict[str, bytes]:
    """Return all files of a release of a graph, as of the day it is kept to: path → content.

    Raises:
        UsageError: files were added to the graph that are not in its folder, a file name would not survive
            in a list of checksums, or a library of an extra is missing.
        DataError: its CITATION.cff cannot be read.
    """
    kg = kg.as_of(kg.known_until)
    files = dict(_graph_files(kg.validated.files))
    parts = list(_parts(kg))
    files |= {part.path: part.content for part in parts}
    citation = read_citation(files["CITATION.cff"]) if "CITATION.cff" in files else None
    files |= description_files(kg, parts, citation.authors if citation else ())
    report = known_report(kg.validated.files) or judge(kg.validated.files)
    stated = certificate.make(kg.validated.files, report)
    files |= {f"certificate{ending}": certificate.write(stated, ending) for ending in (".json", ".ttl")}
    files["README.md"] = readme(kg, parts, files, citation).encode()
    files["SHA256SUMS"] = _checksums(files)
    return files


def _graph_files(files: GraphFiles) -> Iterator[tuple[str, bytes]]:
    """Yield what the graph is made of, and what stands beside it in its folder."""
    for file in files.data:
        if Path(file.name).is_absolute() or file.path != files.root / file.name:
            data = files.root / "data"
            raise UsageError(
                f"a release is made of the files of one folder: put {file.name} into {data} first"
            )
    for file in (*files.ontology, *files.shapes, *files.rules, *files.data):
        yield file.name, file.content
    own = files.root if (files.root / "ontology").is_dir() else default_root()
    known = {file.path for file in files.ontology}
    for path in sorted({*own.glob("ontology/*.ttl"), *own.glob("ontology/*.jsonld")} - known):
        yield f"ontology/{path.name}", read_file(path, str(path)).content
    for path in sorted(query_folder(files.root).glob("*.rq")):
        yield f"queries/{path.name}", read_file(path, str(path)).content
    for name in _BESIDE:
        if (files.root / name).is_file():
            yield name, read_file(files.root / name, name).content


def _parts(kg: KnowledgeGraph) -> Iterator[Part]:
    """Yield the graph in every other form, each in the folder of its family."""
    from cica_kg.export import export

    for form in FORMATS.values():
        if form.family == "release":
            continue
        made = export(kg, form.name)
        if isinstance(made, dict):
            titles = _table_titles(made)
            for name, content in sorted(made.items()):
                about = f"table: {titles[name]['en']}" if name in titles else form.about
                yield Part(f"{form.family}/{name}", titles.get(name, {}), about, content)
        else:
            # The canonical form is N-Quads too.
            ending = form.extensions[0] if form.extensions else "-canonical.nq"
            yield Part(f"{form.family}/{_NAME}{ending}", {}, form.about, made)


def _table_titles(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Return what the metadata of CSV files call them: name of a file → language → title."""
    metadata = json.loads(files[METADATA])
    return {
        table["url"]: {title["@language"]: title["@value"] for title in table["dc:title"]}
        for table in metadata["tables"]
    }


def _checksums(files: dict[str, bytes]) -> bytes:
    """List the SHA-256 of all files as `sha256sum -c` reads it."""
    for name in files:
        if not name.isprintable() or "\\" in name:
            raise UsageError(f"a list of checksums cannot hold the file name {name!r}: rename the file")
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()

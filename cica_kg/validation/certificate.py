"""The certificate: that a graph passed, by which engine, from which files; and whether that still holds.

It is a W3C validation report with PROV, in JSON-LD (plain JSON to those who want that) or Turtle. There is no
time of day in it: the same verdict on the same files has the same bytes. It is not signed; whoever doubts it
validates again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from cica_kg.errors import DataError
from cica_kg.files import GraphFile, GraphFiles
from cica_kg.store import build_store
from cica_kg.validation.memory import DECIDING_MODULES, ENGINES
from cica_kg.validation.report import Report
from cica_kg.version import __version__
from cica_kg.vocabulary import DCTERMS, GRAPH, OWL, RDFS, TERMS_NAMESPACE

_PROV: Final = "http://www.w3.org/ns/prov#"
_SH: Final = "http://www.w3.org/ns/shacl#"
_BASE: Final = "https://w3id.org/cica-kg/certificate/"
_CONTEXT: Final[dict[str, Any]] = {
    "sh": _SH,
    "prov": _PROV,
    "conforms": f"{_SH}conforms",
    "description": f"{DCTERMS}description",
    "sha256": f"{DCTERMS}identifier",
    "version": f"{OWL}versionInfo",
    "name": f"{RDFS}label",
    "kind": f"{DCTERMS}type",
    "graph": f"{DCTERMS}subject",
    "knownUntil": f"{TERMS_NAMESPACE}knownUntil",
    "generatedBy": f"{_PROV}wasGeneratedBy",
    "engines": f"{_PROV}wasAssociatedWith",
    "files": f"{_PROV}used",
}


class Certificate(NamedTuple):
    """What a certificate states.

    Attributes:
        digest: SHA-256 (hex) over all files of the graph, as `GraphFiles.digest`.
        known_until: the day the graph is kept to.
        version: of the package, the ontology and the data.
        engines: name → version of everything that decided.
        files: (kind, name) → SHA-256 (hex) of each file.
        description: the verdict in words.
    """

    digest: str
    known_until: str
    version: str
    engines: dict[str, str]
    files: dict[tuple[str, str], str]
    description: str


def make(files: GraphFiles, report: Report) -> Certificate:
    """Return the certificate of a graph that conforms.

    Raises:
        DataError: it does not.
    """
    if not report.conforms:
        raise DataError("no certificate for a graph that does not conform to its shapes")
    from cica_kg.derive import known_until

    day = known_until(build_store(files.data)) or "unknown"
    told = f"{report.count('Warning')} warnings, {report.count('Info')} notes"
    return Certificate(
        files.digest, day, __version__, _engines(), dict(_hashes(files)), f"No violations, {told}."
    )


def write(certificate: Certificate, ending: str) -> bytes:
    """Return a certificate as bytes: JSON-LD for `.json`, Turtle for `.ttl`."""
    text = json.dumps(_document(certificate), ensure_ascii=False, indent=2) + "\n"
    if ending == ".json":
        return text.encode()
    from pyoxigraph import RdfFormat, parse

    from cica_kg.validation.forms import canonical_turtle

    triples = [quad.triple for quad in parse(text, RdfFormat.JSON_LD)]
    return canonical_turtle(
        triples, {"sh": _SH, "prov": _PROV, "part": f"{_BASE}{certificate.digest}#"}
    ).encode()


def read(file: GraphFile) -> Certificate:
    """Read a certificate in either form.

    Raises:
        DataError: it is none.
    """
    from pyoxigraph import RdfFormat, Store

    kind = RdfFormat.JSON_LD if file.content.lstrip().startswith(b"{") else RdfFormat.TURTLE
    store = Store()
    try:
        # Its context stands inside it: nothing is fetched, and a document that wants that is refused.
        store.load(file.turtle, kind)
    except (SyntaxError, ValueError, OSError, MemoryError) as error:
        raise DataError(f"{file.name} is no certificate: {error}") from None
    rows = _ask(store, _HEAD)
    if len(rows) != 1 or rows[0]["conforms"] != "true":
        raise DataError(f"{file.name} is no certificate of a graph that conforms")
    head = rows[0]
    return Certificate(
        head["digest"],
        head["day"],
        head["version"],
        {row["name"]: row["version"] for row in _ask(store, _AGENTS)},
        {(row["kind"], row["name"]): row["digest"] for row in _ask(store, _FILES)},
        head["description"],
    )


def compare(stated: Certificate, files: GraphFiles) -> tuple[list[str], list[str]]:
    """Say what keeps a certificate from holding for `files`, and what is worth knowing though it holds.

    Returns:
        The reasons, none where it holds; and notes.
    """
    here = dict(_hashes(files))
    changes = [
        f"{name} is gone" if key not in here else f"{name} changed"
        for key, digest in sorted(stated.files.items())
        for name in (key[1],)
        if here.get(key) != digest
    ]
    changes += [f"{name} is new" for kind, name in sorted(here.keys() - stated.files.keys())]
    if not changes and stated.digest != files.digest:
        changes.append("its own digest does not fit its list of files: it was tampered with")
    engines = _engines()
    notes = [
        f"the verdict was given by {name} {version}; here is {engines.get(name, 'none')}"
        for name, version in sorted(stated.engines.items())
        if engines.get(name) != version
    ]
    return changes, notes


def _document(certificate: Certificate) -> dict[str, Any]:
    # Every node has an IRI of its own, so that Turtle keeps the order of the names.
    part = f"{_BASE}{certificate.digest}#"
    return {
        "@context": {"part": part, **_CONTEXT},
        "@id": f"{_BASE}{certificate.digest}",
        "@type": ["sh:ValidationReport", "prov:Entity"],
        "conforms": True,
        "description": certificate.description,
        "sha256": certificate.digest,
        "graph": {
            "@id": GRAPH,
            "@type": "prov:Entity",
            "knownUntil": certificate.known_until,
            "version": certificate.version,
        },
        "generatedBy": {
            "@id": "part:validation",
            "@type": "prov:Activity",
            "engines": [
                {"@id": f"part:{name}", "@type": "prov:SoftwareAgent", "name": name, "version": version}
                for name, version in sorted(certificate.engines.items())
            ],
            "files": [
                {
                    "@id": f"part:{quote(name, safe='/')}",
                    "@type": "prov:Entity",
                    "kind": kind,
                    "name": name,
                    "sha256": digest,
                }
                for (kind, name), digest in sorted(certificate.files.items())
            ],
        },
    }


def _engines() -> dict[str, str]:
    """Return what decides, with versions; our own code by its hash too: a version may have many states."""
    package = Path(__file__).resolve().parent.parent
    code = hashlib.sha256(b"".join((package / module).read_bytes() for module in DECIDING_MODULES))
    return {
        "cica-kg": f"{__version__} ({code.hexdigest()[:12]})",
        **{name: _version(name) for name in ENGINES},
    }


def _version(name: str) -> str:
    try:
        return installed_version(name)
    except PackageNotFoundError:
        return "unknown"


def _hashes(files: GraphFiles) -> Iterator[tuple[tuple[str, str], str]]:
    for kind in ("ontology", "shapes", "rules", "data"):
        for file in getattr(files, kind):
            yield (kind, file.name), hashlib.sha256(file.content).hexdigest()


_PREFIXES: Final = {
    "sh": _SH,
    "prov": _PROV,
    "dcterms": DCTERMS,
    "owl": OWL,
    "rdfs": RDFS,
    "cica": TERMS_NAMESPACE,
}
_HEAD: Final = """
SELECT ?conforms ?digest ?day ?version ?description {
  ?report a sh:ValidationReport ; sh:conforms ?conforms ; dcterms:identifier ?digest ;
    dcterms:description ?description ; dcterms:subject ?graph .
  ?graph cica:knownUntil ?day ; owl:versionInfo ?version .
}"""
_AGENTS: Final = (
    "SELECT ?name ?version { ?agent a prov:SoftwareAgent ; rdfs:label ?name ; owl:versionInfo ?version }"
)
_FILES: Final = """
SELECT ?kind ?name ?digest {
  ?file a prov:Entity ; dcterms:type ?kind ; rdfs:label ?name ; dcterms:identifier ?digest
}"""


def _ask(store: Any, query: str) -> list[dict[str, str]]:
    answer = store.query(query, prefixes=_PREFIXES)
    names = [variable.value for variable in answer.variables]
    return [{name: solution[name].value for name in names} for solution in answer]

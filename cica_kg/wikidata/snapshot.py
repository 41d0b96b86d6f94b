"""A snapshot: the Wikidata side in a folder, so that everything about links runs with no network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, Triple, parse

from cica_kg.errors import DataError, OutsideError, UsageError
from cica_kg.version import __version__
from cica_kg.wikidata.client import Answers, Rows, rows
from cica_kg.wikidata.compare import center_of, compare_facts
from cica_kg.wikidata.gather import SYNTHETIC, gather
from cica_kg.wikidata.links import read_links
from cica_kg.wikidata.ours import Fact, read_facts

MANIFEST: Final = "MANIFEST.json"
_FORMAT: Final = 1
_OURS: Final = "ours.json"
_SHARED: Final = "shared.nt"
_VERSION: Final = NamedNode("http://schema.org/version")


class Snapshot:
    """A snapshot that answers queries, as an endpoint would with the items that it holds.

    Attributes:
        day: when it was taken, YYYY-MM-DD.
        facts: what our graph said then.
        manifest: its manifest, as read.
    """

    def __init__(self, store: Store, facts: list[Fact], manifest: Mapping[str, Any]) -> None:
        """Take the items, our facts and the manifest."""
        self.facts = facts
        self.manifest = manifest
        self._store = store

    @property
    def day(self) -> str:
        """When it was taken, YYYY-MM-DD."""
        return str(self.manifest["day"])

    @property
    def checked(self) -> str:
        """What it is, for people."""
        return f"snapshot of {self.day}" + (", synthetic data" if self.manifest["synthetic"] else "")

    def select(self, query: str) -> Rows:
        """Return the rows of a SELECT."""
        return rows(cast(QuerySolutions, self._store.query(query)))

    def construct(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT."""
        return list(cast(QueryTriples, self._store.query(query)))


def snapshot_files(store: Store, answers: Answers, cica: str | None, digest: str) -> dict[str, bytes]:
    """Ask for everything and return the files of a snapshot: path → content.

    Args:
        store: a validated graph; its links choose the items.
        answers: an endpoint.
        cica: CICA's item, where no link of the graph names it.
        digest: the SHA-256 of the graph, for the manifest.

    Raises:
        EndpointError: there is no whole answer.
        UsageError: the graph has no link.
    """
    facts = read_facts(store, cica)
    items = {link.identifier for link in read_links(store)} | ({cica} if cica else set())
    if not items:
        raise UsageError("the graph has no link to Wikidata, so there is nothing to save")
    by_item, shared = gather(answers, items, center_of(facts))
    files = {f"items/{item}.nt": _ntriples(triples) for item, triples in by_item.items() if triples}
    files[_SHARED] = _ntriples(shared)
    files[_OURS] = _json([fact._asdict() for fact in facts])
    manifest = {
        "format": _FORMAT,
        "day": answers.day,
        "endpoint": answers.checked.rpartition(", ")[0] or answers.checked,
        "synthetic": SYNTHETIC in shared,
        "cica-kg": __version__,
        "graph": digest,
        "cica": center_of(facts) or None,
        "items": [
            {"item": item, "revision": _revision(triples), "there": bool(triples)}
            for item, triples in sorted(by_item.items(), key=lambda each: (len(each[0]), each[0]))
        ],
        "absent": [],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    triples = shared.union(*by_item.values())
    manifest["absent"] = _absent(Snapshot(_store(triples), facts, manifest))
    return files | {MANIFEST: _json(manifest)}


def open_snapshot(folder: Path) -> Snapshot:
    """Return a snapshot that `cica link snapshot` wrote.

    Raises:
        UsageError: the folder is none.
        DataError: a file of it was changed, is not there, or the format is another.
        OutsideError: it cannot be read.
    """
    if not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder} is no snapshot: it has no {MANIFEST} (“cica link snapshot” makes one)")
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != _FORMAT:
            raise DataError(f"{folder}: this version reads format {_FORMAT}, not {manifest['format']}")
        files = {name: (folder / name).read_bytes() for name in manifest["files"]}
    except FileNotFoundError as error:
        raise DataError(f"{error.filename} is not there, but the manifest lists it; take a new one") from None
    except OSError as error:
        raise OutsideError(f"{error.filename} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{folder / MANIFEST} is no manifest of a snapshot; take a new one") from None
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != manifest["files"][name]:
            raise DataError(f"{folder / name} was changed after the snapshot was taken; take a new one")
    triples: set[Triple] = set()
    for name, content in files.items():
        if name.endswith(".nt"):
            triples.update(quad.triple for quad in parse(content, RdfFormat.N_TRIPLES))
    return Snapshot(_store(triples), _facts(files[_OURS]), manifest)


def _absent(snapshot: Snapshot) -> list[str]:
    """What we looked for and did not find is worth keeping too."""
    found = compare_facts(snapshot.facts, snapshot)
    missing = [row for row in found.rows if row.judgement.verdict == "MISSING_THERE"]
    return sorted(f"no {row.relation} = {row.value} on {row.subject}" for row in missing)


def _facts(content: bytes) -> list[Fact]:
    return [
        Fact(**{**fact, "sources": tuple(fact["sources"]), "claims": tuple(fact["claims"])})
        for fact in json.loads(content)
    ]


def _store(triples: Iterable[Triple]) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


def _revision(triples: Iterable[Any]) -> int | None:
    texts = [str(t.object.value) for t in triples if t.predicate == _VERSION]
    return max((int(text) for text in texts if text.isdecimal()), default=None)


def _ntriples(triples: Iterable[Triple]) -> bytes:
    return "".join(sorted(f"{triple} .\n" for triple in triples)).encode()


def _json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()

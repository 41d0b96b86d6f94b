"""A snapshot: the Wikidata side in a folder, so that everything about links runs with no network."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, Triple, parse

from cica_kg.dates import bounds
from cica_kg.errors import DataError, OutsideError, UsageError
from cica_kg.version import __version__
from cica_kg.wikidata.client import Answers, Rows, rows
from cica_kg.wikidata.compare import center_of, compare_facts
from cica_kg.wikidata.gather import SYNTHETIC, gather
from cica_kg.wikidata.links import read_links
from cica_kg.wikidata.ours import Fact, cica_item, read_facts
from cica_kg.wikidata.relations import PART, RELATIONS

MANIFEST: Final = "MANIFEST.json"
_FORMAT: Final = 1
_OURS: Final = "ours.json"
_SHARED: Final = "shared.nt"
_VERSION: Final = NamedNode("http://schema.org/version")
#: Not longer than the name of a file may be.
_ITEM: Final = re.compile(r"Q[1-9][0-9]{0,99}")
_REVISION: Final = re.compile(r"[0-9]{1,18}")
#: What reading JSON of another shape than the one expected ends in.
_MISSHAPEN: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_RELATIONS: Final = {relation.name for relation in RELATIONS}


class Snapshot:
    """A snapshot that answers queries, as an endpoint would with the items that it holds.

    Attributes:
        day: when it was taken, YYYY-MM-DD.
        facts: what our graph said then.
        manifest: its manifest, as read.
        cica: CICA's item; None where it was not known then.
        held: the items that it knows of: those that are there, and those that were not there then.
    """

    def __init__(self, store: Store, facts: list[Fact], manifest: Mapping[str, Any]) -> None:
        """Take the items, our facts and the manifest."""
        self.facts = facts
        self.manifest = manifest
        self.cica: str | None = manifest["cica"]
        self.held = frozenset(each["item"] for each in manifest["items"])
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
        DataError: a file of it was changed, is not there or is damaged, or the format is another.
        OutsideError: the system does not let it be read.
    """
    manifest = _manifest(folder)
    contents = {name: _content(folder / name, digest) for name, digest in manifest["files"].items()}
    triples: set[Triple] = set()
    for name, content in contents.items():
        if name.endswith(".nt"):
            triples.update(_triples(folder / name, content))
    return Snapshot(_store(triples), _facts(folder / _OURS, contents[_OURS]), manifest)


def item_of_cica(store: Store, given: str | None, *sources: Answers | None) -> str | None:
    """Return the Q-number of CICA's item: as `cica_item`, else that of the first snapshot that knows it.

    Args:
        store: a validated graph.
        given: the one that the caller names, or None.
        sources: what is to be asked; only snapshots among them count.

    Raises:
        UsageError: as `cica_item`; or a snapshot was taken with another than the one given.
    """
    item = cica_item(store, given)
    snapshots = [source for source in sources if isinstance(source, Snapshot) and source.cica is not None]
    for snapshot in snapshots:
        if given not in (None, snapshot.cica):
            raise UsageError(
                f"the snapshot of {snapshot.day} was taken with {snapshot.cica} as CICA's item, not with "
                f"{given}: leave out --item, or take a new one"
            )
    return item or next((snapshot.cica for snapshot in snapshots), None)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        if not path.is_file():
            raise UsageError(
                f"{folder} is no snapshot: it has no {MANIFEST} (“cica link snapshot” makes one)"
            )
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        kind = manifest["format"]
        if type(kind) is int and kind != _FORMAT:
            raise DataError(f"{path}: this version reads format {_FORMAT}, not {kind}; take a new snapshot")
        sound = type(kind) is int and _is_sound(manifest)
    except OSError as error:
        raise _unreadable(path, error) from None
    except _MISSHAPEN:
        sound = False
    if not sound:
        raise _damaged(path, "is no manifest of a snapshot")
    return manifest


def _is_sound(manifest: Mapping[str, Any]) -> bool:
    """Whether all that is read of a manifest is as `snapshot_files` writes it; may raise what it stumbles on.

    So no name of a file leads out of the folder, and no text of it can steer a terminal.
    """
    items, files, cica, day = (manifest[name] for name in ("items", "files", "cica", "day"))
    there = {each["item"] for each in items if each["there"]}
    return (
        date.fromisoformat(day).isoformat() == day
        and isinstance(manifest["synthetic"], bool)
        and all(_ITEM.fullmatch(each["item"]) and isinstance(each["there"], bool) for each in items)
        and (cica is None or bool(_ITEM.fullmatch(cica)))
        and files.keys() == {_OURS, _SHARED, *(f"items/{item}.nt" for item in there)}
    )


def _content(path: Path, digest: object) -> bytes:
    try:
        if not path.exists():
            raise _damaged(path, "is not there, but the manifest lists it")
        if not path.is_file():
            raise _damaged(path, "is no plain file")
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(path, "was changed after the snapshot was taken")
    return content


def _triples(path: Path, content: bytes) -> list[Triple]:
    try:
        triples = [quad.triple for quad in parse(content, RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError):
        raise _damaged(path, "is no N-Triples") from None
    if any(isinstance(triple.object, Triple) for triple in triples):
        raise _damaged(path, "holds a term of RDF 1.2")
    return triples


def _facts(path: Path, content: bytes) -> list[Fact]:
    try:
        return [_fact(each) for each in json.loads(content)]
    except _MISSHAPEN:
        raise _damaged(path, "does not hold what our graph said") from None


def _fact(told: Mapping[str, Any]) -> Fact:
    """Read a fact; may raise what it stumbles on."""
    fact = Fact(**{**told, "sources": tuple(told["sources"]), "claims": tuple(told["claims"])})
    "".join((*fact[:-2], *fact.sources, *fact.claims)).encode()  # texts, and such as can be written again
    for iri in filter(None, (fact.iri, fact.subject, fact.value)):
        NamedNode(iri)
    for day in filter(None, (fact.start, fact.end)):
        bounds(day)
    items_sound = all(_ITEM.fullmatch(item) for item in (fact.subject_item, fact.value_item) if item)
    if not (items_sound and fact.relation in _RELATIONS and (fact.start or fact.relation == PART.name)):
        raise ValueError
    return fact


def _damaged(path: Path, why: str) -> DataError:
    return DataError(f"{path} {why}; take a new snapshot")


def _unreadable(path: Path, error: OSError) -> OutsideError:
    return OutsideError(f"{path} cannot be read: {error.strerror}")


def _absent(snapshot: Snapshot) -> list[str]:
    """What we looked for and did not find is worth keeping too."""
    found = compare_facts(snapshot.facts, snapshot)
    missing = [row for row in found.rows if row.judgement.verdict == "MISSING_THERE"]
    return sorted(f"no {row.relation} = {row.value} on {row.subject}" for row in missing)


def _store(triples: Iterable[Triple]) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


def _revision(triples: Iterable[Any]) -> int | None:
    texts = [str(t.object.value) for t in triples if t.predicate == _VERSION]
    return max((int(text) for text in texts if _REVISION.fullmatch(text)), default=None)


def _ntriples(triples: Iterable[Triple]) -> bytes:
    return "".join(sorted(f"{triple} .\n" for triple in triples)).encode()


def _json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()

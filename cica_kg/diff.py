"""Tell what changed between two graphs: facts added, removed and changed."""

from __future__ import annotations

import gzip
import zlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cica_kg.blank_nodes import Term, name_blank_nodes
from cica_kg.errors import DataError, OutsideError, TurtleError, UsageError
from cica_kg.files import GraphFile, read_graph
from cica_kg.store import triples
from cica_kg.text import harmless
from cica_kg.vocabulary import BASE
from cica_kg.xml_entities import refuse_entity_bombs

Subject = NamedNode | BlankNode | Triple

#: File ending → format.
_FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Change(NamedTuple):
    """One value of a property of a thing, replaced by another."""

    subject: Subject
    property: NamedNode
    old: Term
    new: Term


class Renamed(NamedTuple):
    """A thing that is gone and one that is new, of which the very same is said, and of no other."""

    old: NamedNode
    new: NamedNode


class Difference(NamedTuple):
    """What changed, in a fixed order; false where nothing did.

    Attributes:
        removed, added: facts; those of `changed` are not among them.
        changed: facts of which only the value is another.
        gone, new: subjects of which nothing is said any more, or for the first time.
        renamed: things of `gone` that go on under the IRI of a thing of `new`.
    """

    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]
    changed: tuple[Change, ...]
    gone: tuple[Subject, ...]
    new: tuple[Subject, ...]
    renamed: tuple[Renamed, ...]

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.removed or self.added or self.changed)


class Side(NamedTuple):
    """One of two graphs: what it is called, its facts, and the terms that stand beside it.

    Its blank nodes are named after their content.
    """

    name: str
    triples: set[Triple]
    ontology: tuple[GraphFile, ...] = ()


def diff(old: Iterable[Triple], new: Iterable[Triple]) -> Difference:
    """Return what changed from `old` to `new`.

    A value counts as replaced where it is clear by which one: the same text in another language or datatype;
    else the one value of its kind, language and datatype that came where one went.

    Raises:
        DataError: blank nodes are too much alike to be told apart.
    """
    before, after = name_blank_nodes(old), name_blank_nodes(new)
    removed, added = before - after, after - before
    changed = list(_changes(removed, added))
    removed -= {Triple(change.subject, change.property, change.old) for change in changed}
    added -= {Triple(change.subject, change.property, change.new) for change in changed}
    subjects, subjects_now = ({triple.subject for triple in each} for each in (before, after))
    gone, begun = subjects - subjects_now, subjects_now - subjects
    return Difference(
        removed=tuple(sorted(removed, key=str)),
        added=tuple(sorted(added, key=str)),
        changed=tuple(sorted(changed, key=lambda change: [str(term) for term in change])),
        gone=tuple(sorted(gone, key=str)),
        new=tuple(sorted(begun, key=str)),
        renamed=tuple(_renamed(before, after, gone, begun)),
    )


def _changes(removed: set[Triple], added: set[Triple]) -> Iterator[Change]:
    left: defaultdict[tuple[Subject, NamedNode], tuple[set[Term], set[Term]]]
    left = defaultdict(lambda: (set(), set()))
    for side, found in enumerate((removed, added)):
        for triple in found:
            left[triple.subject, triple.predicate][side].add(triple.object)
    for (subject, property_), (old, new) in left.items():
        for likeness in (_text, _sort, _plain):
            for before, after in _pairs(old, new, likeness):
                old.remove(before)
                new.remove(after)
                yield Change(subject, property_, before, after)


def _pairs(old: set[Term], new: set[Term], likeness: Callable[[Term], Hashable]) -> list[tuple[Term, Term]]:
    """Pair each value with the one on the other side, where both are the only ones of their likeness."""
    groups: defaultdict[Hashable, tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for side, values in enumerate((old, new)):
        for value in values:
            groups[likeness(value)][side].append(value)
    return [
        (before[0], after[0])
        for like, (before, after) in groups.items()
        if like is not None and len(before) == len(after) == 1
    ]


def _text(value: Term) -> Hashable:
    return value.value if isinstance(value, Literal) else None


def _sort(value: Term) -> Hashable:
    if isinstance(value, Literal):
        return value.datatype, value.language, value.direction
    return NamedNode if isinstance(value, NamedNode) else None


def _plain(value: Term) -> Hashable:
    """Put all in one group but texts of a language, which another language does not replace."""
    if isinstance(value, Literal):
        return value.language is None or None
    return isinstance(value, NamedNode) or None


def _renamed(
    before: set[Triple], after: set[Triple], gone: set[Subject], begun: set[Subject]
) -> Iterator[Renamed]:
    if not (gone and begun):
        return
    facts: defaultdict[Subject, set[tuple[NamedNode, Term]]] = defaultdict(set)
    for found, among in ((before, gone), (after, begun)):
        for triple in found:
            if triple.subject in among:
                facts[triple.subject].add((triple.predicate, triple.object))
    # Who says each of these facts: what others say too, they may be.
    sayers: defaultdict[tuple[NamedNode, Term], set[Subject]] = defaultdict(set)
    wanted = set().union(*(facts[subject] for subject in gone))
    for triple in before | after:
        if (triple.predicate, triple.object) in wanted:
            sayers[triple.predicate, triple.object].add(triple.subject)
    for old in sorted(gone, key=str):
        alike = set.intersection(*sorted((sayers[fact] for fact in facts[old]), key=len)) - {old}
        new = alike.pop() if len(alike) == 1 else None
        same = new in begun and facts[old] == facts[new]
        if same and isinstance(old, NamedNode) and isinstance(new, NamedNode):
            yield Renamed(old, new)


def read_side(path: Path) -> Side:
    """Read one of two graphs to compare; nothing is validated and nothing is fetched.

    Args:
        path: an RDF file, which may be compressed by gzip, or a folder of the graph's layout, such as a
            release: the data in it. Names of graphs are left out, and relative IRIs are ours.

    Raises:
        UsageError: nothing is there, or its ending names no format.
        DataError: it is not what its ending says.
        OutsideError: it cannot be read.
    """
    try:
        return _folder(path) if path.is_dir() else _file(path)
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror or error}") from None


def _folder(path: Path) -> Side:
    files = read_graph(path)
    try:
        return Side(str(path), name_blank_nodes(triples(files.data)), files.ontology)
    except TurtleError as error:
        raise DataError(f"{path}: {error}") from None


def _file(path: Path) -> Side:
    endings = [ending.lower() for ending in path.suffixes[-2:]]
    packed = endings[-1:] == [".gz"]
    format_ = _FORMATS.get("".join(endings[:-1] if packed else endings[-1:]))
    if format_ is None:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder")
        raise UsageError(
            f"{path}: its ending names no RDF format; there are {' '.join(_FORMATS)}, also with .gz"
        )
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            return Side(str(path), _parse(cast(BinaryIO, file), format_, path))
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DataError(f"{path} is no whole gzip file; unpack it, or fetch it again") from None
    except (SyntaxError, ValueError, MemoryError) as error:
        raise DataError(f"{path} is not {format_.name}: {_reason(error)}") from None


def _parse(file: BinaryIO, format_: RdfFormat, path: Path) -> set[Triple]:
    if file.read(len(_BYTE_ORDER_MARK)) != _BYTE_ORDER_MARK:
        file.seek(0)
    if format_ == RdfFormat.RDF_XML:
        refuse_entity_bombs(file, str(path))
    return name_blank_nodes(quad.triple for quad in parse(file, format_, base_iri=BASE))


def _reason(error: Exception) -> str:
    if "LoadDocumentCallback" in str(error):
        return "its @context stands on the web, and nothing is fetched; write the context into the file"
    return harmless(str(error))

"""Names for blank nodes that stay the same while what is said of them does.

Each group of connected blank nodes is named after its content, by the standard canonicalization (RDFC-1.0) of
that group alone: a canonicalization of the whole graph would rename them all when one changes.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from cica_kg.errors import DataError

Term = NamedNode | BlankNode | Literal | Triple

#: RDFC-1.0 tries the orders of what looks alike: beyond these numbers it can take minutes, then hours.
_MOST_ORDERS: Final = 100_000
_MOST_ALIKE: Final = 200


def name_blank_nodes(found: Iterable[Triple]) -> set[Triple]:
    """Return triples with their blank nodes named after their content.

    Two graphs that differ in the names of blank nodes alone become equal.

    Raises:
        DataError: blank nodes look so much alike that telling them apart could take for ever.
    """
    named: set[Triple] = set()
    unnamed: set[Triple] = set()
    for triple in found:
        # Nearly every triple is of these; to walk through its terms takes longer.
        plain = isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)
        (unnamed if not plain and any(_blank_nodes(triple)) else named).add(triple)
    copies: Counter[str] = Counter()
    for group in _groups(unnamed):
        _refuse_alike(group)
        dataset = Dataset(Quad(*triple) for triple in group)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        canonical = [quad.triple for quad in dataset]
        digest = hashlib.sha256("\n".join(sorted(map(str, canonical))).encode()).hexdigest()[:16]
        copies[digest] += 1
        prefix = f"b{digest}x{copies[digest]}n"
        named.update(_renamed(triple, prefix) for triple in canonical)
    return named


def _blank_nodes(term: Term) -> Iterator[BlankNode]:
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from _blank_nodes(term.subject)
        yield from _blank_nodes(term.object)


def _groups(found: Iterable[Triple]) -> Iterator[list[Triple]]:
    """Yield the triples of each group of connected blank nodes."""
    mentions: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in found:
        for node in _blank_nodes(triple):
            mentions[node].append(triple)
    seen: set[BlankNode] = set()
    for start in mentions:
        if start in seen:
            continue
        group: set[Triple] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                group.update(mentions[node])
                waiting += [other for triple in mentions[node] for other in _blank_nodes(triple)]
        yield list(group)


def _refuse_alike(group: list[Triple]) -> None:
    """Raise DataError where RDFC-1.0 could take for ever: its cost grows with what looks alike at first."""
    said: defaultdict[BlankNode, list[str]] = defaultdict(list)
    beside: defaultdict[BlankNode, list[tuple[str, BlankNode]]] = defaultdict(list)
    for triple in group:
        nodes = set(_blank_nodes(triple))
        for node in nodes:
            text = _masked(triple, node)
            said[node].append(text)
            beside[node] += [(text, other) for other in nodes - {node}]
    looks = {node: " ".join(sorted(texts)) for node, texts in said.items()}
    alike = sum(count for count in Counter(looks.values()).values() if count > 1)
    orders = sum(
        math.lgamma(count + 1)
        for others in beside.values()
        for count in Counter((text, looks[other]) for text, other in others).values()
    )
    if alike > _MOST_ALIKE or orders > math.log(_MOST_ORDERS):
        raise DataError(
            f"{len(looks)} connected blank nodes look so much alike that telling them apart could take for"
            " ever; give them IRIs"
        )


def _masked(term: Term, node: BlankNode) -> str:
    """Return what a term says of `node`, whatever blank nodes are called."""
    if isinstance(term, Triple):
        return f"({_masked(term.subject, node)} {term.predicate} {_masked(term.object, node)})"
    if isinstance(term, BlankNode):
        return "_:this" if term == node else "_:other"
    return str(term)


def _renamed(triple: Triple, prefix: str) -> Triple:
    def renamed(term: Term) -> Any:
        if isinstance(term, BlankNode):
            return BlankNode(prefix + term.value.removeprefix("c14n"))
        return _renamed(term, prefix) if isinstance(term, Triple) else term

    return Triple(renamed(triple.subject), triple.predicate, renamed(triple.object))

"""TriG, written by Oxigraph, graph by graph in order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Quad, RdfFormat, serialize

from cica_kg import steady
from cica_kg.rdf import WRITTEN_PREFIXES

#: The rest of an IRI that Oxigraph takes for a local name; there are more.
_LOCAL: Final = re.compile(rb"[A-Za-z0-9_-]+> ")


def trig_bytes(quads: Iterable[Quad]) -> bytes:
    """Serialise quads as TriG in UTF-8, in a fixed order; blank nodes keep their labels.

    Raises:
        DataError: there is a term that most tools cannot read; the message names it.
    """
    by_graph: defaultdict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(quad)
    ordered: list[Quad] = []
    used: set[str] = set()
    # All graphs at once would need more memory than a processor has at hand, and a tenth more time.
    for name in sorted(by_graph, key=str):
        held = by_graph[name]
        text = serialize(held, format=RdfFormat.N_QUADS) or b""
        lines, held = steady.by_line(steady.marked_lines(text), held)
        ordered += held
        used |= _prefixes_of_subjects(lines)
    trig = serialize(ordered, format=RdfFormat.TRIG, prefixes=WRITTEN_PREFIXES) or b""
    steady.refuse_unreadable(ordered, trig)
    return _with_used_prefixes(trig, used)


def _prefixes_of_subjects(lines: Sequence[bytes]) -> set[str]:
    """Return prefixes that subjects of these sorted lines surely get: most are found so, at once."""
    found = set()
    for prefix, namespace in WRITTEN_PREFIXES.items():
        begin = f"<{namespace}".encode()
        place = bisect_left(lines, begin)
        if place < len(lines) and lines[place].startswith(begin) and _LOCAL.match(lines[place], len(begin)):
            found.add(prefix)
    return found


def _with_used_prefixes(trig: bytes, used: set[str]) -> bytes:
    """Return TriG with its prefixes sorted, without those that nothing needs.

    Oxigraph declares all that it is given, in another order each time. A prefix stays where its name and a
    colon stand anywhere, be it in a text or an IRI: to tell these apart would take a parser.

    Args:
        trig: what Oxigraph wrote.
        used: prefixes that need not be looked for.
    """
    end = 0
    while trig.startswith(b"@prefix ", end):
        end = trig.index(b"\n", end) + 1
    head = [
        f"@prefix {prefix}: <{namespace}> .\n".encode()
        for prefix, namespace in sorted(WRITTEN_PREFIXES.items())
        if prefix in used or trig.find(f"{prefix}:".encode(), end) >= 0
    ]
    return b"".join((*head, memoryview(trig)[end:]))

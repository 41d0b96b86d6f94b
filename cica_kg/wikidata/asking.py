"""The queries to Wikidata: SPARQL 1.1 files beside this one, and what takes the place of their values.

A value stands in a file as a line `VALUES ?item { wd:Q232 } # parameter`, perhaps more than once; the whole
file runs as it is. What takes its place is always terms of RDF, never pasted text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

FOLDER: Final = Path(__file__).parent / "queries"
_PARAMETER: Final = re.compile(r"(?m)^(\s*VALUES\s+\?(\w+)\s*\{)[^\n]*?(\}\s*# parameter\s*)$")

T = TypeVar("T")


def query_text(name: str, /, **values: Iterable[NamedNode | Literal]) -> str:
    """Return a query with `values` in place of what stands in its file.

    Args:
        name: of the file, without `.rq`.
        values: parameter → its terms, any number; every parameter of the file must be given.

    Raises:
        KeyError: a parameter of the file is not given, or there is none such.
    """
    text = _read(name)
    if unknown := values.keys() - {match[2] for match in _PARAMETER.finditer(text)}:
        raise KeyError(*unknown)
    terms = {parameter: " ".join(map(str, given)) for parameter, given in values.items()}
    return _PARAMETER.sub(lambda match: f"{match[1]} {terms[match[2]]} {match[3]}", text)


@cache
def _read(name: str) -> str:
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield `values` in parts of at most `size`: no query asks for too much at once."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]

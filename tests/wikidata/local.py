"""Triples that answer as a source of Wikidata's statements does, inside this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pyoxigraph import Quad, QuerySolutions, QueryTriples, Store, Triple

from cica_kg.wikidata.client import Rows, rows


class Local:
    """Answers from triples; `asked` lists the queries."""

    checked = "synthetic data"
    day = "2026-11-20"

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.asked: list[str] = []
        self._store = Store()
        self._store.extend(Quad(*triple) for triple in triples)

    def select(self, query: str) -> Rows:
        self.asked.append(query)
        return rows(cast(QuerySolutions, self._store.query(query)))

    def construct(self, query: str) -> list[Triple]:
        self.asked.append(query)
        return list(cast(QueryTriples, self._store.query(query)))

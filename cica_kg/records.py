"""Records with their dates, and what holds on which day: the view rules once more, for days in bulk.

The rules in ontology/rules/ answer for one reference date and any engine; what runs over many days (claims)
asks here. A test holds that the two agree.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pyoxigraph import QuerySolutions, Store

from cica_kg.vocabulary import PREFIXES

_RECORDS = """
SELECT * {
  ?kind cica:viewedAs ?view .
  VALUES ?binds { cica:inOrganization cica:forPost cica:ofMeasure cica:atPlace }
  ?record a ?kind ; cica:party ?party ; ?binds ?thing ; cica:start ?start ;
    cica:startEarliest ?startEarliest ; cica:startLatest ?startLatest .
  OPTIONAL { ?record cica:end ?end ; cica:endEarliest ?endEarliest ; cica:endLatest ?endLatest }
  OPTIONAL { ?record cica:ongoingEarliest ?shown }
  OPTIONAL { ?kind cica:lastsUntilEnded ?lasting }
}
ORDER BY ?startEarliest ?record"""
_DAYS = frozenset({"startEarliest", "startLatest", "endEarliest", "endLatest", "shown"})


class Record(NamedTuple):
    """One record: who was bound to what, from when to when.

    Attributes:
        iri, kind, party, thing: IRIs.
        start, end: EDTF texts; `end` is empty where the record goes on.
        start_earliest, start_latest, end_earliest, end_latest: the bounds.
        sure_until: the last day on which a record without an end is sure.
    """

    iri: str
    kind: str
    party: str
    thing: str
    start: str
    end: str
    start_earliest: date
    start_latest: date
    end_earliest: date | None
    end_latest: date | None
    sure_until: date | None

    def holds(self, day: date) -> bool | None:
        """Whether it surely holds on `day` (True), surely not (False), or possibly (None)."""
        if day < self.start_earliest or (self.end_latest is not None and day >= self.end_latest):
            return False
        if self.end_earliest is not None:
            sure = self.start_latest <= day < self.end_earliest
        else:
            sure = self.start_latest <= day and (self.sure_until is None or day <= self.sure_until)
        return True if sure else None

    def changes(self) -> list[date]:
        """Return the days on which the answer of `holds` may change."""
        days = [self.start_earliest, self.start_latest]
        days += [day for day in (self.end_earliest, self.end_latest) if day is not None]
        if self.end_earliest is None and self.sure_until is not None:
            days.append(self.sure_until + timedelta(days=1))
        return days

    def without_end(self) -> Record:
        """Return the record of “is or was”: once begun, for ever."""
        return self._replace(end_earliest=None, end_latest=None, sure_until=None)

    def span(self) -> str:
        """Return its dates as a person reads them, `2014-05-21 – 2018-09-24`."""
        return f"{self.start} – {self.end}".rstrip()


def read_records(store: Store, known_until: date) -> list[Record]:
    """Return all records of `store`, which must have its date bounds, in order of time."""
    answer = store.query(_RECORDS, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    found = []
    for row in answer:
        text = {v.value: str(row[v].value) for v in answer.variables if row[v] is not None}
        day = {name: date.fromisoformat(value) for name, value in text.items() if name in _DAYS}
        found.append(
            Record(
                iri=text["record"],
                kind=text["kind"],
                party=text["party"],
                thing=text["thing"],
                start=text["start"],
                end=text.get("end", ""),
                start_earliest=day["startEarliest"],
                start_latest=day["startLatest"],
                end_earliest=day.get("endEarliest"),
                end_latest=day.get("endLatest"),
                sure_until=known_until if text.get("lasting") == "true" else day.get("shown"),
            )
        )
    return found

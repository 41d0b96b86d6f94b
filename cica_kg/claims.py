"""What the sources claim, held against what the graph knows.

Each claim is turned into a line of truth over time: true, false or open on every day. From that follow the
verdict at the reference date and whether the claim was right when it was made. Nothing here knows any single
claim: a new one is data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from cica_kg.dates import bounds
from cica_kg.records import read_records
from cica_kg.truth import Line, changes_of, constant, of_records, overlap, right_within, verdict_at
from cica_kg.vocabulary import CICA, OWL, PREFIXES, RDF, RDFS, SKOS, TERMS_NAMESPACE

VERDICTS: Final = ("agrees", "outdated", "contradicted", "undecided", "not-checkable")
#: The date properties: their values are EDTF texts, compared by their bounds.
_DATES: Final = frozenset(
    TERMS_NAMESPACE + name for name in ("date", "start", "end", "established", "ongoingAsOf")
)
_NAMES: Final = (RDFS + "label", SKOS + "altLabel", CICA.officialName, CICA.shortName)
#: Counts: (class of record, class of the party or None).
_COUNTS: Final = {
    CICA.memberCount: (CICA.Membership, None),
    CICA.observerCount: (CICA.Observership, None),
    CICA.observerStateCount: (CICA.Observership, CICA.State),
    CICA.observerOrganizationCount: (CICA.Observership, CICA.Organization),
}
#: Meetings count as a rhythm when their gaps lie this close to it (a quarter of the period).
_TOLERANCE: Final = 0.25

_CLAIMS: Final = """
SELECT * {
  ?claim a cica:Claim ;
    cica:about ?about ; cica:onProperty ?property ; cica:asOf ?asOf ;
    cica:madeIn ?source ; cica:locator ?locator .
  OPTIONAL { ?claim cica:claimedThing ?thing }
  OPTIONAL { ?claim cica:claimedValue ?value }
  OPTIONAL { ?claim cica:verdict ?verdict }
}
ORDER BY ?claim"""


@dataclass(frozen=True)
class Judged:
    """A claim and what the graph makes of it.

    Attributes:
        claim, about, on_property, source: IRIs.
        claimed: the claimed thing (IRI) or value (text).
        claimed_is_thing: which of the two it is.
        as_of: the EDTF text of the day or days the claim speaks of.
        locator: where it stands in the source.
        computed_verdict: one of VERDICTS: what the program finds at the reference date.
        since: the first day on which the claim agrees, or agrees no longer; None where there is no such day.
        right_then: whether it was right on its own date: `yes`, `no`, `partly` (on some of the days), `open`.
        computed: what the graph has in place of the claimed value, as text; empty where it has nothing.
        editor_verdict: the editors' own verdict, or None.
        reasons: the editors' reason, by language.
        disagrees_with: IRIs of claims that say otherwise.
    """

    claim: str
    about: str
    on_property: str
    claimed: str
    claimed_is_thing: bool
    as_of: str
    source: str
    locator: str
    computed_verdict: str
    since: date | None
    right_then: str
    computed: str
    editor_verdict: str | None
    reasons: dict[str, str]
    disagrees_with: tuple[str, ...]

    @property
    def decided_by(self) -> str:
        """Who decides: `graph` where the program can tell, else `editors` if they did."""
        open_ = self.computed_verdict in ("undecided", "not-checkable")
        return "editors" if open_ and self.editor_verdict else "graph"

    @property
    def verdict(self) -> str:
        """The verdict that counts: the program's where it can tell, else the editors'."""
        return (self.editor_verdict or "") if self.decided_by == "editors" else self.computed_verdict


def judge_claims(store: Store, day: date, known_until: date) -> list[Judged]:
    """Return every claim in `store` with its verdict at `day`, in the order of their IRIs.

    Args:
        store: a validated graph with its date bounds.
        day: the reference date.
        known_until: the day up to which the graph was kept.
    """
    bench = _Bench(store, known_until)
    answer = store.query(_CLAIMS, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    return [bench.judge({v.value: row[v] for v in answer.variables}, day) for row in list(answer)]


class _Bench:
    """Reads what claims are held against, once, and judges them."""

    def __init__(self, store: Store, known_until: date) -> None:
        self._store = store
        self._known_until = known_until
        self._records = read_records(store, known_until)
        self._views = _views(store)
        self._functional = set(self._subjects(RDF + "type", OWL + "FunctionalProperty"))

    def judge(self, row: dict[str, Any], day: date) -> Judged:
        text = {name: term.value for name, term in row.items() if term is not None}
        is_thing = "thing" in text
        claimed = text["thing"] if is_thing else text["value"]
        line = self._line(text["about"], text["property"], claimed, is_thing)
        verdict, since = ("not-checkable", None) if line is None else verdict_at(line, day)
        notes = self._store.quads_for_pattern(row["claim"], NamedNode(SKOS + "note"), None, None)
        return Judged(
            claim=text["claim"],
            about=text["about"],
            on_property=text["property"],
            claimed=claimed,
            claimed_is_thing=is_thing,
            as_of=text["asOf"],
            source=text["source"],
            locator=text["locator"],
            computed_verdict=verdict,
            since=since,
            right_then="open" if line is None else right_within(line, bounds(text["asOf"])),
            computed="" if line is None else line.computed(day),
            editor_verdict=text["verdict"].rpartition("verdict-")[2] if "verdict" in text else None,
            reasons={
                q.object.language or "en": q.object.value for q in notes if isinstance(q.object, Literal)
            },
            disagrees_with=tuple(sorted(self._values(text["claim"], CICA.disagreesWith))),
        )

    def _line(self, about: str, property_: str, claimed: str, is_thing: bool) -> Line | None:
        if property_ in _COUNTS:
            return self._count(about, property_, claimed)
        if property_ in self._views:
            kind, inverse = self._views[property_]
            party, thing = (claimed, about) if inverse else (about, claimed)
            return of_records(
                [r for r in self._records if (r.kind, r.party, r.thing) == (kind, party, thing)]
            )
        if property_ == CICA.affiliatedWith:
            bound = [r for r in self._records if r.party == about and r.thing == claimed]
            return of_records([r.without_end() for r in bound]) if bound else None
        if property_ == CICA.meetsEvery:
            return self._rhythm(about, claimed)
        if property_ in _DATES:
            return self._dated(about, property_, claimed)
        if property_ in _NAMES:
            return self._named(about, claimed)
        return self._stated(about, property_, claimed, is_thing)

    def _count(self, about: str, property_: str, claimed: str) -> Line:
        kind, party_class = _COUNTS[property_]
        of_class = set(self._subjects(RDF + "type", party_class)) if party_class else None
        counted = [
            r
            for r in self._records
            if r.kind == kind and r.thing == about and (of_class is None or r.party in of_class)
        ]

        def range_on(day: date) -> tuple[int, int]:
            states = [record.holds(day) for record in counted]
            return states.count(True), states.count(True) + states.count(None)

        def on(day: date) -> bool | None:
            least, most = range_on(day)
            if least <= int(claimed) <= most:
                return True if least == most else None
            return False

        def computed(day: date) -> str:
            least, most = range_on(day)
            return str(least) if least == most else f"{least}–{most}"

        return Line(on, changes_of(counted), computed)

    def _rhythm(self, body: str, claimed: str) -> Line | None:
        """Hold `P4Y` against the gaps between the numbered meetings that were held."""
        by_kind: dict[str, list[date]] = {}
        for meeting in self._subjects(CICA.meetingOf, body):
            numbered, statuses = self._values(meeting, CICA.ordinal), self._values(meeting, CICA.status)
            if numbered and statuses[0].endswith("status-held"):
                began = date.fromisoformat(self._values(meeting, CICA.startEarliest)[0])
                by_kind.setdefault(self._values(meeting, CICA.meetingKind)[0], []).append(began)
        # A body's regular meetings are the kind of which it numbered most; informal ones do not count.
        most = max(map(len, by_kind.values()), default=0)
        held = sorted(next((days for days in by_kind.values() if len(days) == most), []))
        period = float(claimed.removeprefix("P").removesuffix("Y"))
        gaps = [(later - earlier).days / 365.25 for earlier, later in pairwise(held)]
        if not gaps:
            return None

        def near(gap: float) -> bool:
            return abs(gap - period) <= _TOLERANCE * period

        right = True if near(median(gaps)) else None if any(map(near, gaps)) else False
        shown = (
            f"{len(held)} meetings, {min(gaps):.1f}–{max(gaps):.1f} years apart (median {median(gaps):.1f})"
        )
        return constant(right, shown)

    def _dated(self, about: str, property_: str, claimed: str) -> Line | None:
        stated = sorted(self._values(about, property_))
        if not stated:
            return None
        ours, theirs = bounds(stated[0]), bounds(claimed)
        if theirs.earliest <= ours.earliest and ours.latest <= theirs.latest:
            right: bool | None = True
        else:
            right = None if overlap(ours, theirs) else False
        return constant(right, stated[0])

    def _named(self, about: str, claimed: str) -> Line:
        """A label, official or short name is right; another known name may be a former one: that is open."""
        current = {name for p in _NAMES if p != SKOS + "altLabel" for name in self._values(about, p)}
        other = set(self._values(about, SKOS + "altLabel"))
        right = True if claimed in current else None if claimed in other else False
        labels = sorted(
            q.object.value
            for q in self._store.quads_for_pattern(NamedNode(about), NamedNode(RDFS + "label"), None, None)
            if isinstance(q.object, Literal) and q.object.language == "ar"
        )
        return constant(right, " / ".join(labels))

    def _stated(self, about: str, property_: str, claimed: str, is_thing: bool) -> Line | None:
        """A property of the thing itself: another value contradicts only where there can be just one."""
        stated = sorted(self._values(about, property_))
        if claimed in stated:
            return constant(True, claimed)
        if stated and property_ in self._functional:
            return constant(False, ", ".join(stated))
        return None

    def _values(self, subject: str, property_: str) -> list[str]:
        pattern = self._store.quads_for_pattern(NamedNode(subject), NamedNode(property_), None, None)
        return [q.object.value for q in pattern if isinstance(q.object, NamedNode | Literal)]

    def _subjects(self, property_: str, object_: str) -> list[str]:
        pattern = self._store.quads_for_pattern(None, NamedNode(property_), NamedNode(object_), None)
        return [q.subject.value for q in pattern if isinstance(q.subject, NamedNode)]


def _views(store: Store) -> dict[str, tuple[str, bool]]:
    """Return the direct relations: property → (class of its records, whether it is the inverse)."""
    answer = store.query(
        "SELECT * { ?kind cica:viewedAs ?view . ?view owl:inverseOf|^owl:inverseOf ?inverse }",
        prefixes=PREFIXES,
    )
    found: dict[str, tuple[str, bool]] = {}
    for row in answer:  # type: ignore[union-attr]  # a SELECT
        found[row["inverse"].value] = (row["kind"].value, True)
        found[row["view"].value] = (row["kind"].value, False)
    return found


def passage(text: str, locator: str) -> str:
    """Return the passage of a source's text that a locator points at (`line 2; characters 215-425`)."""
    first, _, last = locator.rpartition("characters ")[2].partition("-")
    return text[int(first) : int(last)]

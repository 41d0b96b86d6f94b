"""Views of the SQLite database: the common questions, answered for the reference date."""

from __future__ import annotations

from typing import Final

_SECRETARY_GENERAL: Final = "https://w3id.org/cica-kg/id/post/cica-secretary-general"


def _parties(records: str, party: str) -> str:
    """Return the view of who is bound to which organization by a kind of record.

    Who has two records with one organization is bound to it surely where one of them surely holds.
    """
    return f"""
  SELECT r.in_organization AS organization, r.party AS {party}, t.label AS {party}_label, t.kind,
    CASE WHEN best.sure THEN 'surely' ELSE 'possibly' END AS certainty,
    r.start AS since, r.start_earliest AS earliest, r.start_latest AS latest, r.id AS record
  FROM {records} r
  JOIN (
    SELECT party, in_organization, max(holds = 'surely') AS sure
    FROM {records} WHERE holds <> 'no' GROUP BY party, in_organization
  ) best ON best.party = r.party AND best.in_organization = r.in_organization
  JOIN things t ON t.id = r.party
  ORDER BY organization, latest, earliest, {party}_label"""  # noqa: S608  # no text from outside


#: View → its SELECT.
VIEWS: Final = {
    "members": _parties("memberships", "member"),
    "observers": _parties("observerships", "observer"),
    "chairs": """
  SELECT c.in_organization AS organization,
    row_number() OVER (PARTITION BY c.in_organization ORDER BY c.start_earliest, c.id) AS number,
    c.party AS chair, c.party_label AS chair_label, c.start, c."end", c.began_with AS handover,
    c.holds, c.id AS record
  FROM chairmanships c
  ORDER BY organization, number""",
    "meetings_in_order": """
  SELECT m.id AS meeting, m.label, m.meeting_of AS body, m.meeting_of_label AS body_label,
    m.meeting_kind AS kind, m.ordinal, m.start_earliest AS "from", m.end_latest AS "to",
    h.held_in AS place, p.label AS place_label, m.status
  FROM meetings m
  LEFT JOIN thing_held_in h ON h.thing = m.id
  LEFT JOIN things p ON p.id = h.held_in
  ORDER BY "from", meeting""",
    "secretariat_heads": f"""
  SELECT t.party AS person, t.party_label AS person_label, c.citizen_of, t.start, t."end",
    t.ongoing_as_of AS shown_until, t.holds, t.id AS record
  FROM tenures t
  LEFT JOIN thing_citizen_of c ON c.thing = t.party
  WHERE t.for_post = '{_SECRETARY_GENERAL}'
  ORDER BY t.start_earliest, record""",  # noqa: S608  # no text from outside
    "wrong_claims": """
  SELECT c.id AS claim, c.label, c.made_in AS source, c.made_in_label AS source_label, c.about, c.on_property,
    coalesce(c.claimed_thing_label, c.claimed_thing, c.claimed_value) AS claimed,
    c.computed_value AS in_the_graph, c.final_verdict AS verdict, c.since, c.right_then
  FROM claims c
  WHERE c.final_verdict IN ('contradicted', 'outdated')
  ORDER BY claim""",
    "facts_with_sources": """
  SELECT f.id AS fact, f.kind, f.label, s.id AS source, s.label AS source_label, s.page, s.reliability,
    count(*) OVER (PARTITION BY f.id) AS sources
  FROM thing_source x
  JOIN things f ON f.id = x.thing
  JOIN sources s ON s.id = x.source
  ORDER BY fact, source""",
}

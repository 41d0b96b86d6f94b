"""What `describe` returns: frozen dataclasses, whose fields are the keys of its JSON form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """Another thing: its IRI, its prefixed name (None where no prefix fits) and its label."""

    iri: str
    name: str | None
    label: str


@dataclass(frozen=True)
class Text:
    """A text with its language (`""` for none) and the property that gives it."""

    text: str
    language: str
    property: Reference


@dataclass(frozen=True)
class Fact:
    """A property and its values: things, or texts as a person reads them (dates in words)."""

    property: Reference
    values: tuple[Reference | str, ...]


@dataclass(frozen=True)
class View:
    """What holds at the reference date: a direct relation, whether surely, the things at its other end."""

    property: Reference
    surely: bool
    things: tuple[Reference, ...]


@dataclass(frozen=True)
class Relation:
    """A record that the thing has a part in.

    Attributes:
        record: the record, `kind` its class.
        part: the properties by which it refers to the thing (party, in organization, began with …).
        when: from when to when, in words; `start`, `end` and `ongoing_as_of` are the EDTF texts of it.
        facts: what else it says: the other end, the events, the role.
        sources: their numbers in `Description.sources`, from 1.
        notes: what the editors say about it.
    """

    record: Reference
    kind: Reference
    part: tuple[Reference, ...]
    when: str
    start: str | None
    end: str | None
    ongoing_as_of: str | None
    facts: tuple[Fact, ...]
    sources: tuple[int, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class Mention:
    """Something that refers to the thing: an event, a body, a document …; how, and when it was."""

    thing: Reference
    kind: Reference
    how: tuple[Reference, ...]
    when: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class SourceNote:
    """A source: its title, publisher, date in words, reliability and page (None where it has none)."""

    source: Reference
    title: str
    publisher: str | None
    date: str | None
    reliability: Reference | None
    page: str | None


@dataclass(frozen=True)
class LinkNote:
    """The same thing elsewhere: its IRI there, the evidence, the method, the day of the last check."""

    target: str
    evidence: tuple[str, ...]
    method: str | None
    checked_on: str | None


@dataclass(frozen=True)
class ClaimNote:
    """What a source says: of which thing, on which property, which value, as of when (in words), where.

    `verdict` is that of the reference date, `since` the day (in words) from which it agrees, or agrees no
    longer, `decided_by` who came to it: the program or the editors. `disagrees_with` are the claims that give
    another value.
    """

    claim: Reference
    about: Reference | None
    property: Reference | None
    value: Reference | str | None
    as_of: str | None
    made_in: Reference | None
    locators: tuple[str, ...]
    verdict: Reference | None
    since: str | None
    decided_by: str | None
    disagrees_with: tuple[Reference, ...]


@dataclass(frozen=True)
class Description:
    """What is known of a thing.

    Attributes:
        thing: its IRI, prefixed name and label; `kinds` its classes.
        at: the reference date (YYYY-MM-DD), the day for which `now` holds.
        language: of headings, dates and labels (labels fall back on others).
        when: when it was or is, in words (events, documents, records); empty for what is not dated.
        names: all its names, labels first.
        codes: ISO 3166, M49 and other codes, each under its property.
        now: what it is at the reference date: sure relations first.
        facts: its other properties.
        relations: the records it has a part in, in order of time.
        events, bodies, documents, others: what else refers to it; events and documents in order of time.
        links: the same thing elsewhere.
        claims: what sources say about it, or what it says if it is a source.
        notes: definitions and notes, in all languages.
        sources: those of the thing itself, then those of its relations.
    """

    thing: Reference
    kinds: tuple[Reference, ...]
    at: str
    language: str
    when: str
    names: tuple[Text, ...]
    codes: tuple[Fact, ...]
    now: tuple[View, ...]
    facts: tuple[Fact, ...]
    relations: tuple[Relation, ...]
    events: tuple[Mention, ...]
    bodies: tuple[Mention, ...]
    documents: tuple[Mention, ...]
    others: tuple[Mention, ...]
    links: tuple[LinkNote, ...]
    claims: tuple[ClaimNote, ...]
    notes: tuple[Text, ...]
    sources: tuple[SourceNote, ...]

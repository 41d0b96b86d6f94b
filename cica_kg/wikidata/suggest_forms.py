"""Suggested items as text, Markdown or JSON, and as links in Turtle for a person to judge and move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from cica_kg.store import rdflib_graph
from cica_kg.text import harmless, isolate, json_text, markdown
from cica_kg.vocabulary import PREFIXES, RDF, SKOS, TERMS_NAMESPACE, WIKIDATA, shorten
from cica_kg.wikidata.labels import theirs
from cica_kg.wikidata.suggest import LINKED, NONE_FOUND, Candidate, Suggestion, Suggestions

FORMATS: Final = ("text", "md", "json", "turtle")

#: Gives the label of an IRI.
Label = Callable[[str], str | None]
_NONE: Final = "no candidate means that no item has one of the names or codes; there may be one all the same"
_METHOD: Final = "Suggested by this program from what it was told; a person has still to confirm it."


def write(found: Suggestions, format_: str, label: Label) -> bytes:
    """Return suggestions in one of FORMATS."""
    if format_ == "turtle":
        return proposal(found)
    if format_ == "json":
        return _json(found, label)
    shown = (lambda text: markdown(isolate(harmless(text)))) if format_ == "md" else _plain
    bullets = ("- ", "  - ", "    - ") if format_ == "md" else ("", "  ", "      ")
    return "".join(f"{line}\n" for line in _lines(found, label, shown, bullets)).encode()


def _plain(text: str) -> str:
    return isolate(harmless(text))


def _lines(
    found: Suggestions, label: Label, shown: Callable[[str], str], bullets: tuple[str, str, str]
) -> Iterator[str]:
    yield shown(f"looked in: {found.checked}, {found.day}")
    for each in found.suggestions:
        name = shorten(each.thing) or each.thing
        yield f"{bullets[0]}{shown(name)} ({shown(label(each.thing) or '')}): {shown(_outcome(each))}"
        for candidate in each.candidates:
            mark = ", proposed" if candidate is each.proposed else ""
            about = f"{candidate.points:+d} {shown(candidate.item.number)} {shown(_about(candidate))}"
            yield f"{bullets[1]}{about}{mark}"
            for part in candidate.parts:
                yield f"{bullets[2]}{part.points:+d} {shown(part.reason)}"
    notes = list(found.notes)
    if any(each.outcome == NONE_FOUND for each in found.suggestions):
        notes.append(_NONE)
    for note in notes:
        yield f"{bullets[0]}note: {shown(note)}"


def _outcome(each: Suggestion) -> str:
    if each.candidates:
        return "1 candidate" if len(each.candidates) == 1 else f"{len(each.candidates)} candidates"
    if each.outcome == NONE_FOUND:
        return NONE_FOUND
    if each.outcome == LINKED:
        return f"linked already to {each.reason}; “cica link verify” checks that"
    return f"{each.outcome} ({each.reason})"


def _about(candidate: Candidate) -> str:
    item = candidate.item
    name = theirs(item.labels, "en") or next((item.labels[key] for key in sorted(item.labels)), "no label")
    return f"“{name}” ({item.description})" if item.description else f"“{name}”"


def proposal(found: Suggestions) -> bytes:
    """Return the proposed candidates as links, in the form of the files in data/links/.

    One thing has one item and one item one thing: what is proposed twice is left out.
    """
    from rdflib import Graph

    proposed = [(each.thing, each.proposed) for each in found.suggestions if each.proposed]
    numbers = [candidate.item.number for _, candidate in proposed]
    triples: list[Triple] = []
    for thing, candidate in proposed:
        if numbers.count(candidate.item.number) == 1:
            triples += _link(thing, candidate, found)
    graph = Graph(bind_namespaces="none")
    # Items stay whole, so that they can be followed from the file.
    for prefix, iri in PREFIXES.items():
        if prefix != "wd":
            graph.bind(prefix, iri)
    for triple in rdflib_graph(triples):
        graph.add(triple)
    return f"{graph.serialize(format='longturtle').strip()}\n".encode()


def _link(thing: str, candidate: Candidate, found: Suggestions) -> Iterator[Triple]:
    link = NamedNode(f"{PREFIXES['link']}{thing.rpartition('/')[2]}-wikidata")
    item = NamedNode(WIKIDATA + candidate.item.number)
    yield Triple(link, NamedNode(RDF + "type"), _term("Link"))
    yield Triple(link, _term("linksThing"), NamedNode(thing))
    yield Triple(link, _term("linksTo"), item)
    yield Triple(link, _term("checkedOn"), Literal(found.day))
    yield Triple(link, _term("method"), Literal(f"{_METHOD} Score: {candidate.points}."))
    for part in candidate.parts:
        if part.points > 0:
            evidence = f"{found.checked}, {found.day}: {part.reason} ({part.points:+d})"
            yield Triple(link, _term("evidence"), Literal(harmless(evidence)))
    yield Triple(NamedNode(thing), NamedNode(SKOS + "exactMatch"), item)


def _term(name: str) -> NamedNode:
    return NamedNode(TERMS_NAMESPACE + name)


def _json(found: Suggestions, label: Label) -> bytes:
    def candidate_row(candidate: Candidate, proposed: Candidate | None) -> dict[str, Any]:
        return {
            "item": WIKIDATA + candidate.item.number,
            "labels": dict(sorted(candidate.item.labels.items())),
            "description": candidate.item.description,
            "score": candidate.points,
            "parts": [part._asdict() for part in candidate.parts],
            "proposed": candidate is proposed,
        }

    rows = [
        {
            "thing": each.thing,
            "name": shorten(each.thing),
            "label": label(each.thing),
            "outcome": each.outcome,
            "reason": each.reason,
            "candidates": [candidate_row(candidate, each.proposed) for candidate in each.candidates],
        }
        for each in found.suggestions
    ]
    document = {"checked": found.checked, "day": found.day, "suggestions": rows, "notes": list(found.notes)}
    return json_text(document).encode()

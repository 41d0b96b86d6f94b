"""What was found out about links, as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from cica_kg.text import harmless, isolate, json_text, markdown
from cica_kg.vocabulary import WIKIDATA, shorten
from cica_kg.wikidata.fingerprint import CAPITAL, DIFFERENT, MISSING, SAME, UNKNOWN, Fact
from cica_kg.wikidata.verify import REDIRECTED, Name, Verification, Verified

FORMATS: Final = ("text", "md", "json")

#: Gives the label of an IRI.
Label = Callable[[str], str | None]


def write(found: Verification, format_: str, label: Label) -> bytes:
    """Return a verification in one of FORMATS; text and Markdown leave out names that are the same."""
    if format_ == "json":
        return _json(found, label)
    lines = _markdown(found, label) if format_ == "md" else _text(found, label)
    return "".join(f"{line}\n" for line in lines).encode()


def _text(found: Verification, label: Label) -> Iterator[str]:
    yield f"checked: {harmless(found.checked)}, {found.day}"
    for link in found.links:
        yield f"{link.verdict:<24}{_heading(link, label, lambda text: isolate(harmless(text)))}"
        for line in _details(link):
            yield f"    {isolate(harmless(line))}"
    for note in found.notes:
        yield f"note: {harmless(note)}"


def _markdown(found: Verification, label: Label) -> Iterator[str]:
    yield f"Checked: {markdown(harmless(found.checked))}, {found.day}"
    yield ""
    for link in found.links:
        heading = _heading(link, label, lambda text: markdown(isolate(harmless(text))))
        yield f"- **{markdown(link.verdict)}** {heading}"
        for line in _details(link):
            yield f"  - {markdown(isolate(harmless(line)))}"
    if found.notes:
        yield ""
    for note in found.notes:
        yield f"Note: {markdown(harmless(note))}"


def _heading(link: Verified, label: Label, shown: Callable[[str], str]) -> str:
    moved = f" → {shown(link.moved_to)}" if link.moved_to else ""
    name = shorten(link.thing) or link.thing
    return f"{shown(name)} ({shown(label(link.thing) or '')}) · {shown(link.item)}{moved}"


def _details(link: Verified) -> Iterator[str]:
    if link.verdict == REDIRECTED:
        yield f"{link.item} was merged into {link.moved_to}: change the link once you have seen that it fits"
    for name in link.names:
        if name.verdict not in (SAME, "MISSING_HERE"):
            yield f"{name.verdict} {name.language}: {_name(name)}"
    for fact in link.facts:
        if fact.verdict == DIFFERENT:
            # The graph has no capitals: what is held against theirs is not ours.
            whose = "in the tables" if fact.name == CAPITAL else "ours"
            ours, theirs = (_values(fact, values) for values in (fact.ours, fact.theirs))
            yield f"{DIFFERENT} {fact.name}: {whose} {ours}; theirs {theirs}"
    for verdict in (SAME, MISSING, UNKNOWN):
        if names := [fact.name for fact in link.facts if fact.verdict == verdict]:
            yield f"{verdict} {', '.join(names)}"


def _values(fact: Fact, values: Iterable[str]) -> str:
    labels = dict(fact.labels)
    return ", ".join(f"{value} ({labels[value]})" if value in labels else value for value in values)


def _name(name: Name) -> str:
    parts = [f"ours “{name.ours}”", f"theirs “{name.theirs}”" if name.theirs else "no label there"]
    if name.title:
        parts.append(f"page “{name.title}”")
    return ", ".join(parts)


def _json(found: Verification, label: Label) -> bytes:
    def row(link: Verified) -> dict[str, Any]:
        return {
            "thing": link.thing,
            "name": shorten(link.thing),
            "label": label(link.thing),
            "item": WIKIDATA + link.item,
            "moved_to": WIKIDATA + link.moved_to if link.moved_to else None,
            "verdict": link.verdict,
            "wrong": link.wrong,
            "names": [name._asdict() for name in link.names],
            "facts": [fact._asdict() | {"labels": dict(fact.labels)} for fact in link.facts],
        }

    document = {
        "checked": found.checked,
        "day": found.day,
        "links": [row(link) for link in found.links],
        "notes": list(found.notes),
    }
    return json_text(document).encode()

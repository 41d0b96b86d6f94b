"""A comparison as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from cica_kg.text import harmless, isolate, json_text, markdown
from cica_kg.vocabulary import shorten
from cica_kg.wikidata.compare import Comparison, Row
from cica_kg.wikidata.drift import Change
from cica_kg.wikidata.statements import Statement
from cica_kg.wikidata.verdicts import VERDICTS

FORMATS: Final = ("text", "md", "json")
Label = Callable[[str], str | None]


def write(
    found: Comparison,
    format_: str,
    label: Label,
    language: str = "en",
    changes: Sequence[Change] | None = None,
) -> bytes:
    """Serialise a comparison as UTF-8.

    Args:
        found: the comparison.
        format_: one of FORMATS.
        label: gives the label of a thing of ours by its IRI.
        language: of labels there.
        changes: what moved since a snapshot; None where none was named.
    """
    names = _Names(label, found.labels, language)
    if format_ == "json":
        return _json(found, changes)
    if format_ == "md":
        return _markdown(found, names, changes).encode()
    blocks = [f"checked against {harmless(found.checked)}\n", *(_paragraph(row, names) for row in found.rows)]
    if changes is not None:
        blocks.append("".join(f"{_change(each, names)}\n" for each in changes) or "nothing moved\n")
    return "\n".join(blocks).encode()


class _Names:
    """Names of things of ours and of items there."""

    def __init__(self, label: Label, labels: Mapping[str, Mapping[str, str]], language: str) -> None:
        self._label, self._labels, self._language = label, labels, language

    def thing(self, iri: str) -> str:
        return self._label(iri) or shorten(iri) or iri

    def item(self, number: str) -> str:
        known = self._labels.get(number, {})
        text = next(
            (known[code] for code in (self._language, "mul", "en", *sorted(known)) if code in known), ""
        )
        return f"{text} ({number})" if text else number

    def title(self, row: Row) -> str:
        if row.fact:
            ends = [self.thing(end) for end in (row.fact.subject, row.fact.value) if end]
        else:
            ends = [self.item(number) for number in (row.subject, row.value) if number]
        return f"{row.relation}: {' – '.join(isolate(harmless(end)) for end in ends)}"


def _verdicts(row: Row) -> str:
    return "; ".join((row.judgement.verdict, *row.judgement.notes))


def _ours(row: Row) -> str:
    if row.fact is None:
        return "nothing"
    span = " – ".join((row.fact.start, row.fact.end)).rstrip() if row.fact.start else "no date"
    return f"{span}, {shorten(row.fact.iri) or row.fact.iri}"


def _theirs(statement: Statement | None, names: _Names) -> str:
    if statement is None:
        return "nothing"
    told = statement.empty or (statement.time.text if statement.time else names.item(statement.value or ""))
    parts = [f"{statement.property_id} {told}"]
    for what, moments in (("from", statement.starts), ("until", statement.ends)):
        if moments:
            parts.append(f"{what} {' or '.join(moment.text for moment in moments)}")
    if statement.roles:
        parts.append(f"as {', '.join(map(names.item, statement.roles))}")
    count = "1 reference" if statement.references == 1 else f"{statement.references} references"
    return f"{', '.join(parts)}; {statement.rank}, {count}, {statement.identifier}"


def _paragraph(row: Row, names: _Names) -> str:
    lines = [f"{_verdicts(row)}  {names.title(row)}", f"  ours:   {harmless(_ours(row))}"]
    if row.judgement.verdict != "NOT_ASKED":
        lines.append(f"  theirs: {harmless(_theirs(row.statement, names))}")
    lines += [f"  {harmless(remark)}" for remark in row.judgement.remarks]
    if sources := _sources(row):
        lines.append(f"  our sources: {sources}")
    return "".join(f"{line}\n" for line in lines)


def _sources(row: Row) -> str:
    return harmless(", ".join(_short(row.fact.sources))) if row.fact else ""


def _change(change: Change, names: _Names) -> str:
    before, after = (harmless(text) or "nothing" for text in (change.before, change.after))
    return f"{change.kind}  {_moved(change, names)}: {before} → {after}"


def _moved(change: Change, names: _Names) -> str:
    return names.title(change.row) if change.row else isolate(harmless(names.item(change.item)))


def _markdown(found: Comparison, names: _Names, changes: Sequence[Change] | None) -> str:
    lines = [f"Checked against {markdown(harmless(found.checked))}.", ""]
    lines += ["| verdict | what | ours | theirs | remarks | our sources |", "|---|---|---|---|---|---|"]
    for row in found.rows:
        texts = (_ours(row), _theirs(row.statement, names), "; ".join(row.judgement.remarks))
        lines.append(_cells(_verdicts(row), names.title(row), *map(harmless, texts), _sources(row)))
    if changes is not None:
        lines += ["", "| moved | what | before | after |", "|---|---|---|---|"]
        for each in changes:
            sides = (harmless(each.before), harmless(each.after))
            lines.append(_cells(each.kind, _moved(each, names), *sides))
    return "".join(f"{line}\n" for line in lines)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(map(markdown, cells))} |"


def _json(found: Comparison, changes: Sequence[Change] | None) -> bytes:
    told: dict[str, Any] = {
        "checked": found.checked,
        "day": found.day,
        "properties": dict(sorted(found.numbers.of.items())),
        "not_asked": sorted(found.numbers.problems.values()),
        "counts": counts(found.rows),
        "contradictions": found.contradictions,
        "rows": [_plain(row) for row in found.rows],
    }
    if changes is not None:
        told["changes"] = [
            {
                "kind": c.kind,
                "item": c.item,
                "fact": c.fact,
                "statement": c.statement,
                "before": c.before,
                "after": c.after,
            }
            for c in changes
        ]
    return json_text(told).encode()


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows have which verdict, in the order of VERDICTS, without those that none has."""
    verdicts = [row.judgement.verdict for row in rows]
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS if verdict in verdicts}


def _plain(row: Row) -> dict[str, Any]:
    return {
        "verdict": row.judgement.verdict,
        "notes": list(row.judgement.notes),
        "remarks": list(row.judgement.remarks),
        "contradicts": row.contradicts,
        "relation": row.relation,
        "subject": row.subject or None,
        "value": row.value or None,
        "ours": None if row.fact is None else {**row.fact._asdict(), "sources": _short(row.fact.sources)},
        "theirs": None if row.statement is None else row.statement.told(),
    }


def _short(iris: Iterable[str]) -> list[str]:
    return [shorten(iri) or iri for iri in iris]

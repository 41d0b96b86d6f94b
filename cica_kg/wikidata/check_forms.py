"""The report on links as text, Markdown or JSON."""

from __future__ import annotations

from collections import Counter
from typing import Final

from cica_kg.text import harmless, json_text, markdown
from cica_kg.vocabulary import shorten
from cica_kg.wikidata.check import STANDINGS, Checked, Report

FORMATS: Final = ("text", "md", "json")

_MEANINGS: Final = {
    "proven": "a packaged table gives the same target for the thing",
    "consistent": "the target is called as the thing is; no table has it",
    "evidence": "no table has the target; the link rests on its lines of evidence",
    "faulty": "something is wrong",
}


def write(report: Report, format_: str) -> bytes:
    """Serialise a report as UTF-8; `format_` is one of FORMATS."""
    if format_ == "json":
        return json_text(_plain(report)).encode()
    lines = _markdown(report) if format_ == "md" else _text(report)
    return "".join(f"{line}\n" for line in lines).encode()


def counts(report: Report) -> str:
    """Return in one line how many links have which standing, by authority."""
    found = Counter((checked.link.authority, checked.standing) for checked in report.links)
    authorities = dict.fromkeys(checked.link.authority for checked in report.links)
    told = (
        f"{authority} " + ", ".join(f"{found[authority, s]} {s}" for s in STANDINGS if found[authority, s])
        for authority in sorted(authorities)
    )
    return f"{len(report.links)} links: {'; '.join(told) or 'none'}"


def _text(report: Report) -> list[str]:
    lines = [f"{c.standing:<12}{_short(c.link.thing)} → {c.link.target}  {_ground(c)}" for c in report.links]
    lines += ["", *(f"{standing}: {_MEANINGS[standing]}" for standing in STANDINGS)]
    if report.faults:
        lines += ["", *(f"FAULT {f.fault}: {_short(f.about)}: {f.reason}" for f in report.faults)]
    if report.not_checked:
        lines += ["", *(f"not checked: {line}" for line in report.not_checked)]
    return [harmless(line) for line in lines]


def _markdown(report: Report) -> list[str]:
    lines = ["| thing | target | standing | grounds |", "|---|---|---|---|"]
    lines += [_row(_short(c.link.thing), c.link.target, c.standing, _ground(c)) for c in report.links]
    lines += ["", *(f"- {standing}: {_MEANINGS[standing]}" for standing in STANDINGS)]
    if report.faults:
        lines += ["", "| fault | about | reason |", "|---|---|---|"]
        lines += [_row(f.fault, _short(f.about), f.reason) for f in report.faults]
    if report.not_checked:
        lines += ["", "Not checked:", ""]
        lines += [f"- {markdown(harmless(line))}" for line in report.not_checked]
    return lines


def _row(*cells: str) -> str:
    return f"| {' | '.join(markdown(harmless(cell)) for cell in cells)} |"


def _ground(checked: Checked) -> str:
    lines = len(checked.link.evidence)
    told = f"{lines} line{'' if lines == 1 else 's'} of evidence"
    return f"{', '.join(checked.by)}; {told}" if checked.by else told


def _plain(report: Report) -> dict[str, object]:
    return {
        "links": [
            {
                "link": c.link.iri,
                "thing": c.link.thing,
                "authority": c.link.authority,
                "target": c.link.target,
                "standing": c.standing,
                "by": list(c.by),
                "evidence": list(c.link.evidence),
                "checked_on": c.link.checked_on,
            }
            for c in report.links
        ],
        "faults": [fault._asdict() for fault in report.faults],
        "not_checked": report.not_checked,
    }


def _short(iri: str) -> str:
    return shorten(iri) or iri

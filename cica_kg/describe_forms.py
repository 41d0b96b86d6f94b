"""The forms of a description for people and programs: text, Markdown and JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Final

from cica_kg.description import ClaimNote, Description, Fact, Mention, Reference, Relation, SourceNote, Text
from cica_kg.text import harmless, isolate, json_text, width
from cica_kg.vocabulary import TERMS_NAMESPACE
from cica_kg.words import when

#: Format names → what each is good for.
FORMATS: Final = {
    "text": "for a terminal",
    "md": "Markdown, for a page or a note",
    "json": "for programs: the fields of cica_kg.description.Description",
}
_SUPPORTED: Final = TERMS_NAMESPACE + "supportedBy"
#: The two ends of a record: its label names them.
_ENDS: Final = frozenset(
    TERMS_NAMESPACE + name for name in ("party", "inOrganization", "forPost", "ofMeasure", "atPlace")
)
_COLUMNS: Final = 100
_WIDEST_LEFT: Final = 34
_HEADINGS: Final = {
    "en": {
        "as of": "as of {}",
        "names": "Names",
        "codes": "Codes",
        "now": "On {}",
        "possibly": "possibly",
        "facts": "About",
        "relations": "Relations",
        "events": "Events",
        "bodies": "Bodies",
        "documents": "Documents",
        "others": "Referred to by",
        "links": "Elsewhere",
        "evidence": "lines of evidence: {}",
        "checked": "checked: {}",
        "claims": "Claims",
        "supported": "claims that say so: {}",
        "claims as of": "as of: {}",
        "verdict": "verdict: {}",
        "since": "since: {}",
        "editors": "by the editors' judgement",
        "disagrees": "disagrees with: {}",
        "notes": "Notes",
        "sources": "Sources",
        "reliability": "reliability: {}",
    },
    "ar": {
        "as of": "بتاريخ {}",
        "names": "الأسماء",
        "codes": "الرموز",
        "now": "في {}",
        "possibly": "محتمل",
        "facts": "معلومات",
        "relations": "العلاقات",
        "events": "الأحداث",
        "bodies": "الأجهزة",
        "documents": "الوثائق",
        "others": "يشير إليه",
        "links": "في مواضع أخرى",
        "evidence": "عدد الأدلة: {}",
        "checked": "تاريخ التحقق: {}",
        "claims": "الإفادات",
        "supported": "إفادات تقول ذلك: {}",
        "claims as of": "بتاريخ: {}",
        "verdict": "الحكم: {}",
        "since": "منذ: {}",
        "editors": "بحكم المحررين",
        "disagrees": "تخالف: {}",
        "notes": "ملاحظات",
        "sources": "المصادر",
        "reliability": "الموثوقية: {}",
    },
    "ru": {
        "as of": "на дату: {}",
        "names": "Названия",
        "codes": "Коды",
        "now": "На дату: {}",
        "possibly": "возможно",
        "facts": "Сведения",
        "relations": "Отношения",
        "events": "События",
        "bodies": "Органы",
        "documents": "Документы",
        "others": "На это ссылаются",
        "links": "В других источниках",
        "evidence": "доказательств: {}",
        "checked": "проверено: {}",
        "claims": "Утверждения",
        "supported": "утверждений о том же: {}",
        "claims as of": "по состоянию на: {}",
        "verdict": "вывод: {}",
        "since": "с какого времени: {}",
        "editors": "по мнению редакторов",
        "disagrees": "расходится с: {}",
        "notes": "Примечания",
        "sources": "Источники",
        "reliability": "надёжность: {}",
    },
}


@dataclass(frozen=True)
class _Item:
    """A piece of text that a form keeps together, and the page it may link to."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class _Row:
    """One line of a part: what it is about, and what is said."""

    left: str
    right: tuple[_Item, ...]


def write(description: Description, format_: str) -> str:
    """Return a description as `text`, `md` or `json`."""
    writers: dict[str, Callable[[Description], str]] = {"text": as_text, "md": as_markdown, "json": as_json}
    return writers[format_](description)


def as_text(description: Description) -> str:
    """Lay a description out for a terminal: nothing in it can steer the terminal, nothing is cut off."""
    lines = [_plain(description.thing.label), _plain(_subtitle(description))]
    for heading, rows in _parts(description):
        lines += ["", _plain(heading)]
        size = max((width(row.left) for row in rows if width(row.left) <= _WIDEST_LEFT), default=0)
        for row in rows:
            lines += _wrapped(row, size)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_markdown(description: Description) -> str:
    """Write a description as Markdown (CommonMark); no text of the graph can become markup."""
    lines = [f"# {_escaped(description.thing.label)}", "", _escaped(_subtitle(description))]
    for heading, rows in _parts(description):
        lines += ["", f"## {_escaped(heading)}", ""]
        for row in rows:
            right = ", ".join(_linked(item) for item in row.right)
            left = f"**{_escaped(row.left)}**" if row.left else ""
            lines.append("- " + ": ".join(part for part in (left, right) if part))
    return "\n".join(lines) + "\n"


def as_json(description: Description) -> str:
    """Write a description as one JSON object; its keys are the fields of the dataclasses of
    `cica_kg.description`, where each is explained.
    """
    return json_text(asdict(description))


def _subtitle(description: Description) -> str:
    heading = _HEADINGS[description.language]
    parts = [
        ", ".join(kind.label for kind in description.kinds),
        description.when,
        description.thing.name or "",
        description.thing.iri,
        heading["as of"].format(when(description.at, description.language)),
    ]
    return " · ".join(part for part in parts if part)


def _parts(description: Description) -> Iterator[tuple[str, list[_Row]]]:
    """Yield heading and rows of each part that has any: what all forms for people have in common."""
    words = _HEADINGS[description.language]
    day = when(description.at, description.language)
    parts = (
        (words["names"], _text_rows(description.names)),
        (words["codes"], _fact_rows(description.codes, words)),
        (words["now"].format(day), _now_rows(description)),
        (words["facts"], _fact_rows(description.facts, words)),
        (words["relations"], (_relation_row(relation, words) for relation in description.relations)),
        (words["events"], map(_mention_row, description.events)),
        (words["bodies"], map(_mention_row, description.bodies)),
        (words["documents"], map(_mention_row, description.documents)),
        (words["others"], map(_mention_row, description.others)),
        (words["claims"], (_claim_row(claim, words) for claim in description.claims)),
        (words["links"], _link_rows(description, words)),
        (words["notes"], _text_rows(description.notes)),
        (words["sources"], (_source_row(n, s, words) for n, s in enumerate(description.sources, 1))),
    )
    for heading, rows in parts:
        if found := list(rows):
            yield heading, found


def _text_rows(texts: tuple[Text, ...]) -> Iterator[_Row]:
    for property_, group in groupby(texts, key=lambda text: text.property):
        items = (_Item(f"{text.text} ({text.language})" if text.language else text.text) for text in group)
        yield _Row(property_.label, tuple(items))


def _fact_rows(facts: Iterable[Fact], words: dict[str, str]) -> Iterator[_Row]:
    for fact in facts:
        if fact.property.iri == _SUPPORTED:
            yield _Row("", (_Item(words["supported"].format(len(fact.values))),))
        else:
            yield _Row(fact.property.label, tuple(_value_item(value) for value in fact.values))


def _now_rows(description: Description) -> Iterator[_Row]:
    # The labels of the “possibly …” properties say already that they are not sure.
    for view in description.now:
        yield _Row(view.property.label, tuple(_Item(thing.label) for thing in view.things))


def _relation_row(relation: Relation, words: dict[str, str]) -> _Row:
    said = [_Item(relation.when)] if relation.when else []
    for fact in relation.facts:
        if fact.property.iri == _SUPPORTED:
            said.append(_Item(words["supported"].format(len(fact.values))))
        elif fact.property.iri not in _ENDS:
            labels = " / ".join(_value_item(value).text for value in fact.values)
            said.append(_Item(f"{fact.property.label}: {labels}"))
    # Notes come in several languages, the wanted one first: one of them is enough in a line.
    said += [_Item(n.text.rstrip(".")) for n in relation.notes if n.language == relation.notes[0].language]
    if relation.sources:
        said.append(_Item("[" + " ".join(map(str, relation.sources)) + "]"))
    return _Row(relation.record.label, tuple(said))


def _mention_row(mention: Mention) -> _Row:
    how = dict.fromkeys(property_.label for property_ in mention.how)
    status = (value for fact in mention.facts for value in fact.values if isinstance(value, Reference))
    # That an event was held or a document adopted is what its date says.
    open_ = [value.label for value in status if not value.iri.endswith(("/status-held", "/status-adopted"))]
    text = f"{mention.thing.label} ({'; '.join((*how, *open_))})"
    return _Row(mention.when or mention.kind.label, (_Item(text),))


def _claim_row(claim: ClaimNote, words: dict[str, str]) -> _Row:
    about = " – ".join(part.label for part in (claim.about, claim.property) if part)
    said = [_value_item(claim.value)] if claim.value is not None else []
    if claim.as_of:
        said.append(_Item(words["claims as of"].format(claim.as_of)))
    said += [_Item(claim.made_in.label)] if claim.made_in else []
    said += [_Item(locator) for locator in claim.locators]
    if claim.verdict:
        said.append(_Item(words["verdict"].format(claim.verdict.label)))
    if claim.since:
        said.append(_Item(words["since"].format(claim.since)))
    if claim.decided_by == "editors":
        said.append(_Item(words["editors"]))
    if claim.disagrees_with:
        others = "; ".join(other.label for other in claim.disagrees_with)
        said.append(_Item(words["disagrees"].format(others)))
    return _Row(about or claim.claim.label, tuple(said))


def _link_rows(description: Description, words: dict[str, str]) -> Iterator[_Row]:
    for link in description.links:
        said = [_Item(words["evidence"].format(len(link.evidence)))]
        said += [_Item(words["checked"].format(link.checked_on))] if link.checked_on else []
        yield _Row("", (_Item(link.target, link.target), *said))


def _source_row(number: int, source: SourceNote, words: dict[str, str]) -> _Row:
    said = [_Item(source.title, source.page)]
    said += [_Item(text) for text in (source.publisher, source.date) if text]
    if source.reliability:
        said.append(_Item(words["reliability"].format(source.reliability.label)))
    return _Row(f"[{number}]", tuple(said))


def _value_item(value: Reference | str) -> _Item:
    if isinstance(value, str):
        return _Item(value)
    return _Item(value.label, value.iri if value.name is None else None)


def _plain(text: str) -> str:
    """Return text safe for a terminal, on one line, right-to-left text isolated from its neighbours."""
    return isolate(harmless(text))


def _wrapped(row: _Row, size: int) -> Iterator[str]:
    """Yield the lines of a row: the left side padded to `size`, the items of the right side kept whole."""
    indent = " " * (size + 4)
    left = _plain(row.left)
    if width(left) > size:
        yield f"  {left}"
        line = indent
    else:
        line = f"  {left}{' ' * (size - width(left))}  "
    begin = True
    for number, item in enumerate(row.right, 1):
        text = _plain(item.text) + ("," if number < len(row.right) else "")
        if item.url and item.url != item.text:
            text = f"{_plain(item.text)} <{_plain(item.url)}>" + ("," if number < len(row.right) else "")
        if not begin and width(line) + 1 + width(text) > _COLUMNS:
            yield line
            line, begin = indent, True
        line += text if begin else f" {text}"
        begin = False
    yield line


#: What Markdown and its common extensions give a meaning to, the dots and colons of bare addresses among it;
#: a hyphen has one only at the edge of a word.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]()<>#+.!|~&$:@^=]|(?<!\w)-|-(?!\w)")


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, all on one line."""
    return _MARKUP.sub(
        lambda match: _ENTITIES.get(match[0], "\\" + match[0]), " ".join(harmless(text).split())
    )


#: Escaped as entities, for the processors that let HTML through.
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def _linked(item: _Item) -> str:
    """Link only to web pages: an IRI of another scheme could be a script."""
    text = _escaped(item.text)
    if item.url and re.fullmatch(r"https?://[^\s<>\\\x00-\x1f]+", item.url):
        return f"[{text}](<{item.url}>)"
    return text

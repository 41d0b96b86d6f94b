"""A report as text for people: by file and line, with names, values, what is wanted and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from cica_kg.text import cut, harmless, isolate, width
from cica_kg.validation.report import Report, Result
from cica_kg.validation.words import TALK, wanted
from cica_kg.vocabulary import shorten

_LONGEST = 100
#: ANSI colours by severity; only ever used where a person looks on at a terminal.
_COLOURS = {"Violation": "\x1b[1;31m", "Warning": "\x1b[1;33m", "Info": "\x1b[1;36m"}
_DIM, _BOLD, _OFF = "\x1b[2m", "\x1b[1m", "\x1b[0m"

Labeller = Callable[[str], "str | None"]


def lines(
    report: Report, language: str, label: Labeller, limit: int | None = None, *, colour: bool = False
) -> Iterator[str]:
    """Give a report as lines, grouped by file, in the order of lines, with a summary by shape at the end.

    Args:
        report: what to tell.
        language: `en`, `ar` or `ru`.
        label: gives the label of an IRI, or None.
        limit: show so many results at most.
        colour: mark severities for a terminal.
    """
    words = TALK.get(language, TALK["en"])
    shown = report.results if limit is None else report.results[:limit]
    file = None
    # What several shapes and checks say about one value stands together.
    for _, group in groupby(shown, lambda each: (each.place, each.focus, each.path, each.term)):
        together = list(group)
        place = together[0].place
        name = place.file if place else words["nowhere"]
        if name != file:
            if file is not None:
                yield ""
            file = name
            yield _paint(harmless(name), _BOLD, colour)
        yield from _results(together, language, words, label, colour)
    if len(shown) < len(report.results):
        yield words["more"].format(len(report.results) - len(shown))
    if shown:
        yield ""
        yield words["by shape"]
        size = max(len(str(number)) for _, _, number in report.by_shape())
        for shape, severity, number in report.by_shape():
            said = _paint(words.get(severity, severity), _COLOURS.get(severity, ""), colour)
            yield f"  {number:>{size}}  {said}  {harmless(_name(shape))}"


def verdict(report: Report, language: str) -> str:
    """Return the verdict with the numbers of violations, warnings and notes, in one line."""
    words = TALK.get(language, TALK["en"])
    counts = (("Violation", "violations"), ("Warning", "warnings"), ("Info", "notes"))
    parts = [
        f"{words[word]}: {report.count(severity)}" for severity, word in counts if report.count(severity)
    ]
    broken = report.results and all(_about_a_file(each) for each in report.results)
    head = words["valid" if report.conforms else "broken" if broken else "invalid"]
    return f"{head} ({', '.join(parts)})" if parts else head


def one_line(result: Result, language: str, label: Labeller) -> str:
    """Return thing, property, value and message in one line, for forms that show no more."""
    words = TALK.get(language, TALK["en"])
    parts = [_thing(result, label)] if not _about_a_file(result) else []
    if result.path:
        parts.append(_property(result.path, label))
    if result.value is not None and result.value not in (result.subject, result.focus):
        parts.append(f"{words['found']} {_value(result)}")
    head = " · ".join(parts)
    message = harmless(" ".join(result.message(language).split()))
    return f"{head}: {message}" if head else message


def _results(
    together: list[Result], language: str, words: dict[str, str], label: Labeller, colour: bool
) -> Iterator[str]:
    first = together[0]
    where = f"{first.place.line}:{first.place.column}" if first.place else "-"
    worst = min((each.severity for each in together), key=list(_COLOURS).index)
    thing = "" if _about_a_file(first) else f"  {_thing(first, label)}"
    yield f"  {where}  {_paint(words.get(worst, worst), _COLOURS[worst], colour)}{thing}"
    if first.path or (first.value is not None and first.value != first.subject):
        path = f"{_property(first.path, label)}: " if first.path else ""
        lacking = words["too many"] if _too_many(first) else words["missing"]
        found = f"{words['found']} {_value(first)}" if first.value is not None else lacking
        expected = filter(None, (_expected(each, language, label) for each in together))
        asked = "".join(f"; {words['wanted']}: {each}" for each in dict.fromkeys(expected))
        yield f"      {path}{found}{asked}"
    said = []
    for each in together:
        mark = "" if each.severity == worst else f"{words.get(each.severity, each.severity)}: "
        said.append(f"      {mark}{_sentence(each.message(language))}  [{harmless(_name(each.shape))}]")
    # One shape may ask for several things (a type and a pattern) and has one message for all.
    yield from dict.fromkeys(said)
    if first.place and first.place.text.strip():
        yield from _source(first, colour)


def _source(result: Result, colour: bool) -> Iterator[str]:
    place = result.place
    assert place is not None
    text = place.text
    margin = len(text) - len(text.lstrip())
    start, end = place.column - 1, (place.end or place.column + 1) - 1
    if len(text) - margin > 2 * _LONGEST:
        # A long line is shown around what is meant.
        margin = max(margin, start - _LONGEST // 2)
        text = text[: margin + 2 * _LONGEST]
    shown = harmless(text[margin:])
    gutter = str(place.line)
    yield _paint(f"      {gutter} │ ", _DIM, colour) + shown
    if start >= margin and text.isprintable():
        before, meant = text[margin:start], text[start : min(end, len(text))]
        yield (
            _paint(f"      {' ' * len(gutter)} │ ", _DIM, colour)
            + " " * width(before)
            + "^" * max(width(meant), 1)
        )


def _too_many(result: Result) -> bool:
    return result.component.startswith(("MaxCount", "QualifiedMaxCount", "UniqueLang"))


def _about_a_file(result: Result) -> bool:
    """Whether the result is about the text of a file, so that no thing can be named."""
    return result.place is not None and result.focus == result.place.file


def _thing(result: Result, label: Labeller) -> str:
    iri = result.subject
    name = label(iri)
    return harmless(_name(iri)) + (f" ({isolate(harmless(name))})" if name else "")


def _property(path: str, label: Labeller) -> str:
    name = label(path)
    return harmless(cut(_name(path), _LONGEST)) + (f" ({isolate(harmless(name))})" if name else "")


def _value(result: Result) -> str:
    value = result.value or ""
    if result.term is not None and not result.term.startswith('"'):
        return harmless(_name(value))
    text = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    language = ""
    if result.term and result.term.rpartition('"')[2].startswith("@"):
        language = result.term.rpartition('"')[2]
    return f"“{isolate(harmless(text))}”{language}"


def _expected(result: Result, language: str, label: Labeller) -> str | None:
    if result.expected is None:
        return None
    parts = result.expected.split("\n")
    if result.component.startswith(("Pattern", "UniqueLang")) and len(result.expected) > 40:
        return None
    named = [harmless(_name(part)) for part in parts[:8]] + (["…"] if len(parts) > 8 else [])
    if result.component.startswith("Class"):
        named = [f"{harmless(_name(part))}" + (f" ({label(part)})" if label(part) else "") for part in parts]
    return wanted(result, language, ", ".join(named))


def _sentence(text: str) -> str:
    return isolate(harmless(" ".join(text.split())))


def _name(iri: str) -> str:
    if iri.startswith("_:"):
        return "[ ]"
    return (shorten(iri) or iri) if "://" in iri else iri


def _paint(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{_OFF}" if colour and code else text


def turtle_message(results: Sequence[Result]) -> str:
    """Return syntax errors as the text of an error: each with file, line, column and the line itself."""
    told = []
    for result in results:
        place = result.place
        assert place is not None
        told.append(f"{harmless(str(place))}: {harmless(result.message('en'))}")
        if place.text.strip():
            told += [line.removeprefix("  ") for line in _source(result, colour=False)]
    return "\n".join(told)

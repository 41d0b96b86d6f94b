"""What the validator found, in words a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cica_kg.vocabulary import shorten

_FALLBACK = ("en", "ar", "ru", "")
#: Messages of the validator itself that say nothing.
_WORDS = {
    "en": {"Violation": "violation", "Warning": "warning", "Info": "note", "found": "found", "at": "at"},
    "ar": {"Violation": "مخالفة", "Warning": "تحذير", "Info": "ملاحظة", "found": "القيمة", "at": "عند"},
    "ru": {
        "Violation": "нарушение",
        "Warning": "предупреждение",
        "Info": "заметка",
        "found": "найдено",
        "at": "у",
    },
}


@dataclass(frozen=True)
class Result:
    """One validation result: where (focus node, path), what (value), why (messages by language)."""

    focus: str
    path: str | None
    value: str | None
    severity: str
    shape: str
    component: str
    messages: dict[str, str]

    def message(self, language: str) -> str:
        """Return the message in `language`, else in the first language of the fallback order."""
        for wanted in (language, *_FALLBACK, *self.messages):
            if wanted in self.messages:
                return self.messages[wanted]
        return self.component


@dataclass(frozen=True)
class Report:
    """All results of one validation; it conforms when no result is a violation."""

    results: tuple[Result, ...]
    engine: str

    @property
    def conforms(self) -> bool:
        """Whether the graph may be queried: warnings tell, only violations stop."""
        return not any(result.severity == "Violation" for result in self.results)

    def lines(
        self, language: str = "en", label: Callable[[str], str | None] = lambda _: None
    ) -> Iterator[str]:
        """Give the report as lines of text, grouped by focus node.

        Args:
            language: of the messages (`en`, `ar`, `ru`).
            label: gives the label of an IRI, or None.
        """
        words = _WORDS.get(language, _WORDS["en"])
        focus = None
        for result in self.results:
            if result.focus != focus:
                focus = result.focus
                name = label(focus)
                yield f"{shorten(focus) or focus}" + (f" ({name})" if name else "")
            where = f" {words['at']} {shorten(result.path) or result.path}" if result.path else ""
            value = (
                ""
                if result.value is None
                else f" [{words['found']}: {shorten(result.value) or result.value}]"
            )
            severity = words.get(result.severity, result.severity)
            shape = shorten(result.shape) or result.shape
            yield f"  {severity}{where}: {result.message(language)}{value} ({shape})"

"""Text on a terminal: what data cannot do to it, how wide it is, which way it runs."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

_STEERING: Final = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: str) -> str:
    """Make control and bidirectional override characters visible: text from data cannot steer a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in ("Cc", "Cs") or c in _STEERING else c for c in text
    )


def harmless_lines(text: str) -> str:
    """Return a text of several lines with nothing in it that steers a terminal."""
    return "\n".join(map(harmless, text.split("\n")))


def json_text(document: Any) -> str:
    """Return a document as JSON for people and programs, its members in the order they are in."""
    import json

    # What steers a terminal stands only inside strings, where JSON reads the escapes back.
    return f"{harmless_lines(json.dumps(document, ensure_ascii=False, indent=2))}\n"


def width(text: str) -> int:
    """Return the terminal columns of `text`: two for wide characters, none for marks and joiners."""
    if text.isascii():
        return len(text)
    total = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        total += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return total


def isolate(text: str) -> str:
    """Wrap right-to-left text in isolates, lest it pull what stands beside it out of its order."""
    if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return f"\u2068{text}\u2069"
    return text


def cut(text: str, size: int) -> str:
    """Return `text`, cut to `size` terminal columns with an ellipsis where it is wider."""
    if width(text) <= size:
        return text
    shown, used = [], 0
    for character in text:
        used += width(character)
        if used > size - 1:
            break
        shown.append(character)
    return "".join(shown) + "…"


def markdown(text: str) -> str:
    """Escape what Markdown would read as markup: every ASCII punctuation may be escaped (CommonMark 2.4)."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|~&" else c for c in text)

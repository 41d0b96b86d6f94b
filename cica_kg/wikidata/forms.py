"""What all forms of answers about Wikidata share: texts from there steer no terminal."""

from __future__ import annotations

from typing import Any

from cica_kg.text import harmless


def harmless_lines(text: str) -> str:
    """Return a text of several lines with nothing in it that steers a terminal."""
    return "\n".join(map(harmless, text.split("\n")))


def json_bytes(document: Any) -> bytes:
    """Return a document as JSON for people and programs, its members in the order they are in."""
    import json

    # What steers a terminal stands only inside strings, where JSON reads the escapes back.
    return f"{harmless_lines(json.dumps(document, ensure_ascii=False, indent=2))}\n".encode()

"""Which addresses name no source for a statement: wikis, and this project itself."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from cica_kg.vocabulary import BASE

#: Hosts of which anybody may change the pages. WikiLeaks, for all its name, is none.
_WIKI: Final = re.compile(
    r"(?i)(^|\.)(wiki(?!leaks\.)\w*|fandom|everybodywiki|everipedia|dbpedia)\.[a-z]+$|(^|\.)wiki\."
)
_OWN: Final = re.compile("(?i)https?:" + re.escape(BASE.removeprefix("https:").rstrip("/")) + "(?:[/?#]|$)")
#: Archives have the address of the page they copied in the path of their own.
_COPIED: Final = re.compile(r"(?i)https?://[^/?#]+/[^?#]*?https?:/+")


def is_wiki(url: str) -> bool:
    """Tell whether anybody may change the page of an address, or the page that it is a copy of."""
    try:
        host = urlsplit(_original(url)).hostname or ""
    except ValueError:
        return False
    return bool(_WIKI.search(host.removesuffix(".")))


def is_own(url: str) -> bool:
    """Tell whether an address is of this project."""
    return bool(_OWN.match(_original(url)))


def _original(url: str) -> str:
    """Return the address of the page that the one of an address is a copy of; without one, the address."""
    while copied := _COPIED.match(url):
        url = "https://" + url[copied.end() :]
    return url

"""Which source a statement cites, and what its reference says: address, title, publication, retrieval.

The texts are those of QuickStatements, whose grammar is told in `quickstatements.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.dates import bounds, day
from cica_kg.errors import UsageError
from cica_kg.vocabulary import PREFIXES, shorten
from cica_kg.wikidata.times import for_wikidata
from cica_kg.wikidata.wikis import is_own, is_wiki

#: Properties of a reference, in its order.
URL: Final = "S854"
TITLE: Final = "S1476"
PUBLISHED: Final = "S577"
RETRIEVED: Final = "S813"
_RELIABILITY: Final = {
    PREFIXES["category"] + "reliability-" + name: place
    for place, name in enumerate(("high", "medium", "low"))
}
#: Controls, line ends and spaces.
_SPACES: Final = frozenset(("Cc", "Zl", "Zp", "Zs"))
#: Characters of a text in a language that Wikibase takes by default (`string-limits` in its settings).
_LONGEST: Final = 400
#: Bidirectional controls: in a line of a batch they would steer what stands around the text, too.
_STEERING: Final = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


class Source(NamedTuple):
    """A source that can be cited.

    Attributes:
        iri: what it is in the graph.
        page: its address.
        title: its printed title as QuickStatements has it; empty where there is none that can be written.
        published: the EDTF text of its publication; empty where it is not known.
    """

    iri: str
    page: str
    title: str
    published: str


def best_source(sources: Iterable[str], store: Store) -> Source | str:
    """Return the source to cite, or why there is none.

    The most reliable; of equals one whose title is known, so that a reader finds the page when it has moved.

    Args:
        sources: IRIs of the sources of a fact.
        store: the graph that describes them.
    """
    pages = [(source, _one(store, source, PREFIXES["foaf"] + "page")) for source in sources]
    pages = [(source, page) for source, page in pages if page]
    if not pages:
        return "no source of it has an address"
    cited = [
        Source(source, page, _title(store, source), _published(store, source))
        for source, page in pages
        if not is_wiki(page) and not is_own(page)
    ]
    if not cited:
        return "its only source is a wiki, or this project"
    return min(cited, key=lambda each: (_grade(store, each.iri), not each.title, each))


def reference(source: Source, retrieved: date | None) -> tuple[tuple[str, str], ...]:
    """Return the reference of a source: pairs of property and value, what is not known left out."""
    published = time(source.published) if source.published else None
    pairs = (
        (URL, quoted(source.page.replace("|", "%7C").replace("*", "%2A"))),
        (TITLE, source.title),
        (PUBLISHED, published),
        (RETRIEVED, time(retrieved.isoformat()) if retrieved else None),
    )
    return tuple((name, value) for name, value in pairs if value)


def read_retrieved(text: str, today: date) -> date:
    """Return the day on which somebody says to have looked at the pages.

    Raises:
        UsageError: it is no day, or lies after `today`.
    """
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(f"“{text}” is no day")
        retrieved = day(text)
    except ValueError as error:
        raise UsageError(f"the day of retrieval: {error}; write it as YYYY-MM-DD") from None
    if retrieved > today:
        raise UsageError(f"nobody has looked at a page on {retrieved} yet: today is {today}")
    return retrieved


def refuse_unpublished(cited: Iterable[Source], retrieved: date) -> None:
    """Raise UsageError where a source that is cited was not yet published on the day of retrieval.

    The message names the latest of them, so that a day that passes it passes all.
    """
    dated = ((bounds(source.published).earliest, source) for source in set(cited) if source.published)
    earliest, source = max(dated, default=(date.min, None))
    if source is not None and retrieved < earliest:
        raise UsageError(
            f"nobody can have looked at {shorten(source.iri) or source.iri} on {retrieved}: it was "
            f"published on {source.published}; give the day on which you did look"
        )


def time(edtf: str) -> str | None:
    """Return an EDTF text as a time of QuickStatements, None where Wikidata has no such time."""
    held = for_wikidata(edtf)
    return None if held is None else f"{held[0]}/{held[1]}"


def quoted(text: str) -> str:
    """Return a text between quotation marks, without what would end its column."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    return f'"{" ".join(clean.split())}"'


def monolingual(text: str, language: str) -> str:
    """Return a text in a language, empty where the grammar or Wikidata cannot hold it.

    White space becomes one space. No more is changed, nothing is cut: a title other than the printed is none.
    """
    spaced = "".join(" " if unicodedata.category(c) in _SPACES else c for c in text.translate(_STEERING))
    clean = " ".join(spaced.split())
    if len(clean) > _LONGEST or "||" in clean or "/*" in clean or not any(map(str.isalnum, clean)):
        return ""
    return f'{language.lower()}:"{clean}"'


def _title(store: Store, source: str) -> str:
    """Return the first title of a source that can be written; its label may be a description of ours."""
    found = store.quads_for_pattern(NamedNode(source), NamedNode(PREFIXES["dcterms"] + "title"), None, None)
    titles = (quad.object for quad in found if isinstance(quad.object, Literal))
    written = (monolingual(title.value, title.language) for title in titles if title.language)
    return min(filter(None, written), default="")


def _published(store: Store, source: str) -> str:
    """Return the EDTF text of the publication of a source; empty where there is none, or no such day."""
    text = _one(store, source, PREFIXES["dcterms"] + "date")
    with suppress(ValueError):
        bounds(text)
        return text
    return ""


def _grade(store: Store, source: str) -> int:
    return _RELIABILITY.get(_one(store, source, PREFIXES["cica"] + "reliability"), len(_RELIABILITY))


def _one(store: Store, subject: str, property_: str) -> str:
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(property_), None, None)
    return min((q.object.value for q in found if isinstance(q.object, NamedNode | Literal)), default="")

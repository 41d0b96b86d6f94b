"""Names of ours beside names of theirs: how a name may be spelled there, and how near two names are."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.folding import fold, key
from cica_kg.vocabulary import CICA, RDFS, SKOS

LANGUAGES: Final = ("en", "ar", "ru")
#: The language code of names that are the same in all languages; Wikidata shows them where one has none.
ANY: Final = "mul"

_NAMING: Final = (RDFS + "label", CICA.shortName, CICA.officialName, SKOS + "altLabel")


def names_of(store: Store, thing: str) -> dict[str, list[str]]:
    """Return language → what a thing is called in it, the label first; only languages of ours."""
    found: dict[str, dict[str, None]] = {language: {} for language in LANGUAGES}
    for property_ in _NAMING:
        values = (
            quad.object for quad in store.quads_for_pattern(NamedNode(thing), NamedNode(property_), None)
        )
        for name in sorted((v for v in values if isinstance(v, Literal)), key=str):
            found.get(name.language or "", {})[name.value] = None
    return {language: list(names) for language, names in found.items() if names}


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    # ё and й stay whole here: the marks of Cyrillic make other letters.
    return unicodedata.normalize(
        "NFC", "".join(c for c in apart if not unicodedata.combining(c) or c in "\u0306\u0308")
    )


def _replaced(table: dict[str, str]) -> Callable[[str], str]:
    letters = str.maketrans(table)
    return lambda text: text.translate(letters)


#: Ways in which a name is spelled differently; an endpoint matches letter by letter.
_SPELLINGS: Final[dict[str, tuple[Callable[[str], str], ...]]] = {
    "en": (
        _replaced({"-": " ", "‑": " "}),
        _replaced({"’": "'", "‘": "'"}),
        lambda text: _without_marks(text.replace("ı", "i")).replace("ü", "u").replace("ö", "o"),
        lambda text: text.removeprefix("The "),
    ),
    "ar": (
        _replaced({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا"}),
        _replaced({"ى": "ي"}),
        _replaced({"ي": "ی", "ك": "ک"}),
        _replaced({"ی": "ي", "ک": "ك"}),
        _replaced({"ة": "ه"}),
        lambda text: _without_marks(text).replace("ـ", ""),
    ),
    "ru": (_replaced({"ё": "е", "Ё": "Е"}), _replaced({"-": " "})),
}


def spellings(name: str, language: str) -> list[str]:
    """Return the ways to spell a name that are worth asking for, as written first: few, never all.

    >>> spellings("Confidence-Building", "en")
    ['Confidence-Building', 'Confidence Building']
    """
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    ways = _SPELLINGS.get(language, ())
    found = {plain: None} | {way(plain): None for way in ways}
    together = plain
    for way in ways:
        together = way(together)
    return list(found | {together: None})


def theirs(labels: dict[str, str], language: str) -> str | None:
    """Return the label that Wikidata shows in a language: its own, else the one for all languages."""
    return labels.get(language, labels.get(ANY))


def likeness(ours: Iterable[str], name: str) -> str:
    """Say how near a name of theirs is to ours: `equal`, `spelling` (equal when folded) or `different`."""
    written = {" ".join(unicodedata.normalize("NFC", each).split()) for each in ours}
    if " ".join(unicodedata.normalize("NFC", name).split()) in written:
        return "equal"
    return "spelling" if key(fold(name)) in {key(fold(each)) for each in written} else "different"


def share_a_word(one: str, other: str) -> bool:
    """Say whether two names have a word in common, when folded."""
    return bool(set(fold(one).split()) & set(fold(other).split()))


def without_qualifier(title: str) -> str:
    """Return the title of a page without what sets it apart from others: Georgia (country) → Georgia."""
    name, opened, rest = title.rpartition(" (")
    return name if opened and rest.endswith(")") else title

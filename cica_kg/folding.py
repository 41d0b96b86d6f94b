"""Spelling, made alike for matching: what people leave out, add or mix up. Pure functions.

Folding is for comparing only: what is shown is always the name as it was written, and two names that fold
alike (Oman عمان, Amman عمّان) stay the names of two things.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Letters that Unicode does not take apart, though writers mix them up.
_ALIKE: Final = {
    **dict.fromkeys("ىیۍې", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ةەہھۃ", "ه"),
    "ٱ": "ا",
    "ء": "",
    **{"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ə": "e", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"},
    **dict.fromkeys("'’‘‛`´′″\"“”„«»", ""),
}

#: The Arabic article at the beginning of a word, with “and” before it; three letters or more must remain.
_ARTICLE: Final = re.compile(r"(?<!\S)(?:و?ال)+(?=\S{3})")


class _Letters(dict[int, str]):
    """Character → what stands for it, worked out once for each that is met."""

    def __missing__(self, code: int) -> str:
        """Drop marks and joiners, make digits European, keep letters, turn all else into a space."""
        character = chr(code)
        category = unicodedata.category(character)
        if character in _ALIKE:
            folded = _ALIKE[character]
        elif category in ("Mn", "Me", "Cf", "Lm"):  # Lm: the tatweel, and letters used as apostrophes
            folded = ""
        elif category == "Nd":
            folded = str(unicodedata.decimal(character))
        else:
            folded = character if character.isalnum() or category == "Mc" else " "
        self[code] = folded
        return folded


_LETTERS: Final = _Letters()


def fold(text: str) -> str:
    """Return `text` as its words in their plainest spelling, one space between them.

    What goes: case, accents, hamza seats, harakat, tatweel, the Arabic article, apostrophes, hyphens and
    other signs; what becomes one: ة ه, ى ي ی, ک ك, ё е, й и, the digits of all scripts. Folding twice is
    folding once.

    >>> fold("Nur-Sultan"), fold("الأردنّ"), fold("Семён")
    ('nur sultan', 'اردن', 'семен')
    """
    # Taking letters apart separates them from their marks (أ, é, й); lower case may bring new ones.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = " ".join(apart.translate(_LETTERS).split())
    return _ARTICLE.sub("", plain) if "ال" in plain else plain


def key(folded: str) -> str:
    """Return what two spellings of one name have in common: Nur-Sultan, Nur Sultan and Nursultan."""
    return folded.replace(" ", "")


def is_plain(text: str) -> bool:
    """Say whether `text` is written without anything that folding takes away, but for case."""
    return " ".join(text.casefold().split()) == fold(text)


def typos_allowed(word: str) -> int:
    """Return how many typos a folded word may have: none in short ones and in numbers, one from four letters
    on, two from nine on.
    """
    if len(word) < 4 or any(character.isdigit() for character in word):
        return 0
    return 1 if len(word) < 9 else 2


def typos(word: str, other: str, most: int) -> int | None:
    """Return how many letters were left out, added, changed or swapped with the next; None if over `most`."""
    if word == other:
        return 0
    if abs(len(word) - len(other)) > most or len(set(word) ^ set(other)) > 2 * most:
        return None
    begin = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        begin += 1
    end = 0
    while end < min(len(word), len(other)) - begin and word[-1 - end] == other[-1 - end]:
        end += 1
    found = _distance(word[begin : len(word) - end], other[begin : len(other) - end])
    return found if found <= most else None


def _distance(word: str, other: str) -> int:
    """Optimal string alignment: the edit distance in which a swap of two neighbours counts as one."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, opposite in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == opposite:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, above = above, row
    return above[-1]

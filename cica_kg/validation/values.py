"""Whether a literal can be what it says: a language, a form of its datatype, a day of the calendar."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pyoxigraph import Literal

from cica_kg.dates import bounds
from cica_kg.validation.lexical import fits
from cica_kg.vocabulary import CICA, DCTERMS, XSD, shorten

#: Three-letter codes of languages that have one of two letters, which RFC 5646 (BCP 47) then requires.
_LONG_CODES: Final = {
    "ara": "ar", "chi": "zh", "deu": "de", "eng": "en", "fas": "fa", "fra": "fr", "fre": "fr", "ger": "de",
    "heb": "he", "hin": "hi", "jpn": "ja", "kaz": "kk", "kir": "ky", "kor": "ko", "mon": "mn", "per": "fa",
    "rus": "ru", "spa": "es", "tgk": "tg", "tha": "th", "tur": "tr", "urd": "ur", "uzb": "uz", "vie": "vi",
    "zho": "zh",
}  # fmt: skip
#: Codes of countries that people take for those of languages.
_COUNTRIES: Final = {
    "cn": "zh", "gb": "en", "il": "he", "jp": "ja", "kg": "ky", "kz": "kk", "tj": "tg", "tm": "tk",
    "ua": "uk", "uk": "uk", "us": "en", "vn": "vi",
}  # fmt: skip
#: ISO 639-1, all of it.
_LANGUAGES: Final = frozenset(
    (  # noqa: SIM905  # a list of 184 quoted words reads worse
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
        "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
        "ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
        "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi "
        "pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
        "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    ).split()
)
#: Properties with EDTF texts from which no bounds are derived: no shape can ask for these.
_WITHOUT_BOUNDS: Final = frozenset((DCTERMS + "date", CICA.asOf, CICA.established))
#: What the shapes take for a date: each part is looked up in the calendar here.
_PART: Final = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_DATE: Final = re.compile(rf"{_PART}|\[{_PART}\.\.{_PART}\]|\[{_PART}(,{_PART})+\]")


class Wrong(NamedTuple):
    """What is wrong with a value: the name of the check, the value as messages show it, a hint or ""."""

    check: str
    what: str
    hint: str = ""


def wrong_value(property_: str, value: Literal) -> Wrong | None:
    """Return what is wrong with a value of a property; None where it is in order."""
    if value.language:
        return _wrong_language(value.language)
    datatype = value.datatype.value
    if datatype.startswith(XSD) and not fits(value.value, datatype[len(XSD) :]):
        return Wrong("lexical-form", f"“{_cut(value.value)}”", shorten(datatype) or datatype)
    if property_ in _WITHOUT_BOUNDS and _DATE.fullmatch(value.value):
        try:
            bounds(value.value)
        except ValueError:
            return Wrong("calendar", f"“{_cut(value.value)}”")
    return None


def _wrong_language(tag: str) -> Wrong | None:
    primary = tag.partition("-")[0]
    if primary in _LANGUAGES or (len(primary) == 3 and primary not in _LONG_CODES) or primary in "xi":
        return None
    meant = _LONG_CODES.get(primary) or _COUNTRIES.get(primary)
    return Wrong("language-tag", f"@{tag}", f"@{meant}" if meant else "")


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"

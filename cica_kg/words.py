"""Dates, periods and the terms of other vocabularies in words: English, Arabic and Russian. Pure functions.

The texts are those of `dates.py`; what is not of that form comes back as it is. A language that is not
spoken here is answered in English.
"""

from __future__ import annotations

import re
from typing import Final

from cica_kg.vocabulary import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS

LANGUAGES: Final = ("en", "ar", "ru")

_SINGLE: Final = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?", re.ASCII)
_DURATION: Final = re.compile(r"P(\d+)([YMD])", re.ASCII)

_MONTHS: Final = {
    name: tuple(months.split())
    for name, months in (
        ("en", "January February March April May June July August September October November December"),
        ("ar", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        # The three cases that a date needs: 1 января, в январе, по январь.
        ("ru", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        ("ru in", "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре"),
        ("ru to", "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
    )
}
#: How a day, a month and a year stand in a sentence: by themselves, after “from”, after “to”.
_FORMS: Final = {
    "en": {
        "at": ("{d} {m} {y}", "in {m} {y}", "in {y}"),
        "from": ("{d} {m} {y}", "{m} {y}", "{y}"),
        "to": ("{d} {m} {y}", "{m} {y}", "{y}"),
    },
    "ar": {
        "at": ("{d} {m} {y}", "في {m} {y}", "في عام {y}"),
        "from": ("{d} {m} {y}", "{m} {y}", "عام {y}"),
        "to": ("{d} {m} {y}", "{m} {y}", "عام {y}"),
    },
    "ru": {
        "at": ("{d} {m} {y} года", "в {in} {y} года", "в {y} году"),
        "from": ("{d} {m} {y} года", "{m} {y} года", "{y} года"),
        "to": ("{d} {m} {y} года", "{to} {y} года", "{y} год"),
    },
}
_PHRASES: Final = {
    "en": {
        "some day": "some day from {from} to {to}",
        "or": " or ",
        "from to": "from {from} to {to}",
        "since": "since {from}",
        "began": "began {at}",
        "ended": "ended {at}",
        "shown": "shown until {to}",
        "and": ", ",
        "then": "; ",
    },
    "ar": {
        "some day": "في يوم ما من {from} إلى {to}",
        "or": " أو ",
        "from to": "من {from} إلى {to}",
        "since": "منذ {from}",
        "began": "البداية: {at}",
        "ended": "النهاية: {at}",
        "shown": "ثابت حتى {to}",
        "and": "، ",
        "then": "؛ ",
    },
    "ru": {
        "some day": "в один из дней с {from} по {to}",
        "or": " или ",
        "from to": "с {from} по {to}",
        "since": "с {from}",
        "began": "начало: {at}",
        "ended": "окончание: {at}",
        "shown": "подтверждено по {to}",
        "and": ", ",
        "then": "; ",
    },
}
#: Singular, the form for two to four (Arabic: two, then three to ten), the form for more.
_UNITS: Final = {
    "en": {"Y": ("year", "years", "years"), "M": ("month", "months", "months"), "D": ("day", "days", "days")},
    "ar": {"Y": ("سنة", "سنوات", "سنة"), "M": ("شهر", "أشهر", "شهراً"), "D": ("يوم", "أيام", "يوماً")},
    "ru": {"Y": ("год", "года", "лет"), "M": ("месяц", "месяца", "месяцев"), "D": ("день", "дня", "дней")},
}


#: Terms of other vocabularies have no labels in the graph: IRI → language → words.
FOREIGN: Final = {
    iri: dict(zip(LANGUAGES, words, strict=True))
    for iri, words in {
        OWL + "versionInfo": ("version", "الإصدار", "версия"),
        RDF + "type": ("kind", "النوع", "вид"),
        RDFS + "label": ("name", "الاسم", "название"),
        RDFS + "subClassOf": ("kind of", "نوع من", "разновидность"),
        RDFS + "subPropertyOf": ("special case of", "حالة خاصة من", "частный случай"),
        RDFS + "domain": ("said of", "يقال عن", "говорится о"),
        RDFS + "range": ("value", "القيمة", "значение"),
        SKOS + "altLabel": ("also", "ويسمى أيضاً", "также"),
        SKOS + "broader": ("belongs under", "يندرج تحت", "входит в"),
        SKOS + "definition": ("definition", "التعريف", "определение"),
        SKOS + "exactMatch": ("same as", "هو نفسه", "то же, что"),
        SKOS + "inScheme": ("in the scheme", "ضمن المخطط", "в схеме"),
        SKOS + "notation": ("code", "الرمز", "код"),
        SKOS + "note": ("note", "ملاحظة", "примечание"),
        SKOS + "scopeNote": ("scope", "نطاق الاستعمال", "область применения"),
        SKOS + "topConceptOf": ("at the top of", "في رأس", "в вершине"),
        SKOS + "ConceptScheme": ("scheme of categories", "مخطط فئات", "схема категорий"),
        DCTERMS + "date": ("date", "التاريخ", "дата"),
        DCTERMS + "description": ("description", "الوصف", "описание"),
        DCTERMS + "issued": ("issued", "تاريخ الإصدار", "дата выпуска"),
        DCTERMS + "language": ("language", "اللغة", "язык"),
        DCTERMS + "license": ("licence", "الرخصة", "лицензия"),
        DCTERMS + "publisher": ("publisher", "الناشر", "издатель"),
        DCTERMS + "title": ("title", "العنوان", "заглавие"),
        FOAF + "page": ("page", "الصفحة", "страница"),
        OWL + "inverseOf": ("inverse of", "عكس", "обратное к"),
        OWL + "propertyDisjointWith": ("never together with", "لا يجتمع مع", "несовместимо с"),
        OWL + "Class": ("class", "فئة", "класс"),
        **dict.fromkeys(
            (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty"),
            ("property", "خاصية", "свойство"),
        ),
    }.items()
}


def spoken(languages: tuple[str, ...]) -> str:
    """Return the first of `languages` that is spoken here, else English."""
    return next((language for language in languages if language in LANGUAGES), "en")


def when(text: str, language: str = "en") -> str:
    """Return an EDTF text in words.

    >>> when("1999-09-14"), when("2012"), when("[2016-04-28..2017-10-28]")
    ('14 September 1999', 'in 2012', 'some day from 28 April 2016 to 28 October 2017')
    """
    if not text.startswith("["):
        return _single(text, language, "at")
    inner = text[1:-1]
    first, dots, last = inner.partition("..")
    if dots:
        return _phrase("some day", language, first, last)
    return _PHRASES[_known(language)]["or"].join(_single(part, language, "at") for part in inner.split(","))


def until(text: str, language: str = "en") -> str:
    """Return the last date at which a source shows something in force, in words.

    >>> until("2025-07")
    'shown until July 2025'
    """
    return _phrase("shown", language, text, text)


def period(start: str | None, end: str | None, ongoing: str | None, language: str = "en") -> str:
    """Return in words from when to when something was, whatever of it is known.

    >>> period("1999-09-14", None, "2025-07")
    'since 14 September 1999, shown until July 2025'
    >>> period("2012", "[2014-05..2014-10-06]", None)
    'began in 2012; ended some day from May 2014 to 6 October 2014'
    """
    shown = until(ongoing, language) if ongoing else None
    phrases = _PHRASES[_known(language)]
    plain = not any(text and text.startswith("[") for text in (start, end))
    if start and end and plain:
        return phrases["from to"].format_map(_both(start, end, language))
    if start and plain and not end:
        since = _phrase("since", language, start, start)
        return phrases["and"].join(part for part in (since, shown) if part)
    began = phrases["began"].format(at=when(start, language)) if start else None
    ended = phrases["ended"].format(at=when(end, language)) if end else None
    return phrases["then"].join(part for part in (began, ended, shown) if part)


def duration(text: str, language: str = "en") -> str:
    """Return an ISO 8601 duration of one unit in words.

    >>> duration("P4Y")
    '4 years'
    """
    match = _DURATION.fullmatch(text)
    if not match:
        return text
    number, language = int(match[1]), _known(language)
    one, few, many = _UNITS[language][match[2]]
    if language == "ar":
        dual = {"سنة": "سنتان", "شهر": "شهران", "يوم": "يومان"}[one]
        return {1: one, 2: dual}.get(number) or f"{number} {few if 3 <= number <= 10 else many}"
    if language == "en":
        return f"{number} {one if number == 1 else many}"
    teens = number % 100 in range(11, 15)
    form = many if teens else one if number % 10 == 1 else few if number % 10 in (2, 3, 4) else many
    return f"{number} {form}"


def _phrase(name: str, language: str, first: str, last: str) -> str:
    return _PHRASES[_known(language)][name].format_map(_both(first, last, language))


def _both(first: str, last: str, language: str) -> dict[str, str]:
    return {"from": _single(first, language, "from"), "to": _single(last, language, "to")}


def _single(text: str, language: str, form: str) -> str:
    match = _SINGLE.fullmatch(text)
    if not match:
        return text
    language = _known(language)
    year, month, day = match.groups()
    pattern = _FORMS[language][form][0 if day else 1 if month else 2]
    parts = {"y": year.lstrip("0") or year, "d": str(int(day)) if day else ""}
    if month:
        number = int(month) - 1
        parts["m"] = _MONTHS[language][number]
        if language == "ru":
            parts |= {"in": _MONTHS["ru in"][number], "to": _MONTHS["ru to"][number]}
    return pattern.format_map(parts)


def _known(language: str) -> str:
    return language if language in LANGUAGES else "en"

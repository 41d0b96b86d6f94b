"""Whether a text is a valid form of its XML Schema datatype.

Our own table, since every SHACL engine misses some: `"99"^^xsd:gYear`, `"2020-13"^^xsd:gYearMonth`
and `"19x9"^^xsd:gYear` pass pySHACL 0.40 as the years they are not. W3C XML Schema 1.1 part 2, section 3.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date
from typing import Final

_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DECIMAL: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_INTEGER: Final = r"[+-]?\d+"
_SECONDS: Final = r"\d+(?:\.\d+)?S"
_DAY_TIME: Final = rf"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:{_SECONDS})?)?"


def _whole(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _number(least: int | None = None, most: int | None = None) -> Callable[[str], bool]:
    form = _whole(_INTEGER)

    def fits(text: str) -> bool:
        # A number of a thousand digits is compared by Python; one of a million would take minutes.
        if not form(text) or len(text) > 4000:
            return form(text) and least is None and most is None
        value = int(text)
        return (least is None or least <= value) and (most is None or value <= most)

    return fits


def _calendar(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)

    def fits(text: str) -> bool:
        match = compiled.fullmatch(text)
        if match is None:
            return False
        year = int(match["year"]) if "year" in compiled.groupindex else 2000
        try:
            # The calendar repeats every 400 years, so years beyond Python's are checked as well.
            date(2000 + year % 400, int(match["month"]), int(match["day"]))
        except ValueError:
            return False
        return True

    return fits


def _base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace(" ", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_DATE: Final = rf"(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)"
_FLOAT: Final = rf"(?:{_DECIMAL}(?:[eE][+-]?\d+)?|[+-]?INF|NaN)"

#: Local name of the datatype → whether a text is a form of it; what is not here accepts every text.
FORMS: Final[dict[str, Callable[[str], bool]]] = {
    "anyURI": lambda text: not re.search(r"[\s<>\"{}|\\^`]", text),
    "base64Binary": _base64,
    "boolean": _whole("true|false|1|0"),
    "byte": _number(-(2**7), 2**7 - 1),
    "date": _calendar(_DATE + _ZONE),
    "dateTime": _calendar(rf"{_DATE}T{_TIME}{_ZONE}"),
    "dateTimeStamp": _calendar(rf"{_DATE}T{_TIME}(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"),
    "dayTimeDuration": _whole(rf"-?P(?=.){_DAY_TIME}"),
    "decimal": _whole(_DECIMAL),
    "double": _whole(_FLOAT),
    "duration": _whole(rf"-?P(?=.)(?:\d+Y)?(?:\d+M)?{_DAY_TIME}"),
    "float": _whole(_FLOAT),
    "gDay": _whole(rf"---(?:0[1-9]|[12]\d|3[01]){_ZONE}"),
    "gMonth": _whole(rf"--(?:0[1-9]|1[0-2]){_ZONE}"),
    "gMonthDay": _calendar(rf"--(?P<month>\d\d)-(?P<day>\d\d){_ZONE}"),
    "gYear": _whole(_YEAR + _ZONE),
    "gYearMonth": _whole(rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}"),
    "hexBinary": _whole(r"(?:[0-9a-fA-F]{2})*"),
    "int": _number(-(2**31), 2**31 - 1),
    "integer": _number(),
    "language": _whole(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"),
    "long": _number(-(2**63), 2**63 - 1),
    "Name": lambda text: re.fullmatch(r"[^\W\d][\w.:-]*", text) is not None,
    "NCName": lambda text: re.fullmatch(r"[^\W\d][\w.-]*", text) is not None,
    "negativeInteger": _number(most=-1),
    "NMTOKEN": lambda text: re.fullmatch(r"[\w.:-]+", text) is not None,
    "nonNegativeInteger": _number(least=0),
    "nonPositiveInteger": _number(most=0),
    "normalizedString": lambda text: not re.search(r"[\t\r\n]", text),
    "positiveInteger": _number(least=1),
    "short": _number(-(2**15), 2**15 - 1),
    "time": _whole(_TIME + _ZONE),
    "token": lambda text: not re.search(r"[\t\r\n]|^ | $|  ", text),
    "unsignedByte": _number(0, 2**8 - 1),
    "unsignedInt": _number(0, 2**32 - 1),
    "unsignedLong": _number(0, 2**64 - 1),
    "unsignedShort": _number(0, 2**16 - 1),
    "yearMonthDuration": _whole(r"-?P(?=.)(?:\d+Y)?(?:\d+M)?"),
}


def fits(text: str, datatype: str) -> bool:
    """Whether `text` is a form of the XML Schema datatype with this local name (`gYear`)."""
    check = FORMS.get(datatype)
    return check is None or check(text)

"""Whether the files are Turtle at all: every error of every file, with line, column and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import RdfFormat, parse

from cica_kg.files import GraphFile
from cica_kg.validation.report import Place, Result
from cica_kg.validation.words import check_result

#: pyoxigraph cannot read a word of more than 16 MB, and rdflib takes minutes for a line like that.
LONGEST_LINE: Final = 1_000_000
#: Beyond so many errors a file is something else than Turtle.
_ENOUGH: Final = 20


def syntax_errors(files: Iterable[GraphFile]) -> list[Result]:
    """Return all syntax errors of all files, each as a result with its place."""
    return [result for file in files for result in _errors(file)]


def _errors(file: GraphFile) -> Iterator[Result]:
    content = file.turtle
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield _result(file, 1, 1, None, "encoding", "UTF-16")
        return
    if len(content) > LONGEST_LINE:
        for number, text in enumerate(content.split(b"\n"), 1):
            if len(text) > LONGEST_LINE:
                yield _result(file, number, 1, None, "line-length", f"{len(text):,}", f"{LONGEST_LINE:,}")
                return
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        yield _result(file, line, column, None, "encoding", f"0x{content[error.start]:02x}")
        return
    told: set[object] = set()
    reader = parse(content, RdfFormat.TURTLE)
    while len(told) < 2 * _ENOUGH:
        try:
            next(reader)
        except StopIteration:
            return
        except SyntaxError as error:
            line, column = error.lineno or 1, error.offset or 1
            check, *values = _classify(str(error.msg))
            # After an error the parser goes on; what follows from the last one, or repeats it, is not told.
            if line in told or (check, *values) in told or _follows(str(error.msg), bool(told)):
                continue
            told |= {line, (check, *values)}
            end = error.end_offset if error.end_lineno == line else None
            yield _result(file, line, column, end, check, *values)
        except MemoryError:
            yield _result(file, 1, 1, None, "line-length", f"{len(content):,}", f"{LONGEST_LINE:,}")
            return


def _follows(message: str, after_another: bool) -> bool:
    return after_another and ("is not a valid predicate" in message or "is not a valid subject" in message)


def _classify(message: str) -> tuple[str, ...]:
    """Return the name of the check and what its message needs, from the words of Oxigraph's parser."""
    reason = message.partition(": ")[2] or message
    if match := re.match(r"The prefix (.*?): has not been declared", reason):
        return "undeclared-prefix", match[1]
    if "No scheme found in an absolute IRI" in reason:
        return ("relative-iri",)
    if "subtag" in reason or "language" in reason:
        return "language-tag-form", reason
    if "Unexpected end of file" in reason:
        return ("unfinished",)
    return "turtle", reason


def _result(file: GraphFile, line: int, column: int, end: int | None, check: str, *values: str) -> Result:
    lines = file.turtle.split(b"\n", line) if len(file.turtle) < 50 * LONGEST_LINE else []
    text = lines[line - 1][:LONGEST_LINE].decode("utf-8", "replace").removesuffix("\r") if lines else ""
    place = Place(file.name, line, column, text if len(text) < LONGEST_LINE else "", end)
    return check_result(check, values, focus=file.name, path=None, value=None, place=place)

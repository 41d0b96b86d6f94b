"""What a query may do: read, within limits, and never reach outside.

pyoxigraph follows SERVICE to the network with no switch to forbid it, its parser overflows the stack on
deep nesting, and a running query can be neither cancelled nor timed. So a query is looked at token by token
before the engine sees it; what passes, runs in a process of its own (runner.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from cica_kg.errors import QueryError
from cica_kg.vocabulary import PREFIXES

#: Longer queries are refused: the longest of ours has 3 KB.
MAX_LENGTH: Final = 100_000
#: Brackets inside brackets: Oxigraph 0.5 crashes at some 4,500, people need fewer than twenty.
MAX_DEPTH: Final = 64


class Token(NamedTuple):
    """One token of a query: its kind (a group name of the pattern), its text and where it begins."""

    kind: str
    text: str
    start: int


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of one token, compiled when first needed: a start without it is 4 ms shorter.

    Repeats are possessive or bounded, and a string without an end is one token: a hostile query must not
    make the guard itself slow.
    """
    return re.compile(
        r"""(?P<comment>\#[^\n\r]*+)
          | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
          | (?P<string>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
              |"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+'|["'].*)
          | (?P<variable>[?$]\w++)
          | (?P<blank>_:[\w.-]++)
          | (?P<prefixed>(?:[^\W\d_][\w.-]{0,200}+)?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*+)
          | (?P<language>@[A-Za-z][A-Za-z0-9-]*+)
          | (?P<number>\d++)
          | (?P<word>[^\W\d_]\w*+)
          | (?P<open>[({\[])
          | (?P<close>[)}\]])
          | (?P<other>\S)""",
        re.VERBOSE | re.DOTALL,
    )


def tokens(query: str) -> Iterator[Token]:
    """Give the tokens of a SPARQL query, without comments and white space."""
    for match in _pattern().finditer(query):
        if match.lastgroup != "comment":
            yield Token(match.lastgroup or "other", match.group(), match.start())


@lru_cache(maxsize=256)
def check(query: str) -> None:
    """Refuse a query that reaches outside, changes something or is too large or too deep to be parsed safely.

    Raises:
        QueryError: with the reason and what to do instead.
    """
    if len(query) > MAX_LENGTH:
        raise QueryError(f"the query has {len(query):,} characters; at most {MAX_LENGTH:,} are allowed")
    depth = 0
    declared = dict.fromkeys(PREFIXES)
    before = Token("other", "", 0)
    before_that = before
    for token in tokens(query):
        if _reaches_outside(token, before, before_that):
            raise QueryError(
                "SERVICE is not allowed: a query here never reaches the network; "
                "query the other endpoint by itself with --endpoint URL"
            )
        if token.kind == "open":
            depth += 1
            if depth > MAX_DEPTH:
                raise QueryError(f"the query nests brackets more than {MAX_DEPTH} deep; write it flatter")
        elif token.kind == "close":
            depth -= 1
        elif token.kind == "prefixed":
            prefix = token.text.partition(":")[0]
            if before.text.upper() == "PREFIX":
                declared[prefix] = None
            elif prefix not in declared:
                raise QueryError(_unknown_prefix(prefix, query, token.start, list(declared)))
        before_that, before = before, token


def _reaches_outside(token: Token, before: Token, before_that: Token) -> bool:
    """Tell whether the engine could read SERVICE here.

    Oxigraph needs no white space after a keyword (`SERVICESILENT`, `trueSERVICE`), falls back from a
    prefixed name before a brace to the keyword and a name (`SERVICE:a {`), and reads `<` after an operand
    as a comparison (`1<2)SERVICE:a#>`).
    """
    if token.kind == "word":
        return "SERVICE" in token.text.upper()
    if token.kind == "iri":
        return "SERVICE" in token.text.upper().partition(")")[2]
    if token.text == "{" and before.kind == "prefixed":
        return "SERVICE" in before.text.partition(":")[0].upper() and before_that.text.upper() != "GRAPH"
    return False


def _unknown_prefix(prefix: str, query: str, start: int, known: list[str]) -> str:
    from difflib import get_close_matches

    line = query.count("\n", 0, start) + 1
    near = get_close_matches(prefix, known, n=3)
    hint = f"; did you mean {' or '.join(f'{name}:' for name in near)}?" if near else ""
    return f"line {line}: the prefix “{prefix}:” is not declared{hint}"


class Limits(NamedTuple):
    """What one query may use: seconds of wall time, and megabytes on top of what the process holds."""

    seconds: float = 30.0
    megabytes: int = 1024

"""What a query may do: read, within limits, and never reach outside.

pyoxigraph follows SERVICE to the network with no switch to forbid it, its parser overflows the stack on
deep nesting, and a running query can be neither cancelled nor timed. So a query is looked at token by token
before the engine sees it, and a stranger's query runs in a child process that can be killed.
"""

from __future__ import annotations

import math
import os
import re
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from cica_kg.errors import CicaError, LimitError, OutsideError, QueryError
from cica_kg.vocabulary import PREFIXES

#: Longer queries are refused: the longest of ours has 3 KB.
MAX_LENGTH: Final = 100_000
#: Brackets inside brackets: Oxigraph 0.5 crashes at some 4,500, people need fewer than twenty.
MAX_DEPTH: Final = 64

_TOO_MUCH: Final = (
    "the query was stopped: it needed more than {} MB of memory, or nested too deep; "
    "narrow it, or ask for less with LIMIT"
)


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


def run_limited(work: Callable[[], bytes], limits: Limits) -> bytes:
    """Return what `work` returns, from a child process that is killed when it goes over its limits.

    Where the platform has no fork, `work` runs here, with the guard alone.

    Raises:
        LimitError: the time or the memory was used up.
        CicaError: what `work` itself raised, with the same class and message.
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    try:
        child = _fork()
    except OSError as error:
        os.close(reading)
        os.close(writing)
        raise OutsideError(f"no process can be started for the query: {error.strerror}") from None
    if child == 0:
        os.close(reading)
        _child(work, writing, limits)
    os.close(writing)
    try:
        answer = _read_until(reading, time.monotonic() + limits.seconds)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        os.close(reading)
    if answer is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise LimitError(
            f"the query was stopped after {limits.seconds:g} seconds; narrow it, or ask for less with LIMIT"
        )
    _, status = os.waitpid(child, 0)
    if not answer or os.waitstatus_to_exitcode(status) != 0:
        raise LimitError(_TOO_MUCH.format(limits.megabytes))
    if answer[:1] == b"+":
        return answer[1:]
    name, _, message = answer[1:].decode().partition("\n")
    raise _error_class(name)(message)


def _fork() -> int:
    with warnings.catch_warnings():
        # The child runs only the engine; the warning about threads is for children that run Python threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _child(work: Callable[[], bytes], writing: int, limits: Limits) -> None:
    """Run `work` with the limits set, write the answer, and leave without running anybody's exit handlers."""
    code = 1
    try:
        # What the engine's own abort prints would only confuse: the parent says what happened.
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 2)
        import resource

        held = _address_space()
        room = held + limits.megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        # No further file and no socket, whatever the engine would open; the pipe stays open.
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        # Should the parent be killed, the child ends too.
        seconds = math.ceil(min(limits.seconds, 1e9)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        try:
            answer = b"+" + work()
        except CicaError as error:
            answer = f"-{type(error).__name__}\n{error}".encode()
        except MemoryError:
            answer = f"-LimitError\n{_TOO_MUCH.format(limits.megabytes)}".encode()
        except Exception as error:
            answer = f"-QueryError\nthe query failed: {error}".encode()
        view = memoryview(answer)
        while view:
            view = view[os.write(writing, view) :]
        code = 0
    except BaseException:  # whatever happens, the child ends here; the parent tells
        code = 1
    finally:
        os._exit(code)


def _address_space() -> int:
    """Return the bytes of address space that this process holds (0 where the system does not tell)."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  # pathlib costs more here
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0 if sys.platform == "linux" else 1 << 40


def _read_until(reading: int, deadline: float) -> bytes | None:
    parts: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        if not select.select([reading], [], [], min(left, 60))[0]:
            continue
        part = os.read(reading, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _error_class(name: str) -> type[CicaError]:
    import cica_kg.errors

    found = getattr(cica_kg.errors, name, QueryError)
    return found if isinstance(found, type) and issubclass(found, CicaError) else QueryError

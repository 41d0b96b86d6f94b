"""Run a stranger's query in a child process that can be killed: pyoxigraph neither cancels nor times one."""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Final

from cica_kg.errors import CicaError, LimitError, OutsideError, QueryError
from cica_kg.queries.guard import Limits

_TOO_MUCH: Final = (
    "the query was stopped: it needed more than {} MB of memory, or nested too deep; "
    "narrow it, or ask for less with LIMIT"
)


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

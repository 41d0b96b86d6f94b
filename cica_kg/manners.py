"""Manners towards a server that is not ours: say who asks, one request at a time, wait when told to."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from cica_kg.errors import UsageError
from cica_kg.version import __version__

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

_HOME: Final = "https://w3id.org/cica-kg"
_CONTACT: Final = r"https?://[!-'*-:<-~]+|(?:mailto:)?[!-'*-:<-?A-~]+@[!-'*-:<-?A-~]+"


class Manners(NamedTuple):
    """How to behave; the defaults suit an endpoint of one's own.

    Attributes:
        contact: a mail address or a URL by which whoever runs the server can reach who asks.
        pause_s: the least time from the end of one request to the beginning of the next.
        attempts: how often to ask at most when the server asks to come again later.
        first_wait_s: the longest wait before the second attempt; it doubles from there.
        longest_wait_s: of all waits that the server has not set itself.
    """

    contact: str | None = None
    pause_s: float = 0.0
    attempts: int = 4
    first_wait_s: float = 0.5
    longest_wait_s: float = 20.0


class LaterError(Exception):
    """The server asks to come again, after `wait_s` seconds where it says so."""

    def __init__(self, message: str, wait_s: float | None) -> None:
        """Keep the wait beside the message."""
        super().__init__(message)
        self.wait_s = wait_s


def user_agent(contact: str | None = None) -> str:
    """Return what a request says of who sends it, in the form of Wikimedia's policy.

    Raises:
        UsageError: the contact is neither a mail address nor a URL.
    """
    import SPARQLWrapper

    if contact is not None and not re.fullmatch(_CONTACT, contact):
        raise UsageError("the contact must be a mail address or a URL, such as name@example.org")
    about = f"{_HOME}; {contact}" if contact else _HOME
    return f"cica-kg/{__version__} ({about}) SPARQLWrapper/{SPARQLWrapper.__version__}"


def retrying(manners: Manners, deadline: float, tell: Callable[[str], None]) -> Retrying:
    """Return what calls again after a LaterError: as Retry-After says, else later and later with jitter.

    A wait that would end after `deadline` is not begun: the error is raised at once.

    Args:
        manners: how often, and how long between.
        deadline: on the monotonic clock.
        tell: called with a line of text before each wait.
    """
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

    backoff = wait_random_exponential(multiplier=manners.first_wait_s, max=manners.longest_wait_s)

    def wait(state: RetryCallState) -> float:
        asked = _error(state).wait_s
        return backoff(state) if asked is None else asked

    def announce(state: RetryCallState) -> None:
        sleep = state.next_action.sleep if state.next_action else 0
        if time.monotonic() + sleep > deadline:
            raise _error(state)
        tell(f"{_error(state)}: asking again in {sleep:.0f} s")

    return Retrying(
        stop=stop_after_attempt(manners.attempts),
        retry=retry_if_exception_type(LaterError),
        wait=wait,
        before_sleep=announce,
        reraise=True,
    )


def _error(state: RetryCallState) -> LaterError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, LaterError)
    return error


def retry_after(value: str | None) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date (RFC 9110, 10.2.3); None where it says nothing."""
    if value is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None

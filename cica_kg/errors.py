"""Every exception a caller may meet. Each message says what is wrong, where, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cica_kg.validation.report import Report


class CicaError(Exception):
    """The base of all errors of this package; `exit_code` is what the command line returns for it."""

    exit_code = 1


class UsageError(CicaError):
    """The call itself is wrong: an unknown name, an impossible date, a file that is not there."""

    exit_code = 2


class DataError(CicaError):
    """The files of a graph are at fault."""


class TurtleError(DataError):
    """A file is not well-formed Turtle; `file`, `line` and `column` (both from 1) say where."""

    def __init__(self, message: str, file: str, line: int | None, column: int | None) -> None:
        """Keep the place beside the message."""
        super().__init__(message)
        self.file = file
        self.line = line
        self.column = column


class InvalidGraphError(DataError):
    """The graph does not conform to its shapes; `report` holds every result."""

    def __init__(self, message: str, report: Report) -> None:
        """Keep the report beside the message."""
        super().__init__(message)
        self.report = report


class QueryError(CicaError):
    """A SPARQL query cannot be read, or may not run here."""


class OutsideError(CicaError):
    """The world outside failed: network, disk, a limit on time or memory."""

    exit_code = 3


class LimitError(OutsideError):
    """A query was stopped because it went over its limit of time or memory."""


class EndpointError(OutsideError):
    """A SPARQL endpoint did not give what was asked for; the classes below say in which way."""


class UnreachableError(EndpointError):
    """Nothing answers at the address, or the connection broke before an answer began."""


class EndpointTimeoutError(EndpointError):
    """The answer did not come, or did not end, within the time allowed."""


class ThrottledError(EndpointError):
    """The endpoint asks for fewer requests (429) or is overloaded (502, 503, 504), after all retries."""


class BannedError(EndpointError):
    """The endpoint has banned this client until a certain time: ask nothing more before it."""


class NotSparqlError(EndpointError):
    """The answer is no SPARQL result: a page, a notice, another format."""


class TruncatedError(EndpointError):
    """The answer ends before it is complete."""

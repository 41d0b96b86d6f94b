"""Send an HTTP request that ends in time, whatever the server does, and that goes to the named host alone.

urllib's timeout begins anew with every byte, in headers too, and its redirects may lead anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

if TYPE_CHECKING:
    import socket


def send(request: Request, deadline: float) -> HTTPResponse:
    """Send a request and return the answer; reading it, too, ends at `deadline`, on the monotonic clock.

    Raises:
        HTTPError: the status is 300 or more; its body ends at the deadline too.
        TimeoutError: it is too late.
        OSError, HTTPException: there is no whole answer.
    """
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        _Web(deadline),
        _ToTheSameHost(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        UnknownHandler(),
    ):
        opener.add_handler(handler)
    return cast(HTTPResponse, opener.open(request, timeout=_left(deadline)))


def _left(deadline: float) -> float:
    """Return the seconds that are left, always some.

    Raises:
        TimeoutError: there are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _ToTheSameHost(HTTPRedirectHandler):
    """Follows a redirect to the host that was named, of a GET: urllib drops what a POST carries."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if req.data is not None or _server(req.full_url) != _server(newurl):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _server(url: str) -> tuple[str, int]:
    """Return host and port; http and https at their own ports are one server."""
    parts = urlsplit(url)
    port = parts.port or 443
    return parts.hostname or "", 443 if port == 80 else port


class _Web(HTTPSHandler, HTTPHandler):
    """Opens http and https alike."""

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connecting(HTTPConnection), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connecting(HTTPSConnection), req)

    def _connecting(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        def connecting(host: str, **options: Any) -> HTTPConnection:
            connection = kind(host, **options)
            connection.response_class = partial(_Response, self._deadline)  # type: ignore[assignment]
            return connection

        return connecting


class _Response(HTTPResponse):
    """An answer each of whose reads has the time that is left, no more."""

    def __init__(self, deadline: float, sock: socket.socket, **options: Any) -> None:
        super().__init__(sock, **options)
        self.fp = BufferedReader(_Timed(self.fp.detach(), sock, deadline))


class _Timed(RawIOBase):
    def __init__(self, raw: RawIOBase, sock: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._socket = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(_left(self._deadline))
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        self._raw.close()
        super().close()

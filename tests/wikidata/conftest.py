"""Fixtures of the tests on Wikidata's side: worlds behind real sockets, asked through the real client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from cica_kg.wikidata.client import Client, connect_wikidata
from tests.wikidata.server import Mode, serve
from tests.wikidata.world import World

Asking = Callable[..., Client]


@pytest.fixture
def asking() -> Iterator[Asking]:
    """Serve a world and return what asks it: `asking(world, "wdqs")`; options go to `serve`."""
    with ExitStack() as stack:

        def ask(world: World, mode: Mode = "plain", **options: Any) -> Client:
            url = stack.enter_context(serve(world.triples(), mode, **options))
            return connect_wikidata(url, pause_s=0, seconds=20)

        yield ask


@pytest.fixture
def serving() -> Iterator[Callable[..., str]]:
    """Serve a world and return the address: `serving(world, "wdqs")`."""
    with ExitStack() as stack:
        yield lambda world, mode="plain", **options: stack.enter_context(
            serve(world.triples(), mode, **options)
        )

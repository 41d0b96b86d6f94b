"""A dated, sourced and validated knowledge graph of CICA, with a query layer.

>>> import cica_kg
>>> kg = cica_kg.load(at="2008-12-31")
>>> len(kg.query("members"))
20
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from cica_kg.errors import (
    BannedError,
    CicaError,
    DataError,
    EndpointError,
    EndpointTimeoutError,
    InvalidGraphError,
    LimitError,
    NotSparqlError,
    OutsideError,
    QueryError,
    ThrottledError,
    TruncatedError,
    TurtleError,
    UnreachableError,
    UsageError,
)
from cica_kg.version import __version__

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph, load
    from cica_kg.queries.guard import Limits
    from cica_kg.queries.results import Rows
    from cica_kg.remote import RemoteGraph, connect

__all__ = [
    "BannedError",
    "CicaError",
    "DataError",
    "EndpointError",
    "EndpointTimeoutError",
    "InvalidGraphError",
    "KnowledgeGraph",
    "LimitError",
    "Limits",
    "NotSparqlError",
    "OutsideError",
    "QueryError",
    "RemoteGraph",
    "Rows",
    "ThrottledError",
    "TruncatedError",
    "TurtleError",
    "UnreachableError",
    "UsageError",
    "__version__",
    "connect",
    "load",
]

#: Imported when first asked for, so that `cica --help` does not pay for an engine it does not use.
_HOME = {
    "KnowledgeGraph": "cica_kg.graph",
    "Limits": "cica_kg.queries.guard",
    "RemoteGraph": "cica_kg.remote",
    "Rows": "cica_kg.queries.results",
    "connect": "cica_kg.remote",
    "load": "cica_kg.graph",
}


def __getattr__(name: str) -> object:
    """Return a public name that lives in a module of its own."""
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module “cica_kg” has no attribute “{name}”")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__

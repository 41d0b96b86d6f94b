"""A dated, sourced and validated knowledge graph of CICA, with a query layer.

>>> import cica_kg
>>> kg = cica_kg.load(at="2008-12-31")
>>> len(kg.query("members"))
20
"""

from __future__ import annotations

__version__ = "0.1.0"

from cica_kg.errors import (
    CicaError,
    DataError,
    EndpointError,
    InvalidGraphError,
    LimitError,
    OutsideError,
    QueryError,
    TurtleError,
    UsageError,
)
from cica_kg.graph import KnowledgeGraph, load
from cica_kg.queries.guard import Limits
from cica_kg.queries.results import Rows

__all__ = [
    "CicaError",
    "DataError",
    "EndpointError",
    "InvalidGraphError",
    "KnowledgeGraph",
    "LimitError",
    "Limits",
    "OutsideError",
    "QueryError",
    "Rows",
    "TurtleError",
    "UsageError",
    "__version__",
    "load",
]

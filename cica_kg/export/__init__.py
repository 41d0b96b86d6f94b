"""The validated graph in the forms that other tools read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cica_kg.errors import UsageError

if TYPE_CHECKING:
    import os

    from cica_kg.export.selection import Selection
    from cica_kg.graph import KnowledgeGraph


def export(
    kg: KnowledgeGraph,
    format: str = "turtle",
    *,
    graphs: Iterable[str] = (),
    things: Iterable[str] = (),
    query: str | None = None,
    file: str | os.PathLike[str] | None = None,
    with_ontology: bool = False,
    with_views: bool = False,
    vocabulary: Literal["org"] | None = None,
    **parameters: str,
) -> bytes | dict[str, bytes]:
    """Return a graph, or a part of it, in a form that other tools read; the same bytes each time.

    Args:
        kg: the graph.
        format: a form of `cica_kg.export.formats.FORMATS`.
        graphs: files of the graph, such as `data/memberships`.
        things: names, codes, prefixed names or IRIs; each comes with its records, links, claims and sources.
        query: the name of a question that is a CONSTRUCT, with its `parameters`.
        file: a file that holds a CONSTRUCT.
        with_ontology: add the ontology.
        with_views: add what follows from the data at the reference date.
        vocabulary: `org` adds the same in the W3C's organization ontology.

    Returns:
        The bytes of the file, or for csv and release those of each file: path → content.

    Raises:
        UsageError: there is no such form or part, or a library is missing.
        DataError: the form cannot carry what the graph says; the message names it.
    """
    from cica_kg.export.selection import Selection

    part = Selection(
        tuple(graphs),
        tuple(things),
        query,
        Path(file) if file is not None else None,
        parameters,
        with_ontology=with_ontology,
        with_views=with_views,
        vocabulary=vocabulary,
    )
    return export_part(kg, format, part)


def export_part(kg: KnowledgeGraph, format: str, part: Selection) -> bytes | dict[str, bytes]:
    """Do what `export` does for a part that was chosen before."""
    from cica_kg.export.formats import find_format
    from cica_kg.export.selection import Selection, select

    form = find_format(format)
    if form.family == "rdf":
        from cica_kg.export.rdf import WITH_GRAPHS, rdf_bytes

        return rdf_bytes(select(kg, part, named=form.name in WITH_GRAPHS), form.name)
    if part != Selection():
        raise UsageError(f"{form.name} is of the whole graph; parts and additions are for the RDF formats")
    if form.name == "csv":
        from cica_kg.export.csvw import csv_files

        return csv_files(kg)
    if form.name == "sqlite":
        from cica_kg.export.sqlite import sqlite_bytes

        return sqlite_bytes(kg)
    if form.name == "graphml":
        from cica_kg.export.graphml import graphml_bytes

        return graphml_bytes(kg)
    from cica_kg.export.release import release_files

    return release_files(kg)

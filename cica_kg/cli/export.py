"""Write the graph as RDF: what was authored, in the same bytes each time."""

from __future__ import annotations

import argparse
from pathlib import Path

from cica_kg.cli.common import add_graph_options, load_graph, refuse_overwriting, write_out, write_output
from cica_kg.errors import UsageError
from cica_kg.export.rdf import export_rdf
from cica_kg.rdf import EXTENSIONS, FORMATS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = "formats: " + "; ".join(f"{name}: {about}" for name, about in FORMATS.items())
    parser.add_argument(
        "--format", choices=tuple(FORMATS), help="default: by the ending of FILE, else turtle"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="default: stdout")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Write the file, or stdout."""
    options = parser.parse_args(arguments)
    output: Path | None = options.output
    format_ = options.format or (EXTENSIONS.get(output.suffix) if output else "turtle")
    if format_ is None:
        raise UsageError(f"{output}: its ending names no format; use --format {' or '.join(FORMATS)}")
    if output is not None:
        refuse_overwriting(options)
    data = export_rdf(load_graph(options).validated, format_)
    if output is None:
        write_out(data)
    else:
        write_output(options, data)
    return 0

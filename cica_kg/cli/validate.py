"""Check the graph against its SHACL shapes and print what is wrong."""

from __future__ import annotations

import argparse
import sys

from cica_kg.cli.common import add_graph_options, progress, say
from cica_kg.files import read_graph
from cica_kg.validation.gate import admit


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Validate; an invalid graph raises, and its message is the report."""
    options = parser.parse_args(arguments)
    files = read_graph(options.kg, options.data)
    validated = admit(files, progress(options))
    how = "known from an earlier run" if validated.remembered else "checked now"
    print(f"valid: the graph conforms to its shapes ({how})")
    say(options, f"{len(files.data)} data files, kept to {validated.known_until}, sha256:{files.digest}")
    sys.stdout.flush()
    return 0

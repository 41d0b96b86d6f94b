"""What several verbs share: the options that choose a graph and a day, and the talk on stderr."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from cica_kg.errors import OutsideError, UsageError
from cica_kg.files import write_file
from cica_kg.graph import KnowledgeGraph, load


def add_graph_options(parser: argparse.ArgumentParser, *, day: bool = True) -> None:
    """Add --kg, --data, --quiet and, for verbs whose answer depends on it, --at."""
    group = parser.add_argument_group("graph")
    if day:
        group.add_argument(
            "--at",
            metavar="DAY",
            help="reference date: YYYY-MM-DD or “today” (default: the day the graph is kept to)",
        )
    group.add_argument(
        "--kg", metavar="DIR", type=Path, help="another graph of the same layout (ontology/ data/ queries/)"
    )
    group.add_argument(
        "--data",
        metavar="FILE",
        action="append",
        default=[],
        type=Path,
        help="a Turtle file to add; may be repeated",
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")


def load_graph(options: argparse.Namespace) -> KnowledgeGraph:
    """Load the graph that the options choose, and warn where the day lies beyond what it knows."""
    graph = load(
        at=getattr(options, "at", None), data=options.data, root=options.kg, progress=progress(options)
    )
    if graph.at > graph.known_until:
        say(
            options,
            f"note: the graph is kept to {graph.known_until}; what it says of {graph.at} is only possible",
        )
    return graph


def say(options: argparse.Namespace, text: str) -> None:
    """Print a line on stderr unless --quiet was given; talk that nobody can hear is no error."""
    if not options.quiet:
        with contextlib.suppress(OSError):
            print(text, file=sys.stderr)


def progress(options: argparse.Namespace) -> Callable[[str], None]:
    """Return what announces slow work: a line on stderr, on a terminal only."""
    return lambda text: say(options, text) if sys.stderr.isatty() else None


def write_out(data: bytes) -> None:
    """Write bytes to stdout as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def refuse_overwriting(options: argparse.Namespace) -> None:
    """Raise UsageError where --output names a file that is there and --force was not given."""
    if options.output.exists() and not options.force:
        raise UsageError(f"{options.output} exists; use --force to overwrite it")


def write_output(options: argparse.Namespace, data: bytes) -> None:
    """Write the file that --output names, whole or not at all.

    Raises:
        UsageError: it exists and --force was not given.
        OutsideError: it cannot be written.
    """
    refuse_overwriting(options)
    try:
        write_file(options.output, data)
    except OSError as error:
        raise OutsideError(f"{options.output} cannot be written: {error.strerror}") from None
    say(options, f"wrote {options.output} ({len(data):,} bytes)")


def read_parameters(rest: list[str]) -> dict[str, str]:
    """Read `--name value` and `--name=value` pairs that are no options of the verb."""
    found: dict[str, str] = {}
    words = iter(rest)
    for word in words:
        if not word.startswith("--") or word == "--":
            raise UsageError(f"“{word}” is one name too many; write parameters as --name value")
        name, equals, value = word[2:].partition("=")
        if not equals:
            following = next(words, None)
            if following is None:
                raise UsageError(f"--{name} needs a value")
            value = following
        if name in found:
            raise UsageError(f"--{name} is given twice")
        found[name] = value
    return found


def seconds(text: str) -> float:
    """Read a number of seconds, as the type of an option."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number <= 86_400:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds from 0 to 86400")
    return number

"""The command `cica`: one module a verb, loaded only when called."""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from cica_kg.errors import CicaError, OutsideError, UsageError
from cica_kg.version import __version__

#: Each verb is the module of the same name beside this file.
VERBS: Final = {
    "validate": "check the graph against its shapes",
    "query": "answer a named question or a SPARQL query",
    "queries": "list the named questions",
    "find": "look for things by name, in any spelling",
    "describe": "tell what is known of a thing",
    "claims": "hold what the sources claim against what is so",
    "export": "write the graph, or a part, in the form another tool reads",
    "diff": "tell what changed between two graphs",
    "link": "check, suggest and compare links to Wikidata",
}


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; to know that, argparse would import shutil and all its compressors."""

    def __init__(self, prog: str) -> None:
        try:
            columns = os.get_terminal_size().columns
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, width=max(columns, 40) - 2)


class _RawHelp(_Help, argparse.RawDescriptionHelpFormatter):
    """The same, with line breaks kept."""


class _Parser(argparse.ArgumentParser):
    """argparse, with our form of message and near names for a mistyped verb."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (“{self.prog} --help” says more)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 fine, 1 data, query or links at fault or a difference found, 2 usage, 3 the world outside, 130 Ctrl-C.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    try:
        code = _run(given)
        sys.stdout.flush()
        return code
    except CicaError as error:
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): point stdout elsewhere, so that the flush at exit is quiet too.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        from cica_kg.text import harmless

        place = error.filename
        if place is None and error.errno == errno.ENOSPC:  # files that are named are written elsewhere
            place = "standard output"
        where = f"{harmless(os.fsdecode(place))}: " if isinstance(place, str | bytes) else ""
        _complain(where + (error.strerror or str(error)))
        return OutsideError.exit_code


def _complain(message: str) -> None:
    """Print an error; where stderr takes nothing more, the exit code has to do."""
    with contextlib.suppress(OSError):
        print(f"cica: {message}", file=sys.stderr)


def run() -> NoReturn:
    """Run the command line as a process: what the system frees at once is not freed triple by triple."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _prepare_streams() -> None:
    """Write UTF-8 whatever the locale, and nowhere where the caller closed a stream."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  # open until the process ends
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _run(given: list[str]) -> int:
    if given and given[0] in VERBS:
        verb = importlib.import_module(f"cica_kg.cli.{given[0]}")
        parser = _Parser(
            prog=f"cica {given[0]}", description=verb.__doc__, formatter_class=_Help, allow_abbrev=False
        )
        verb.configure(parser)
        return int(verb.run(parser, given[1:]))
    parser = _Parser(
        prog="cica",
        description="A dated, sourced and validated knowledge graph of CICA: query it, export it, link it.",
        epilog="verbs:\n"
        + "\n".join(f"  {name:<10}{about}" for name, about in VERBS.items())
        + "\n\n“cica VERB --help” says more.",
        formatter_class=_RawHelp,
        usage="cica [--version] [--help] [VERB …]",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"cica-kg {__version__}")
    if given and not given[0].startswith("-"):
        from difflib import get_close_matches

        near = get_close_matches(given[0], VERBS, n=2)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(VERBS)}"
        raise UsageError(f"there is no verb “{given[0]}”: {hint}")
    parser.parse_args(given)
    from cica_kg.cli import overview

    return overview.run()

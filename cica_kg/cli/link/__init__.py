"""Check and suggest links to Wikidata, and compare what it says with what the graph says."""

from __future__ import annotations

import argparse
import importlib
from typing import Final

from cica_kg.errors import UsageError

#: Each action is the module of the same name beside this file.
ACTIONS: Final = {
    "check": "check every link offline: form, kind, codes, evidence",
    "suggest": "look for the items of things that have no link",
    "verify": "hold the links against an endpoint: moved, deleted, drifted",
    "compare": "hold our facts against Wikidata's statements",
    "snapshot": "save the Wikidata side, to work with no network",
    "quickstatements": "write what is missing there as a batch for a person to upload",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the actions; each reads its own options."""
    width = max(map(len, ACTIONS))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.usage = "cica link ACTION [options]"
    parser.epilog = (
        "actions:\n"
        + "\n".join(f"  {name:<{width}}  {about}" for name, about in ACTIONS.items())
        + "\n\n“cica link ACTION --help” says more."
    )


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Run the action that the first argument names."""
    if not arguments or arguments[0] not in ACTIONS:
        if arguments and not arguments[0].startswith("-"):
            raise UsageError(f"there is no “cica link {arguments[0]}”: there are {', '.join(ACTIONS)}")
        parser.parse_args(arguments)
        parser.print_help()
        return 0
    action = importlib.import_module(f"cica_kg.cli.link.{arguments[0]}")
    own = type(parser)(prog=f"cica link {arguments[0]}", description=action.__doc__, allow_abbrev=False)
    action.configure(own)
    return int(action.run(own, arguments[1:]))

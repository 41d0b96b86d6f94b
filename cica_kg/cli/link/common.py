"""What the actions on Wikidata's side share: where it is asked, and that nothing is asked unless told."""

from __future__ import annotations

import argparse
from pathlib import Path

from cica_kg.cli.common import progress, say, seconds, write_out
from cica_kg.errors import UsageError
from cica_kg.text import harmless_lines
from cica_kg.wikidata.client import WIKIDATA, Answers, DryRun, connect_wikidata
from cica_kg.wikidata.properties import expected


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """Add --endpoint, --snapshot, --contact, --timeout and --dry-run."""
    group = parser.add_argument_group("Wikidata's side (the network is used only with --endpoint)")
    add = group.add_argument
    add(
        "--endpoint",
        metavar="URL",
        help=f"a SPARQL endpoint with Wikidata's data; “wikidata” is {WIKIDATA}",
    )
    add("--snapshot", metavar="DIR", type=Path, help="a folder that “cica link snapshot” wrote; no network")
    add(
        "--contact",
        metavar="MAIL|URL",
        help="who asks, told to the endpoint; Wikimedia wants it for more than a few requests",
    )
    add(
        "--timeout",
        type=seconds,
        default=60.0,
        metavar="SECONDS",
        help="for one request with all its retries (default: 60)",
    )
    add("--dry-run", action="store_true", help="print each query that would be sent, and send none")


def open_source(options: argparse.Namespace) -> Answers:
    """Return what answers for Wikidata; nothing is sent yet.

    Raises:
        UsageError: none was named, or two were.
    """
    if (options.endpoint is None) == (options.snapshot is None) and not options.dry_run:
        raise UsageError(
            "say where to look: --endpoint wikidata (the public query service), --endpoint URL, or "
            "--snapshot DIR"
        )
    if options.dry_run:
        if options.endpoint is not None:
            connect_wikidata(options.endpoint, contact=options.contact)  # refuses what the real run would
        return DryRun(
            lambda text: write_out((harmless_lines(text) + "\n").encode()), expected(), options.endpoint
        )
    if options.snapshot is not None:
        from cica_kg.wikidata.snapshot import open_snapshot

        return open_snapshot(options.snapshot)
    return connect_wikidata(
        options.endpoint,
        contact=options.contact,
        seconds=options.timeout,
        progress=progress(options),
    )


def told_only(options: argparse.Namespace, answers: Answers, more: str = "") -> bool:
    """Say, after a dry run, how many queries there were, and what `more` would follow; else return False."""
    if not isinstance(answers, DryRun):
        return False
    count = "1 query" if answers.told == 1 else f"{answers.told} queries"
    say(options, f"{count} would be sent, one at a time; none was{more}")
    return True

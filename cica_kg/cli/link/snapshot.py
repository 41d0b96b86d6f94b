"""Save the Wikidata side in a folder: every action on links then runs with --snapshot DIR and no network."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cica_kg.cli.common import add_graph_options, load_graph, say
from cica_kg.cli.link.common import add_source_options, open_source, told_only
from cica_kg.errors import OutsideError, UsageError
from cica_kg.packing import refuse_place, write_folder
from cica_kg.wikidata.ours import cica_item


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.epilog = (
        "The folder holds sorted N-Triples for each item that the graph links to and each that names CICA, "
        "what our graph said then, and MANIFEST.json: revisions, the day, hashes, what was absent. It is "
        "written whole or not at all. “cica link suggest” finds in it only the items that it holds."
    )
    add = parser.add_argument
    add("folder", metavar="DIR", type=Path, help="where to; without --force it must not exist")
    add("--item", metavar="Q…", help="CICA's item, while no link of the graph names it")
    add("--force", action="store_true", help="replace the folder if it is an older snapshot or empty")
    add_source_options(parser)
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Write the folder; say how many items are in it."""
    from cica_kg.wikidata.snapshot import MANIFEST, snapshot_files

    options = parser.parse_args(arguments)
    if options.snapshot is not None:
        raise UsageError("a snapshot is taken from an endpoint: name it with --endpoint")
    refuse_place(options.folder, MANIFEST, force=options.force)
    answers = open_source(options)
    graph = load_graph(options)
    files = snapshot_files(graph.store, answers, cica_item(graph.store, options.item), graph.digest)
    if told_only(options, answers):
        return 0
    try:
        write_folder(options.folder, files, force=options.force)
    except OSError as error:
        raise OutsideError(f"{options.folder} cannot be written: {error.strerror}") from None
    manifest = json.loads(files[MANIFEST])
    there = sum(item["there"] for item in manifest["items"])
    synthetic = ", synthetic data" if manifest["synthetic"] else ""
    say(options, f"wrote {options.folder}: {there} items of {manifest['day']}{synthetic}")
    return 0

"""Tell what changed between two graphs: facts added, removed and changed, by thing and property.

OLD and NEW are RDF files (also .gz), or folders with data/ in them, such as a release or a checkout.
Neither is validated. The exit code is 0 without a difference and 1 with one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from cica_kg.cli.common import refuse_overwriting, say, write_out, write_output
from cica_kg.diff import read_side
from cica_kg.diff_forms import FORMATS, write
from cica_kg.diff_told import tell


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = "formats: " + "; ".join(f"{name}: {about}" for name, about in FORMATS.items())
    parser.add_argument("old", metavar="OLD", type=Path, help="a file or folder")
    parser.add_argument("new", metavar="NEW", type=Path, help="a file or folder")
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", type=Path, help="default: stdout")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    parser.add_argument(
        "--lang",
        default="en",
        metavar="LANG[,LANG]",
        help="languages of labels, best first; headings in en, ar or ru (default: en)",
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print what changed; return 0 where nothing did, else 1."""
    options = parser.parse_args(arguments)
    if options.output is not None:
        refuse_overwriting(options)
    languages = tuple(part for part in options.lang.split(",") if part)
    told = tell(read_side(options.old), read_side(options.new), languages)
    # A file name need not be UTF-8: JSON knows the escapes that this gives.
    data = write(told, options.format).encode(errors="backslashreplace")
    if options.output is None:
        write_out(data)
    else:
        write_output(options, data)
    differs = bool(told.kinds)
    counts = f"facts added: {told.added}, removed: {told.removed}, changed: {told.changed}"
    say(options, counts if differs else "no difference")
    return 1 if differs else 0

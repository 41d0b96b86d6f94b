"""Write the graph, or a part of it, in the form that another tool reads: the same bytes each time."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from cica_kg.cli.common import (
    add_graph_options,
    load_graph,
    progress,
    read_parameters,
    refuse_overwriting,
    say,
    write_out,
    write_output,
)
from cica_kg.errors import OutsideError, UsageError
from cica_kg.export import export_part
from cica_kg.export.formats import FOLDERS, FORMATS, Format, find_format, format_of
from cica_kg.export.selection import Selection
from cica_kg.packing import gzip_bytes, refuse_place, write_folder, zip_files


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.usage = "cica export [--format FORMAT] [--output FILE] [what] [options]"
    parser.epilog = (
        "“cica export --list” shows the formats. Without a choice of what, all that was authored is written."
    )
    add = parser.add_argument
    add("--format", metavar="FORMAT", help="default: by the ending of FILE, else turtle")
    add(
        "--output",
        metavar="FILE",
        type=Path,
        help="a file, or a folder for csv and release (default: stdout)",
    )
    add("--force", action="store_true", help="replace what is there")
    add("--list", action="store_true", help="show the formats and end")
    add = parser.add_argument_group("what (RDF formats)").add_argument
    add("--graph", metavar="GRAPH", action="append", default=[], help="a file, such as data/memberships")
    add("--thing", metavar="THING", action="append", default=[], help="a thing with what surrounds it")
    add(
        "--query",
        metavar="NAME|FILE",
        help="the answer of a CONSTRUCT: a named one, with its parameters as --name value, or a .rq file",
    )
    add("--file", metavar="FILE", type=Path, help="the same of a file with any ending")
    add("--queries", metavar="DIR", type=Path, help="named questions of your own: a folder of .rq files")
    add("--with-ontology", action="store_true", help="add the ontology")
    add(
        "--with-views",
        action="store_true",
        help="add bounds, labels and direct relations of the reference date",
    )
    add("--vocabulary", choices=("org",), help="add the same in the W3C's organization ontology")
    add_graph_options(parser)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Write to stdout, a file or a folder; say on stderr what was written."""
    options, rest = parser.parse_known_args(arguments)
    if options.list:
        write_out(_listed().encode())
        return 0
    form, compressed = _form(options)
    part = _part(options, rest)
    if options.output is not None:
        if form.name in FOLDERS and not _is_archive(options.output):
            refuse_place(options.output, FOLDERS[form.name], force=options.force)
        else:
            refuse_overwriting(options)
    elif form.name == "sqlite" and sys.stdout.isatty():
        raise UsageError("sqlite is no text for a terminal: name a file by --output, or pipe it on")
    graph = load_graph(options)
    if options.at and form.family == "rdf" and not (part.with_views or part.query or part.file):
        say(
            options, "note: what was authored is the same for every day; --at is for --with-views and queries"
        )
    progress(options)(f"writing {form.name} …")
    made = export_part(graph, form.name, part)
    if isinstance(made, dict):
        _write_files(options, made)
    elif options.output is None:
        write_out(made)
    else:
        write_output(options, gzip_bytes(made) if compressed else made)
    if form.name == "canonical" and isinstance(made, bytes):
        say(options, f"sha256:{hashlib.sha256(made).hexdigest()} of the canonical form")
    say(options, f"as of {graph.at} · cica-kg {graph.version} · sha256:{graph.digest[:12]}")
    return 0


def _form(options: argparse.Namespace) -> tuple[Format, bool]:
    """Return the format that was asked for, and whether to compress it."""
    output: Path | None = options.output
    compressed = output is not None and output.suffix.lower() == ".gz"
    name = options.format
    if name is None:
        name, compressed = format_of(output) if output is not None else ("turtle", False)
    form = find_format(name)
    if form.name in FOLDERS and (output is None or compressed):
        raise UsageError(f"{form.name} is several files: name a folder, or a .zip, by --output")
    return form, compressed


def _part(options: argparse.Namespace, rest: list[str]) -> Selection:
    """Return what is exported; what is no option is a parameter of a named question."""
    parameters = read_parameters(rest)
    query: str | None = options.query
    file: Path | None = options.file
    if query is not None and query.endswith(".rq") and file is None:  # names of questions have no ending
        file, query = Path(query), None
    if parameters and query is None:
        raise UsageError(f"unknown option --{next(iter(parameters))} (only named questions have parameters)")
    return Selection(
        tuple(options.graph),
        tuple(options.thing),
        query,
        file,
        parameters,
        options.queries,
        options.with_ontology,
        options.with_views,
        options.vocabulary,
    )


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _write_files(options: argparse.Namespace, files: dict[str, bytes]) -> None:
    """Write several files: a folder, or an archive where --output ends in .zip."""
    if _is_archive(options.output):
        write_output(options, zip_files(files))
        return
    try:
        write_folder(options.output, files, force=options.force)
    except OSError as error:
        raise OutsideError(f"{options.output} cannot be written: {error.strerror}") from None
    size = sum(map(len, files.values()))
    say(options, f"wrote {options.output} ({len(files)} files, {size:,} bytes)")


def _listed() -> str:
    endings = {form.name: " ".join(form.extensions) for form in FORMATS.values()}
    wide = max(map(len, endings.values()))
    return "".join(
        f"{form.name:<10} {endings[form.name]:<{wide}}  {form.about}\n" for form in FORMATS.values()
    )

"""Check the graph, or your own files with it, and tell what is wrong, on which line, and what to do.

Without FILE the whole graph; with files, those files added to it: what an editor or a pull request needs.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from cica_kg.cli.common import add_graph_options, progress, say, write_out
from cica_kg.errors import OutsideError, UsageError
from cica_kg.files import GraphFile, GraphFiles, read_file, read_graph, with_parts, write_file
from cica_kg.validation.gate import judge, keep, known_report

_FORMATS = ("text", "json", "turtle", "sarif", "github")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="a Turtle file to check with the graph; “-” reads stdin"
    )
    parser.add_argument(
        "--alone", action="store_true", help="check the files by themselves, without the data of the graph"
    )
    parser.add_argument(
        "--shapes",
        metavar="FILE",
        action="append",
        type=Path,
        help="shapes in place of those of the graph: a Turtle file or a folder of them; may be repeated",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="text, json, turtle (the W3C report), sarif (2.1.0), github (annotations); default: text",
    )
    parser.add_argument(
        "--lang", choices=("en", "ar", "ru"), default="en", help="language of the report (default: en)"
    )
    parser.add_argument("--again", action="store_true", help="check again, even what is known to conform")
    parser.add_argument(
        "--certificate",
        metavar="CERT",
        type=Path,
        help="write the verdict with engine, versions and hashes (.json or .ttl), if the graph conforms",
    )
    parser.add_argument(
        "--verify", metavar="CERT", type=Path, help="say whether this certificate holds for these files"
    )
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the report on stdout and return 0 if the graph conforms, 1 if not."""
    options = parser.parse_args(arguments)
    if options.certificate and options.verify:
        raise UsageError("give --certificate or --verify, not both")
    if options.certificate and options.certificate.suffix not in (".json", ".ttl"):
        raise UsageError(f"{options.certificate}: name the certificate .json or .ttl")
    files = _chosen(options)
    if options.verify:
        return _verify(options, files)
    report = None if options.again else known_report(files)
    known = report is not None
    if report is None:
        report = judge(files, progress=progress(options))
        keep(files, report)
    paths = {file.name: file.path for file in (*files.data, *files.ontology, *files.shapes)}
    if options.format == "text":
        from cica_kg.validation import talk

        def label(iri: str) -> str | None:
            return report.label(iri, options.lang)

        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        told = list(talk.lines(report, options.lang, label, colour=colour))
        verdict = talk.verdict(report, options.lang)
        write_out("".join(f"{line}\n" for line in [*told, *([""] if told else []), verdict]).encode())
    else:
        from cica_kg.validation import forms

        if options.format == "json":
            text = forms.to_json(report, options.lang)
        elif options.format == "turtle":
            text = report.w3c()
        elif options.format == "sarif":
            text = forms.to_sarif(report, options.lang, paths)
        else:
            text = forms.to_github(report, options.lang, paths)
        write_out(text.encode())
    how = "known from an earlier run" if known else "checked now"
    say(options, f"{len(files.data)} data files · {report.engine} · {how} · sha256:{files.digest[:12]}")
    if options.certificate and report.conforms:
        from cica_kg.validation import certificate

        _write(
            options.certificate,
            certificate.write(certificate.make(files, report), options.certificate.suffix),
        )
        say(options, f"wrote {options.certificate}")
    elif options.certificate:
        say(options, f"no certificate: the graph does not conform, {options.certificate} was not written")
    return 0 if report.conforms else 1


def _chosen(options: argparse.Namespace) -> GraphFiles:
    """Return the files that the options choose."""
    files = read_graph(options.kg)
    if options.shapes:
        files = with_parts(files, shapes=tuple(_shapes(options.shapes)))
    given = [*options.files, *map(str, options.data)]
    if options.alone and not given:
        raise UsageError("--alone needs the files to check")
    if given.count("-") > 1:
        raise UsageError("stdin can be read once")
    # What the graph has already is not added twice: a pre-commit hook names changed files of the graph.
    known = {} if options.alone else {file.path.resolve(): file for file in files.data}
    known |= {file.path.resolve(): file for file in (*files.ontology, *files.shapes, *files.rules)}
    added: list[GraphFile] = []
    for name in given:
        path = Path(name)
        if name == "-":
            added.append(GraphFile("stdin", Path("stdin"), sys.stdin.buffer.read()))
        elif path.resolve() not in known:
            added.append(read_file(path, name))
            known[path.resolve()] = added[-1]
    if options.alone:
        return with_parts(files, data=tuple(added))
    return with_parts(files, data=files.data + tuple(added)) if added else files


def _shapes(paths: list[Path]) -> list[GraphFile]:
    found = []
    for path in paths:
        each = sorted(path.glob("**/*.ttl")) if path.is_dir() else [path]
        if not each:
            raise UsageError(f"{path} holds no .ttl file")
        found += [read_file(file, str(file)) for file in each]
    return found


def _verify(options: argparse.Namespace, files: GraphFiles) -> int:
    from cica_kg.validation import certificate

    stated = certificate.read(read_file(options.verify, str(options.verify)))
    changes, notes = certificate.compare(stated, files)
    for note in notes:
        say(options, f"note: {note}")
    if changes:
        print(f"{options.verify} does not hold for these files:")
        for change in changes:
            print(f"  {change}")
        return 1
    print(
        f"{options.verify} holds for these files (sha256:{files.digest[:12]}, kept to {stated.known_until})"
    )
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        write_file(path, content)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror}") from None

"""Answer a named question, a SPARQL text or a SPARQL file, as of any day."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from cica_kg.cli.common import (
    add_graph_options,
    load_graph,
    read_parameters,
    say,
    seconds,
    write_out,
    write_output,
)
from cica_kg.errors import UsageError
from cica_kg.files import query_folder
from cica_kg.queries import catalog, engine, forms
from cica_kg.queries.guard import Limits
from cica_kg.queries.results import Answer, Labeller, exchange, reopen


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.usage = "cica query NAME [--PARAMETER VALUE …] | --sparql TEXT | --file FILE | -   [options]"
    parser.epilog = "“cica queries” lists the names, “cica queries NAME” the parameters of one."
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", help="a named question; “-” reads SPARQL from stdin")
    add("--sparql", metavar="TEXT", help="a SPARQL query; all prefixes of the graph are declared")
    add("--file", metavar="FILE", type=Path, help="a file that holds a SPARQL query")
    add("--queries", metavar="DIR", type=Path, help="named questions of your own: a folder of .rq files")
    form = parser.add_argument_group("answer")
    add = form.add_argument
    add("--format", choices=forms.FORMATS, help="default: by the ending of FILE, else table (turtle for RDF)")
    add("--output", metavar="FILE", type=Path, help="write to FILE in place of stdout")
    add("--force", action="store_true", help="overwrite FILE")
    add("--lang", default="en", metavar="LANG[,LANG]", help="languages of labels, best first (default: en)")
    add("--iris", action="store_true", help="show IRIs in place of labels")
    add("--with-labels", action="store_true", help="add a column of labels beside each column of IRIs")
    add("--spreadsheet", action="store_true", help="csv that a spreadsheet opens safely and in UTF-8")
    add(
        "--timeout",
        type=seconds,
        default=Limits().seconds,
        metavar="SECONDS",
        help="stop the query then (default: 30)",
    )
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        help="ask this SPARQL endpoint instead of the graph here; “wikidata” is Wikidata's own",
    )
    add_graph_options(parser)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Answer on stdout or in a file; say on stderr as of when, from which graph, how many rows or triples."""
    options, rest = parser.parse_known_args(arguments)
    if rest and rest[0] == arguments[0] and rest[0].startswith("--"):
        raise UsageError(
            f"{rest[0]} is no option; a parameter comes after the name: cica query NAME {rest[0]} VALUE"
        )
    options.parameters = read_parameters(rest)
    if options.name == "-":
        options.name, options.sparql = None, _stdin(options.sparql)
    if sum(given is not None for given in (options.name, options.sparql, options.file)) != 1:
        raise UsageError(
            "give one query: a NAME (“cica queries” lists them), --sparql TEXT, --file FILE, or - for stdin"
        )
    if options.parameters and options.name is None:
        raise UsageError(
            f"unknown option --{next(iter(options.parameters))} (only named questions have parameters)"
        )
    if options.output and options.format is None:
        options.format = forms.EXTENSIONS.get(options.output.suffix.lower())
        if options.format is None:
            raise UsageError(f"{options.output}: its ending names no form; add --format")
    text, count, data, footer = _remote(options) if options.endpoint else _local(options)
    if options.output:
        write_output(options, data)
    else:
        write_out(data)
    of_rows = options.format in forms.ROW_FORMATS and options.format != "table"
    unit = "row" if of_rows or not engine.gives_triples(text) else "triple"
    say(options, f"{count} {unit if count == 1 else f'{unit}s'} · {footer}")
    return 0


def _local(options: argparse.Namespace) -> tuple[str, int, bytes, str]:
    """Return the query, the number of rows or triples, what to write, and whence it is."""
    graph = load_graph(options)
    if options.name is None:
        text = options.sparql if options.sparql is not None else catalog.read_query(options.file)
    else:
        text = _question(options).bind(options.parameters, graph.resolve)
    languages = tuple(part for part in options.lang.split(",") if part)
    style = _style(options, lambda iri: graph.label_in(iri, languages))

    footer = f"as of {graph.at} · cica-kg {graph.version} · sha256:{graph.digest[:12]}"
    if options.name is not None and options.queries is None and options.kg is None:
        # A question of ours is known to be harmless: it needs no process of its own.
        return text, *forms.write(engine.ask(graph.store, text, harmless=True), style), footer
    limits = Limits(seconds=options.timeout)
    store = graph.store_for(text)
    if engine.gives_triples(text):
        # Writing RDF takes modules that a child, which may open no file, could not load.
        return text, *forms.write(reopen(engine.evaluate(store, text, exchange, limits)), style), footer

    def finish(answer: Answer) -> bytes:
        count, data = forms.write(answer, style)
        return f"{count}\n".encode() + data

    forms.load_modules(style)
    count, _, data = engine.evaluate(store, text, finish, limits).partition(b"\n")
    return text, int(count), data, footer


def _remote(options: argparse.Namespace) -> tuple[str, int, bytes, str]:
    from cica_kg.remote import connect

    if options.endpoint == "wikidata":
        from cica_kg.wikidata.client import WIKIDATA

        options.endpoint = WIKIDATA
    if options.name is not None and _question(options).links_of is not None:
        return _joined(options)
    if options.at or options.data:
        raise UsageError(
            "--at and --data are for the graph here; an endpoint answers for its own day, as it stands"
        )
    if options.name is not None:
        text = _question(options).bind(
            options.parameters, lambda text, wanted: load_graph(options).resolve(text, wanted)
        )
    else:
        text = options.sparql if options.sparql is not None else catalog.read_query(options.file)
    answer = reopen(connect(options.endpoint, seconds=options.timeout).ask(text))
    count, data = forms.write(answer, _style(options, lambda _: None))
    return text, count, data, f"from {options.endpoint}"


def _joined(options: argparse.Namespace) -> tuple[str, int, bytes, str]:
    """Ask Wikidata a question that takes the links of our things along."""
    from cica_kg.remote import connect
    from cica_kg.wikidata.joined import join

    graph = load_graph(options)
    joined = join(graph, _question(options), options.parameters)
    if joined.unlinked:
        say(options, f"note: not linked to Wikidata and left out: {', '.join(joined.unlinked)}")
    answer = reopen(connect(options.endpoint, seconds=options.timeout).ask(joined.query))
    languages = tuple(part for part in options.lang.split(",") if part)
    count, data = forms.write(answer, _style(options, lambda iri: graph.label_in(iri, languages)))
    return joined.query, count, data, f"from {options.endpoint}, with {joined.linked} links as of {graph.at}"


def _question(options: argparse.Namespace) -> catalog.Question:
    return catalog.find_question(options.name, options.queries or query_folder(options.kg))


def _style(options: argparse.Namespace, label: Labeller) -> forms.Style:
    """Read the style from the options; only a terminal narrows a table."""
    narrow = not options.output and sys.stdout.isatty()
    width = os.get_terminal_size(sys.stdout.fileno()).columns or None if narrow else None
    return forms.Style(options.format, label, options.iris, options.with_labels, options.spreadsheet, width)


def _stdin(sparql: str | None) -> str:
    if sparql is not None:
        raise UsageError("give one query: - or --sparql, not both")
    if sys.stdin is None:
        raise UsageError("there is no stdin to read a query from")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("stdin is not UTF-8 text") from None

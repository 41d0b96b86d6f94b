"""Answer a named question, a SPARQL text or a SPARQL file, as of any day."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cica_kg.cli.common import add_graph_options, load_graph, say, write_out
from cica_kg.errors import UsageError
from cica_kg.files import query_folder
from cica_kg.graph import KnowledgeGraph, read_query
from cica_kg.queries import catalog, engine, results
from cica_kg.queries.guard import Limits


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.usage = "cica query NAME [--PARAMETER VALUE …] | --sparql TEXT | --file FILE | -   [options]"
    parser.epilog = "“cica queries” lists the names, “cica queries NAME” the parameters of one."
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a named question; “-” reads SPARQL from stdin"
    )
    parser.add_argument(
        "--sparql", metavar="TEXT", help="a SPARQL query; all prefixes of the graph are declared"
    )
    parser.add_argument("--file", metavar="FILE", type=Path, help="a file that holds a SPARQL query")
    parser.add_argument(
        "--format", choices=results.FORMATS, default="table", help="form of the answer (default: table)"
    )
    parser.add_argument(
        "--lang", default="en", metavar="LANG[,LANG]", help="languages of labels, best first (default: en)"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=Limits().seconds,
        metavar="SECONDS",
        help="stop the query after this time (default: 30)",
    )
    parser.add_argument(
        "--endpoint", metavar="URL", help="ask this SPARQL endpoint instead of the graph here"
    )
    add_graph_options(parser)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Answer on stdout; say on stderr as of when, from which graph, how many rows."""
    options, rest = parser.parse_known_args(arguments)
    parameters = _parameters(rest)
    sparql = options.sparql
    name = options.name
    if name == "-":
        name, sparql = None, _stdin(sparql)
    if sum(given is not None for given in (name, sparql, options.file)) != 1:
        raise UsageError(
            "give one query: a NAME (“cica queries” lists them), --sparql TEXT, --file FILE, or - for stdin"
        )
    if parameters and name is None:
        raise UsageError(f"unknown option --{next(iter(parameters))} (only named questions have parameters)")
    languages = tuple(part for part in options.lang.split(",") if part)
    if options.endpoint:
        return _remote(options, name, sparql, parameters)
    graph = load_graph(options)
    text = graph.query_text(name, sparql, options.file, parameters)
    count, data = _answer(graph, text, options, languages)
    write_out(data)
    say(options, f"{_rows(count)} · as of {graph.at} · cica-kg {graph.version} · sha256:{graph.digest[:12]}")
    return 0


def _answer(
    graph: KnowledgeGraph, text: str, options: argparse.Namespace, languages: tuple[str, ...]
) -> tuple[int, bytes]:
    def finish(answer: results.Answer) -> bytes:
        count, data = results.write(answer, options.format, lambda iri: graph.label(iri, languages))
        return f"{count}\n".encode() + data

    packed = engine.evaluate(graph.store, text, finish, Limits(seconds=options.timeout))
    count, _, data = packed.partition(b"\n")
    return int(count), data


def _remote(
    options: argparse.Namespace, name: str | None, sparql: str | None, parameters: dict[str, str]
) -> int:
    from cica_kg.remote import ask_endpoint

    if options.at or options.data:
        raise UsageError("--at and --data are for the graph here; an endpoint answers as it stands")
    if name is not None:
        question = catalog.find_question(name, query_folder(options.kg))
        sparql = question.bind(parameters, lambda text, wanted: load_graph(options).resolve(text, wanted))
    elif options.file is not None:
        sparql = read_query(options.file)
    answer = results.reopen(ask_endpoint(options.endpoint, sparql or ""))
    count, data = results.write(answer, options.format, lambda _: None)
    write_out(data)
    say(options, f"{_rows(count)} · from {options.endpoint}")
    return 0


def _parameters(rest: list[str]) -> dict[str, str]:
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


def _stdin(sparql: str | None) -> str:
    if sparql is not None:
        raise UsageError("give one query: - or --sparql, not both")
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise UsageError("stdin is not UTF-8 text") from None


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"

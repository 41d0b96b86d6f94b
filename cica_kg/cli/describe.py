"""Tell what is known of a thing: what it is on a day, its relations in order of time, its sources."""

from __future__ import annotations

import argparse

from cica_kg import rdf
from cica_kg.cli.common import add_graph_options, load_graph, say, write_out
from cica_kg.describe_forms import FORMATS, write
from cica_kg.describe_rdf import as_rdf


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.usage = "cica describe THING … [options]"
    parser.epilog = "formats: " + "; ".join(
        f"{name}: {about}" for name, about in (FORMATS | rdf.FORMATS).items()
    )
    parser.add_argument(
        "thing", nargs="+", metavar="THING", help="a name in any spelling, a code, a prefixed name or an IRI"
    )
    parser.add_argument(
        "--lang",
        default="en",
        metavar="LANG[,LANG]",
        help="languages of labels, best first; dates and headings in en, ar or ru (default: en)",
    )
    parser.add_argument("--format", choices=(*FORMATS, *rdf.FORMATS), default="text", help="default: text")
    add_graph_options(parser)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the description."""
    options = parser.parse_args(arguments)
    thing = " ".join(options.thing)
    languages = tuple(part for part in options.lang.split(",") if part)
    graph = load_graph(options)
    if options.format in rdf.FORMATS:
        write_out(as_rdf(graph.store, graph.resolve(thing), options.format))
    else:
        write_out(write(graph.describe(thing, languages), options.format).encode())
    say(options, f"as of {graph.at} · cica-kg {graph.version} · sha256:{graph.digest[:12]}")
    return 0

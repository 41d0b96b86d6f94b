"""Hold what the sources claim against what the graph knows: each claim with its verdict and why."""

from __future__ import annotations

import argparse
from pathlib import Path

from cica_kg import claims_forms
from cica_kg.claims import VERDICTS
from cica_kg.cli.common import add_graph_options, load_graph, say, write_out


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    add = parser.add_argument
    add("--source", metavar="SOURCE", help="claims of this source alone, such as source:article-000")
    add("--about", metavar="THING", help="claims about this thing, or that name it")
    add("--verdict", choices=VERDICTS, help="claims with this verdict alone")
    add("--format", choices=claims_forms.FORMATS, default="text", help="default: text")
    add("--lang", default="en", metavar="LANG[,LANG]", help="languages of names and reasons, best first")
    add(
        "--texts",
        metavar="DIR",
        type=Path,
        help="your copies of the articles: shows the passage of each claim",
    )
    add_graph_options(parser)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the claims; say on stderr how many of which verdict."""
    options = parser.parse_args(arguments)
    graph = load_graph(options)
    found = graph.claims(source=options.source, about=options.about, verdict=options.verdict)
    texts = claims_forms.read_texts(options.texts, graph.store) if options.texts else {}
    languages = tuple(part for part in options.lang.split(",") if part)
    write_out(claims_forms.write(found, options.format, languages, graph.label_in, texts))
    counts = ", ".join(
        f"{n} {verdict}" for verdict in VERDICTS if (n := sum(j.verdict == verdict for j in found))
    )
    say(options, f"{len(found)} claims as of {graph.at}: {counts or 'none'}")
    return 0

"""Check every link with no network: its form, kind and evidence, and what tables in packages say of it."""

from __future__ import annotations

import argparse

from cica_kg.cli.common import add_graph_options, load_graph, say, write_out


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this action."""
    parser.epilog = "Exit code 1 where a link is at fault. What could not be checked is told."
    parser.add_argument("--format", choices=("text", "md", "json"), default="text", help="default: text")
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print what every link rests on and every fault; say on stderr how many of which."""
    from cica_kg.wikidata import check_forms
    from cica_kg.wikidata.check import check_links
    from cica_kg.wikidata.codes import load_tables

    options = parser.parse_args(arguments)
    graph = load_graph(options)
    report = check_links(graph.store, *load_tables())
    write_out(check_forms.write(report, options.format))
    say(options, f"{check_forms.counts(report)}; {len(report.faults)} faults")
    return 1 if report.faults else 0

"""Look for things by name: in any language and spelling, by a part of a name, by a code."""

from __future__ import annotations

import argparse

from cica_kg.cli.common import add_graph_options, load_graph, say, write_out
from cica_kg.errors import UsageError
from cica_kg.find import Hit
from cica_kg.text import harmless, isolate, json_text, width
from cica_kg.vocabulary import shorten

_REASONS = {
    "exact": "as written",
    "folded": "in another spelling",
    "prefix": "begins so",
    "word": "has the word",
    "substring": "has the part",
    "typo": "with a typo",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.usage = "cica find TEXT … [options]"
    parser.epilog = (
        "Hamza seats, ta marbuta, harakat, the article ال, ё and й, case, accents and small typos do not "
        "matter. JSON: a list of objects with iri, name (prefixed), kind, kind_label, label, matched, "
        f"language, match ({', '.join(_REASONS)}: best first) and typos. Exit code 1 if nothing was found."
    )
    parser.add_argument("text", nargs="+", metavar="TEXT", help="a name, a part of one, or a code")
    parser.add_argument(
        "--lang", default="en", metavar="LANG[,LANG]", help="languages of labels, best first (default: en)"
    )
    parser.add_argument(
        "--class", dest="wanted", metavar="CLASS", help="only of this class, such as cica:State"
    )
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="the most hits (default: 20)")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    add_graph_options(parser, day=False)


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the hits, best first."""
    options = parser.parse_args(arguments)
    if options.limit < 1:
        raise UsageError("--limit: give a number from 1 on")
    text = " ".join(options.text)
    languages = tuple(part for part in options.lang.split(",") if part)
    graph = load_graph(options)
    # One more than wanted tells whether something was left out.
    hits = graph.find(text, languages, options.limit + 1, options.wanted)
    shown = hits[: options.limit]
    write_out((_json(shown) if options.format == "json" else _table(shown)).encode())
    if not hits:
        say(options, f"nothing is called “{harmless(text)}”, even in part or with a typo")
        return 1
    more = f"; there are more, see --limit (now {options.limit})" if len(hits) > len(shown) else ""
    say(options, f"{len(shown)} found · cica-kg {graph.version} · sha256:{graph.digest[:12]}{more}")
    return 0


def _json(hits: list[Hit]) -> str:
    rows = [
        {
            "iri": hit.iri,
            "name": shorten(hit.iri),
            "kind": hit.kind,
            "kind_label": hit.kind_label,
            "label": hit.label,
            "matched": hit.name,
            "language": hit.language,
            "match": hit.match,
            "typos": hit.distance,
        }
        for hit in hits
    ]
    return json_text(rows)


def _table(hits: list[Hit]) -> str:
    """Lay the hits out in columns; the name that matched is shown where it is not the label."""
    rows = []
    for hit in hits:
        tag = f" ({hit.language})" if hit.language else ""
        matched = "" if hit.name == hit.label else f"{hit.name}{tag}"
        cells = (shorten(hit.iri) or hit.iri, hit.kind_label, hit.label, _REASONS[hit.match], matched)
        rows.append([isolate(harmless(cell)) for cell in cells])
    sizes = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, sizes, strict=True)).rstrip()
        + "\n"
        for row in rows
    )

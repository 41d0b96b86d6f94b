"""List the named questions, or show one with its parameters, their allowed values and its SPARQL."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions

from cica_kg.errors import UsageError
from cica_kg.files import query_folder
from cica_kg.queries.catalog import Parameter, Question, find_question, questions
from cica_kg.vocabulary import PREFIXES, shorten

_OTHER_VALUES = {
    "day": "a day, YYYY-MM-DD",
    "integer": "a whole number",
    "text": "any text",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    add = parser.add_argument
    add(
        "text",
        nargs="?",
        metavar="TEXT",
        help="the name of a question, or a word that the list is narrowed to",
    )
    add("--queries", metavar="DIR", type=Path, help="named questions of your own: a folder of .rq files")
    add("--kg", metavar="DIR", type=Path, help="the questions of another graph")
    add("--lang", default="en", metavar="LANG", help="language of the questions: en, ar or ru (default: en)")


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the list, or one question."""
    options = parser.parse_args(arguments)
    folder = options.queries or query_folder(options.kg)
    every = questions(folder)
    if any(question.name == options.text for question in every):
        _show(find_question(options.text, folder), options)
        return 0
    found = [question for question in every if options.text is None or _speaks_of(question, options.text)]
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(options.text, [question.name for question in every], n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "“cica queries” lists all"
        raise UsageError(f"no question speaks of “{options.text}”: {hint}")
    size = max(len(question.name) for question in found)
    for question in found:
        print(f"{question.name:<{size}}  {question.question(options.lang)}")
    return 0


def _speaks_of(question: Question, text: str) -> bool:
    """Whether the words of `text` all stand in the name, the questions, the summary or the tags."""
    matter = question.front_matter
    asked = matter.get("cica", {}).get("question", {}).values()
    words = " ".join((question.name, question.summary, *map(str, asked), *map(str, matter.get("tags") or ())))
    return all(word in words.casefold() for word in text.casefold().split())


def _show(question: Question, options: argparse.Namespace) -> None:
    print(f"{question.name}: {question.question(options.lang)}")
    if about := question.front_matter.get("description"):
        print(f"\n{textwrap.fill(str(about).strip(), 100)}")
    if question.parameters:
        print("\nparameters:")
    for parameter in question.parameters.values():
        print(f"  --{parameter.name}  default {parameter.default}")
        values = ", ".join(_things(parameter, options)) if parameter.type == "thing" else ""
        allowed = values or _OTHER_VALUES.get(
            parameter.type, "the IRI, prefixed name, code or name of any thing"
        )
        indent = "      "
        print(
            textwrap.fill(
                allowed, 100, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
            )
        )
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#+"))
    print(f"\n{body.strip()}")


def _things(parameter: Parameter, options: argparse.Namespace) -> list[str]:
    """Return the things that a parameter may be, by prefixed name; none where it may be anything."""
    if parameter.wanted_class is None:
        return []
    from cica_kg.graph import load

    scheme = f"; skos:inScheme {parameter.scheme}" if parameter.scheme else ""
    pattern = f"?thing a/rdfs:subClassOf* {parameter.wanted_class} {scheme}"
    query = f"SELECT DISTINCT ?thing {{ {pattern} }} ORDER BY ?thing"
    answer = cast(QuerySolutions, load(root=options.kg).store.query(query, prefixes=PREFIXES))
    iris = (cast(NamedNode, row["thing"]).value for row in answer)
    return [shorten(iri) or iri for iri in iris]

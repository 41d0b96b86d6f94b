"""List the named questions, or show one with its parameters and its SPARQL."""

from __future__ import annotations

import argparse

from cica_kg.files import query_folder
from cica_kg.queries.catalog import find_question, questions


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    from pathlib import Path

    parser.add_argument("name", nargs="?", metavar="NAME", help="show this question")
    parser.add_argument("--kg", metavar="DIR", type=Path, help="the questions of another graph")
    parser.add_argument(
        "--lang", default="en", metavar="LANG", help="language of the questions: en or ar (default: en)"
    )


def run(parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    """Print the list, or one question."""
    options = parser.parse_args(arguments)
    folder = query_folder(options.kg)
    if options.name is None:
        every = questions(folder)
        size = max((len(question.name) for question in every), default=0)
        for question in every:
            print(f"{question.name:<{size}}  {question.question(options.lang)}")
        return 0
    question = find_question(options.name, folder)
    print(f"{question.name}: {question.question(options.lang)}")
    if about := question.front_matter.get("description"):
        print(f"\n{str(about).strip()}")
    if question.parameters:
        print("\nparameters:")
    for parameter in question.parameters.values():
        kind = f"{parameter.type}, {parameter.wanted_class}" if parameter.wanted_class else parameter.type
        print(f"  --{parameter.name}  {kind}; default {parameter.default}")
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#+"))
    print(f"\n{body.strip()}")
    return 0

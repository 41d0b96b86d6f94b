"""Named questions: one .rq file each, with `#+` YAML front matter (grlc's keys, and ours under `cica`).

A parameter stands in the file as one line, `VALUES ?organization { organization:cica } # parameter`, with
its default, so that the file runs as it is. Binding replaces the term between the braces: a value is always
a term of RDF, never pasted text.

A question that is asked of Wikidata has a line `VALUES (?member ?item) { (state:japan wd:Q17) } # links of
members`: in place of its one pair come the things that the question `members` gives, each with its item.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from cica_kg.dates import day
from cica_kg.errors import DataError, OutsideError, UsageError
from cica_kg.vocabulary import XSD

#: Compiled by re when first used: a plain query never is.
_PARAMETER = r"(?m)^(\s*VALUES\s+\?(\w+)\s*\{\s*)(.*?)(\s*\}\s*#\s*parameter\s*)$"
_LINKS_OF = "# links of "
_LINKS = r"(?m)^(\s*VALUES\s+\(\?\w+\s+\?\w+\)\s*\{)(.*?)(\}\s*" + _LINKS_OF + r"([a-z0-9-]+)\s*)$"

#: Finds the thing that a text names: (text, class wanted as prefixed name or None) → IRI.
Resolver = Callable[[str, str | None], str]


class Parameter(NamedTuple):
    """A parameter: its name, its type (thing, day, text, integer) and, for things, their class and scheme."""

    name: str
    type: str
    default: str
    wanted_class: str | None = None
    scheme: str | None = None


class Question:
    """A named question: its name and the text of its file."""

    def __init__(self, name: str, text: str) -> None:
        """Take the name (without .rq) and the text as it stands."""
        self.name = name
        self.text = text

    @cached_property
    def front_matter(self) -> dict[str, Any]:
        """The `#+` lines as YAML. Read only when asked for: a plain query pays nothing for it."""
        import yaml

        lines = [line[2:].removeprefix(" ") for line in self.text.splitlines() if line.startswith("#+")]
        try:
            found = yaml.load("\n".join(lines), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        except yaml.YAMLError as error:
            raise DataError(f"queries/{self.name}.rq: its front matter is no YAML: {error}") from None
        if not isinstance(found, dict):
            raise DataError(
                f"queries/{self.name}.rq has no front matter: begin it with lines “#+ summary: …”"
            )
        return found

    @property
    def summary(self) -> str:
        """One line that says what the question gives."""
        return str(self.front_matter.get("summary", ""))

    def question(self, language: str = "en") -> str:
        """Return the question as a person would ask it, in `language` (`en`, `ar`) or in English."""
        texts = self.front_matter.get("cica", {}).get("question", {})
        return str(texts.get(language) or texts.get("en") or self.summary)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in the order of the file."""
        described = self.front_matter.get("cica", {}).get("parameters") or {}
        found = {}
        for match in re.finditer(_PARAMETER, self.text):
            about = described.get(match[2], {})
            found[match[2]] = Parameter(
                match[2], about.get("type", "text"), match[3], about.get("class"), about.get("scheme")
            )
        return found

    @property
    def links_of(self) -> str | None:
        """The question whose things this one takes to Wikidata; None for one that our graph answers."""
        found = re.search(_LINKS, self.text) if _LINKS_OF in self.text else None
        return found[4] if found else None

    def bind(
        self, values: Mapping[str, str], resolve: Resolver, links: Iterable[tuple[str, str]] | None = None
    ) -> str:
        """Return the query with `values` in place of the defaults.

        Args:
            values: parameter name → what the user wrote.
            resolve: finds the thing that a text names.
            links: things of ours, each with its Wikidata item, for a question that takes them along.

        Raises:
            UsageError: a parameter does not exist, or its value does not fit its type; or the question is one
                for Wikidata and there are no `links`.
        """
        text = self.text if self.links_of is None else self._with_links(links)
        if not values:
            return text
        for name in values:
            if name not in self.parameters:
                from difflib import get_close_matches

                near = get_close_matches(name, self.parameters, n=1, cutoff=0.5)
                hint = f"; did you mean {near[0]}?" if near else ""
                allowed = ", ".join(self.parameters) or "none"
                raise UsageError(f"“{self.name}” has no parameter “{name}”; it has: {allowed}{hint}")
        terms = {name: _term(self.parameters[name], value, resolve) for name, value in values.items()}

        def replaced(match: re.Match[str]) -> str:
            return f"{match[1]}{terms[match[2]]}{match[4]}" if match[2] in terms else match[0]

        return re.sub(_PARAMETER, replaced, text)

    def _with_links(self, links: Iterable[tuple[str, str]] | None) -> str:
        if links is None:
            raise UsageError(
                f"“{self.name}” is a question for Wikidata, which the graph here cannot answer: "
                f"cica query {self.name} --endpoint wikidata (the public service), or --endpoint URL"
            )
        pairs = " ".join(f"({NamedNode(thing)} {NamedNode(item)})" for thing, item in links)
        return re.sub(_LINKS, lambda match: f"{match[1]} {pairs} {match[3]}", self.text)


def _term(parameter: Parameter, value: str, resolve: Resolver) -> str:
    if parameter.type == "thing":
        return str(NamedNode(resolve(value, parameter.wanted_class)))
    if parameter.type == "day":
        try:
            return str(Literal(day(value).isoformat(), datatype=NamedNode(XSD + "date")))
        except ValueError as error:
            raise UsageError(f"--{parameter.name}: {error}") from None
    if parameter.type == "integer":
        try:
            return str(Literal(int(value)))
        except ValueError:
            raise UsageError(f"--{parameter.name}: “{value}” is no whole number") from None
    try:
        return str(Literal(value))
    except ValueError:
        raise UsageError(f"--{parameter.name}: its value is no Unicode text") from None


def questions(folder: Path) -> list[Question]:
    """Return all questions of `folder`, by name.

    Raises:
        UsageError: there is no such folder.
    """
    return [_read(path) for path in _files(folder)]


def find_question(name: str, folder: Path) -> Question:
    """Return the question called `name`.

    Raises:
        UsageError: there is none; the message offers near names.
    """
    names = [path.stem for path in _files(folder)]
    if name not in names:
        from difflib import get_close_matches

        near = get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "“cica queries” lists all"
        if name.endswith(".rq"):
            hint = "a file is given with --file"
        raise UsageError(f"there is no question “{name}”: {hint}")
    return _read(folder / f"{name}.rq")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder of questions")
    return sorted(folder.glob("*.rq"), key=lambda path: path.stem)


def _read(path: Path) -> Question:
    try:
        return Question(path.stem, path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror}") from None


def query_text(
    name: str | None,
    sparql: str | None,
    file: str | os.PathLike[str] | None,
    parameters: Mapping[str, str],
    find: Callable[[str], Question],
    resolve: Resolver,
) -> str:
    """Return the SPARQL of a query given as a name, as text or as a file: one of the three.

    Args:
        name: of a question, with its `parameters`; `find` gives the question.
        sparql: the text itself.
        file: a file that holds it.
        parameters: of the named question.
        find: gives the question of a name.
        resolve: gives the thing that a text names.

    Raises:
        UsageError: not exactly one is given, or it is not there, or a parameter is wrong.
        OutsideError: the file cannot be read.
    """
    if sum(given is not None for given in (name, sparql, file)) != 1:
        raise UsageError("give one query: the name of a question, or sparql=, or file=")
    if name is not None:
        return find(name).bind(parameters, resolve)
    if parameters:
        raise UsageError("only named questions have parameters: " + ", ".join(parameters))
    return sparql if sparql is not None else read_query(Path(file or ""))


def read_query(path: Path) -> str:
    """Return the text of a SPARQL file.

    Raises:
        UsageError: there is no such file, or it is no text.
        OutsideError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; name a file with a SPARQL query") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror}") from None

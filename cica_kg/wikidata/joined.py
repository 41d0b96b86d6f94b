"""Questions that join the graph with Wikidata: asked there, with the links of our things inside the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from cica_kg.errors import UsageError
from cica_kg.queries.catalog import Question
from cica_kg.queries.results import Rows
from cica_kg.vocabulary import WIKIDATA, shorten
from cica_kg.wikidata.links import item_of

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph


class Joined(NamedTuple):
    """A query for Wikidata, how many links it holds, and the things that have none (by short name)."""

    query: str
    linked: int
    unlinked: list[str]


def join(kg: KnowledgeGraph, question: Question, parameters: Mapping[str, str]) -> Joined:
    """Put the links of the things that a question is about into its query.

    Args:
        kg: the graph as of a day; its answer to the question that `links_of` names begins with the things.
        question: one for Wikidata.
        parameters: of that question.

    Raises:
        UsageError: a parameter is wrong, or no thing has a link.
    """
    assert question.links_of is not None
    answer = kg.query(question.links_of)
    assert isinstance(answer, Rows)
    things = list(dict.fromkeys(row[0].value for row in answer if isinstance(row[0], NamedNode)))
    links = {thing: WIKIDATA + item for thing in things if (item := item_of(kg.store, thing))}
    if not links:
        raise UsageError(f"nothing that “{question.links_of}” gives as of {kg.at} is linked to Wikidata")
    unlinked = [shorten(thing) or thing for thing in things if thing not in links]
    return Joined(question.bind(parameters, kg.resolve, links.items()), len(links), unlinked)

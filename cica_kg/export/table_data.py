"""The authored triples by kind, thing and property, and the form in which values stand in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Store, Triple
from pyoxigraph import Literal as RdfLiteral

from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.export.columns import Type, Value
from cica_kg.files import GraphFiles
from cica_kg.store import triples
from cica_kg.vocabulary import DCTERMS, GRAPH, KINDS, OWL, PREFIXES, RDF, RDFS, THINGS_NAMESPACE, XSD, shorten

Term = NamedNode | BlankNode | RdfLiteral | Triple
#: Thing → property → values, in order.
Things = dict[str, dict[str, list[Term]]]
#: How values stand in a column: by themselves, with a column of languages, or with one of types beside it.
Form = Type | Literal["tagged", "mixed"]

_TYPE: Final = NamedNode(RDF + "type")
_INDIVIDUAL: Final = NamedNode(OWL + "NamedIndividual")
_LARGEST: Final = 2**63 - 1  # of an integer in SQLite


class Authored(NamedTuple):
    """The authored triples: those of things of a known kind, and the others."""

    kinds: dict[str, Things]
    others: list[Triple]


def read_authored(files: GraphFiles) -> Authored:
    """Return the authored data, and the categories of the ontology, which much of the data refers to.

    That a category is an owl:NamedIndividual is left out: it speaks to reasoners alone.
    """
    found = name_blank_nodes(triples(files.data))
    found.update(
        triple
        for triple in triples(files.ontology)
        if isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(PREFIXES["category"])
        and (triple.predicate, triple.object) != (_TYPE, _INDIVIDUAL)
    )
    said: dict[str, dict[str, list[Term]]] = {}
    others = []
    for triple in found:
        subject, property_, value = triple
        if isinstance(subject, NamedNode):
            said.setdefault(subject.value, {}).setdefault(property_.value, []).append(value)
        else:
            others.append(triple)
    kinds: dict[str, Things] = {kind: {} for kind in KINDS}
    for iri in sorted(said):
        if kind := kind_of(iri):
            kinds[kind][iri] = {p: _in_order(terms) for p, terms in said[iri].items()}
        else:
            node = NamedNode(iri)
            others += [Triple(node, NamedNode(p), term) for p, terms in said[iri].items() for term in terms]
    return Authored({kind: things for kind, things in kinds.items() if things}, sorted(others, key=str))


def _in_order(terms: list[Term]) -> list[Term]:
    return sorted(terms, key=str) if len(terms) > 1 else terms


def kind_of(iri: str) -> str | None:
    """Return the kind that the IRI of a thing names, or None where it is none of ours."""
    if not iri.startswith(THINGS_NAMESPACE):
        return None
    kind = iri[len(THINGS_NAMESPACE) :].partition("/")[0]
    return kind if kind in KINDS else None


def read_labels(store: Store) -> dict[str, dict[str, str]]:
    """Return all labels of a store: IRI → language → label."""
    labels: dict[str, dict[str, str]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(RDFS + "label"), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, RdfLiteral):
            of_thing = labels.setdefault(quad.subject.value, {})
            language = quad.object.language or ""
            # Of two in one language the same one each time.
            of_thing[language] = min(quad.object.value, of_thing.get(language, quad.object.value))
    return labels


def read_licences(store: Store) -> list[str]:
    """Return the licences of the graph: their IRIs, in order."""
    quads = store.quads_for_pattern(NamedNode(GRAPH), NamedNode(DCTERMS + "license"), None, None)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode))


def shown(labels: dict[str, str]) -> str | None:
    """Return the label to show: English, else Arabic, Russian, any, the same each time; None of none."""
    return next(
        (labels[language] for language in ("en", "ar", "ru", *sorted(labels)) if language in labels), None
    )


def form_of(terms: Iterable[Term], *, single: bool) -> Form:
    """Return the form in which all these values can be told from one another and from nothing.

    Args:
        terms: the values of one property.
        single: whether they stand in a column where an empty cell means that there is no value.
    """
    forms = {_form(term, single) for term in terms}
    return forms.pop() if len(forms) == 1 else "mixed"


def _form(term: Term, single: bool) -> Form:
    if isinstance(term, NamedNode):
        return "iri"
    if not isinstance(term, RdfLiteral) or (single and not term.value):
        return "mixed"
    if term.language:
        return "mixed" if single else "tagged"
    text, datatype = term.value, term.datatype.value
    if datatype == XSD + "string":
        return "text"
    # A value that would be written otherwise (007) keeps its text.
    if datatype == XSD + "integer" and re.fullmatch(r"(?a)-?\d{1,19}", text):
        return "integer" if text == str(int(text)) and abs(int(text)) <= _LARGEST else "mixed"
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return "boolean"
    return "date" if datatype == XSD + "date" and _is_day(text) else "mixed"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def value_of(term: Term, form: Form) -> Value:
    """Return a value in the form that `form_of` chose."""
    text = str(term) if isinstance(term, BlankNode | Triple) else term.value
    if form == "integer":
        return int(text)
    if form == "boolean":
        return text == "true"
    return date.fromisoformat(text) if form == "date" else text


def type_of(term: Term) -> str:
    """Return what a value is: `iri`, `blank`, `triple`, `@ar` (a text in Arabic), else the datatype."""
    if isinstance(term, RdfLiteral):
        return f"@{term.language}" if term.language else shorten(term.datatype.value) or term.datatype.value
    return "iri" if isinstance(term, NamedNode) else "blank" if isinstance(term, BlankNode) else "triple"

"""Which part of a graph is exported: all of it, files, things with what surrounds them, a query's answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, Dataset, NamedNode, Quad, RdfFormat, parse

from cica_kg.describe_rdf import CITING, description_quads
from cica_kg.errors import UsageError
from cica_kg.export.org import org_quads
from cica_kg.files import GraphFile, query_folder
from cica_kg.queries import catalog, engine, results
from cica_kg.queries.guard import Limits
from cica_kg.store import build_store, graph_name
from cica_kg.vocabulary import CICA, GRAPH, OWL, XSD

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph

#: A set that keeps the order of the files: what stands together is written and sorted twice as fast.
_Quads: TypeAlias = dict[Quad, None]

_GRAPH: Final = NamedNode(GRAPH)


class Selection(NamedTuple):
    """What part of a graph is exported; nothing chosen is all that was authored.

    Attributes:
        graphs: files of the graph: `data/memberships`, the same with `.ttl`, its last part, or the IRI.
        things: what `cica describe` would take; each comes with its records, links, claims and sources.
        query: the name of a question that is a CONSTRUCT, with its `parameters`, from the folder `queries`
            (None: the folder of the graph).
        file: a file that holds a CONSTRUCT.
        with_ontology: add the ontology.
        with_views: add what follows from the data at the reference date: bounds, labels, direct relations.
        vocabulary: `org` adds the same in the W3C's organization ontology.
    """

    graphs: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    query: str | None = None
    file: Path | None = None
    parameters: Mapping[str, str] = {}
    queries: Path | None = None
    with_ontology: bool = False
    with_views: bool = False
    vocabulary: Literal["org"] | None = None


def select(kg: KnowledgeGraph, selection: Selection, *, named: bool = True) -> list[Quad]:
    """Return the quads of a part of a graph.

    What was authored is as written, in the graph of its file (see `graph_name`) if `named`; what is derived
    is in the default graph. The description of the whole, with licence, version and day, always comes along.

    Raises:
        UsageError: a part does not exist, or the parts do not go together.
        QueryError: the query is no SPARQL, or may not run.
        LimitError: it went over its limits.
    """
    if selection.vocabulary not in (None, "org"):
        raise UsageError(f"there is no vocabulary “{selection.vocabulary}” to add; there is: org")
    if selection.query is not None and selection.file is not None:
        raise UsageError("give the name of a question or a file, not both")
    if selection.parameters and selection.query is None:
        raise UsageError(f"only named questions have parameters: {', '.join(selection.parameters)}")
    apart = named or bool(selection.graphs)
    data = _written(kg.validated.files.data, apart)
    with_ontology = selection.with_ontology or bool(selection.graphs)
    ontology = _written(kg.validated.files.ontology, apart) if with_ontology else {}
    derived = _derived(kg) if selection.with_views else {}
    asked = selection.query is not None or selection.file is not None
    if asked:
        if selection.graphs or selection.things or selection.with_views:
            raise UsageError("a query says itself what is exported: leave out graphs, things and views")
        found = _answer(kg, selection)
    elif selection.graphs or selection.things:
        found = _of_graphs(kg, selection.graphs, data | ontology, derived)
        found |= _of_things(kg, selection.things, data | derived)
    else:
        found = data | derived
    whole = not (asked or selection.graphs or selection.things)
    found |= _about_the_graph(kg, {} if whole else data, dated=selection.with_views or asked)
    if selection.with_ontology:
        found |= ontology
    return [*found, *(org_quads(kg.validated.files, found) if selection.vocabulary else ())]


@lru_cache(maxsize=4)  # a file never changes once a graph is loaded, and most are exported in several forms
def _written(files: tuple[GraphFile, ...], named: bool) -> _Quads:
    """Return what files say, literals as written, each in a graph of its own if `named`; do not change it."""
    found: _Quads = {}
    for file in files:
        said: Iterable[Quad] = parse(file.turtle, RdfFormat.TURTLE, rename_blank_nodes=True)
        if named:
            name = graph_name(file)
            said = (Quad(quad.subject, quad.predicate, quad.object, name) for quad in said)
        found |= dict.fromkeys(said)
    return found


def _derived(kg: KnowledgeGraph) -> _Quads:
    """Return what the store holds beyond the files: bounds, labels, and the views of the reference date."""
    files = kg.validated.files
    written = set(build_store((*files.ontology, *files.data)))
    # Blank nodes are the ontology's: they have other names in each store.
    return {
        quad: None
        for quad in kg.store
        if quad not in written and BlankNode not in (type(quad.subject), type(quad.object))
    }


def _of_graphs(kg: KnowledgeGraph, names: Iterable[str], written: _Quads, derived: _Quads) -> _Quads:
    """Return what files say, what follows on the things that they describe, and the sources they cite."""
    wanted = {_find_graph(kg, name) for name in names}
    found = {quad: None for quad in written if quad.graph_name in wanted}
    described = {quad.subject for quad in found}
    cited = {quad.object for quad in found if quad.predicate.value in CITING}
    found |= {quad: None for quad in derived if quad.subject in described}
    return found | {quad: None for quad in written if quad.subject in cited}


def _find_graph(kg: KnowledgeGraph, name: str) -> NamedNode:
    files = (*kg.validated.files.ontology, *kg.validated.files.data)
    names = {file.name.removesuffix(".ttl"): graph_name(file) for file in files}
    wanted = name.removeprefix(f"{GRAPH}/").removesuffix(".ttl")
    found = [path for path, iri in names.items() if wanted in (path, iri.value[len(GRAPH) + 1 :])]
    found = found or [path for path in names if wanted == path.rpartition("/")[2]]
    if len(found) > 1:
        raise UsageError(f"“{name}” may be {' or '.join(found)}: name one in full")
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(wanted, names, n=3, cutoff=0.4)
        raise UsageError(
            f"there is no graph “{name}”: "
            + (f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(names))}")
        )
    return names[found[0]]


def _of_things(kg: KnowledgeGraph, things: Iterable[str], known: _Quads) -> _Quads:
    if not things:
        return {}
    dataset = Dataset(known)
    found: _Quads = {}
    for thing in things:
        iri = kg.resolve(thing)
        found |= dict.fromkeys(description_quads(dataset.quads_for_subject, dataset.quads_for_object, iri))
    return found


def _answer(kg: KnowledgeGraph, selection: Selection) -> _Quads:
    folder = selection.queries or query_folder(kg.validated.files.root)
    text = catalog.query_text(
        selection.query,
        None,
        selection.file,
        selection.parameters,
        lambda name: catalog.find_question(name, folder),
        kg.resolve,
    )
    if not engine.gives_triples(text):
        raise UsageError(
            f"{selection.query or selection.file} is no CONSTRUCT, so its answer is no RDF;"
            " “cica query” writes tables"
        )
    answer = results.reopen(engine.evaluate(kg.store_for(text), text, results.exchange, Limits()))
    assert isinstance(answer, list)
    return {Quad(*triple): None for triple in answer}


def _about_the_graph(kg: KnowledgeGraph, data: _Quads, *, dated: bool) -> _Quads:
    """Return what is authored of the graph itself, and its version; the reference date if `dated`."""
    found = {quad: None for quad in data if quad.subject == _GRAPH}
    found[Quad(_GRAPH, NamedNode(OWL + "versionInfo"), pyoxigraph.Literal(kg.version))] = None
    if dated:
        day = pyoxigraph.Literal(kg.at.isoformat(), datatype=NamedNode(XSD + "date"))
        found[Quad(_GRAPH, NamedNode(CICA.referenceDate), day)] = None
    return found

"""docs/ontology.md, the page of terms, made from ontology/: `python -m tests.ontology_page` writes it."""

from __future__ import annotations

from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cica_kg.text import markdown
from cica_kg.vocabulary import TERMS_NAMESPACE, shorten

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "ontology.md"
KINDS = (
    ("Classes", OWL.Class),
    ("Relations between things", OWL.ObjectProperty),
    ("Properties with a value", OWL.DatatypeProperty),
    ("Properties about the terms themselves", OWL.AnnotationProperty),
)
CHARACTERISTICS = (
    (OWL.FunctionalProperty, "functional"),
    (OWL.InverseFunctionalProperty, "inverse functional"),
    (OWL.TransitiveProperty, "transitive"),
    (OWL.SymmetricProperty, "symmetric"),
    (OWL.AsymmetricProperty, "asymmetric"),
    (OWL.IrreflexiveProperty, "irreflexive"),
)
RELATIONS = (
    (RDFS.subClassOf, "is a kind of"),
    (RDFS.subPropertyOf, "is a case of"),
    (RDFS.domain, "of"),
    (RDFS.range, "gives"),
    (OWL.inverseOf, "inverse of"),
)


def page() -> str:
    """Return the page as Markdown."""
    graph = Graph(bind_namespaces="none")
    for name in ("cica.ttl", "categories.ttl"):
        graph.parse(ROOT / "ontology" / name)
    lines = [
        "# The terms of the ontology",
        "",
        f"Namespace `{TERMS_NAMESPACE}`, prefix `cica:`. Made from `ontology/cica.ttl` and",
        "`ontology/categories.ttl` by `python -m tests.ontology_page`; a test holds that it is current.",
        "How the parts fit together is told in the README.",
    ]
    for title, kind in KINDS:
        terms = sorted(t for t in graph.subjects(RDF.type, kind) if str(t).startswith(TERMS_NAMESPACE))
        lines += ["", f"## {title}"]
        for term in terms:
            lines += _term(graph, term)
    lines += ["", "## Categories"]
    for scheme in sorted(graph.subjects(RDF.type, SKOS.ConceptScheme)):
        lines += ["", f"### {markdown(_text(graph, scheme, RDFS.label, 'en'))}", ""]
        for concept in sorted(graph.subjects(SKOS.inScheme, scheme)):
            names = " · ".join(_all(graph, concept, RDFS.label))
            lines.append(
                f"- `{_short(concept)}` {names}: {markdown(_text(graph, concept, SKOS.definition, 'en'))}"
            )
    return "\n".join(lines) + "\n"


def _term(graph: Graph, term: Node) -> list[str]:
    lines = ["", f"### `{_short(term)}`", "", " · ".join(_all(graph, term, RDFS.label)), ""]
    for property_ in (SKOS.definition, SKOS.scopeNote):
        for language in ("en", "ar"):
            if text := _text(graph, term, property_, language):
                lines.append(markdown(text) + "  ")
    facts = []
    for relation, words in RELATIONS:
        if named := sorted(o for o in graph.objects(term, relation) if not isinstance(o, BNode)):
            facts.append(f"{words} {', '.join(f'`{_short(other)}`' for other in named)}")
    facts += [words for kind, words in CHARACTERISTICS if (term, RDF.type, kind) in graph]
    if facts:
        lines.append(f"*{'; '.join(facts)}*")
    return lines


def _all(graph: Graph, subject: Node, property_: URIRef) -> list[str]:
    order = {"en": 0, "ar": 1, "ru": 2}
    labels = [o for o in graph.objects(subject, property_) if isinstance(o, Literal)]
    return [markdown(str(o)) for o in sorted(labels, key=lambda o: (order.get(o.language or "", 9), str(o)))]


def _text(graph: Graph, subject: Node, property_: URIRef, language: str) -> str:
    texts = sorted(
        str(o) for o in graph.objects(subject, property_) if isinstance(o, Literal) and o.language == language
    )
    return " ".join(texts)


def _short(iri: Node) -> str:
    return shorten(str(iri)) or str(iri)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

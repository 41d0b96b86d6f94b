"""What is checked before the shapes are asked: terms, references, languages, forms of values.

SHACL says nothing about a misspelt property (no shape asks for it), and every engine lets some impossible
values pass. What is found here stands in the report beside the results of the shapes, and keeps a graph
out just the same. The checks are named `cica-sh:check-…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cica_kg.files import GraphFile, GraphFiles
from cica_kg.validation.values import wrong_value
from cica_kg.vocabulary import (
    PREFIXES,
    RDF,
    SHAPES_NAMESPACE,
    TERMS_NAMESPACE,
    THINGS_NAMESPACE,
    shorten,
)

_TYPE: Final = RDF + "type"
_BASE: Final = "w3id.org/cica-kg/"
#: What there is under our base besides terms, shapes and things.
_OTHERS: Final = re.compile(r"https://w3id\.org/cica-kg/(graph(/.*)?|def(/\d.*)?|shapes|certificate/\w+)")
#: Properties whose values are shapes.
_TO_SHAPES: Final = frozenset(
    f"http://www.w3.org/ns/shacl#{name}" for name in ("node", "property", "not", "qualifiedValueShape")
)
#: Properties whose values are SPARQL.
_SPARQL: Final = frozenset(f"http://www.w3.org/ns/shacl#{name}" for name in ("select", "ask", "construct"))


class Finding(NamedTuple):
    """One thing wrong: the check, the file, the triple and the part of it, and what to put in instead.

    Attributes:
        check: the name after `cica-sh:check-`.
        file: the name of the file.
        triple: where it stands.
        part: which of `subject`, `predicate`, `object` is at fault; where there is no
            triple, the prefix that is declared or the text to look for.
        what: the text at fault, for the message.
        hint: what is probably meant, or "".
    """

    check: str
    file: str
    triple: Triple | None
    part: str
    what: str
    hint: str
    iri: str = ""


def findings(files: GraphFiles) -> list[Finding]:
    """Return everything that the checks find in the ontology, the shapes and the data."""
    each: dict[GraphFile, list[Triple]] = {}
    found: list[Finding] = []
    misread: dict[GraphFile, set[str]] = {}
    for file in (*files.data, *files.ontology, *files.shapes):
        reader = parse(file.turtle, RdfFormat.TURTLE)
        each[file] = [quad.triple for quad in reader]
        for prefix, iri in sorted(reader.prefixes.items()):
            if prefix in PREFIXES and iri != PREFIXES[prefix]:
                misread.setdefault(file, set()).add(iri)
                what = f"PREFIX {prefix}: <{iri}>"
                found.append(Finding("prefix", file.name, None, prefix, what, f"<{PREFIXES[prefix]}>"))
    terms = _Terms(triple for file in files.ontology for triple in each[file])
    things = {
        triple.subject.value
        for file in (*files.ontology, *files.data)
        for triple in each[file]
        if isinstance(triple.subject, NamedNode) and triple.predicate.value == _TYPE
    }
    shapes = {
        triple.subject.value
        for file in files.shapes
        for triple in each[file]
        if isinstance(triple.subject, NamedNode)
    }
    authored = set(files.data)
    for file, triples in each.items():
        untyped: set[str] = set()
        for triple in triples:
            found += (
                finding
                for finding in _terms(file, triple, terms)
                # A prefix that stands for something else has been told once; each use of it says nothing new.
                if not any(finding.iri.startswith(iri) for iri in misread.get(file, ()))
            )
            found += _values(file, triple)
            found += _in_sparql(file, triple, terms)
            found += _references(file, triple, things, shapes)
            subject = triple.subject
            if (
                file in authored
                and isinstance(subject, NamedNode)
                and subject.value.startswith(THINGS_NAMESPACE)
                and subject.value not in things | untyped
            ):
                untyped.add(subject.value)
                hint = _short(_near(subject.value, things))
                found.append(
                    Finding("unknown-thing", file.name, triple, "subject", _short(subject.value), hint)
                )
    return found


class _Terms:
    """The terms that the ontology declares, and those of well-known vocabularies."""

    def __init__(self, ontology: Iterable[Triple]) -> None:
        self.properties: set[str] = set()
        self.classes: set[str] = set()
        self.all: set[str] = {TERMS_NAMESPACE}
        self._known: dict[tuple[str, str, bool], tuple[str, str] | None] = {}
        for triple in ontology:
            subject, kind = triple.subject, triple.object
            if not isinstance(subject, NamedNode) or triple.predicate.value != _TYPE:
                continue
            self.all.add(subject.value)
            name = kind.value.rpartition("#")[2] if isinstance(kind, NamedNode) else ""
            if name.endswith("Property"):
                self.properties.add(subject.value)
            elif name.endswith("Class"):
                self.classes.add(subject.value)

    def unknown(self, iri: str, part: str, *, kind: bool) -> tuple[str, str] | None:
        """Return the check that an IRI fails and what is probably meant; None where it is in order."""
        key = (iri, part, kind)
        if key not in self._known:
            self._known[key] = self._look_up(iri, part, kind=kind)
        return self._known[key]

    def _look_up(self, iri: str, part: str, *, kind: bool) -> tuple[str, str] | None:
        if iri.startswith(TERMS_NAMESPACE):
            wanted = self.properties if part == "predicate" else self.classes if kind else self.all
            if iri in wanted:
                return None
            return ("term-role" if iri in self.all else "unknown-term"), _near(iri, wanted)
        namespace = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
        if namespace in _vocabularies():
            known = _terms_of(namespace)
            # An IRI under a namespace that ends in a slash may be a page: then only its use as a term counts.
            if iri in known or iri == namespace or not (kind or part == "predicate" or iri.count("#")):
                return None
            return "unknown-term", _near(iri, known)
        ours = _BASE in iri and not _OTHERS.fullmatch(iri)
        if (part == "predicate" or kind or ours) and (near := _near_namespace(namespace)):
            return "misspelt-namespace", f"{near}{iri[len(namespace) :]}"
        return None


def _terms(file: GraphFile, triple: Triple, terms: _Terms) -> Iterator[Finding]:
    parts = {"subject": triple.subject, "predicate": triple.predicate, "object": triple.object}
    for part, term in parts.items():
        iri = term.datatype.value if isinstance(term, Literal) and not term.language else None
        iri = term.value if isinstance(term, NamedNode) else iri
        if iri is None:
            continue
        kind = part == "object" and (triple.predicate.value == _TYPE or isinstance(term, Literal))
        if (wrong := terms.unknown(iri, part, kind=kind)) is not None:
            yield Finding(wrong[0], file.name, triple, part, _short(iri), _short(wrong[1]), iri)


def _in_sparql(file: GraphFile, triple: Triple, terms: _Terms) -> Iterator[Finding]:
    """Find unknown terms inside the SPARQL of a shape, where a typo would silence it."""
    query = triple.object
    if triple.predicate.value not in _SPARQL or not isinstance(query, Literal):
        return
    for name in sorted(set(re.findall(r"(?<![\w:])cica:([A-Za-z]\w*)", query.value))):
        iri = TERMS_NAMESPACE + name
        if iri not in terms.all:
            hint = _short(_near(iri, terms.all))
            yield Finding("unknown-term", file.name, None, f"cica:{name}", f"cica:{name}", hint)


def _values(file: GraphFile, triple: Triple) -> Iterator[Finding]:
    value = triple.object
    if isinstance(value, Literal) and (wrong := wrong_value(triple.predicate.value, value)) is not None:
        yield Finding(wrong.check, file.name, triple, "object", wrong.what, wrong.hint)


def _references(file: GraphFile, triple: Triple, things: set[str], shapes: set[str]) -> Iterator[Finding]:
    value = triple.object
    if not isinstance(value, NamedNode):
        return
    # A shape that is not there passes everything in silence.
    of_shapes = value.value.startswith(SHAPES_NAMESPACE) or triple.predicate.value in _TO_SHAPES
    for concerned, known in ((value.value.startswith(THINGS_NAMESPACE), things), (of_shapes, shapes)):
        if concerned and value.value not in known:
            hint = _short(_near(value.value, known))
            yield Finding("dangling-reference", file.name, triple, "object", _short(value.value), hint)


@lru_cache(maxsize=1)
def _vocabularies() -> dict[str, Any]:
    """Return the closed vocabularies that rdflib knows, by namespace: RDFS, SKOS, PROV, SHACL and 20 more."""
    import rdflib.namespace

    return {
        str(namespace): namespace
        for namespace in vars(rdflib.namespace).values()
        if isinstance(namespace, rdflib.namespace.DefinedNamespaceMeta)
        and namespace is not rdflib.namespace.DefinedNamespace
    }


@lru_cache(maxsize=64)
def _terms_of(namespace: str) -> frozenset[str]:
    """Return the terms of a vocabulary; rdflib keeps those that are Python keywords (sh:class) apart."""
    vocabulary = _vocabularies()[namespace]
    extras = getattr(vocabulary, "_extras", ())
    return frozenset({*(str(term) for term in dir(vocabulary)), *(namespace + name for name in extras)})


@lru_cache(maxsize=256)
def _near_namespace(namespace: str) -> str:
    every = {*_vocabularies(), *PREFIXES.values()}
    near = get_close_matches(namespace, sorted(every), n=1, cutoff=0.85)
    return near[0] if near and namespace not in every else ""


def _near(iri: str, known: Iterable[str]) -> str:
    """Return the known IRI nearest to one that is not known, or ""."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    local = {each[cut:]: each for each in known if each.startswith(iri[:cut]) and len(each) > cut}
    name = iri[cut:]
    # A plural or another case is nearer than what has many letters in common.
    for each in local:
        if re.sub(r"[-_s]", "", each.lower()) == re.sub(r"[-_s]", "", name.lower()):
            return local[each]
    near = get_close_matches(name, sorted(local), n=1, cutoff=0.7)
    return local[near[0]] if near else ""


def _short(iri: str) -> str:
    return shorten(iri) or iri


def describe(node: NamedNode | BlankNode | Literal | Triple) -> str:
    """Return a term as the results write it: an IRI, a text, or `_:` and the label of a blank node."""
    if isinstance(node, BlankNode):
        return f"_:{node.value}"
    return node.value if isinstance(node, NamedNode | Literal) else str(node)

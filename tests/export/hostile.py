"""A small graph with the worst texts that data can hold: Hypothesis fills it, the gate admits it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

import cica_kg
from cica_kg.vocabulary import PREFIXES, RDFS, SKOS, TERMS_NAMESPACE, XSD
from tests.conftest import ROOT, SMALL

ATLANTIS = NamedNode(PREFIXES["state"] + "atlantis")
ONCE = TERMS_NAMESPACE + "once"
OFTEN = TERMS_NAMESPACE + "often"

_ONTOLOGY = """
    cica:once a owl:DatatypeProperty , owl:FunctionalProperty .
    cica:often a owl:DatatypeProperty .
"""
_WORST = (
    '"', '""', "'", ",", ";", "\n", "\r", "\r\n", "\n#", "#", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)",
    "\t=1", "\0", "\x07", "\x1b[31m", "\x85", "\u200f", "\u202e", "\u2066", "\ufeff", "\ufffe", "\uffff",
    "\u2028", "NA", "NULL", "None", "nan", "007", "1e5", "true", " ", "", "|", " | ", "\\", "\\N",
    "<b>&amp;]]>", "سيكا", "😀",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(_WORST), st.text(max_size=4)), max_size=4).map("".join)
tagged = st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(("en", "ar", "fa")))
plain = texts.map(Literal)
# The gate refuses a text that is none of its datatype.
typed = st.sampled_from(
    [
        Literal(text, datatype=NamedNode(datatype))
        for datatype, its in (
            (XSD + "integer", ("7", "007", "-0", "12345678901234567890")),
            (XSD + "boolean", ("true", "false", "1")),
            (XSD + "date", ("2024-02-29",)),
            (XSD + "decimal", ("7", "7.50")),
            ("urn:x:type", ("=1+1", "")),
        )
        for text in its
    ]
)
literals = st.one_of(tagged, plain, typed)
#: What is said of Atlantis: property → values.
statements = st.fixed_dictionaries(
    {
        RDFS + "label": st.lists(tagged, max_size=3),
        SKOS + "note": st.lists(tagged, max_size=3),
        ONCE: st.lists(literals, max_size=1),
        OFTEN: st.lists(literals, max_size=4),
    }
)


def small_graph(folder: Path) -> Path:
    """Write the small graph of the tests with two more properties."""
    for name, text in SMALL.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + _ONTOLOGY if name == "ontology/cica.ttl" else text, encoding="utf-8")
    shutil.copytree(ROOT / "ontology" / "rules", folder / "ontology" / "rules")
    return folder


def load_with(folder: Path, said: Mapping[str, list[Literal]]) -> cica_kg.KnowledgeGraph:
    """Return the small graph in `folder` with these statements about Atlantis."""
    triples = [Triple(ATLANTIS, NamedNode(p), value) for p, values in said.items() for value in values]
    (folder / "data" / "hostile.ttl").write_bytes(serialize(triples, format=RdfFormat.TURTLE) or b"")
    return cica_kg.load(root=folder)

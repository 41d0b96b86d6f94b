"""The OWL API and HermiT, as the PyPI package owlready2 carries them, called through JPype."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rdflib import Graph


class Reasoner:
    """A Java virtual machine with HermiT in it: one a process."""

    def __init__(self) -> None:
        import jpype
        import owlready2

        jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
        if not jpype.isJVMStarted():
            jpype.startJVM("-Xmx1500m", classpath=[str(jar)], convertStrings=False)
        self._java: Any = jpype.JPackage("java")
        self._owlapi: Any = jpype.JPackage("org").semanticweb.owlapi
        self._hermit: Any = jpype.JPackage("org").semanticweb.HermiT

    def load(self, graph: Graph) -> Any:
        """Return the graph as an OWL ontology."""
        manager = self._owlapi.apibinding.OWLManager.createOWLOntologyManager()
        stream = self._java.io.ByteArrayInputStream(graph.serialize(format="xml", encoding="utf-8"))
        return manager.loadOntologyFromOntologyDocument(stream)

    def profile_violations(self, ontology: Any) -> list[str]:
        """Return what keeps an ontology out of the OWL 2 DL profile."""
        report = self._owlapi.profiles.OWL2DLProfile().checkOntology(ontology)
        return sorted({str(violation) for violation in report.getViolations()})

    def is_consistent(self, ontology: Any) -> bool:
        """Tell whether the ontology contradicts itself; much cheaper than `faults`, which classifies."""
        return bool(self._hermit.Reasoner(ontology).isConsistent())

    def faults(self, ontology: Any) -> list[str]:
        """Return `inconsistent`, or the unsatisfiable classes but owl:Nothing."""
        reasoner = self._hermit.Reasoner(ontology)
        if not reasoner.isConsistent():
            return ["inconsistent"]
        bottom = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
        return sorted(str(each) for each in bottom)


def graph_of(paths: Iterable[Path]) -> Graph:
    """Return one graph of Turtle files."""
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph

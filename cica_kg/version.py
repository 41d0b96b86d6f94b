"""The version of package, ontology and data, in its one place: they move together."""

__version__ = "0.1.0"

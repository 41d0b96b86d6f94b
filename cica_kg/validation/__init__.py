"""SHACL before SPARQL: the gate, and the report it gives."""

"""Named questions and free SPARQL: what may run, how it runs, and the answers."""

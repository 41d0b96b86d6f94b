"""`python -m cica_kg` is the command `cica`."""

from cica_kg.cli import run

if __name__ == "__main__":
    run()

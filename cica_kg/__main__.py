"""`python -m cica_kg` is the command `cica`."""

import sys

from cica_kg.cli import main

if __name__ == "__main__":
    sys.exit(main())

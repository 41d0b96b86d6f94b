"""docs/benchmarks.md: one section a benchmark, replaced by the run that measured it."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Measured by the scripts in `tests/benchmarks/`, each in one run beside its peers. Trust the ratios more than
the milliseconds: the machine was small and shared.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]


def section(title: str, script: str, lines: Iterable[str]) -> None:
    """Print the lines, and put them under `title` in place of what an earlier run wrote."""
    engines = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib", "pyshacl"))
    body = (
        "\n".join(
            (
                f"\n## {title}\n",
                f"`python -m {script.removesuffix('.py').replace('/', '.')}`; "
                f"Python {platform.python_version()}, {engines}.\n",
                *lines,
            )
        )
        + "\n"
    )
    print(body)
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    page = re.sub(rf"\n## {re.escape(title)}\n.*?(?=\n## |\Z)", "", page, flags=re.DOTALL)
    PAGE.write_text(page.rstrip("\n") + "\n" + body, encoding="utf-8")

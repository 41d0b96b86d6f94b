"""What README and docs show is what happens: every command and every query in them runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import cica_kg

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/querying.md", "docs/exporting.md")


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


COMMANDS = [
    line.removeprefix("$ ")
    for page in PAGES
    for block in _blocks(page, "console")
    for line in block.splitlines()
    if line.startswith("$ ") and "cica" in line
]
QUERIES = [
    query for page in PAGES for block in _blocks(page, "sparql") for query in re.split(r"\n\n(?=#)", block)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, kg: cica_kg.KnowledgeGraph) -> Path:
    """An empty folder with the questions in it, and the command `cica` of this environment."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "queries").symlink_to(ROOT / "queries")
    command = folder / "cica"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cica_kg "$@"\n')
    command.chmod(0o755)
    return folder


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_a_command_of_the_docs_runs(command: str, folder: Path) -> None:
    for left in folder.glob("*.tsv"):
        left.unlink()
    done = subprocess.run(
        ["sh", "-c", f'PATH="{folder}:$PATH"; {command}'],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or "wrote" in done.stderr


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_docs_has_an_answer(query: str, kg: cica_kg.KnowledgeGraph) -> None:
    rows = kg.query(sparql=query)
    assert isinstance(rows, cica_kg.Rows)
    assert len(rows) > 0


def test_the_python_of_the_docs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for page in PAGES:
        for block in _blocks(page, "python"):
            exec(compile(block, page, "exec"), {})  # our own docs


def test_the_readme_has_ten_queries_to_paste() -> None:
    assert sum(bool(re.match(r"# \d+\.", query)) for query in QUERIES) == 10

"""Rules of the house on the whole graph: each file in tests/hygiene/ is a query that must find nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import cica_kg
from cica_kg.queries import engine

RULES = sorted((Path(__file__).parent / "hygiene").glob("*.rq"))


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_the_graph_breaks_no_rule_of_the_house(rule: Path, kg: cica_kg.KnowledgeGraph) -> None:
    text = rule.read_text()
    problem, remedy = text.splitlines()[:2]
    assert problem.startswith("# Problem: ")
    assert remedy.startswith("# Remedy: ")
    found = [tuple(str(term) for term in solution) for solution in engine.ask(kg.store, text)]  # type: ignore[arg-type]
    assert found == [], f"{problem.removeprefix('# Problem: ')}: {remedy.removeprefix('# Remedy: ')}"


def test_there_are_rules() -> None:
    assert len(RULES) >= 12

"""The commands of docs/linking.md run in their order, against an endpoint of the test's own."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import cica_kg
from cica_kg.cli.link import ACTIONS
from cica_kg.wikidata.drift import KINDS
from tests.wikidata.mirror import mirror
from tests.wikidata.server import serve
from tests.wikidata.shape import Time

PAGE = (Path(__file__).parents[2] / "docs" / "linking.md").read_text()
CICA = "Q9000000003"
TODAY = date.today().isoformat()
#: What each command of the page is expected to end with; 1 is “look at it”.
EXPECTED = {"suggest": (0, 1), "check": (0,), "snapshot": (0,), "verify": (0,), "compare": (0, 1)}


def test_the_commands_of_the_page_run(cica, kg: cica_kg.KnowledgeGraph, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    world = mirror(kg.store, CICA)
    world.statements = [s for s in world.statements if (s.item, s.property) != ("Q232", "P463")]
    commands = re.findall(r"^\$ cica (.+)$", PAGE, re.MULTILINE)
    assert {command.split()[1] for command in commands} == ACTIONS.keys()
    told = {}
    with serve(world.triples(), "wdqs") as url:
        for command in commands:
            if "--since" in command:
                world.state("Q232", "P463", CICA, qualifiers={"P580": [Time("1999-01-01", 9)]})
                break
            done = cica(*_arguments(command, url))
            assert done.returncode in EXPECTED.get(command.split()[1], (0,)), done.stderr
            told[command.split()[1]] = done
    with serve(world.triples(), "wdqs") as url:
        since = cica(*_arguments(commands[-1], url))
    assert "| MISSING\\_THERE | membership: Kazakhstan" in told["compare"].stdout
    batch = (tmp_path / "batch.tsv").read_text()
    assert f"Q232\tP463\t{CICA}\tP580\t+1999-09-14T00:00:00Z/11\tS854\t" in batch
    assert batch.count(f"\tS813\t+{TODAY}T00:00:00Z/11\n") == batch.count("\n") > 0
    assert "theirs  membership: Kazakhstan" in since.stdout
    assert "FINER; UNREFERENCED_THERE  membership: Kazakhstan" in since.stdout


def _arguments(command: str, url: str) -> list[str]:
    for told, meant in (("Q…", CICA), ("--endpoint wikidata", f"--endpoint {url}"), ("YYYY-MM-DD", TODAY)):
        command = command.replace(told, meant)
    return shlex.split(command)


def test_the_page_names_every_action_and_every_kind_of_change() -> None:
    assert set(re.findall(r"^\| `cica link (\w+)`", PAGE, re.MULTILINE)) == ACTIONS.keys()
    assert all(f"`{kind}`" in PAGE for kind in KINDS)

"""`cica validate` as people, editors and machines call it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GOOD = """\
PREFIX cica: <https://w3id.org/cica-kg/def#>
PREFIX membership: <https://w3id.org/cica-kg/id/membership/>
PREFIX body: <https://w3id.org/cica-kg/id/body/>
PREFIX state: <https://w3id.org/cica-kg/id/state/>
membership:atlantis-club-2 a cica:Membership ;
    cica:party state:atlantis ; cica:inOrganization body:club ; cica:start "2010" .
"""
BAD = GOOD.replace("cica:start", "cica:strat")


@pytest.fixture
def validate(python: Run, small: Path, empty_cache: Path) -> Run:
    """Run `cica validate --kg small …` in the folder of the small graph."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        options.setdefault("cwd", small)
        done = python("-m", "cica_kg", "validate", "--kg", small, *arguments, **options)
        assert "Traceback" not in done.stderr
        return done

    return run


def test_the_whole_graph_is_valid_and_known_the_second_time(validate: Run) -> None:
    first, second = validate(), validate()
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout == "valid: the graph conforms to its shapes\n"
    assert "checked now" in first.stderr and "known from an earlier run" in second.stderr
    assert "checked now" in validate("--again").stderr
    assert validate("--quiet").stderr == ""


def test_a_file_is_checked_with_the_graph_or_alone(validate: Run, small: Path) -> None:
    (small / "mine.ttl").write_text(GOOD)
    assert validate("mine.ttl").returncode == 0
    alone = validate("mine.ttl", "--alone")
    assert alone.returncode == 1
    assert "There is no state:atlantis" in alone.stdout
    assert "1 data files" in alone.stderr


def test_a_fault_is_told_by_file_and_line_and_exits_with_1(validate: Run, small: Path) -> None:
    (small / "mine.ttl").write_text(BAD)
    done = validate("mine.ttl")
    assert done.returncode == 1
    assert done.stdout.startswith("mine.ttl\n  5:1  violation  membership:atlantis-club-2")
    assert "  6:65  violation" in done.stdout and "Did you mean cica:start?" in done.stdout
    assert done.stdout.endswith("not valid: the graph does not conform to its shapes (violations: 2)\n")
    arabic = validate("mine.ttl", "--lang", "ar")
    assert "هل تقصد cica:start؟" in arabic.stdout


def test_a_file_of_the_graph_itself_is_not_added_twice(validate: Run, small: Path) -> None:
    done = validate(small / "data" / "records.ttl", "ontology/shapes/small.ttl", "data/../data/graph.ttl")
    assert done.returncode == 0
    assert done.stderr.startswith("2 data files")


def test_stdin_is_a_file_called_stdin(validate: Run) -> None:
    done = validate("-", input=BAD)
    assert done.returncode == 1 and done.stdout.startswith("stdin\n")
    assert validate("-", input=GOOD).returncode == 0


def test_broken_turtle_in_two_files_is_told_for_both(validate: Run, small: Path) -> None:
    (small / "one.ttl").write_text("<urn:a> <urn:b> state:x .")
    (small / "two.ttl").write_text("<urn:a> <urn:b> <x> .")
    done = validate("one.ttl", "two.ttl", "--format", "github")
    assert done.returncode == 1
    assert [line.partition(",title")[0] for line in done.stdout.splitlines()] == [
        "::error file=one.ttl,line=1,col=17,endLine=1,endColumn=24",
        "::error file=two.ttl,line=1,col=17,endLine=1,endColumn=20",
    ]


@pytest.mark.parametrize("format_", ["json", "sarif", "turtle", "github", "text"])
def test_every_form_comes_alike_from_a_new_and_from_a_known_verdict(validate: Run, format_: str) -> None:
    first, second = validate("--format", format_), validate("--format", format_)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout
    if format_ in ("json", "sarif"):
        json.loads(first.stdout)


def test_warnings_tell_and_do_not_fail(validate: Run, small: Path) -> None:
    shapes = small / "ontology" / "shapes" / "small.ttl"
    shapes.write_text(
        shapes.read_text().replace(
            "sh:minCount 1 ; sh:datatype", "sh:severity sh:Warning ; sh:maxCount 0 ; sh:datatype"
        )
    )
    for _ in range(2):  # told again when the verdict is known
        done = validate()
        assert done.returncode == 0
        assert "4:1  warning" in done.stdout or "  warning  membership:atlantis-club" in done.stdout
        assert done.stdout.endswith("valid: the graph conforms to its shapes (warnings: 1)\n")


def test_other_shapes_from_a_file_or_a_folder(validate: Run, small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shapes"
    folder.mkdir()
    (folder / "strict.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX cica: <https://w3id.org/cica-kg/def#>\n"
        "<urn:strict> a sh:NodeShape ; sh:targetClass cica:State ;\n"
        '  sh:property [ sh:path cica:end ; sh:minCount 1 ; sh:message "Every empire ends."@en ] .'
    )
    for shapes in (folder, folder / "strict.ttl"):
        done = validate("--shapes", shapes)
        assert done.returncode == 1 and "Every empire ends.  [urn:strict]" in done.stdout
    assert validate("--shapes", tmp_path / "none.ttl").returncode == 2
    (tmp_path / "empty").mkdir()
    assert "holds no .ttl file" in validate("--shapes", tmp_path / "empty").stderr


@pytest.mark.parametrize("ending", ["json", "ttl"])
def test_a_certificate_is_written_and_verified(validate: Run, small: Path, ending: str) -> None:
    done = validate("--certificate", f"cert.{ending}")
    assert done.returncode == 0 and f"wrote cert.{ending}" in done.stderr
    assert validate("--verify", f"cert.{ending}").stdout.startswith(
        f"cert.{ending} holds for these files (sha256:"
    )
    (small / "mine.ttl").write_text(GOOD)
    changed = validate("--verify", f"cert.{ending}", "mine.ttl")
    assert changed.returncode == 1
    assert changed.stdout == f"cert.{ending} does not hold for these files:\n  mine.ttl is new\n"


def test_no_certificate_for_what_does_not_conform(validate: Run, small: Path) -> None:
    (small / "mine.ttl").write_text(BAD)
    done = validate("mine.ttl", "--certificate", "cert.ttl")
    assert done.returncode == 1 and "no certificate" in done.stderr
    assert not (small / "cert.ttl").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["none.ttl"], 2, "none.ttl: there is no such file"),
        (["data"], 2, "data is a folder; name the Turtle files in it"),
        (["--alone"], 2, "--alone needs the files to check"),
        (["-", "-"], 2, "stdin can be read once"),
        (["--format", "xml"], 2, "invalid choice"),
        (["--certificate", "cert.txt"], 2, "name the certificate .json or .ttl"),
        (["--certificate", "a.ttl", "--verify", "a.ttl"], 2, "not both"),
        (["--verify", "data/graph.ttl"], 1, "data/graph.ttl is no certificate"),
        (["--certificate", "no/such/folder/cert.ttl"], 3, "cannot be written"),
    ],
)
def test_wrong_calls_are_told_clearly(validate: Run, arguments: list[str], code: int, said: str) -> None:
    done = validate(*arguments, input="")
    assert done.returncode == code
    assert said in done.stderr


def on_a_terminal(small: Path, **environment: str) -> str:
    """Run the command with a terminal as its output and return what it showed."""
    leader, follower = pty.openpty()
    variables = {**os.environ, "TERM": "xterm", **environment}
    command = [sys.executable, "-m", "cica_kg", "validate", "--kg", str(small), str(small / "mine.ttl")]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, env=variables, close_fds=True
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    process.wait(timeout=60)
    return shown.decode()


def test_colours_and_progress_only_on_a_terminal_and_without_no_color(
    small: Path, empty_cache: Path, validate: Run
) -> None:
    (small / "mine.ttl").write_text(BAD)
    shown = on_a_terminal(small, NO_COLOR="")
    assert "\x1b[1;31mviolation" in shown
    assert "validating 3 files" in shown
    assert "\x1b" not in on_a_terminal(small, NO_COLOR="1")
    piped = validate("mine.ttl")
    assert "\x1b" not in piped.stdout and "validating" not in piped.stderr


def test_head_may_go_away(python: Run, small: Path, empty_cache: Path) -> None:
    (small / "mine.ttl").write_text(BAD)
    done = subprocess.run(
        f"{sys.executable} -m cica_kg validate --kg {small} {small / 'mine.ttl'} --quiet | head -1",
        shell=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stderr == ""


def test_the_shipped_graph_is_valid_and_a_member_can_be_tried_out(cica: Run, tmp_path: Path) -> None:
    (tmp_path / "new.ttl").write_text(
        "PREFIX cica: <https://w3id.org/cica-kg/def#>\n"
        "<https://w3id.org/cica-kg/id/membership/ruritania-cica> a cica:Membership ; cica:start '2026' ."
    )
    assert cica("validate").returncode == 0
    done = cica("validate", "new.ttl", "--format", "json")
    assert done.returncode == 1
    shapes = {each["shape"].rpartition("#")[2] for each in json.loads(done.stdout)["results"]}
    assert {"relationship-party", "affiliation-organization", "fact-source"} <= shapes


def test_every_command_of_the_page_runs_and_every_check_is_in_it(
    validate: Run, small: Path, root: Path
) -> None:
    import re

    from cica_kg.validation.words import CHECKS

    page = (root / "docs" / "validating.md").read_text()
    (small / "mine.ttl").write_text(GOOD)
    commands = re.findall(r"^\$ cica validate ?(.*)$", page, re.MULTILINE)
    assert len(commands) == 12
    for command in commands:
        arguments, _, stdin = command.partition(" < ")
        done = validate(*arguments.split(), input=(small / stdin).read_text() if stdin else "")
        assert done.returncode == (1 if "--alone" in command else 0), command
    assert set(re.findall(r"`check-([a-z-]+)`", page)) == set(CHECKS)


def test_the_hooks_name_what_is_there(root: Path) -> None:
    import yaml

    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    assert {hook["id"] for hook in hooks} == {"cica-validate", "cica-validate-graph"}
    for hook in hooks:
        assert hook["entry"].startswith("cica validate")
        assert hook["language"] == "python" and hook["require_serial"] is True

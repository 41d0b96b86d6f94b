"""No verdict without a validation, whoever is killed when; and clear words for files that are no files."""

# ruff: noqa: E501  # cases stand on one line

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cica_kg.errors import InvalidGraphError, OutsideError, TurtleError, UsageError
from cica_kg.files import read_file, read_graph
from cica_kg.validation import gate, memory
from cica_kg.validation.gate import admit, judge
from cica_kg.validation.report import Report

#: Loads the heavy engines once, then forks a child a round: it judges and remembers, and is killed on the way.
KILLED = """
import os, pathlib, random, signal, sys, time
import pyshacl, rdflib, cica_kg.validation.judging, cica_kg.validation.shacl, cica_kg.validation.forms
from cica_kg.files import read_graph
from cica_kg.validation import gate, memory

root, kills = pathlib.Path(sys.argv[1]), int(sys.argv[2])
dice = random.Random(4)
good = read_graph(root)
records = root / "data" / "records.ttl"
right = records.read_text()
took = None
kept = killed = number = 0
while killed < kills:
    number += 1
    # Every other round the graph does not conform; every graph is new, so none is known.
    wrong = number % 2 == 0
    text = right.replace("body:club ;", "state:atlantis ;") if wrong else right
    records.write_text(text + f"# {number}\\n")
    files = read_graph(root)
    verdict = memory.verdict_file(files)
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            gate.admit(files)
        except BaseException:
            os._exit(1)
        os._exit(0)
    if took is None:
        assert os.waitpid(child, 0)[1] == 0
        took = time.perf_counter() - started
        continue
    time.sleep(dice.uniform(0, took))
    os.kill(child, signal.SIGKILL)
    died = os.waitpid(child, 0)[1] == signal.SIGKILL
    killed += died
    # The machine's pace changes: keep to moments around the one at which a verdict is written.
    took *= 1.1 if died else 0.93
    remembered = memory.is_remembered(verdict)
    if wrong:
        assert not remembered, "a verdict for a graph that does not conform"
    if remembered:
        kept += 1
        assert gate.judge(files).conforms
        assert memory.recall(verdict).conforms
print(killed, kept)
"""


def test_kill_9_at_a_hundred_moments_leaves_no_verdict_for_what_was_not_validated(
    small: Path, empty_cache: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(small), "100"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    killed, kept = map(int, done.stdout.split())
    # A hundred died on the way; others had written their verdict: both sides of the moment were met.
    assert killed == 100
    assert kept > 0
    for file in empty_cache.iterdir():
        # What a killed process left half-written has a name that nobody asks for.
        if file.suffix == ".nt" and not file.name.startswith("."):
            assert memory.recall_triples(file.with_suffix(".txt")) is not None
        else:
            assert file.name.startswith(".") or memory.is_remembered(file)


def test_two_processes_at_once_come_to_the_same_verdict(small: Path, empty_cache: Path) -> None:
    code = "import sys, pathlib, cica_kg; print(cica_kg.load(root=sys.argv[1]).digest)"
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(small)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = {process.communicate(timeout=120)[0] for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(answers) == 1
    (verdict,) = empty_cache.glob("*.txt")
    assert memory.is_remembered(verdict)
    assert memory.recall_triples(verdict) is not None
    assert len(list(empty_cache.iterdir())) == 2


def test_the_cache_keeps_the_newest_verdicts_alone(small: Path, empty_cache: Path) -> None:
    admit(read_graph(small))
    (verdict,) = empty_cache.glob("*.txt")
    for number in range(2 * memory.KEPT):
        old = empty_cache / f"{number}.txt"
        old.write_text("old")
        os.utime(old, (number, number))
    memory.remember_triples(verdict, [])
    assert len(list(empty_cache.iterdir())) == memory.KEPT
    assert verdict.exists()


def test_a_verdict_is_on_the_bytes_that_were_judged_even_if_the_file_changes_meanwhile(
    small: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = read_graph(small)
    records = small / "data" / "records.ttl"

    def judge_slowly(*arguments: object, **named: object) -> Report:
        records.write_text(records.read_text().replace("body:club ;", "state:atlantis ;"))
        return judge(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(gate, "judge", judge_slowly)
    admit(files)
    monkeypatch.undo()
    monkeypatch.setenv("CICA_KG_CACHE", str(empty_cache))
    assert admit(files).remembered
    with pytest.raises(InvalidGraphError):
        admit(read_graph(small))


@pytest.mark.parametrize(
    "content", [b"", b"cica-kg verdict", b"{}", b"cica-kg verdict: 0000 conforms\n", b"\x00" * 4096]
)
def test_a_damaged_verdict_is_no_verdict(small: Path, empty_cache: Path, content: bytes) -> None:
    files = read_graph(small)
    verdict = memory.verdict_file(files)
    assert verdict is not None
    verdict.parent.mkdir()
    verdict.write_bytes(content)
    assert not memory.is_remembered(verdict)
    assert gate.known_report(files) is None
    assert not admit(files).remembered
    assert admit(files).remembered


def test_a_verdict_whose_report_is_damaged_still_holds_but_is_judged_again_for_the_report(
    small: Path, empty_cache: Path
) -> None:
    files = read_graph(small)
    admit(files)
    verdict = memory.verdict_file(files)
    assert verdict is not None
    verdict.write_bytes(verdict.read_bytes()[:80] + b"garbage")
    assert gate.known_report(files) is None


def test_only_a_report_that_conforms_is_remembered(small: Path, empty_cache: Path) -> None:
    records = small / "data" / "records.ttl"
    records.write_text(records.read_text().replace("body:club ;", "state:atlantis ;"))
    files = read_graph(small)
    gate.keep(files, judge(files))
    assert not empty_cache.exists()


@pytest.mark.parametrize(
    "part", ["ontology/cica.ttl", "ontology/shapes/small.ttl", "ontology/rules/surely.rq", "data/graph.ttl"]
)
def test_every_file_decides_the_verdict(small: Path, empty_cache: Path, part: str) -> None:
    before = memory.verdict_file(read_graph(small))
    path = small / part
    path.write_text(path.read_text() + "\n# changed\n")
    assert memory.verdict_file(read_graph(small)) != before


def test_every_module_that_judging_needs_decides_the_verdict() -> None:
    """A module left out of the list could change what conforms while old verdicts live on."""
    code = (
        "import sys; from cica_kg.validation import judging, shacl, precheck, syntax, lexical, gate;"
        "print('\\n'.join(sorted(name for name in sys.modules if name.startswith('cica_kg.'))))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    deciding = {name.removesuffix(".py").replace("/", ".") for name in memory.DECIDING_MODULES}
    # These carry, show or place what was found; they do not decide whether something was.
    others = {
        "errors", "files", "find", "folding", "text", "version", "validation", "validation.locate",
        "validation.memory", "validation.paths", "validation.report", "validation.talk", "validation.words",
    }  # fmt: skip
    ours = {name.removeprefix("cica_kg.") for name in loaded}
    needed = {
        name
        for name in ours
        if name.startswith("validation") or name in ("dates", "derive", "store", "vocabulary")
    }
    assert needed - others == deciding


def test_a_folder_a_missing_file_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="x is a folder; name the Turtle files in it"):
        read_file(tmp_path, "x")
    with pytest.raises(UsageError, match="x: there is no such file"):
        read_file(tmp_path / "none", "x")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OutsideError, match="x cannot be read: Too many levels"):
        read_file(loop, "x")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_a_disk_that_fails_is_told() -> None:
    with pytest.raises(OutsideError, match="x cannot be read: Input/output error"):
        read_file(Path("/proc/self/mem"), "x")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(0)
    with pytest.raises(OutsideError, match="x cannot be read: Permission denied"):
        read_file(path, "x")


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.ttl"
    path.write_bytes(b"# one line\n")
    real_open = Path.open

    def open_while_somebody_writes(self: Path, mode: str = "r") -> object:
        file = real_open(self, mode)
        real_read = file.read

        class Growing:
            def __enter__(self) -> Growing:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            fileno = file.fileno

            def read(self) -> object:
                content = real_read()
                with real_open(path, "ab") as other:
                    other.write(b"# another\n")
                return content

        return Growing()

    monkeypatch.setattr(Path, "open", open_while_somebody_writes)
    with pytest.raises(OutsideError, match="g changed while it was being read; try again when it is written"):
        read_file(path, "g")


def test_a_line_of_a_hundred_megabytes_is_refused_at_once(small: Path) -> None:
    (small / "data" / "long.ttl").write_bytes(b"# short\n<urn:a> <urn:b> '" + b"x" * 100_000_000 + b"' .\n")
    started = time.perf_counter()
    with pytest.raises(TurtleError) as caught:
        admit(read_graph(small))
    assert "data/long.ttl:2:1: A line of 100,000,020 bytes is too long to be read" in str(caught.value)
    assert len(str(caught.value)) < 1000
    assert time.perf_counter() - started < 30


def test_a_file_that_is_no_utf_8_is_told_with_its_place(small: Path) -> None:
    (small / "data" / "latin.ttl").write_bytes("<urn:a> <urn:b> 'é' .".encode("latin-1"))
    with pytest.raises(TurtleError, match=r"data/latin.ttl:1:18: This file is not UTF-8 \(found 0xe9\)"):
        admit(read_graph(small))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<urn:a> <urn:b> " + "[ <urn:p> " * 3000 + "1" + " ]" * 3000 + " .", "nested too deep"),
        ("<urn:a> <urn:b> " + "( " * 3000 + ") " * 3000 + " .", "nested too deep"),
        (
            "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .",
            "data/odd.ttl:1: the validator cannot read this",
        ),
        ('<urn:a> <urn:b> "x"@ar--rtl .', "it knows Turtle 1.1"),
    ],
)
def test_what_one_parser_reads_and_the_other_does_not_is_told(small: Path, text: str, said: str) -> None:
    (small / "data" / "odd.ttl").write_text(text)
    with pytest.raises(TurtleError, match=said):
        admit(read_graph(small))


def test_a_byte_order_mark_and_crlf_are_fine(small: Path, empty_cache: Path) -> None:
    path = small / "data" / "records.ttl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert admit(read_graph(small)).known_until.isoformat() == "2020-06-30"


def test_values_that_are_no_values_leave_no_traceback_on_the_terminal(small: Path, tmp_path: Path) -> None:
    (small / "data" / "bad.ttl").write_text(
        "<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> 'x'^^<http://www.w3.org/2001/XMLSchema#integer> ."
    )
    done = subprocess.run(
        [sys.executable, "-m", "cica_kg", "validate", "--kg", str(small)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "“x” is no xsd:integer" in done.stdout


def test_a_plain_query_loads_nothing_of_the_report(small: Path, empty_cache: Path) -> None:
    code = (
        "import sys, cica_kg; cica_kg.load(root=sys.argv[1]);"
        "print([name for name in ('rdflib', 'pyshacl', 'yaml', 'json', 'cica_kg.validation.report',"
        " 'cica_kg.validation.precheck', 'cica_kg.validation.locate', 'cica_kg.validation.forms')"
        " if name in sys.modules])"
    )
    admit(read_graph(small))
    done = subprocess.run(
        [sys.executable, "-c", code, str(small)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "[]", done.stderr

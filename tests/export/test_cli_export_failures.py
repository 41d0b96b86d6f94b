"""Where `cica export` fails or is stopped, nothing is half-written, and there is one message."""

from __future__ import annotations

import os
import pty
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cica_kg import KnowledgeGraph
from tests.export.running import contents, refused


def test_a_place_that_cannot_be_written_is_told(cica, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("none/out.ttl", "file/out.ttl", f"{'x' * 300}.ttl"):
        refused(cica("export", "--output", name), 3, "")
    refused(cica("export", "--format", "csv", "--output", "none/out"), 3, "none/out cannot be written")
    assert list(contents(tmp_path)) == ["file"]


@pytest.mark.parametrize("arguments", [[], ["--format", "sqlite"], ["--format", "graphml"]])
def test_a_full_disk_is_one_message(cica, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        refused(cica("export", *arguments, stdout=full), 3, "standard output: No space left on device")


@pytest.mark.parametrize("name", ["out.ttl", "out.sqlite", "out.zip", "out"])
def test_a_disk_that_fills_up_leaves_what_was_there(cica, tmp_path: Path, name: str) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    form = ["--format", "csv"] if name == "out" else []
    refused(cica("export", *form, "--output", name, preexec_fn=little_room), 3, f"{name} cannot be written")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.ttl").write_text("old")
    refused(cica("export", "--output", "old.ttl", "--force", preexec_fn=little_room), 3, "old.ttl")
    assert contents(tmp_path) == {"old.ttl": b"old"}


def test_a_reader_that_goes_away_is_no_error(cica, tmp_path: Path) -> None:
    command = f"{sys.executable} -m cica_kg export --format ntriples; echo $? >code"
    with subprocess.Popen(
        ["sh", "-c", command], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b"<https://w3id.org/cica-kg/")
        running.stdout.close()
        assert running.stderr is not None
        told = running.stderr.read().decode()
    assert (tmp_path / "code").read_text() == "0\n"
    assert "Error" not in told
    assert "cica:" not in told


KILLED = """
import os, signal, sys
from pathlib import Path
import cica_kg.files
name, arguments = int(sys.argv[1]), sys.argv[2:]
def die(*_): os.kill(os.getpid(), name)
os.fsync = die
write = Path.write_bytes
def half(path, data):
    write(path, data[:10])
    die()
Path.write_bytes = half
from cica_kg.cli import run
sys.argv[1:] = ["export", *arguments]
run()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_writing_that_is_killed_leaves_nothing_half_written(
    python, kg: KnowledgeGraph, tmp_path: Path, number: int
) -> None:
    (tmp_path / "old.ttl").write_text("old")
    old = {"csv-metadata.json": b"{}"}
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "csv-metadata.json").write_bytes(b"{}")
    for arguments in (
        *(["--output", "new.ttl"], ["--output", "old.ttl", "--force"], ["--output", "new.zip"]),
        *(["--format", "csv", "--output", name, "--force"] for name in ("tables", "new")),
    ):
        done = python("-c", KILLED, str(int(number)), *arguments)
        assert done.returncode == (130 if number == signal.SIGINT else -number)
        assert "wrote" not in done.stderr
    assert (tmp_path / "old.ttl").read_text() == "old"
    assert contents(tmp_path / "tables") == old
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")} == {
        "old.ttl",
        "tables",
    }
    if number == signal.SIGINT:
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


MISSING = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "networkx":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Block())
sys.argv[1:] = ["export", *sys.argv[1:]]
from cica_kg.cli import run
run()
"""


def test_a_library_that_is_missing_is_told_and_the_other_forms_go_on(
    python, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    refused(python("-c", MISSING, "--output", "out.graphml"), 2, "pip install 'cica-kg[networks]'")
    assert list(tmp_path.iterdir()) == []
    for name in ("out.ttl", "out.sqlite", "out.zip"):
        assert python("-c", MISSING, "--output", name).returncode == 0
        assert (tmp_path / name).stat().st_size > 1000


def test_a_database_goes_to_a_pipe_but_not_to_a_terminal(cica, kg: KnowledgeGraph, tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    done = cica("export", "--format", "sqlite", stdout=follower)
    os.close(follower)
    os.close(leader)
    refused(done, 2, "no text for a terminal")
    with subprocess.Popen(
        [sys.executable, "-m", "cica_kg", "export", "--format", "sqlite", "--quiet"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
    ) as running:
        data, _ = running.communicate()
    database = sqlite3.connect(":memory:")
    database.deserialize(data)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("form", ["csv", "release"])
def test_no_name_in_the_data_leaves_the_folder(cica, small: Path, tmp_path: Path, form: str) -> None:
    state = "https://w3id.org/cica-kg/id/state/"
    names = ("..%2F..%2Fescaped", "%00", "C:%5Cescaped", "con", "-rf", "~")
    (small / "data" / "odd name; $(touch escaped).ttl").write_text(
        "".join(
            f"<{state}{name}> a <https://w3id.org/cica-kg/def#State> ;"
            f' <http://www.w3.org/2000/01/rdf-schema#label> "../../{name}"@en .\n'
            for name in names
        )
    )
    before = contents(small)
    (tmp_path / "deep").mkdir()
    done = cica("export", "--kg", small, "--format", form, "--output", "deep/out")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]
    assert {path.name for path in tmp_path.iterdir()} == {"small", "deep"}
    assert contents(small) == before
    assert len(contents(tmp_path / "deep" / "out")) > 5
    assert not [path for path in (tmp_path / "deep").rglob("*") if path.is_symlink()]

"""What the tests of `cica export` share: one message where it is refused, and what a folder holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

Done = subprocess.CompletedProcess[str]


def refused(done: Done, code: int, hint: str) -> None:
    """Check that it was one message, on stderr alone."""
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("cica: ")
    assert done.stderr.count("\n") == 1
    assert hint in done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

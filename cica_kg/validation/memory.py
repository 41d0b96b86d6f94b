"""The remembered verdict: only ever “conforms”, named after the hash of everything that decides it.

A plain query comes through here, so this reads a line and imports nothing heavy.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Triple, serialize

from cica_kg.files import GraphFiles, write_file

if TYPE_CHECKING:
    from cica_kg.validation.report import Report

#: So many files stay in the cache, two a verdict.
KEPT = 40
ENGINES = ("pyshacl", "rdflib", "pyoxigraph")
#: What in this package decides a verdict, besides the files of the graph.
DECIDING_MODULES = (
    "dates.py",
    "derive.py",
    "store.py",
    "vocabulary.py",
    "validation/gate.py",
    "validation/judging.py",
    "validation/lexical.py",
    "validation/precheck.py",
    "validation/shacl.py",
    "validation/syntax.py",
    "validation/values.py",
)


def verdict_file(files: GraphFiles) -> Path | None:
    """Return where the verdict on exactly this input is remembered; None where that cannot be known."""
    total = hashlib.sha256(files.digest.encode())
    package = Path(__file__).resolve().parent.parent
    try:
        for module in DECIDING_MODULES:
            total.update((package / module).read_bytes())
    except OSError:
        return None
    for engine in ENGINES:
        total.update(f"{engine} {installed(engine)}".encode())
    folder = cache_folder()
    return folder / f"{total.hexdigest()}.txt" if folder else None


def is_remembered(verdict: Path | None) -> bool:
    """Whether this verdict was given before. The file must say so itself: its name is not enough."""
    if verdict is None:
        return False
    try:
        with verdict.open("rb") as file:
            return file.readline(200) == _first_line(verdict)
    except OSError:
        return False


def remember(verdict: Path | None, report: Report) -> None:
    """Keep the verdict, with its warnings; a cache that cannot be written is no error."""
    if verdict is None or not report.conforms:
        return
    from cica_kg.validation.forms import dump

    content = _first_line(verdict) + dump(report)
    with contextlib.suppress(OSError):
        verdict.parent.mkdir(parents=True, exist_ok=True)
        # Written beside its place and renamed: whoever is killed on the way leaves no verdict.
        write_file(verdict, content)


def recall_triples(verdict: Path) -> bytes | None:
    """Return the triples that passed, with date bounds and labels, as N-Triples; None where damaged."""
    try:
        with _triples_file(verdict).open("rb") as file:
            checksum, triples = file.readline(200), file.read()
    except OSError:
        return None
    return triples if checksum == _checksum(verdict, triples) else None


def remember_triples(verdict: Path | None, triples: Iterable[Triple]) -> None:
    """Keep what passed the gate, with what was derived: the next start need not parse Turtle."""
    if verdict is None or not is_remembered(verdict):
        return
    # Sorted, they are indexed faster.
    content = serialize(sorted(triples, key=str), format=RdfFormat.N_TRIPLES) or b""
    with contextlib.suppress(OSError):
        write_file(_triples_file(verdict), _checksum(verdict, content) + content)
        _forget_the_oldest(verdict.parent)


def _forget_the_oldest(folder: Path) -> None:
    """Leave the newest files: an editor changes the graph often, and each version has a verdict."""
    by_age = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in by_age[KEPT:]:
        file.unlink(missing_ok=True)


def _triples_file(verdict: Path) -> Path:
    return verdict.with_suffix(".nt")


def _checksum(verdict: Path, content: bytes) -> bytes:
    """Bind the content to its verdict: what was derived from another graph is not taken for it."""
    total = hashlib.sha256(verdict.stem.encode())
    total.update(content)
    return total.hexdigest().encode() + b"\n"


def recall(verdict: Path | None) -> Report | None:
    """Return the report that was remembered with the verdict; None where there is none or it is damaged."""
    if verdict is None or not is_remembered(verdict):
        return None
    from cica_kg.validation.forms import undump

    try:
        return undump(verdict.read_bytes().partition(b"\n")[2])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _first_line(verdict: Path) -> bytes:
    return f"cica-kg verdict: {verdict.stem} conforms\n".encode()


def installed(name: str) -> str:
    """Return the name of the installed distribution's metadata folder: its version, without its import.

    importlib.metadata alone would cost more than the rest of a plain query.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return "missing"
    beside = Path(spec.origin).parent.parent
    try:
        names = os.listdir(beside)  # noqa: PTH208  # names are all it takes, and paths cost more
    except OSError:
        return spec.origin
    wanted = f"{name}-"
    return (
        ",".join(sorted(n for n in names if n.startswith(wanted) and n.endswith(".dist-info"))) or spec.origin
    )


def cache_folder() -> Path | None:
    """Return the user's cache folder by the platform's convention, or None where there is none."""
    if own := os.environ.get("CICA_KG_CACHE"):
        return Path(own)
    try:
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return base / "cica-kg" / "verdicts"

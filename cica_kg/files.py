"""Which files make up a knowledge graph, their bytes (read once), and their content hash."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cica_kg.errors import OutsideError, UsageError

#: ontology/alignments.ttl is for other tools; the core never imports it.
_ONTOLOGY = ("cica.ttl", "categories.ttl")
_PACKAGE = Path(__file__).resolve().parent


class GraphFile(NamedTuple):
    """One file of a graph: its name for messages (`data/states.ttl`), its path and its bytes."""

    name: str
    path: Path
    content: bytes

    def __repr__(self) -> str:
        """Say which file; its content would fill a screen."""
        return f"<GraphFile {self.name}, {len(self.content)} bytes>"

    @property
    def turtle(self) -> bytes:
        """The bytes without a byte order mark: some editors write one, and no Turtle parser expects it."""
        return self.content.removeprefix(b"\xef\xbb\xbf")


class GraphFiles(NamedTuple):
    """All files that decide what a graph says and whether it is valid.

    `digest` is the SHA-256 (hex) over kinds, names and bytes of all of them: the same on every machine.
    """

    root: Path
    ontology: tuple[GraphFile, ...]
    shapes: tuple[GraphFile, ...]
    rules: tuple[GraphFile, ...]
    data: tuple[GraphFile, ...]
    digest: str


def default_root() -> Path:
    """Return the folder that holds ontology/, data/ and queries/: inside a wheel, or beside the package."""
    inside = _PACKAGE / "graph_files"
    return inside if inside.is_dir() else _PACKAGE.parent


def read_graph(root: Path | None = None, extra: Iterable[Path] = ()) -> GraphFiles:
    """Read the files of the graph at `root` (default: the one that came with the package).

    Args:
        root: a folder of the same layout. What it lacks under ontology/ (terms, shapes, rules)
            is taken from the package, so that a folder with data/ alone is a graph too.
        extra: Turtle files that are added to the data.

    Raises:
        UsageError: the folder or a file is not there.
        OutsideError: a file cannot be read.
    """
    home = default_root()
    root = (root or home).resolve()
    if not (root / "data").is_dir():
        raise UsageError(
            f"{root} is no graph: it has no folder data/ (the layout is ontology/ data/ queries/)"
        )

    parts = (
        tuple(file for file in _part(root, "ontology", ".ttl") if file.path.name in _ONTOLOGY),
        _part(root, "ontology/shapes", ".ttl"),
        _part(root, "ontology/rules", ".rq"),
        _part(root, "data", ".ttl", deep=True) + tuple(read_file(Path(path), str(path)) for path in extra),
    )
    return GraphFiles(root, *parts, _digest(parts))


def _part(root: Path, folder: str, ending: str, *, deep: bool = False) -> tuple[GraphFile, ...]:
    """Read the files of a folder of the graph, in the order of their names (pathlib's glob takes longer)."""
    base = root if (root / folder).is_dir() else default_root()
    found = []
    for place, folders, names in os.walk(base / folder, onerror=_unreadable):
        inside = place[len(str(base)) + 1 :].replace(os.sep, "/")
        found += [f"{inside}/{name}" for name in names if name.endswith(ending)]
        if not deep:
            folders.clear()
    return tuple(read_file(base / name, name) for name in sorted(found))


def _unreadable(error: OSError) -> None:
    """Tell of a folder that cannot be read: `os.walk` alone would take it for empty."""
    if not isinstance(error, FileNotFoundError):
        raise OutsideError(f"{error.filename} cannot be read: {error.strerror}") from None


def with_parts(
    files: GraphFiles,
    *,
    data: tuple[GraphFile, ...] | None = None,
    shapes: tuple[GraphFile, ...] | None = None,
) -> GraphFiles:
    """Return `files` with other data or other shapes, and the digest of those."""
    parts = (
        files.ontology,
        files.shapes if shapes is None else shapes,
        files.rules,
        files.data if data is None else data,
    )
    return GraphFiles(files.root, *parts, _digest(parts))


def _digest(parts: tuple[tuple[GraphFile, ...], ...]) -> str:
    total = hashlib.sha256()
    for kind, files in zip(("ontology", "shapes", "rules", "data"), parts, strict=True):
        for file in files:
            total.update(f"{kind}\0{file.name}\0{len(file.content)}\0".encode())
            total.update(file.content)
    return total.hexdigest()


def query_folder(root: Path | None = None) -> Path:
    """Return the folder of named questions that belongs to the graph at `root`.

    Raises:
        UsageError: there is no such folder.
    """
    if root is not None and not root.is_dir():
        raise UsageError(f"{root}: there is no such folder")
    own = (root or default_root()) / "queries"
    return own if own.is_dir() else default_root() / "queries"


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it: nobody ever sees half of it. A link is followed.

    Raises:
        OSError: as the system gives it, or because there is something that is no plain file; then nothing is
            left behind.
    """
    import tempfile

    path = Path(os.path.realpath(path))
    if os.path.lexists(path) and not path.is_file():  # such as a link that runs in a circle
        raise OSError(errno.EINVAL, "it is no plain file", str(path))
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def read_file(path: Path, name: str) -> GraphFile:
    """Read one file, whole and as it stood at one moment.

    Args:
        path: where it is.
        name: what messages call it.

    Raises:
        UsageError: it is not there, or is a folder.
        OutsideError: it cannot be read, or somebody writes to it meanwhile.
    """
    try:
        with path.open("rb") as file:
            content = file.read()
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise UsageError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise UsageError(f"{name} is a folder; name the Turtle files in it") from None
    except OSError as error:
        raise OutsideError(f"{name} cannot be read: {error.strerror}") from None
    if stat.S_ISREG(after.st_mode) and after.st_size != len(content):
        raise OutsideError(f"{name} changed while it was being read; try again when it is written")
    return GraphFile(name, path, content)

"""Folders and archives, whole or not at all and in the same bytes each time.

What packs and moves is imported where it is used: most exports are one file, and start in less time without.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from cica_kg.errors import OutsideError, UsageError

#: The earliest moment a zip can hold: archives carry no clock.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def write_folder(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write a folder beside its place and rename it.

    Args:
        folder: where to; with `force` what is there is replaced as a whole.
        files: path inside the folder, with `/` → content.
        force: replace a folder that is there.

    Raises:
        UsageError: something is there and `force` is not given, or what is there is no folder.
        OSError: as the system gives it; then nothing is left behind, and what was there is there again.
    """
    import shutil
    import tempfile

    folder = Path(os.path.realpath(folder))
    if os.path.lexists(folder) and not folder.is_dir():  # such as a link that runs in a circle
        raise UsageError(f"{folder} is no folder; name another")
    if folder.exists() and not force:
        raise UsageError(f"{folder} exists; use --force to replace it")
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        temporary.chmod(0o755)
        for name, content in files.items():
            path = temporary / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            old = temporary.with_name(f"{temporary.name}-old")
            folder.replace(old)
            try:
                temporary.replace(folder)
            except BaseException:
                old.replace(folder)
                raise
            shutil.rmtree(old)
        else:
            temporary.replace(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def refuse_place(folder: Path, mark: str, *, force: bool) -> None:
    """Refuse a place for a folder before any work is done for what is to be written there.

    Args:
        folder: where to.
        mark: the file by which an older one is known: what lacks it is not replaced, for it would be gone.
        force: replace an older one.

    Raises:
        UsageError: what is there may not be replaced.
        OutsideError: its parent is no folder.
    """
    real = Path(os.path.realpath(folder))
    if not real.parent.is_dir():
        raise OutsideError(f"{folder} cannot be written: {real.parent} is no folder")
    if os.path.lexists(real) and not real.is_dir():
        raise UsageError(f"{folder} is no folder; name another")
    if real.exists() and not force:
        raise UsageError(f"{folder} exists; use --force to replace it")
    if real.is_dir() and any(real.iterdir()) and not (real / mark).is_file():
        raise UsageError(f"{folder} holds other files (it has no {mark}): name another folder")


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of `files` (path inside → content), in the order of their names."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(str(_inside(name)), _NO_TIME)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return buffer.getvalue()


def gzip_bytes(content: bytes) -> bytes:
    """Return `content` compressed by gzip, with no name and no time in it."""
    import gzip

    return gzip.compress(content, 9, mtime=0)


def _inside(name: str) -> PurePosixPath:
    """Refuse a name that would leave the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or not path.parts:
        raise UsageError(f"“{name}” is no name of a file inside a folder")
    return path

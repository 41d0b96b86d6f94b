"""Folders and archives are written whole or not at all, and nothing leaves them."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from cica_kg.errors import OutsideError, UsageError
from cica_kg.packing import gzip_bytes, refuse_place, write_folder, zip_files

FILES = {"b.txt": b"two", "a/one.txt": b"one"}
OUTSIDE = ("../x", "/x", "a/../../x", "a\\..\\x", "", "x\0y")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_holds_what_it_was_given_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES)
    assert contents(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", {"old.txt": b"old"})
    with pytest.raises(UsageError, match="--force"):
        write_folder(tmp_path / "out", FILES)
    assert contents(tmp_path / "out") == {"old.txt": b"old"}
    write_folder(tmp_path / "out", FILES, force=True)
    assert contents(tmp_path / "out") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_is_not_replaced_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="no folder"):
        write_folder(tmp_path / "out", FILES, force=True)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_that_cannot_be_replaced_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "out", {"old.txt": b"old"})
    replace, steps = Path.replace, []

    def fail_once(self: Path, target: Path) -> Path:
        steps.append(self.name)
        if len(steps) == 2:
            raise OSError("no space")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_once)
    with pytest.raises(OSError, match="no space"):
        write_folder(tmp_path / "out", FILES, force=True)
    assert contents(tmp_path / "out") == {"old.txt": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_place_is_refused_before_anything_is_made_for_it(tmp_path: Path) -> None:
    for name in ("older", "strange"):
        (tmp_path / name).mkdir()
    (tmp_path / "older" / "MARK").write_text("")
    (tmp_path / "strange" / "thesis.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "circle").symlink_to("circle")
    for name in ("missing/new", "strange/thesis.txt/new"):
        with pytest.raises(OutsideError, match=r"cannot be written: .* is no folder"):
            refuse_place(tmp_path / name, "MARK", force=True)
    for name, why in (
        ("strange/thesis.txt", "no folder; name another"),
        ("circle", "no folder; name another"),
        ("strange", "holds other files"),
    ):
        with pytest.raises(UsageError, match=why):
            refuse_place(tmp_path / name, "MARK", force=True)
    for name in ("older", "empty", "new"):
        refuse_place(tmp_path / name, "MARK", force=True)
    refuse_place(tmp_path / "new", "MARK", force=False)
    with pytest.raises(UsageError, match="--force"):
        refuse_place(tmp_path / "older", "MARK", force=False)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(UsageError, match="no name of a file inside"):
        write_folder(inner / "out", {"first.txt": b"", name: b""})
    assert contents(tmp_path) == {}
    assert list(inner.iterdir()) == []
    with pytest.raises(UsageError, match="no name of a file inside"):
        zip_files({name: b""})


def test_archives_carry_no_clock_and_no_order_of_the_caller() -> None:
    archive = zip_files(FILES)
    assert archive == zip_files(dict(reversed(FILES.items())))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == FILES
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert gzip_bytes(b"text") == gzip_bytes(b"text")
    assert gzip.decompress(gzip_bytes(b"text")) == b"text"
    assert gzip_bytes(b"text")[4:8] == bytes(4)

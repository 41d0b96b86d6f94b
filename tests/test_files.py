from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cica_kg.errors import OutsideError, UsageError
from cica_kg.files import default_root, query_folder, read_graph, with_parts, write_file


def test_the_shipped_graph_is_found_beside_the_package(root: Path) -> None:
    assert default_root() == root
    files = read_graph()
    assert [file.name for file in files.ontology] == ["ontology/categories.ttl", "ontology/cica.ttl"]
    assert {file.name for file in files.rules} >= {"ontology/rules/surely.rq", "ontology/rules/possibly.rq"}
    assert "data/links/wikidata.ttl" in [file.name for file in files.data]


def test_alignments_are_no_part_of_the_graph() -> None:
    assert "ontology/alignments.ttl" not in [file.name for file in read_graph().ontology]


def test_files_come_in_the_same_order_everywhere(small: Path) -> None:
    for name in ("b", "a", "Z", "links/c"):
        path = small / "data" / f"{name}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    names = [file.name for file in read_graph(small).data]
    assert names == sorted(names)
    assert "data/links/c.ttl" in names


def test_a_folder_with_data_alone_takes_the_rest_from_the_package(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "one.ttl").write_text("")
    files = read_graph(tmp_path)
    shipped = read_graph()
    assert (files.ontology, files.shapes, files.rules) == (shipped.ontology, shipped.shapes, shipped.rules)
    assert [file.name for file in files.data] == ["data/one.ttl"]
    assert query_folder(tmp_path) == query_folder()


def test_a_folder_without_data_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it has no folder data/"):
        read_graph(tmp_path)


def test_extra_files_are_added_to_the_data(small: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text("")
    assert read_graph(small, [more]).data[-1].path == more


def test_a_file_that_is_not_there_is_named(small: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.ttl: there is no such file"):
        read_graph(small, [Path("nowhere.ttl")])


def test_a_folder_in_place_of_a_file_is_named(small: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        read_graph(small, [small])


def test_a_file_that_cannot_be_read_is_a_fault_outside(small: Path) -> None:
    with pytest.raises(OutsideError, match=r"/proc/self/mem cannot be read: "):
        read_graph(small, [Path("/proc/self/mem")])


@pytest.mark.parametrize("folder", ["data", "ontology/shapes", "ontology/rules"])
def test_a_folder_that_cannot_be_read_is_not_taken_for_empty(
    small: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path) == small / folder:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(OutsideError, match=f"{folder} cannot be read: Permission denied"):
        read_graph(small)


def test_the_digest_is_that_of_content_and_names_not_of_the_place(small: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    small.rename(elsewhere)
    before = read_graph(elsewhere).digest
    elsewhere.rename(small)
    assert read_graph(small).digest == before
    assert len(before) == 64


@pytest.mark.parametrize(
    "name", ["ontology/cica.ttl", "ontology/shapes/small.ttl", "ontology/rules/surely.rq", "data/records.ttl"]
)
def test_every_byte_that_decides_counts_in_the_digest(small: Path, name: str) -> None:
    before = read_graph(small).digest
    with (small / name).open("ab") as file:
        file.write(b"\n")
    assert read_graph(small).digest != before


def test_a_file_that_moves_between_folders_changes_the_digest(small: Path) -> None:
    before = read_graph(small).digest
    (small / "data" / "records.ttl").rename(small / "data" / "other.ttl")
    assert read_graph(small).digest != before


def test_exchanged_parts_get_a_digest_of_their_own(small: Path) -> None:
    files = read_graph(small)
    changed = with_parts(files, data=())
    assert (changed.shapes, changed.rules, changed.data) == (files.shapes, files.rules, ())
    assert changed.digest != files.digest
    assert with_parts(changed, data=files.data) == files


def test_a_file_is_written_whole_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "out.ttl"
    target.write_bytes(b"old")
    write_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["out.ttl"]  # noqa: PTH208
    assert stat.S_IMODE(target.stat().st_mode) & 0o133 == 0


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.ttl"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.ttl"]  # noqa: PTH208

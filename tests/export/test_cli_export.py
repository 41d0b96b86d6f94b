"""`cica export` as its users meet it: files whole or not at all, and one message where something is wrong."""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from cica_kg import KnowledgeGraph
from cica_kg.export import export
from cica_kg.export.formats import FORMATS
from tests.export.running import contents, refused

SINGLE = [name for name in FORMATS if name not in ("csv", "release")]
# Formats ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_formats_are_listed_one_a_line(cica) -> None:
    done = cica("export", "--list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)
    for line, form in zip(lines, FORMATS.values(), strict=True):
        assert line.endswith(f"  {form.about}")
        assert line.split()[1 : 1 + len(form.extensions)] == list(form.extensions)
        assert len(line) <= 80


@pytest.mark.parametrize("form", SINGLE)
def test_the_ending_of_a_file_or_the_name_chooses_the_format(
    cica, kg: KnowledgeGraph, tmp_path: Path, form: str
) -> None:
    wanted = export(kg, form)
    for ending in FORMATS[form].extensions:
        name = f"out{ending.upper()}"
        done = cica("export", "--output", name)
        assert (done.returncode, done.stdout) == (0, "")
        assert f"wrote {name} ({len(wanted):,} bytes)" in done.stderr
        assert (tmp_path / name).read_bytes() == wanted
    assert cica("export", "--format", form, "--output", "other.txt", "--quiet").stderr == ""
    assert (tmp_path / "other.txt").read_bytes() == wanted


def test_stdout_has_the_same_bytes_as_a_file(cica, kg: KnowledgeGraph, tmp_path: Path) -> None:
    for arguments, form in (
        ([], "turtle"),
        (["--format", "sqlite"], "sqlite"),
        (["--format", "trig"], "trig"),
    ):
        with (tmp_path / "out").open("wb") as file:
            done = cica("export", *arguments, stdout=file)
        assert done.returncode == 0
        assert f"as of {kg.at} · cica-kg {kg.version} · sha256:{kg.digest[:12]}\n" in done.stderr
        assert (tmp_path / "out").read_bytes() == export(kg, form)


@pytest.mark.parametrize("name", ["out.nq.gz", "out.TTL.GZ", "out.sqlite.gz", "out.graphml.gz"])
def test_gz_behind_an_ending_compresses(cica, kg: KnowledgeGraph, tmp_path: Path, name: str) -> None:
    assert cica("export", "--output", name).returncode == 0
    form = {"nq": "nquads", "ttl": "turtle"}.get(name.split(".")[1].lower(), name.split(".")[1])
    assert gzip.decompress((tmp_path / name).read_bytes()) == export(kg, form)


def test_a_folder_and_a_zip_hold_the_same_files(cica, kg: KnowledgeGraph, tmp_path: Path) -> None:
    wanted = export(kg, "csv")
    assert cica("export", "--format", "csv", "--output", "tables").returncode == 0
    assert contents(tmp_path / "tables") == wanted
    assert cica("export", "--output", "tables.zip").returncode == 0
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == wanted


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--format", "turtel"], "did you mean turtle?"),
        (["--format", "excel97"], "there are turtle, ntriples, "),
        (["--format", ""], "there are turtle, ntriples, "),
        *(
            (["--output", name], "its ending names no format")
            for name in ("x", "x.xls", "x.gz", "x.zip.gz", "")
        ),
        *((["--format", name], "is several files: name a folder") for name in ("csv", "release")),
        (["--format", "csv", "--output", "x.csv.gz"], "is several files"),
        (["--thing", "jappan"], "did you mean state:japan"),
        (["--graph", "membrships"], "did you mean data/memberships"),
        (["--format", "csv", "--output", "t", "--thing", "japan"], "csv is of the whole graph"),
        (["--output", "x.graphml", "--with-ontology"], "graphml is of the whole graph"),
        (["--vocabulary", "foaf"], "invalid choice"),
        (["--things", "japan"], "unknown option --things"),
        (["--query", "chairs"], "is no CONSTRUCT"),
        (["--query", "chairs", "--file", "x.rq"], "not both"),
        (["--query", "y.rq", "--file", "x.rq"], "not both"),
        (["--query", "nowhere.rq"], "nowhere.rq: there is no such file"),
        (["--query", "x.rq", "--agent", "QAT"], "only named questions have parameters"),
        (["japan"], "one name too many"),
    ],
)
def test_what_cannot_be_exported_is_told_and_nothing_is_written(
    cica, tmp_path: Path, arguments: list[str], hint: str
) -> None:
    refused(cica("export", *arguments), 2, hint)
    assert list(tmp_path.iterdir()) == []


def test_a_query_and_its_parameters_choose_what_is_written(cica, tmp_path: Path) -> None:
    (tmp_path / "parties.rq").write_text(
        "CONSTRUCT { ?record cica:party ?agent } WHERE {\n"
        "  VALUES ?agent { state:japan } # parameter\n  ?record cica:party ?agent\n}"
    )
    head = "#+ summary: Test\n#+ cica:\n#+   parameters: {agent: {type: thing}}\n"
    (tmp_path / "parties.rq").write_text(head + (tmp_path / "parties.rq").read_text())
    asked = ("--query", "parties", "--queries", tmp_path, "--agent", "QAT", "--format", "ntriples")
    found = cica("export", *asked).stdout
    assert "/id/membership/qatar-cica> <https://w3id.org/cica-kg/def#party>" in found
    assert "state/japan" not in found


def test_a_query_is_named_or_a_file(cica, tmp_path: Path) -> None:
    text = "CONSTRUCT WHERE { ?state cica:isoAlpha3 'JPN' }"
    for name in ("own.rq", "own.sparql"):
        (tmp_path / name).write_text(text)
    done = cica("export", "--query", "own.rq")
    assert (done.returncode, 'cica:isoAlpha3 "JPN"' in done.stdout) == (0, True)
    assert cica("export", "--file", "own.sparql").stdout == done.stdout


def test_a_day_that_changes_nothing_is_told(cica, kg: KnowledgeGraph) -> None:
    note = "note: what was authored is the same for every day"
    for form in ("turtle", "canonical"):
        done = cica("export", "--at", "2008-12-31", "--format", form)
        assert (done.returncode, done.stdout) == (0, export(kg, form).decode())
        assert note in done.stderr
    for arguments in (["--with-views"], ["--format", "graphml"]):
        done = cica("export", "--at", "2008-12-31", *arguments)
        assert note not in done.stderr
        assert "as of 2008-12-31" in done.stderr
        assert done.stdout != cica("export", *arguments).stdout
    assert cica("export", "--at", "2008-12-31", "--quiet").stderr == ""


def test_the_hash_of_the_canonical_form_is_that_of_its_file(cica, tmp_path: Path) -> None:
    for name, arguments in (("a.nq", []), ("a.nq.gz", ["--with-ontology"])):
        done = cica("export", "--format", "canonical", "--output", name, *arguments)
        data = (tmp_path / name).read_bytes()
        plain = gzip.decompress(data) if name.endswith(".gz") else data
        assert f"sha256:{hashlib.sha256(plain).hexdigest()} of the canonical form\n" in done.stderr


# What is there already ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["out.ttl", "out.zip"])
def test_a_file_that_is_there_is_replaced_only_by_force(cica, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    refused(cica("export", "--output", name), 2, "--force")
    assert contents(tmp_path) == {name: b"mine"}
    assert cica("export", "--output", name, "--force").returncode == 0
    assert list(contents(tmp_path)) == [name]
    assert (tmp_path / name).stat().st_size > 1000


def test_a_folder_is_replaced_by_force_only_where_an_export_wrote_it(cica, tmp_path: Path) -> None:
    tables = ("export", "--format", "csv", "--output")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("precious")
    refused(cica(*tables, "mine"), 2, "--force")
    for place in ("mine", ".", "mine/"):
        refused(cica(*tables, place, "--force"), 2, "holds other files")
    assert contents(tmp_path) == {"mine/letter.txt": b"precious"}
    (tmp_path / "tables").mkdir()
    for _ in range(2):
        assert cica(*tables, "tables", "--force").returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "tables"}


@pytest.mark.parametrize(("form", "code"), [("turtle", 3), ("csv", 2)])
def test_what_is_no_plain_file_is_not_replaced(cica, tmp_path: Path, form: str, code: int) -> None:
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    for name in ("circle", "pipe", "/dev/null"):
        refused(cica("export", "--format", form, "--output", name, "--force"), code, name)
    assert (tmp_path / "circle").is_symlink()
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_is_followed(cica, kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "link.nt").symlink_to("real.nt")
    assert cica("export", "--output", "link.nt").returncode == 0
    assert (tmp_path / "link.nt").is_symlink()
    assert (tmp_path / "real.nt").read_bytes() == export(kg, "ntriples")

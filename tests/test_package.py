"""The package as it is built, installed, documented and numbered."""

from __future__ import annotations

import os
import re
import shlex
import site
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import cica_kg
from cica_kg.version import __version__

PUBLIC = [
    "BannedError",
    "CicaError",
    "DataError",
    "EndpointError",
    "EndpointTimeoutError",
    "InvalidGraphError",
    "KnowledgeGraph",
    "LimitError",
    "Limits",
    "NotSparqlError",
    "OutsideError",
    "QueryError",
    "RemoteGraph",
    "Rows",
    "ThrottledError",
    "TruncatedError",
    "TurtleError",
    "UnreachableError",
    "UsageError",
    "__version__",
    "connect",
    "load",
]


def test_the_public_names_are_these_and_no_others() -> None:
    assert cica_kg.__all__ == PUBLIC
    assert all(getattr(cica_kg, name) is not None for name in PUBLIC)
    assert dir(cica_kg) == PUBLIC
    with pytest.raises(AttributeError, match="no attribute “lod”"):
        cica_kg.lod  # noqa: B018


def test_every_error_is_a_cica_error_with_an_exit_code() -> None:
    codes = {name: getattr(cica_kg, name).exit_code for name in PUBLIC if name.endswith("Error")}
    assert all(issubclass(getattr(cica_kg, name), cica_kg.CicaError) for name in codes)
    assert (codes["UsageError"], codes["QueryError"], codes["InvalidGraphError"]) == (2, 1, 1)
    assert {codes[name] for name in ("LimitError", "EndpointError", "OutsideError")} == {3}


def test_every_public_name_is_documented() -> None:
    for name in PUBLIC:
        if name != "__version__":
            assert (getattr(cica_kg, name).__doc__ or "").strip(), name


def test_the_version_stands_in_one_place_and_agrees_everywhere(root: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert cica_kg.__version__ == __version__
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "cica_kg/version.py"
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?(?!Unreleased)([^\]\s]+)", changes, re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^version: ['\"]?{re.escape(__version__)}['\"]?$", citation, re.MULTILINE)
    written = subprocess.run(
        ["grep", "-rlF", f'"{__version__}"', "--include=*.py", str(root / "cica_kg")],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert [Path(name).name for name in written] == ["version.py"]


def test_examples_in_the_package_are_true(python) -> None:
    done = python("-m", "doctest", Path(cica_kg.__file__))
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


# The wheel ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(root)]
    try:
        import hatchling  # noqa: F401

        command.insert(3, "--no-isolation")
    except ImportError:
        pass
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_the_graph(wheel: Path, root: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for folder in ("ontology", "data", "queries"):
            for path in (root / folder).rglob("*.*"):
                inside = f"cica_kg/graph_files/{path.relative_to(root).as_posix()}"
                assert archive.read(inside) == path.read_bytes()
    assert "cica_kg/py.typed" in names
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    top = {name.partition("/")[0] for name in names}
    assert top == {"cica_kg", f"cica_kg-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", "~"))]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; what the package needs comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # A .pth line adds the folder without reading the .pth files in it: the checkout stays out.
    (packages / "needed.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder


def test_the_wheel_works_from_any_folder(
    installed: Path, tmp_path: Path, kg: cica_kg.KnowledgeGraph, root: Path
) -> None:
    python = installed / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    where = run("-c", "import cica_kg; print(cica_kg.__file__)").stdout
    assert where.startswith(str(installed)), where
    valid = run("-m", "cica_kg", "validate")
    assert (valid.returncode, valid.stdout.startswith("valid")) == (0, True), valid.stderr
    # The same files, so the same digest: the verdict of the checkout holds here too.
    assert kg.digest[:12] in valid.stderr
    members = run("-m", "cica_kg", "query", "members", "--at", "2008-12-31")
    assert members.returncode == 0
    assert members.stderr.startswith("20 rows")
    assert run("-m", "cica_kg", "queries").stdout.count("\n") == len(kg.questions())


# What the pages say ──────────────────────────────────────────────────────────────────────────────────────


def commands(page: Path) -> list[str]:
    """Return the lines of the console blocks of a page that call the command, without the dollar sign."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ cica")]


def test_every_command_of_the_readme_works(cica, root: Path) -> None:
    found = commands(root / "README.md")
    assert found
    for line in found:
        done = cica(*shlex.split(line, comments=True)[1:])
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_the_files_a_stranger_looks_for_are_there(root: Path) -> None:
    for name in ("README.md", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-DATA"):
        assert (root / name).stat().st_size > 100, name


def test_every_link_of_the_pages_to_a_file_leads_somewhere(root: Path) -> None:
    for page in (*root.glob("*.md"), *root.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (page.parent / target).exists(), f"{page.name} → {target}"

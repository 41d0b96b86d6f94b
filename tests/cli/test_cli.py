"""The command line as its users meet it: a process of its own, its exit code, stdout and stderr."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from cica_kg import KnowledgeGraph
from cica_kg.cli import VERBS
from cica_kg.version import __version__

SELECT = "SELECT ?s { ?s a cica:State } ORDER BY ?s LIMIT 2"


# First steps ─────────────────────────────────────────────────────────────────────────────────────────────


def test_bare_cica_says_what_there_is_and_what_to_try(cica, kg: KnowledgeGraph) -> None:
    done = cica()
    assert (done.returncode, done.stderr) == (0, "")
    assert "28 members, 15 observers, chair Azerbaijan" in done.stdout
    assert f"kept to {kg.known_until}" in done.stdout
    assert __version__ in done.stdout


def test_what_bare_cica_offers_to_try_works(cica, tmp_path: Path) -> None:
    offered = re.findall(r"^  cica (.*?)(?:   .*)?$", cica().stdout, re.MULTILINE)
    assert len(offered) >= 5
    for line in offered:
        done = cica(*shlex.split(line))
        assert done.returncode == 0, done.stderr
        assert done.stdout or list(tmp_path.iterdir())


def test_the_version_is_said(cica) -> None:
    done = cica("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"cica-kg {__version__}\n", "")


def test_help_names_every_verb(cica) -> None:
    for option in ("--help", "-h"):
        done = cica(option)
        assert (done.returncode, done.stderr) == (0, "")
        for verb, about in VERBS.items():
            assert re.search(rf"^  {verb} +{re.escape(about)}$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(cica, verb: str) -> None:
    done = cica(verb, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: cica {verb}")
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["qery"], "did you mean query"),
        (["validat"], "did you mean validate"),
        (["frobnicate"], "there are validate, query"),
        (["--frobnicate"], "--frobnicate"),
        (["--vers"], "--vers"),
        (["members"], "there is no verb “members”"),
        ([""], "there is no verb “”"),
        (["--version", "query"], None),
        (["query", "--frobnicate"], "--frobnicate"),
        (["query", "members", "extra"], "“extra” is one name too many"),
        (["query", "--at"], "expected one argument"),
        (["queries", "a", "b"], "unrecognized arguments: b"),
    ],
)
def test_a_wrong_call_is_one_line_with_a_hint(cica, arguments: list[str], hint: str | None) -> None:
    done = cica(*arguments)
    if hint is None:
        assert done.returncode == 0
        return
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cica: ")
    assert hint in done.stderr
    assert done.stderr.count("\n") == 1


# validate ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_graph_is_valid(cica, kg: KnowledgeGraph) -> None:
    done = cica("validate")
    assert done.returncode == 0
    assert done.stdout.startswith("valid")
    assert kg.digest[:12] in done.stderr
    assert cica("validate", "--quiet").stderr == ""


def test_an_invalid_graph_is_told_and_exits_with_1(cica, small: Path) -> None:
    records = small / "data" / "records.ttl"
    records.write_text(records.read_text().replace("body:club ;", "state:atlantis ;"))
    done = cica("validate", "--kg", small)
    assert done.returncode == 1
    for part in ("membership:atlantis-club", "Name an organization of the graph.", "data/records.ttl"):
        assert part in done.stdout + done.stderr


def test_a_broken_file_is_told_with_its_line(cica, small: Path) -> None:
    (small / "data" / "broken.ttl").write_text("<a:a> <a:b> <a:c> .\n<a:a> <a:b> .\n")
    for verb in (["validate"], ["query", "--sparql", SELECT], ["export"]):
        done = cica(*verb, "--kg", small)
        assert done.returncode == 1
        assert "broken.ttl" in done.stdout + done.stderr
        assert re.search(r"\b2:13\b", done.stdout + done.stderr)
        assert "<a:a> <a:b> ." in done.stdout + done.stderr


# queries ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_triples_are_counted_as_triples(cica) -> None:
    done = cica("query", "--sparql", "CONSTRUCT { state:japan a ?kind } { state:japan a ?kind }")
    assert done.stderr.startswith("1 triple · as of ")
    assert re.match(r"2\d\d triples · ", cica("query", "relations").stderr)


def test_the_questions_are_listed_with_what_they_ask(cica, kg: KnowledgeGraph) -> None:
    for language in ("en", "ar"):
        done = cica("queries", "--lang", language)
        lines = done.stdout.splitlines()
        assert done.returncode == 0
        assert len(lines) == len(kg.questions())
        for line, question in zip(lines, kg.questions(), strict=True):
            assert line.split()[0] == question.name
            assert question.question(language) in line


def test_one_question_is_shown_with_its_parameters_and_its_sparql(cica) -> None:
    done = cica("queries", "members")
    assert done.returncode == 0
    assert "--organization" in done.stdout
    assert "organization:cica" in done.stdout
    assert "SELECT ?member" in done.stdout
    assert "#+" not in done.stdout


def test_an_unknown_question_is_answered_with_near_ones(cica) -> None:
    for verb in ("queries", "query"):
        done = cica(verb, "membres")
        assert (done.returncode, done.stdout) == (2, "")
        assert "did you mean members" in done.stderr


# query ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_goes_to_stdout_and_the_talk_to_stderr(cica, kg: KnowledgeGraph) -> None:
    done = cica("query", "members", "--at", "2008-12-31")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 22
    assert done.stdout.splitlines()[0].split() == ["member", "certainty", "joined", "earliest", "latest"]
    assert done.stderr == f"20 rows · as of 2008-12-31 · cica-kg {__version__} · sha256:{kg.digest[:12]}\n"


def test_quiet_says_nothing_but_the_answer(cica) -> None:
    loud, quiet = cica("query", "members"), cica("query", "members", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, loud.stdout, "")


def test_a_query_is_a_name_a_text_a_file_or_stdin(cica, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(SELECT)
    answers = [
        cica("query", "--sparql", SELECT),
        cica("query", f"--sparql={SELECT}"),
        cica("query", "--file", file),
        cica("query", "-", input=SELECT),
    ]
    assert {done.returncode for done in answers} == {0}
    assert len({done.stdout for done in answers}) == 1
    assert "2 rows" in answers[0].stderr


@pytest.mark.parametrize(
    "arguments",
    [[], ["members", "--sparql", SELECT], ["-", "--sparql", SELECT], ["--sparql", SELECT, "--file", "x"]],
)
def test_none_or_two_queries_are_refused(cica, arguments: list[str]) -> None:
    done = cica("query", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "give one query" in done.stderr


def test_parameters_follow_the_name_in_either_form(cica) -> None:
    one = cica("query", "history", "--agent", "Qatar", "--format", "csv")
    other = cica("query", "history", "--format", "csv", "--agent=قطر")
    assert (one.returncode, one.stdout) == (0, other.stdout)
    assert "2008-08-25,2014-05-20" in one.stdout


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["history", "--state", "Qatar"], "it has: agent"),
        (["history", "--agent"], "--agent needs a value"),
        (["history", "--agent", "Qatar", "--agent", "Japan"], "given twice"),
        (["history", "--agent", "Qattar"], "state:qatar"),
        (["members", "--at", "2012"], "2012-12-31"),
        (["members", "--at", "2012-02"], "2012-02-29"),
        (["members", "--at", "2012-02-30"], "the calendar has no such day"),
        (["members", "--at", "yesterday"], "today"),
        (["members", "--format", "docx"], "invalid choice: 'docx'"),
        (["members", "--timeout", "soon"], "seconds"),
        (["members", "--timeout", "nan"], "seconds"),
        (["members", "--timeout", "inf"], "seconds"),
        (["members", "--timeout", "-1"], "seconds"),
        (["members", "--timeout", "0"], "seconds"),
        (["--file", "nowhere.rq"], "there is no such file"),
        (["--file", "."], "is a folder"),
        (["members", "--data", "nowhere.ttl"], "there is no such file"),
        (["members", "--data", "."], "is a folder"),
        (["members", "--kg", "nowhere"], "is no graph"),
        (["members", "--kg", "/etc/passwd"], "is no graph"),
        (["members", "--queries", "nowhere"], "nowhere"),
        (["members", "--output", "x.docx"], "--format"),
        (["members", "--format", "turtle"], "no RDF"),
        (["members", "--spreadsheet", "--format", "tsv"], "csv"),
    ],
)
def test_a_wrong_query_call_is_one_line_with_a_hint(cica, arguments: list[str], hint: str) -> None:
    done = cica("query", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cica: ")
    assert hint in done.stderr


def test_the_questions_of_a_folder_that_is_not_there_are_not_those_of_another(cica) -> None:
    for arguments in (["queries", "--kg", "nowhere"], ["queries", "members", "--kg", "nowhere"]):
        done = cica(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "nowhere" in done.stderr


def test_a_fault_of_the_query_exits_with_1(cica) -> None:
    for query, hint in (
        ("SELECT nonsense", "line 1, column"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is not allowed"),
        ("DROP ALL", "the graph is read only"),
        ("SELECT * { ?s ?p stat:x }", "did you mean state:"),
        ("", "not a SPARQL query"),
    ):
        done = cica("query", "--sparql", query)
        assert (done.returncode, done.stdout) == (1, "")
        assert hint in done.stderr


def test_the_world_outside_exits_with_3(cica) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = cica("query", "--timeout", "0.5", "--sparql", endless)
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        done.stderr
        == "cica: the query was stopped after 0.5 seconds; narrow it, or ask for less with LIMIT\n"
    )
    done = cica("query", "--file", "/proc/self/mem")
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be read" in done.stderr


def test_what_is_no_text_is_told(cica, tmp_path: Path) -> None:
    latin = tmp_path / "latin.rq"
    latin.write_bytes(b"# \xe9\n" + SELECT.encode())
    done = cica("query", "--file", latin)
    assert (done.returncode, "is not UTF-8 text" in done.stderr) == (2, True)
    with latin.open("rb") as stream:
        done = cica("query", "-", stdin=stream)
    assert (done.returncode, "stdin is not UTF-8 text" in done.stderr) == (2, True)
    latin.rename(tmp_path / "latin.ttl")
    done = cica("query", "--sparql", SELECT, "--data", "latin.ttl")
    assert done.returncode == 1
    assert "latin.ttl" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [b"\xff"],
        [b"query", b"\xff"],
        [b"query", b"members", b"--organization", b"\xff"],
        [b"query", b"--sparql", b"SELECT * { BIND('\xff' AS ?x) }"],
        [b"query", b"--file", b"\xff"],
        [b"query", b"members", b"--at", b"\xff"],
        [b"query", b"members", b"--lang", b"\xff"],
        [b"queries", b"\xff"],
        [b"export", b"--output", b"\xff"],
    ],
)
def test_arguments_that_are_no_text_are_an_error_or_answered(cica, arguments: list[bytes]) -> None:
    done = cica(*arguments)
    assert done.returncode in ((0,) if b"--lang" in arguments else (1, 2))


def test_a_day_beyond_what_is_known_is_answered_with_a_note(cica, kg: KnowledgeGraph) -> None:
    for day in ("2030-01-01", "today"):
        done = cica("query", "members", "--at", day)
        assert done.returncode == 0
        assert f"note: the graph is kept to {kg.known_until}" in done.stderr
        assert "is only possible" in done.stderr
        assert set(re.findall("surely|possibly", done.stdout)) == {"possibly"}
    assert "note:" not in cica("query", "members", "--at", str(kg.known_until)).stderr
    assert cica("query", "members", "--at", "today", "--quiet").stderr == ""


def test_labels_come_in_the_languages_asked_for(cica) -> None:
    query = "SELECT ?s { VALUES ?s { state:japan } }"
    for language, label in (("ar", "اليابان"), ("ru,en", "Япония"), ("xx,ar", "اليابان"), ("", "Japan")):
        done = cica("query", "--sparql", query, "--lang", language)
        assert label in done.stdout.splitlines()[2]
    assert cica("query", "--sparql", query, "--iris").stdout.splitlines()[2] == "state:japan"


def test_machine_formats_are_whole_and_without_talk(cica, kg: KnowledgeGraph) -> None:
    rows = kg.query("members")
    for form, wanted in (("json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML)):
        done = cica("query", "members", "--format", form)
        found = parse_query_results(done.stdout, format=wanted)
        assert [variable.value for variable in found.variables] == list(rows.columns)
        assert [tuple(solution) for solution in found] == list(rows)
        assert "28 rows" in done.stderr
    done = cica("query", "members", "--format", "csv")
    assert len(list(csv.reader(io.StringIO(done.stdout)))) == 29
    assert len(cica("query", "members", "--format", "tsv").stdout.splitlines()) == 29
    assert json.loads(cica("query", "--format", "json", "--sparql", "ASK { }").stdout)["boolean"] is True


def test_construct_is_turtle(cica) -> None:
    done = cica("query", "--sparql", "CONSTRUCT WHERE { ?s a cica:State }")
    assert done.returncode == 0
    found = list(parse(done.stdout, RdfFormat.TURTLE))
    assert f"{len(found)} triples" in done.stderr


def test_an_answer_goes_to_a_file_in_the_form_of_its_ending(cica, tmp_path: Path) -> None:
    expected = cica("query", "members", "--format", "csv").stdout
    done = cica("query", "members", "--output", "members.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "members.csv").read_bytes().decode() == expected
    again = cica("query", "members", "--output", "members.csv")
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert cica("query", "members", "--output", "members.csv", "--force").returncode == 0


def test_an_answer_without_rows_is_an_answer(cica) -> None:
    done = cica("query", "members", "--at", "1990-01-01")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr.startswith("0 rows")


def test_extra_data_counts(cica, small: Path, tmp_path: Path) -> None:
    extra = tmp_path / "extra.ttl"
    extra.write_text(
        "PREFIX cica: <https://w3id.org/cica-kg/def#> PREFIX state: <https://w3id.org/cica-kg/id/state/>"
        " state:lemuria a cica:State ."
    )
    done = cica("query", "--kg", small, "--data", extra, "--sparql", "ASK { state:lemuria a cica:State }")
    assert (done.returncode, done.stdout) == (0, "yes\n")


def test_the_questions_of_a_graph_are_its_own(cica, small: Path) -> None:
    assert cica("queries", "--kg", small).stdout.split()[0] == "all"
    assert cica("query", "all", "--kg", small).returncode == 0
    assert cica("query", "members", "--kg", small).returncode == 2


# Pipes, terminals and streams ────────────────────────────────────────────────────────────────────────────


def test_a_reader_that_goes_away_is_no_error(kg: KnowledgeGraph) -> None:
    query = "SELECT * { ?s ?p ?o }"
    command = shlex.join([sys.executable, "-m", "cica_kg", "query", "--quiet", "--sparql", query])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["s", "p", "o"]


@pytest.mark.parametrize(
    ("redirection", "arguments", "code"),
    [
        (">&-", "--version", 0),
        (">&-", "query members", 0),
        (">&- 2>&-", "query members", 0),
        ("2>&-", "query members", 0),
        ("2>&-", "query nonsense", 2),
        ("2>/dev/full", "query members", 0),
        ("2>/dev/full", "query nonsense", 2),
        ("<&-", "query members", 0),
        ("<&-", "query -", 2),
        (">/dev/full", "query members", 3),
        (">/dev/full", "queries", 3),
        (">/dev/full", "", 3),
    ],
)
def test_a_closed_or_full_stream_is_no_crash(
    cica, kg: KnowledgeGraph, redirection: str, arguments: str, code: int
) -> None:
    command = f"{shlex.quote(sys.executable)} -m cica_kg {arguments} {redirection}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == code


def test_output_is_utf8_whatever_the_locale(cica) -> None:
    for locale in ("C", "POSIX", "en_US.ISO-8859-1"):
        done = cica("query", "chairs", "--lang", "ar", env={"LC_ALL": locale, "PYTHONUTF8": "0"})
        assert "كازاخستان" in done.stdout


def test_no_colour_and_no_escape_goes_into_a_pipe(cica) -> None:
    for arguments in ([], ["query", "members"], ["queries"], ["validate"], ["--help"]):
        done = cica(*arguments, env={"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"})
        assert "\x1b" not in done.stdout + done.stderr


def test_on_a_terminal_a_table_is_no_wider_than_the_terminal(kg: KnowledgeGraph) -> None:
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    command = [sys.executable, "-m", "cica_kg", "query", "sources", "--quiet"]
    process = subprocess.Popen(command, stdout=secondary)
    os.close(secondary)
    seen = b""
    while True:
        try:
            part = os.read(primary, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(primary)
    assert process.wait(timeout=60) == 0
    lines = seen.decode().replace("\u2068", "").replace("\u2069", "").splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 60


# What starts quickly imports little ──────────────────────────────────────────────────────────────────────

IMPORTED = """
import sys
from cica_kg.cli import main
code = main(sys.argv[1:])
heavy = ("rdflib", "pyshacl", "SPARQLWrapper", "yaml", "importlib.metadata", "urllib.request")
print(code, *(name for name in heavy if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "members", "--quiet"],
        ["query", "members", "--at", "2008-12-31", "--format", "csv", "--quiet"],
        ["query", "--sparql", SELECT, "--format", "json", "--quiet"],
        [],
    ],
)
def test_a_plain_query_imports_nothing_heavy(kg: KnowledgeGraph, python, arguments: list[str]) -> None:
    assert python("-c", IMPORTED, *arguments).stderr == "0\n"

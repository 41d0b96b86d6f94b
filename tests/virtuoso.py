"""A Virtuoso of the test's own, from Debian's package: started on loopback in a folder, ended by pid."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 4000
MaxDirtyBuffers = 2000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 100000
"""


class Virtuoso:
    """A running server; `stop` ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sql, self._http = _free_port(), _free_port()
        ini = folder / "virtuoso.ini"
        ini.write_text(_INI.format(folder=folder, sql=self._sql, http=self._http))
        command = ["virtuoso-t", "+foreground", "+configfile", str(ini)]
        # The first run makes the database, sets the passwords and ends.
        subprocess.run(
            [*command, "+pwdold", "dba", "+pwddba", "dba-pw", "+pwddav", "dav-pw"],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=120,
        )
        self._process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()

    @staticmethod
    def is_installed() -> bool:
        """Tell whether Debian's package is there."""
        return shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None

    def load(self, ntriples: bytes, graph: str) -> None:
        """Load N-Triples into a named graph."""
        file = self.folder / "graph.nt"
        file.write_bytes(ntriples)
        self.sql(f"DB.DBA.TTLP(file_to_string_output('{file}'), '', '{graph}', 512);\ncheckpoint;\n")

    def sql(self, statements: str) -> str:
        """Run statements in its SQL shell and return what it prints."""
        done = subprocess.run(
            ["isql-vt", f"127.0.0.1:{self._sql}", "dba", "dba-pw"],
            input=statements,
            text=True,
            capture_output=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    def endpoint(self, graph: str) -> str:
        """Return the address of its SPARQL endpoint with `graph` as the default graph."""
        return f"http://127.0.0.1:{self._http}/sparql?default-graph-uri={graph}"

    def stop(self) -> None:
        """End the server by its pid."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        for _ in range(240):
            try:
                urlopen(f"http://127.0.0.1:{self._http}/sparql", timeout=5).close()
                return
            except (URLError, OSError):
                time.sleep(0.25)
        self.stop()
        raise RuntimeError((self.folder / "virtuoso.log").read_text()[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

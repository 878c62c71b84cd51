"""Ask a Cellar database from Python: read-only, and always the newest snapshot. Needs the package duckdb (and pandas).

    from cellar import Cellar
    lab = Cellar("cellar.duckdb")
    frame = lab("SELECT * FROM cell_cycles WHERE cell_id = $cell", cell="LRMO-01")
"""

import os

import duckdb


class Cellar:
    """A laboratory's database. Calling it runs a query and returns a pandas DataFrame."""

    def __init__(self, path="cellar.duckdb"):
        self.path = os.fspath(path)
        self._seen = None
        self._connection = None

    def connection(self):
        """The DuckDB connection. It is another one where an ingest has put a new snapshot in place."""
        file = os.stat(self.path)
        seen = (file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns)
        if seen != self._seen:
            # DuckDB keeps a file open, and shares it within the process, until its last connection is closed.
            self.close()
            self._connection = duckdb.connect(self.path, read_only=True)
            self._seen = seen
        return self._connection

    def __call__(self, sql, **parameters):
        return self.connection().execute(sql, parameters or None).df()

    def close(self):
        """Closes the file; the next query opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._seen = None

import { column, type TableDefinition } from './definition.js';

export const meta: TableDefinition = {
  name: 'meta',
  row: 'a fact about the database itself',
  columns: [
    column(
      'key',
      'VARCHAR',
      'schema_version, duckdb_version, derivation_version (what steps and cycles were derived by), …',
    ),
    column('value', 'VARCHAR', 'Its value.'),
  ],
};

export const files: TableDefinition = {
  name: 'files',
  row: 'a source file ever seen',
  columns: [
    column('file_id', 'INTEGER', 'Number of the file in this database.'),
    column('path', 'VARCHAR', 'Path as found, forward slashes.'),
    column('root', 'VARCHAR', 'The folder given to ingest, below which globs are matched.'),
    column('sha256', 'VARCHAR', 'SHA-256 of the decompressed content.'),
    column('size_bytes', 'BIGINT', 'Size on disk.', { unit: 'byte' }),
    column(
      'head_key',
      'VARCHAR',
      'SHA-256 of the first bytes of the content: files that may be the same test, grown, share it.',
    ),
    column('content_bytes', 'BIGINT', 'Size of the decompressed content that was hashed.', { unit: 'byte' }),
    column('modified_at', 'TIMESTAMP', 'Modification time on disk (UTC).'),
    column(
      'is_last_line_open',
      'BOOLEAN',
      'The last line has no line end: it may have been cut, and is read again when the file has grown.',
    ),
    column(
      'modified_ns',
      'BIGINT',
      'The same in nanoseconds, as the file system gives it: tells an unchanged file by a stat.',
      { unit: 'ns' },
    ),
    column('format', 'VARCHAR', 'Identifier of the format it was read as.'),
    column(
      'format_version',
      'VARCHAR',
      'Fingerprint of the declaration it was read with; a changed declaration tries a failed file again.',
    ),
    column('encoding', 'VARCHAR', 'Text encoding it was read as; null where it is not text.'),
    column(
      'unit_of_lines',
      'VARCHAR',
      'What a line number of this file counts: line, row (of a sheet; sheets follow each other) or record.',
    ),
    column('sheets', 'JSON', 'Sheets of a workbook that were read: name, and the number of its first row.'),
    column(
      'read_with',
      'JSON',
      'Settings it was read with and which of them made a difference; where they are declared otherwise it is read again.',
    ),
    column(
      'status',
      'VARCHAR',
      'ingested, appended, duplicate, superseded, conflict, rejected, empty, ignored or forgotten.',
    ),
    column('lines_total', 'BIGINT', 'Physical lines.', {
      formula: 'lines_head + lines_structural + rows_loaded + rows_rejected',
    }),
    column('lines_head', 'BIGINT', 'Preamble and header lines.'),
    column(
      'lines_structural',
      'BIGINT',
      'Units rows, cycle and step rows of layered exports, separators, blank lines, secondary tables.',
    ),
    column(
      'rows_loaded',
      'BIGINT',
      'Lines stored as a measurement or an impedance point; for an appended file all of them, old and new.',
    ),
    column('rows_rejected', 'BIGINT', 'Lines listed in rejects.'),
    column('unmapped_columns', 'JSON', 'Header fields that are not read, as written.'),
    column('ingested_at', 'TIMESTAMP', 'When this row was written (UTC).'),
    column('tool_version', 'VARCHAR', 'Version of Cellar that read it.'),
    column('related_file_id', 'INTEGER', 'The file it duplicates, continues, supersedes or conflicts with.'),
    column('message', 'VARCHAR', 'What happened, in one sentence.'),
    column(
      'vanished_at',
      'TIMESTAMP',
      'When it was first found missing (UTC); null while it is there. Its data are kept.',
    ),
  ],
};

export const testFiles: TableDefinition = {
  name: 'test_files',
  row: 'a part of a test and the file that gave it',
  columns: [
    column('test_id', 'INTEGER', 'The test.'),
    column('file_id', 'INTEGER', 'The file.'),
    column('first_record_index', 'BIGINT', 'record_index of the first record this file gave.'),
    column('first_line', 'BIGINT', 'Physical line of that record, counted from 1.'),
  ],
};

export const rejects: TableDefinition = {
  name: 'rejects',
  row: 'a line that was not loaded (its first bad column)',
  columns: [
    column('file_id', 'INTEGER', 'The file.'),
    column('line_number', 'BIGINT', 'Physical line, counted from 1.'),
    column(
      'column_name',
      'VARCHAR',
      'Header of the first bad column as written; null where the whole line is bad.',
    ),
    column('raw_value', 'VARCHAR', 'The text of that field.'),
    column('raw_line', 'VARCHAR', 'The text of the line.'),
    column('reason', 'VARCHAR', 'Why it was not loaded.'),
  ],
};

export const findings: TableDefinition = {
  name: 'findings',
  row: 'something wrong or doubtful in what was read',
  columns: [
    column('file_id', 'INTEGER', 'The file.'),
    column('test_id', 'INTEGER', 'The test, where one is concerned.'),
    column('code', 'VARCHAR', 'Stable upper-case code.'),
    column('severity', 'VARCHAR', 'info, warning or error.'),
    column('message', 'VARCHAR', 'What was seen, where, and what to do.'),
    column(
      'message_values',
      'JSON',
      'The values in the message as {wording, values}, for reports in other languages; null where reports do not show it.',
    ),
    column('line_number', 'BIGINT', 'Physical line, where one is concerned.'),
    column(
      'repaired',
      'BOOLEAN',
      'Whether the stored data were changed because of it (on request, or because the file itself settles it).',
    ),
    column(
      'repair',
      'JSON',
      'The change of stored values that corrects it: proposed, or done where repaired is true. `ingest --repair CODE` does it.',
    ),
  ],
};

export const tests: TableDefinition = {
  name: 'tests',
  row: 'one run of one channel',
  columns: [
    column('test_id', 'INTEGER', 'Number of the test in this database.'),
    column('file_id', 'INTEGER', 'The first file that gave records of it.'),
    column('part_index', 'INTEGER', 'Position among the tests of one file, from 1.'),
    column('cell_id', 'VARCHAR', 'The cell; null until known.'),
    column(
      'part_name',
      'VARCHAR',
      'Name of its file with numbers filled up by zeros: the order of parts of a life where nothing else tells it.',
    ),
    column(
      'repeated_record_count',
      'BIGINT',
      'Records at its start that repeat the end of another test of the cell: they count in no step and no cycle.',
    ),
    column('repeats_test_id', 'INTEGER', 'The test whose end they repeat.'),
    column(
      'cell_hint',
      'VARCHAR',
      'What the file itself says about the cell (barcode, comment), as written.',
    ),
    column('vendor', 'VARCHAR', 'Vendor of the instrument or format.'),
    column(
      'channel',
      'VARCHAR',
      'Channel as written, in the preamble or in a column that is the same in all records.',
    ),
    column('source_name', 'VARCHAR', "Name of the instrument's own file, where the export states it."),
    column(
      'started_at',
      'TIMESTAMP',
      'Wall clock of the start as written, in time_zone; null if the file does not say.',
    ),
    column(
      'time_zone',
      'VARCHAR',
      'Time zone of the clock: UTC where the file gives Unix time, the offset it writes behind its times (+02:00), or what cellar.toml declares; null if unknown.',
    ),
    column('started_at_utc', 'TIMESTAMP', 'The same in UTC; null while the time zone is unknown.'),
    column(
      'current_direction',
      'VARCHAR',
      'known; unknown: nothing in the file tells, stored as written, and no efficiency or decay is computed from it.',
    ),
    column(
      'counter_scope',
      'VARCHAR',
      'When the capacity counters reset: step, half_cycle, cycle, test, net, increment or none.',
    ),
    column('record_count', 'BIGINT', 'Records stored.'),
    column(
      'temperature_celsius',
      'DOUBLE',
      'Nominal temperature from conditions.csv or the file name; null if unknown.',
      { unit: '°C' },
    ),
    column('pressure_mpa', 'DOUBLE', 'Stack pressure from conditions.csv.', { unit: 'MPa' }),
  ],
};

export const runs: TableDefinition = {
  name: 'runs',
  row: 'one invocation that wrote results',
  columns: [
    column('run_id', 'INTEGER', 'Number of the run in this database.'),
    column('command', 'VARCHAR', 'ingest, analyze, check, report, exclude, derive, forget or rename.'),
    column('started_at', 'TIMESTAMP', 'When it began (UTC).'),
    column('finished_at', 'TIMESTAMP', 'When it ended (UTC); null if it did not.'),
    column('tool_version', 'VARCHAR', 'Version of Cellar.'),
    column('parameters', 'JSON', 'What it was called with.'),
  ],
};

export const exclusions: TableDefinition = {
  name: 'exclusions',
  row: 'a decision to leave a cell out of verdicts, or to take it back',
  columns: [
    column('cell_id', 'VARCHAR', 'The cell.'),
    column('reason', 'VARCHAR', 'Why, in words.'),
    column('decided_at', 'TIMESTAMP', 'When (UTC).'),
    column('undone_at', 'TIMESTAMP', 'When it was taken back (UTC); null if it stands.'),
  ],
};

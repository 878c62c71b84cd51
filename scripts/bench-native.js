// Times of opening, reading and ingesting instruments' own files, beside other readers where a Python has them. Run after a build:
//   npm run bench:native -- [--rows 300000] [--megabytes 20] [--only workbook,ndax,mpr,parquet] [--json]
// CELLAR_TEST_PYTHON names a Python with openpyxl, python-calamine, fastnda, galvani, pyarrow: those that it has are run.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Zip, ZipDeflate } from 'fflate';
import { biologicMpr } from './sample-data/native/mpr.js';
import { newareNdax } from './sample-data/native/neware.js';
import { bdfParquet } from './sample-data/native/parquet.js';
import { randomStream } from './sample-data/simulate/random.js';

const script = fileURLToPath(import.meta.url);
const dist = join(dirname(script), '..', 'dist');

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '300000' },
    megabytes: { type: 'string', default: '20' },
    only: { type: 'string', default: 'workbook,ndax,mpr,parquet' },
    json: { type: 'boolean', default: false },
    /** What a child process is asked to do. */
    task: { type: 'string' },
    file: { type: 'string' },
  },
});

/** Records of a cell that is charged and discharged, with noise in every value. */
function* records(count) {
  const { uniform } = randomStream(7, 'bench-native');
  const perStep = 600;
  for (let index = 0; index < count; index++) {
    const step = Math.floor(index / perStep);
    const inStep = index % perStep;
    const way = step % 2 === 0 ? 1 : -1;
    const ah = (inStep * 10 * 0.5) / 3600;
    const counters = {
      charge_ah: way > 0 ? ah : 0,
      discharge_ah: way < 0 ? ah : 0,
      charge_wh: 0,
      discharge_wh: 0,
    };
    yield {
      record_index: index + 1,
      test_time_second: index * 10,
      step_time_second: inStep * 10,
      cycle: 1 + Math.floor(step / 2),
      step_id: 1 + (step % 2),
      step_count: step + 1,
      step_type: way > 0 ? 'cc_charge' : 'cc_discharge',
      first_of_step: inStep === 0,
      last_of_step: inStep === perStep - 1,
      current_ampere: way * (0.5 + 1e-5 * uniform()),
      voltage_volt: 3.6 + 0.001 * way * inStep + 1e-3 * uniform(),
      temperature_celsius: 25,
      in_step: counters,
      in_cycle: counters,
      in_test: { ...counters, charge_ah: step * 0.8 + ah, discharge_ah: step * 0.8 },
    };
  }
}

const run = { started_at: Date.UTC(2026, 0, 20, 9), channel: 7 };

/** BTSDA's layout: times and dates as text, each text once in the table of shared ones. */
async function writeWorkbook(path, count) {
  const out = createWriteStream(path);
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    out.write(bytes);
  });
  const part = (name) => {
    const entry = new ZipDeflate(name, { level: 3 });
    zip.add(entry);
    return (text, isLast = false) => entry.push(Buffer.from(text), isLast);
  };
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  part('xl/workbook.xml')(
    `<workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="record" sheetId="1" r:id="a"/></sheets></workbook>`,
    true,
  );
  part('xl/_rels/workbook.xml.rels')(
    '<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    true,
  );
  part('[Content_Types].xml')(
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    true,
  );
  part('_rels/.rels')(
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    true,
  );
  const header =
    'DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Energy(Wh),Date,Power(W)'.split(
      ',',
    );
  const strings = [...header, 'CC Chg', 'CC DChg'];
  const sheet = part('xl/worksheets/sheet1.xml');
  const shared = (index) => `t="s"><v>${index}</v></c>`;
  const clock = (second) => {
    const two = (value) => String(value).padStart(2, '0');
    return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  };
  let text = `<worksheet ${main}><sheetData><row r="1">${header.map((_, at) => `<c r="${String.fromCharCode(65 + at)}1" ${shared(at)}`).join('')}</row>`;
  for (const r of records(count)) {
    const row = r.record_index + 1;
    const total = strings.push(clock(r.test_time_second)) - 1;
    const date =
      strings.push(
        new Date(run.started_at + 1000 * r.test_time_second).toISOString().slice(0, 19).replace('T', ' '),
      ) - 1;
    const cells = [
      `><v>${r.record_index}</v></c>`,
      `><v>${r.cycle}</v></c>`,
      `><v>${r.step_id}</v></c>`,
      shared(r.current_ampere > 0 ? 12 : 13),
      shared(total),
      shared(total),
      `><v>${r.current_ampere.toFixed(6)}</v></c>`,
      `><v>${r.voltage_volt.toFixed(4)}</v></c>`,
      `><v>${(r.in_step.charge_ah + r.in_step.discharge_ah).toFixed(9)}</v></c>`,
      `><v>0</v></c>`,
      shared(date),
      `><v>${(r.current_ampere * r.voltage_volt).toFixed(8)}</v></c>`,
    ];
    text += `<row r="${row}">${cells.map((cell, at) => `<c r="${String.fromCharCode(65 + at)}${row}" ${cell}`).join('')}</row>`;
    if (text.length > 1 << 20) {
      sheet(text);
      text = '';
    }
  }
  sheet(`${text}</sheetData></worksheet>`, true);
  const sst = part('xl/sharedStrings.xml');
  sst(`<sst ${main}>`);
  for (let at = 0; at < strings.length; at += 10_000) {
    sst(
      strings
        .slice(at, at + 10_000)
        .map((one) => `<si><t>${one}</t></si>`)
        .join(''),
    );
  }
  sst('</sst>', true);
  zip.end();
  await new Promise((resolve) => out.end(resolve));
}

const builtModule = (...parts) => import(pathToFileURL(join(dist, ...parts)).href);

/** An empty database in memory. */
async function emptyDatabase() {
  const { openInMemory } = await builtModule('store', 'connection.js');
  const { createSchema } = await builtModule('store', 'schema.js');
  const database = await openInMemory();
  await createSchema(database.connection);
  return database;
}

/** What one child process does with a file. */
const tasks = {
  /** Finds out what a file holds and how it is read. */
  async open(file) {
    const { sniffFile } = await builtModule('ingest', 'sniff', 'sniff.js');
    const sniffed = await sniffFile(file);
    if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
  },
  /** Every record into a table in memory: all of ingesting but audits, what is derived, and the database on the disk. */
  async read(file) {
    const { prepareFile } = await builtModule('ingest', 'prepare.js');
    const { discoverFiles } = await builtModule('ingest', 'bytes', 'discover.js');
    const { LedgerIndex } = await builtModule('ingest', 'ledger', 'ledger-index.js');
    const { loadFile } = await builtModule('ingest', 'load', 'load.js');
    const { textPath } = await builtModule('ingest', 'sniff', 'sniff.js');
    const { settingsFile } = await builtModule('ingest', 'lab', 'schemas.js');
    const { formats } = await builtModule('ingest', 'formats', 'index.js');
    const { connection } = await emptyDatabase();
    const context = {
      index: await LedgerIndex.read(connection),
      settingsOf: () => settingsFile.parse({}),
      dateOrder: undefined,
      formats,
      forcedFor: () => undefined,
      declaredFor: () => ({ date_order: null, time_zone: null, format: null, own_formats: null }),
      rereads: new Map(),
      onBytes: () => undefined,
    };
    const prepared = await prepareFile(context, (await discoverFiles([file])).files[0]);
    if (prepared.kind !== 'readable') throw new Error(`it is ${prepared.kind}`);
    const { sniffed, tables } = prepared.reading;
    const scratch = mkdtempSync(join(tmpdir(), 'cellar-bench-'));
    const ready = {
      path: textPath(file, sniffed),
      format: sniffed.recognition.format,
      text: sniffed.text,
      scan: prepared.scan,
      tables,
      columns: sniffed.view?.columns,
    };
    const { rowsLoaded } = await loadFile(ready, { connection, scratch, timeZone: undefined, fileId: 1 });
    rmSync(scratch, { recursive: true, force: true });
    if (rowsLoaded === 0) throw new Error('no record was read');
  },
  async ingest(file) {
    const { ingest } = await builtModule('ingest', 'ingest.js');
    const folder = mkdtempSync(join(tmpdir(), 'cellar-bench-'));
    const { outcomes } = await ingest([file], { database: join(folder, 'x.duckdb'), lab: folder });
    rmSync(folder, { recursive: true, force: true });
    if (outcomes[0]?.row.status !== 'ingested') throw new Error(outcomes[0]?.row.message);
  },
  /** The same table filled by the engine alone. */
  async bare(file) {
    const { pathLiteral, run } = await builtModule('store', 'connection.js');
    const { connection } = await emptyDatabase();
    await run(
      connection,
      `INSERT INTO measurements BY NAME
       SELECT 1 AS test_id, file_row_number + 1 AS record_index, file_row_number + 1 AS line_number,
         1 AS step_count, test_time_second, unix_time_second, cycle_count AS vendor_cycle_count,
         CAST(step_count AS VARCHAR) AS step_id, current_ampere, voltage_volt, charging_capacity_ah,
         discharging_capacity_ah
       FROM read_parquet(${pathLiteral(file)}, file_row_number = true)`,
    );
  },
  /** What starting takes: the program and an empty database. */
  async nothing() {
    await builtModule('ingest', 'ingest.js');
    await emptyDatabase();
  },
};

const python = process.env.CELLAR_TEST_PYTHON;
const others = {
  workbook: {
    openpyxl:
      "import openpyxl\nfor row in openpyxl.load_workbook(file, read_only=True)['record'].iter_rows(values_only=True): pass",
    calamine:
      "import python_calamine\npython_calamine.CalamineWorkbook.from_path(file).get_sheet_by_name('record').to_python()",
  },
  ndax: { fastnda: 'import fastnda\nfastnda.read(file)' },
  mpr: { galvani: 'from galvani import BioLogic\nBioLogic.MPRfile(file)' },
  parquet: { pyarrow: 'import pyarrow.parquet\npyarrow.parquet.read_table(file)' },
};

/** Seconds of processor and wall, and MB at most, of a process that measures itself. */
function measured(command, args, env) {
  const started = performance.now();
  const { stdout, status, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) return { error: stderr.trim().split('\n').at(-1) };
  const [cpu, peak] = stdout.trim().split(' ').map(Number);
  return { cpu, wall: (performance.now() - started) / 1000, peak };
}

const byNode = (task, file) => measured(process.execPath, [script, '--task', task, '--file', file]);
const byPython = (code, file) =>
  measured(python, [
    '-c',
    `import resource, sys\nfile = sys.argv[1]\n${code}\nu = resource.getrusage(resource.RUSAGE_SELF)\nprint(u.ru_utime + u.ru_stime, u.ru_maxrss // 1024)`,
    file,
  ]);

if (options.task !== undefined) {
  await tasks[options.task](options.file);
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${(user + system) / 1e6} ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
  process.exit(0);
}

const rows = Number(options.rows);
/** Bytes of a record of an .ndax with an entry of times for each, as it is packed. */
const packedBytes = 20;
const folder = mkdtempSync(join(tmpdir(), 'cellar-bench-native-'));
const made = {
  workbook: async (path) => writeWorkbook(path, rows),
  ndax: (path) =>
    writeFileSync(
      path,
      newareNdax([...records(Math.round((Number(options.megabytes) * 1e6) / packedBytes))], run),
    ),
  mpr: (path) => writeFileSync(path, biologicMpr([...records(rows)], run)),
  parquet: (path) => writeFileSync(path, bdfParquet([...records(rows)], run)),
};
const results = [];
const base = byNode('nothing', '');
for (const kind of options.only.split(',')) {
  const path = join(folder, `bench.${kind === 'workbook' ? 'xlsx' : kind}`);
  await made[kind](path);
  const size = statSync(path).size / 1e6;
  const note = (reader, result) => results.push({ kind, megabytes: size, reader, ...result });
  note('open', byNode('open', path));
  note('read', byNode('read', path));
  if (kind === 'parquet') note('bare insert', byNode('bare', path));
  note('ingest', byNode('ingest', path));
  for (const [name, code] of python === undefined ? [] : Object.entries(others[kind]))
    note(name, byPython(code, path));
  rmSync(path);
}
rmSync(folder, { recursive: true, force: true });
if (options.json) process.stdout.write(`${JSON.stringify({ rows, base, results }, null, 2)}\n`);
else {
  process.stdout.write(`starting alone: ${base.cpu.toFixed(2)} s of processor, ${base.peak} MB\n`);
  for (const { kind, megabytes, reader, cpu, wall, peak, error } of results) {
    const told = error ?? `${cpu.toFixed(2)} s of processor, ${wall.toFixed(2)} s, ${peak} MB at most`;
    process.stdout.write(`${kind} ${megabytes.toFixed(1)} MB, ${reader}: ${told}\n`);
  }
  process.stdout.write(
    'aims: a workbook of 300,000 × 12 read in 5 s and 200 MB, an .ndax of 20 MB in 2 s, Parquet in 1.5 times its bare insert\n',
  );
}

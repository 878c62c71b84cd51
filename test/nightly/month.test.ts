import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { mulberry32 } from '../../src/analysis/statistics/random.js';
import { ingest } from '../../src/ingest/ingest.js';
import { openReadOnly, openWritable, select } from '../../src/store/connection.js';
import { foreignLog } from '../../src/store/foreign-log.js';
import { databasePaths } from '../../src/store/paths.js';
import { arbinCsv, type CyclingRecord, changed, cyclingRecords } from '../ingest/cycling.js';
import { Laboratory } from '../ingest/laboratory.js';

/**
 * Many nights of a laboratory: tests grow, are renamed, exported again and corrected, metadata and settings change, files
 * of the database are lost or spoilt. What is stored in the end is what one ingest of the last state stores. Thirty
 * nights: `npm run test:month`.
 */
const nights = Number(process.env.CELLAR_MONTH_NIGHTS ?? 7);

/** What a stored row is, told without the numbers that a database gives out. */
const testOf = `(SELECT test_id, concat_ws('/', cell_id, started_at, record_count) AS test FROM tests)`;
const compared: Record<string, string> = {
  // The name that a part came under first is history.
  tests: 'SELECT * EXCLUDE (test_id, file_id, part_name) FROM tests',
  measurements: `SELECT test, m.* EXCLUDE (test_id) FROM measurements m JOIN ${testOf} USING (test_id)`,
  auxiliary_channels: `SELECT test, a.* EXCLUDE (test_id) FROM auxiliary_channels a JOIN ${testOf} USING (test_id)`,
  steps: `SELECT test, s.* EXCLUDE (test_id) FROM steps s JOIN ${testOf} USING (test_id)`,
  cycles: `SELECT test, c.* EXCLUDE (test_id) FROM cycles c JOIN ${testOf} USING (test_id)`,
  cell_cycles: 'SELECT * EXCLUDE (test_id) FROM cell_cycles',
  materials: 'SELECT * FROM materials',
  cells: 'SELECT * FROM cells',
  conditions: 'SELECT * FROM conditions',
};

/** Sums may differ in what their order of addition rounds. */
const rowKey = (row: object) =>
  JSON.stringify(row, (_key, value) =>
    typeof value === 'bigint'
      ? String(value)
      : typeof value === 'number' && !Number.isInteger(value)
        ? Number(value.toPrecision(10))
        : value,
  );

async function contentsOf(path: string): Promise<Record<string, string[]>> {
  const database = await openReadOnly(path);
  try {
    const contents: Record<string, string[]> = {};
    for (const [table, sql] of Object.entries(compared)) {
      contents[table] = (await select<object>(database.connection, sql)).map(rowKey).sort();
    }
    return contents;
  } finally {
    database.close();
  }
}

/** A test in the laboratory: its records so far, and the file they are in. */
interface Running {
  cell: string;
  start: number;
  all: CyclingRecord[];
  shown: number;
  path: string;
}

/** A laboratory in which something happens every night. */
class Month {
  readonly lab = new Laboratory();
  private readonly random = mulberry32(17);
  private readonly running: Running[] = [];
  private count = 0;

  private pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  private save(test: Running): void {
    this.lab.write(
      test.path,
      arbinCsv(test.all.slice(0, test.shown), (time) => time + test.start),
    );
  }

  private begin(folder = ''): void {
    const cell = `K-${++this.count}`;
    const all = cyclingRecords({ cycles: 4, records: 10, current: 1 + 0.1 * this.count });
    const test = { cell, start: this.count * 5_000_000, all, shown: 25, path: `${folder}${cell}_a.csv` };
    this.running.push(test);
    this.save(test);
  }

  private metadata(mass: number): void {
    const cells = this.running.filter(({ path }) => !path.startsWith('second/'));
    this.lab.write(
      'cells.csv',
      `cell_id,cell_type,active_mass_mg\n${cells.map(({ cell }) => `${cell},full,${mass}\n`).join('')}`,
    );
  }

  /** What happens in a night, each in its turn, and growth in every one. */
  night(number: number): void {
    if (number < 3) this.begin();
    for (const test of this.running) {
      if (test.shown >= test.all.length || this.random() < 0.3) continue;
      test.shown = Math.min(test.all.length, test.shown + 9 + Math.floor(20 * this.random()));
      this.save(test);
    }
    const test = this.pick(this.running);
    const happenings = [
      () => this.metadata(5),
      () => {
        const path = test.path.replace(/_(\w+)\.csv$/, `_$1${number}.csv`);
        mkdirSync(dirname(join(this.lab.exports, path)), { recursive: true });
        renameSync(join(this.lab.exports, test.path), join(this.lab.exports, path));
        test.path = path;
      },
      () =>
        copyFileSync(
          join(this.lab.exports, test.path),
          join(this.lab.exports, `copy-${number}-of-${test.cell}.csv`),
        ),
      () => {
        test.all = changed(test.all, (_record, at) => (at === 12 ? { voltage: 3.333 + number / 1000 } : {}));
        // Copies hold what was wrong: they go.
        this.removeCopies(test.cell);
        this.save(test);
      },
      () => this.begin('second/'),
      () => this.lab.write('second/cells.csv', `cell_id,cell_type\n${this.secondCells()}`),
      () => this.metadata(6 + number / 10),
      () =>
        this.lab.write(
          'cellar.toml',
          `[[file_name_patterns]]\npattern = '(?<temperature_celsius>\\d+)_\\w+\\.csv$'\n`,
        ),
    ];
    happenings[number % happenings.length]!();
  }

  private secondCells(): string {
    return this.running
      .filter(({ path }) => path.startsWith('second/'))
      .map(({ cell }) => `${cell},full\n`)
      .join('');
  }

  private removeCopies(cell: string): void {
    for (let number = 0; number < nights; number++) {
      rmSync(join(this.lab.exports, `copy-${number}-of-${cell}.csv`), { force: true });
    }
  }

  /** What becomes of the files of the database by day. */
  async day(number: number): Promise<void> {
    const { writer, folder } = databasePaths(this.lab.database);
    if (number % 5 === 2) rmSync(writer);
    if (number % 5 === 3) await this.leaveForeignLog();
    if (number % 7 === 4) {
      const file = openSync(writer, 'r+');
      writeSync(file, Buffer.alloc(statSync(writer).size - 20_000, 7), 0, undefined, 20_000);
      closeSync(file);
    }
    if (number % 9 === 6) rmSync(folder, { recursive: true });
  }

  private async leaveForeignLog(): Promise<void> {
    const copy = join(this.lab.folder, 'client', 'cellar.duckdb');
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(this.lab.database));
    const client = await openWritable(copy);
    await client.connection.run('DELETE FROM measurements WHERE record_index <= 5');
    copyFileSync(foreignLog(copy), foreignLog(this.lab.database));
    client.close();
    rmSync(dirname(copy), { recursive: true });
  }
}

it('nights of changes end as one ingest of the last state', {
  timeout: 60_000 + nights * 30_000,
}, async () => {
  const month = new Month();
  const { lab } = month;
  try {
    for (let number = 0; number < nights; number++) {
      month.night(number);
      await lab.ingest();
      await month.day(number);
    }
    await lab.ingest();
    const once = join(lab.folder, 'once.duckdb');
    await ingest([lab.exports], { database: once });
    const [wanted, found] = [await contentsOf(once), await contentsOf(lab.database)];
    for (const table of Object.keys(compared)) expect(found[table], table).toEqual(wanted[table]);
    expect(wanted.measurements!.length).toBeGreaterThan(100);
  } finally {
    lab.remove();
  }
});

import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it as itAlone } from 'vitest';
import { cellar } from '../cli/run.js';
import { type SharedLaboratory, type SharedSummary, testsOfOneDatabase } from '../shared-laboratory.js';
import { arbinCsv, changed, cyclingRecords, ownArbinCsv } from './cycling.js';
import { Laboratory, unreconciledSql } from './laboratory.js';

const it = testsOfOneDatabase();

const records = cyclingRecords();
const rewrittenRecords = changed(records, ({ voltage }, index) =>
  index === 40 ? { voltage: voltage + 1 } : {},
);

/** An export that no other test has: all of it, the same with a value changed, its lines, and its first records. */
function exportOf(lab: SharedLaboratory) {
  const whole = ownArbinCsv(lab, records);
  const lines = whole.trimEnd().split('\n');
  return {
    whole,
    rewritten: ownArbinCsv(lab, rewrittenRecords),
    lines,
    upTo: (count: number) => `${lines.slice(0, count + 1).join('\n')}\n`,
  };
}

const statuses = (summary: Pick<SharedSummary, 'outcomes'>) => summary.outcomes.map(({ row }) => row.status);
const codes = (summary: Pick<SharedSummary, 'outcomes'>) =>
  summary.outcomes.flatMap(({ findings }) => findings.map(({ code }) => code));
const stored = async (lab: SharedLaboratory) =>
  (await lab.rows<{ n: number }>('SELECT count(*) AS n FROM measurements'))[0]!.n;

/** What the stored records say, apart from the lines they stand in. */
const contents = (lab: Pick<SharedLaboratory, 'rows'>, where = 'true') =>
  lab.rows(
    `SELECT * EXCLUDE (test_id, line_number) FROM measurements WHERE ${where} ORDER BY test_id, record_index`,
  );

/** The same of an export that was read once. */
const contentsOf: Record<'whole' | 'rewritten', object[]> = { whole: [], rewritten: [] };

beforeAll(async () => {
  const lab = new Laboratory();
  try {
    lab.write('1-whole.csv', arbinCsv(records));
    lab.write(
      '2-rewritten.csv',
      arbinCsv(rewrittenRecords, (time) => time + 86_400),
    );
    await lab.ingest();
    contentsOf.whole = await contents(lab, 'test_id = 1');
    contentsOf.rewritten = await contents(lab, 'test_id = 2');
  } finally {
    lab.remove();
  }
});

describe.concurrent('the same bytes again', () => {
  it.for<[string, string, (text: string) => string | Buffer]>([
    ['under another name', 'b.csv', (text) => text],
    ['gzipped', 'b.csv.gz', gzipSync],
    ['gzipped, without saying so', 'b.csv', gzipSync],
  ])('%s: duplicate', async ([, name, pack], { lab }) => {
    const { whole } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    const summary = await lab.ingest(lab.write(name, pack(whole)));
    expect(statuses(summary)).toEqual(['duplicate']);
    expect(summary.hasTrouble).toBe(false);
    expect(await stored(lab)).toBe(records.length);
  });

  itAlone('under the same path: not even read where its time is the same', async () => {
    const alone = new Laboratory();
    try {
      const path = alone.write('a.csv', arbinCsv(records));
      await alone.ingest(path);
      const summary = await alone.ingest(path);
      expect(summary).toMatchObject({ unchanged: 1, outcomes: [] });
      expect(await alone.rows(unreconciledSql)).toEqual([]);
    } finally {
      alone.remove();
    }
  });
});

describe.concurrent('old content as a prefix, more rows', () => {
  it.for(['a.csv', 'night2.csv'])('under %s: appended', async (second, { lab }) => {
    const { whole, upTo } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', upTo(50)));
    const summary = await lab.ingest(lab.write(second, whole));
    expect(statuses(summary)).toEqual(['appended']);
    expect(summary.hasTrouble).toBe(false);
    expect(await contents(lab)).toEqual(contentsOf.whole);
    expect(await lab.rows('SELECT first_record_index, first_line FROM test_files ORDER BY file_id')).toEqual([
      { first_record_index: 1, first_line: 2 },
      { first_record_index: 51, first_line: 52 },
    ]);
    expect(await lab.rows('SELECT count(*) AS tests, any_value(record_count) AS n FROM tests')).toEqual([
      { tests: 1, n: records.length },
    ]);
    expect((await lab.rows<{ n: number }>('SELECT sum(record_count) AS n FROM steps'))[0]!.n).toBe(
      records.length,
    );
  });

  it('night after night under names of their own', async ({ lab }) => {
    const { upTo } = exportOf(lab);
    for (const [night, count] of [30, 60, 90, records.length].entries()) {
      const summary = await lab.ingest(lab.write(`night${night}.csv`, upTo(count)));
      expect(statuses(summary)).toEqual([night === 0 ? 'ingested' : 'appended']);
      expect(await stored(lab)).toBe(count);
    }
    expect(await contents(lab)).toEqual(contentsOf.whole);
  });

  it('goes on in the second of the two hours that a clock shows in autumn', async ({ lab }) => {
    const clock = (minutes: number) => {
      // 00:00 summer time in Berlin; at 03:00 it is 02:00 again.
      const wall = new Date(Date.UTC(2026, 9, 25, 0, minutes - (minutes >= 180 ? 60 : 0)));
      return wall.toISOString().slice(0, 19).replace('T', ' ');
    };
    const rows = Array.from(
      { length: 60 },
      (_, at) => `${clock(5 * at)},${(3 + at / 100).toFixed(2)},${0.1 + lab.number / 1000}`,
    );
    const until = (count: number) => `DateTime,Voltage / V,Current / A\n${rows.slice(0, count).join('\n')}\n`;
    lab.write('cellar.toml', 'time_zone = "Europe/Berlin"\n');
    lab.write('night.csv', until(40));
    await lab.ingest();
    lab.write('night.csv', until(60));
    const { outcomes } = await lab.ingest();
    expect(outcomes.map(({ row }) => row.status)).toEqual(['appended']);
    const steps = `SELECT DISTINCT unix_time_second - lag(unix_time_second) OVER (ORDER BY record_index) AS unix,
       test_time_second - lag(test_time_second) OVER (ORDER BY record_index) AS test
       FROM measurements QUALIFY unix IS NOT NULL`;
    expect(await lab.rows(steps)).toEqual([{ unix: 300, test: 300 }]);
  });

  it('may settle what the first rows left open, without a contradiction', async ({ lab }) => {
    // Magnitudes with two counters: which one counts tells the direction, once a discharge is there.
    const magnitudes = changed(records, ({ current }) => ({ current: Math.abs(current) }));
    const plain = (count: number) => plainWithCounters(magnitudes.slice(0, count));
    await lab.ingest(lab.write('night1.csv', plain(1)));
    expect(await lab.rows('SELECT current_direction FROM tests')).toEqual([{ current_direction: 'unknown' }]);
    const summary = await lab.ingest(lab.write('night1.csv', plain(records.length)));
    expect(statuses(summary)).toEqual(['appended']);
    expect(await lab.rows('SELECT current_direction FROM tests')).toEqual([{ current_direction: 'known' }]);
    const [extremes] = await lab.rows(
      'SELECT min(current_ampere) AS low, max(current_ampere) AS high FROM measurements',
    );
    expect(extremes).toEqual({ low: -1.5, high: 1.5 });
  });
});

/** Maccor's CSV of magnitudes, with counters of both directions. */
function plainWithCounters(of: ReturnType<typeof changed>): string {
  const body = of.map((r, index) =>
    [index + 1, r.cycle, r.step, r.time, r.current, r.voltage, r.charge, r.discharge].join(','),
  );
  const header =
    'Rec,Cycle C,Step,Test Time (sec),Current (A),Voltage (V),Chg Capacity (Ah),DChg Capacity (Ah)';
  return `Today's Date ,25-Jan-26\nDate of Test:,20-Jan-26 9:15:00 AM\n${[header, ...body].join('\n')}\n`;
}

describe.concurrent('fewer rows than stored, all of them known', () => {
  it.for(['a.csv', 'b.csv'])('under %s: duplicate, with a finding', async (second, { lab }) => {
    const { whole, upTo } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    const summary = await lab.ingest(lab.write(second, upTo(50)));
    expect(statuses(summary)).toEqual(['duplicate']);
    expect(codes(summary)).toEqual(['SHORTER_THAN_STORED']);
    expect(await stored(lab)).toBe(records.length);
  });

  it('as many rows in another encoding: duplicate, and nothing to say about it', async ({ lab }) => {
    const { whole } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    const summary = await lab.ingest(lab.write('b.csv', iconv.encode(whole, 'utf-16le', { addBOM: true })));
    expect(statuses(summary)).toEqual(['duplicate']);
    expect(codes(summary)).toEqual([]);
  });
});

describe.concurrent('different content', () => {
  it('under the same path: the old test is superseded, naming the first line that differs', async ({
    lab,
  }) => {
    const { whole, rewritten } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    const before = await lab.rows('SELECT test_id FROM tests');
    const summary = await lab.ingest(lab.write('a.csv', rewritten));
    expect(statuses(summary)).toEqual(['ingested']);
    expect(summary.outcomes[0]!.findings).toMatchObject([{ code: 'SUPERSEDED', line: 42 }]);
    expect(await contents(lab)).toEqual(contentsOf.rewritten);
    expect(await lab.rows('SELECT test_id FROM tests')).toEqual(before);
    expect(await lab.rows('SELECT status FROM files ORDER BY file_id')).toEqual([
      { status: 'superseded' },
      { status: 'ingested' },
    ]);
  });

  it('under the path it was moved to: the old test is superseded', async ({ lab }) => {
    const { whole, rewritten } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    renameSync(join(lab.exports, 'a.csv'), join(lab.exports, 'moved.csv'));
    await lab.ingest();
    lab.write('moved.csv', rewritten);
    const summary = await lab.ingest();
    expect(summary.outcomes[0]!.findings).toMatchObject([{ code: 'SUPERSEDED', line: 42 }]);
    expect(await contents(lab)).toEqual(contentsOf.rewritten);
  });

  it('under the path of a copy: a conflict', async ({ lab }) => {
    const { whole, rewritten } = exportOf(lab);
    lab.write('a.csv', whole);
    lab.write('copy.csv', whole);
    await lab.ingest();
    const summary = await lab.ingest(lab.write('copy.csv', rewritten));
    expect(statuses(summary)).toEqual(['conflict']);
  });

  it('under another path: a conflict, until --supersede settles it', async ({ lab }) => {
    const { whole, rewritten } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    const path = lab.write('b.csv', rewritten);
    const refused = await lab.ingest(path);
    expect(statuses(refused)).toEqual(['conflict']);
    expect(refused.outcomes[0]!.findings).toMatchObject([{ code: 'CONFLICT', line: 42 }]);
    expect(refused.outcomes[0]!.row.message).toMatch(/a\.csv.*line 42.*--supersede/);
    expect(refused.hasTrouble).toBe(true);
    expect(await contents(lab)).toEqual(contentsOf.whole);
    const settled = await lab.ingest(lab.exports, { supersede: true });
    expect(statuses(settled)).toEqual(['ingested']);
    expect(settled.hasTrouble).toBe(false);
    expect(await contents(lab)).toEqual(contentsOf.rewritten);
    expect(await lab.rows("SELECT path FROM files WHERE status = 'superseded'")).toHaveLength(1);
  });

  it('under a path whose test went on under another: that test stays', async ({ lab }) => {
    const { whole, upTo } = exportOf(lab);
    await lab.ingest(lab.write('channel1.csv', upTo(50)));
    await lab.ingest(lab.write('night2.csv', whole));
    const other = ownArbinCsv(
      lab,
      changed(cyclingRecords({ current: 2 }), ({ time }) => ({ time: time + 7 })),
      (time) => time + 1e6,
    );
    const summary = await lab.ingest(lab.write('channel1.csv', other));
    expect(statuses(summary)).toEqual(['ingested']);
    expect(await stored(lab)).toBe(records.length + cyclingRecords().length);
    expect(await lab.rows('SELECT count(*) AS n FROM tests')).toEqual([{ n: 2 }]);
  });

  it('another start is another test', async ({ lab }) => {
    const { whole } = exportOf(lab);
    await lab.ingest(lab.write('a.csv', whole));
    const summary = await lab.ingest(
      lab.write(
        'b.csv',
        ownArbinCsv(lab, records, (time) => time + 86_400),
      ),
    );
    expect(statuses(summary)).toEqual(['ingested']);
    expect(await stored(lab)).toBe(2 * records.length);
  });
});

describe.concurrent('a last line without its end', () => {
  it('with too few fields: listed, no trouble, and brought by the next export', async ({ lab }) => {
    const { whole, upTo, lines } = exportOf(lab);
    const first = await lab.ingest(lab.write('a.csv', upTo(49) + lines[50]!.slice(0, 40)));
    expect(first.outcomes[0]!.rejects).toMatchObject([{ line_number: 51, reason: 'incomplete last line' }]);
    expect(first.hasTrouble).toBe(false);
    expect(await stored(lab)).toBe(49);
    const second = await lab.ingest(lab.write('a.csv', whole));
    expect(statuses(second)).toEqual(['appended']);
    expect(await contents(lab)).toEqual(contentsOf.whole);
  });

  it('complete: loaded', async ({ lab }) => {
    const { upTo } = exportOf(lab);
    const summary = await lab.ingest(lab.write('a.csv', upTo(50).trimEnd()));
    expect(statuses(summary)).toEqual(['ingested']);
    expect(await stored(lab)).toBe(50);
    expect(summary.hasTrouble).toBe(false);
  });

  it.for(['a.csv', 'night2.csv'])(
    'cut inside its last number, then grown under %s: read again from its beginning',
    async (second, { lab }) => {
      const voltageLast = (text: string) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => line.split(',').slice(0, 7).join(','))
          .join('\n');
      const full = voltageLast(
        ownArbinCsv(
          lab,
          changed(records, () => ({ voltage: 3.71 })),
        ),
      );
      const fullLines = full.split('\n');
      const header =
        'Data Point,Date Time,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah)';
      expect(header).toContain(fullLines[0]!);
      // Without counters the table is no Arbin export any more, but it still is one of time, current and voltage.
      const night1 = fullLines.slice(0, 51).join('\n').slice(0, -2);
      expect(night1.endsWith(',3.')).toBe(true);
      await lab.ingest(lab.write('a.csv', night1));
      expect(await lab.rows('SELECT voltage_volt FROM measurements WHERE record_index = 50')).toEqual([
        { voltage_volt: 3 },
      ]);
      const summary = await lab.ingest(lab.write(second, `${full}\n`));
      expect(statuses(summary)).toEqual(['appended']);
      expect(codes(summary)).not.toContain('SUPERSEDED');
      expect(await lab.rows('SELECT voltage_volt FROM measurements WHERE record_index = 50')).toEqual([
        { voltage_volt: 3.71 },
      ]);
      expect(await stored(lab)).toBe(records.length);
    },
  );

  it('only its line end came: the number is read again, and nothing is doubled', async ({ lab }) => {
    const { upTo } = exportOf(lab);
    const text = upTo(50).trimEnd();
    await lab.ingest(lab.write('a.csv', text.slice(0, -1)));
    const summary = await lab.ingest(lab.write('a.csv', `${text}\n`));
    expect(statuses(summary)).toEqual(['appended']);
    expect(await contents(lab)).toEqual(contentsOf.whole.slice(0, 50));
  });

  it('cut behind an exponent sign: a row still being written, not a bad one', async ({ lab }) => {
    const { upTo, lines } = exportOf(lab);
    const text = `${upTo(50)}51,01/20/2026 10:00:00.000,3000,1,1,1.5,3.5e-`;
    const header = lines[0]!.split(',').slice(0, 7).join(',');
    const body = text
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 7).join(','));
    const summary = await lab.ingest(lab.write('a.csv', [header, ...body].join('\n')));
    expect(summary.outcomes[0]!.rejects).toMatchObject([{ line_number: 52, reason: 'incomplete last line' }]);
    expect(summary.hasTrouble).toBe(false);
    expect(await stored(lab)).toBe(50);
  });
});

/** The same export as of a test that began in another year: another test. */
const inYear = (text: string, year: number) => text.replace(/\/20\d\d /g, `/${year} `);

/** Ingests files in one run; what became of each, in their order. */
async function outcomesOf(lab: SharedLaboratory, texts: readonly string[]) {
  const paths = texts.map((content, at) => lab.write(`${at}.csv`, content));
  const summary = await lab.ingest(paths);
  const outcomes = paths.map((path) => summary.outcomes.find(({ row }) => row.path === path)!);
  return { summary, outcomes };
}

describe.concurrent('lines that cannot be stored', () => {
  it('in the voltage: rejected with line, column and text', async ({ lab }) => {
    const { lines } = exportOf(lab);
    const kinds = ['ERR', '', 'NaN', '-inf', '1e400', '3_1', '+-3.1'];
    const damaged = kinds.map((text, at) =>
      lines.map((line, index) => {
        const fields = inYear(line, 2030 + at).split(',');
        if (index === 30) fields[6] = text;
        return fields.join(',');
      }),
    );
    const { summary, outcomes } = await outcomesOf(
      lab,
      damaged.map((of) => `${of.join('\n')}\n`),
    );
    for (const [at, text] of kinds.entries()) {
      expect(outcomes[at]!.rejects, text).toEqual([
        {
          line_number: 31,
          column_name: 'Voltage (V)',
          raw_value: text,
          raw_line: damaged[at]![30],
          reason: expect.stringMatching(text === '' ? /voltage.*empty/ : /voltage.*not a number/),
        },
      ]);
    }
    expect(summary.hasTrouble).toBe(true);
    const counted = `SELECT count(*) AS n, min(record_index) AS low, max(record_index) AS high
      FROM measurements GROUP BY test_id`;
    expect(await lab.rows(counted)).toEqual(
      kinds.map(() => ({ n: records.length - 1, low: 1, high: records.length - 1 })),
    );
  });

  it('in a column that may be missing: NULL, the row stays', async ({ lab }) => {
    const kinds = ['ERR', 'inf', '1e999', '-nan'];
    const { outcomes } = await outcomesOf(
      lab,
      kinds.map((text, at) =>
        inYear(
          ownArbinCsv(
            lab,
            changed(records, (_record, index) => (index === 30 ? { temperature: text } : {})),
          ),
          2030 + at,
        ),
      ),
    );
    for (const [at, { rejects, findings }] of outcomes.entries()) {
      expect(rejects, kinds[at]).toEqual([]);
      expect(findings, kinds[at]).toMatchObject([
        { code: 'VALUES_NOT_STORED', message: expect.stringMatching(/1 .*Aux_Temperature_1/) },
      ]);
    }
    const missing = 'SELECT record_index FROM measurements WHERE ambient_temperature_celsius IS NULL';
    expect(await lab.rows(missing)).toEqual(kinds.map(() => ({ record_index: 31 })));
  });
});

describe.concurrent('what holds no data', () => {
  const someLines = arbinCsv(records).trimEnd().split('\n');
  it.for<[string, string | Buffer, string, RegExp]>([
    ['a header alone', `${someLines[0]}\n`, 'empty', /no data rows/],
    ['zero bytes', '', 'rejected', /empty/],
    ['a log', 'Started the chiller.\nFilled it up.\n', 'ignored', /no format/],
    [
      'binary',
      Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 89) % 256)),
      'rejected',
      /binary/,
    ],
    [
      'a known export without its voltage',
      `${someLines.map((line) => line.split(',').toSpliced(6, 1).join(',')).join('\n')}\n`,
      'rejected',
      /missing voltage column; columns found: .*Current \(A\)/,
    ],
    ['an unknown table of numbers', `a;b;c\n${'1;2;3\n'.repeat(20)}`, 'rejected', /no known format/],
    [
      'gzip content cut short',
      gzipSync(arbinCsv(records)).subarray(0, 900),
      'rejected',
      /gzip content is cut or damaged/,
    ],
    ['only bad rows', `${someLines[0]}\n${'x,y,z\n'.repeat(3)}`, 'rejected', /none of 3 lines.*line 2/],
  ])('%s', async ([, content, status, message], { lab }) => {
    const summary = await lab.ingest(lab.write('a.csv', content));
    expect(statuses(summary)).toEqual([status]);
    expect(summary.outcomes[0]!.row.message).toMatch(message);
    expect(summary.hasTrouble).toBe(status === 'rejected');
    expect(await stored(lab)).toBe(0);
  });

  it('never stops the others', async ({ lab }) => {
    const { whole } = exportOf(lab);
    lab.write('a.csv', '');
    lab.write('b.csv', whole);
    lab.write('c.csv', Buffer.alloc(500, 1));
    const summary = await lab.ingest();
    expect(statuses(summary)).toEqual(['rejected', 'ingested', 'rejected']);
    expect(await stored(lab)).toBe(records.length);
  });
});

describe.concurrent('encodings and dialects', () => {
  const withSemicolons = (whole: string) =>
    `${whole
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll(',', ';').replaceAll('.', ','))
      .join('\r\n')}\r\n`;
  it.for<[string, (whole: string) => string | Buffer]>([
    ['byte order mark', (whole) => `\uFEFF${whole}`],
    ['UTF-16 LE', (whole) => iconv.encode(whole, 'utf-16le', { addBOM: true })],
    ['UTF-16 BE', (whole) => iconv.encode(whole, 'utf-16be', { addBOM: true })],
    ['CRLF', (whole) => whole.replaceAll('\n', '\r\n')],
    ['CR CR LF', (whole) => whole.replaceAll('\n', '\r\r\n')],
    [
      'mixed line ends',
      (whole) => whole.replace(/\n/g, (_end, offset) => (offset % 2 === 0 ? '\n' : '\r\n')),
    ],
    ['CR alone', (whole) => whole.replaceAll('\n', '\r')],
    ['tabs', (whole) => whole.replaceAll(',', '\t')],
    ['semicolons and decimal commas', withSemicolons],
    ['quoted fields', (whole) => whole.replace(/[^,\n]+/g, '"$&"')],
    ['gzip', gzipSync],
    ['blank lines and trailing delimiters', (whole) => `${whole.replaceAll('\n', ',\n')}\n,,,\n`],
  ])('%s: the same records', async ([, write], { lab }) => {
    const summary = await lab.ingest(lab.write('a.csv', write(exportOf(lab).whole)));
    expect(statuses(summary)).toEqual(['ingested']);
    expect(summary.outcomes[0]!.rejects).toEqual([]);
    expect(await contents(lab)).toEqual(contentsOf.whole);
  });
});

describe.concurrent('names that DuckDB takes for patterns', () => {
  const names = [
    ['a[1].csv', 'a1.csv'],
    ['a*.csv', 'ab.csv'],
    ['a?.csv', 'ab.csv'],
    ["it's {a,b}.csv", 'a.csv'],
  ] as const;
  const isAllowed = ([name]: readonly [string, string]) => process.platform !== 'win32' || !/[*?]/.test(name);
  it.for(names.filter(isAllowed))('%s is that file, not %s', async ([pattern, other], { lab }) => {
    const readings = (volt: number) =>
      `time_s,voltage_V,current_A\n${Array.from({ length: 20 }, (_, i) => `${i},${volt},${0.5 + lab.number / 1000}\n`).join('')}`;
    lab.write(other, readings(3.1));
    lab.write(pattern, readings(3.2));
    // A quote in a value takes the careful reading.
    lab.write(`careful ${pattern}`, readings(3.3).replace('0,3.3,', '0,"3.3",'));
    await lab.ingest();
    const found = await lab.rows<{ name: string; volt: number }>(
      `SELECT parse_filename(path) AS name, any_value(voltage_volt) AS volt FROM files JOIN test_files USING (file_id)
         JOIN measurements USING (test_id) GROUP BY ALL ORDER BY volt`,
    );
    expect(found).toEqual([
      { name: other, volt: 3.1 },
      { name: pattern, volt: 3.2 },
      { name: `careful ${pattern}`, volt: 3.3 },
    ]);
  });
});

describe.concurrent('the time zone of a clock', () => {
  const dated = ({ number }: SharedLaboratory, zone: string) =>
    ['time_s,date,voltage_V,current_A']
      .concat(
        Array.from(
          { length: 20 },
          (_, i) =>
            `${i},2026-03-0${1 + (i > 9 ? 1 : 0)} 10:00:${10 + i}${zone},3.${i},${0.5 + number / 1000}`,
        ),
      )
      .join('\n')
      .concat('\n');

  it.for<[string, string, string | null, number | null]>([
    ['is the offset the file writes', '+02:00', '+02:00', 1772352010],
    ['is UTC where the file says so', 'Z', 'UTC', 1772359210],
    ['is unknown where neither file nor laboratory says it', '', null, null],
  ])('%s', async ([, written, zone, unix], { lab }) => {
    await lab.ingest(lab.write('a.csv', dated(lab, written)));
    const found = await lab.rows(
      'SELECT time_zone, epoch(started_at) AS started, unix_time_second FROM tests JOIN measurements USING (test_id) WHERE record_index = 1',
    );
    expect(found).toEqual([{ time_zone: zone, started: 1772359210, unix_time_second: unix }]);
  });
});

describe('exit codes', () => {
  const lab = new Laboratory();
  afterAll(() => lab.remove());
  const whole = arbinCsv(records);
  const run = (...args: string[]) => cellar(['ingest', '--db', lab.database, ...args]);

  itAlone(
    '0 for what is stored, known, empty or ignored; 4 for what is newly rejected or contradicts',
    async () => {
      const good = lab.write('a.csv', whole);
      expect(run(good).status).toBe(0);
      expect(run(good).status).toBe(0);
      const again = lab.write('again.csv', whole);
      const header = lab.write('header.csv', `${whole.split('\n')[0]}\n`);
      const log = lab.write('log.txt', 'Nothing happened.\n');
      // One of them that asks for anything else gives the run another code.
      expect(run(again, header, log).status).toBe(0);
      expect(await lab.rows("SELECT status FROM files WHERE status <> 'ingested' ORDER BY 1")).toEqual([
        { status: 'duplicate' },
        { status: 'empty' },
        { status: 'ignored' },
      ]);
      const zero = lab.write('zero.csv', '');
      const refused = run(zero);
      expect(refused.status).toBe(4);
      expect(refused.stderr).toMatch(/zero\.csv.*empty/);
      expect(run(zero).status).toBe(0);
      const contradicting = run(lab.write('b.csv', arbinCsv(rewrittenRecords)));
      expect(contradicting.status).toBe(4);
      expect(contradicting.stderr).toMatch(/b\.csv.*line 42/);
      expect(run(join(lab.exports, 'no-such-file.csv')).status).toBe(2);
      expect(readFileSync(good, 'utf8')).toBe(whole);
    },
  );
});

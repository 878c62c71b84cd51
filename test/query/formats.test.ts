import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Database, openInMemory, select } from '../../src/store/connection.js';
import { cellar, cellarBytes, makeDatabase, temporaryFolder } from '../cli/run.js';

const folder = temporaryFolder();
const db = join(folder, 'lab.duckdb');

/** One of each kind of value that has got lost on some way out of some database. */
const sample = `
  SELECT * FROM (VALUES
    (1, 9007199254740993::BIGINT, 0.1::DOUBLE, 0.1::FLOAT, 1.10::DECIMAL(6, 2), true,
     'plain', TIMESTAMP '2026-03-29 02:30:00', TIMESTAMPTZ '2026-03-29 02:30:00.25+02', DATE '2026-02-28',
     [1, NULL, 3], {'a': 1, 'b': 'x"y'}, MAP {'k': 1.5::DOUBLE}, '{"code": "X", "n": [1, 2]}'::JSON),
    (2, '-9223372036854775808'::BIGINT, 'nan'::DOUBLE, '-inf'::FLOAT, -0.01::DECIMAL(6, 2), false,
     'a,"b"' || chr(10) || 'ü恒', TIMESTAMP '1969-12-31 23:59:59.999999', NULL, NULL,
     [], {'a': NULL, 'b': ''}, MAP {}, NULL),
    (3, NULL, 1e-300::DOUBLE, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 0, -0.0::DOUBLE, 3.4e38::FLOAT, 0::DECIMAL(6, 2), true, NULL, 'infinity'::TIMESTAMP, NULL, NULL, NULL, NULL, NULL, '[]'::JSON)
  ) AS t(id, big, real64, real32, money, flag, words, clock, zoned, day, list, struct, map, warnings) ORDER BY id`;

/** Number of rows that only one of two queries returns. */
async function differences(database: Database, one: string, other: string): Promise<number> {
  const [row] = await select<{ n: number }>(
    database.connection,
    `WITH a AS (${one}), b AS (${other})
     SELECT count(*) AS n FROM ((FROM a EXCEPT ALL FROM b) UNION ALL (FROM b EXCEPT ALL FROM a))`,
  );
  return row!.n;
}

const query = (format: string, sql = sample) => cellar(['query', '--db', db, '--format', format, sql]);

beforeAll(async () => {
  await makeDatabase(db);
});

describe('csv', () => {
  it('spells every type, and keeps NULL and the empty text apart', () => {
    const { status, stdout } = query('csv');
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'id,big,real64,real32,money,flag,words,clock,zoned,day,list,struct,map,warnings',
      `1,9007199254740993,0.1,0.1,1.10,true,plain,2026-03-29T02:30:00,2026-03-29T00:30:00.25Z,2026-02-28,"[1,null,3]","{""a"":1,""b"":""x\\""y""}","{""k"":1.5}","{""code"": ""X"", ""n"": [1, 2]}"`,
      '2,-9223372036854775808,NaN,-Infinity,-0.01,false,"a,""b""',
      'ü恒",1969-12-31T23:59:59.999999,,,[],"{""a"":null,""b"":""""}",{},',
      '3,,1e-300,,,,"",,,,,,,',
      '4,0,-0,3.4e+38,0.00,true,,infinity,,,,,,[]',
      '',
    ]);
  });

  it('is read back by DuckDB with the same values', async () => {
    const file = join(folder, 'back.csv');
    const sql = `SELECT id, big, real64, words FROM (${sample})`;
    expect(cellar(['query', '--db', db, '-o', file, sql]).status).toBe(0);
    const memory = await openInMemory();
    try {
      const types = `{'id': 'INTEGER', 'big': 'BIGINT', 'real64': 'DOUBLE', 'words': 'VARCHAR'}`;
      const back = `FROM read_csv('${file}', columns = ${types}, header = true, allow_quoted_nulls = false)`;
      expect(await differences(memory, back, sql)).toBe(0);
    } finally {
      memory.close();
    }
  });

  it('gives the same values through a file as through a pipe', () => {
    const sql = `SELECT * EXCLUDE (zoned, list, struct, map) FROM (${sample}) ORDER BY id`;
    const file = join(folder, 'same.csv');
    expect(cellar(['query', '--db', db, '-o', file, sql]).status).toBe(0);
    // 22.0 and 22, 1e-05 and 0.00001 are the same number in two spellings.
    const numbers = (text: string) =>
      text
        .split('\n')
        .map((line) =>
          line.split(',').map((field) => (/^-?[\d.]{1,15}(e[+-]?\d+)?$/.test(field) ? Number(field) : field)),
        );
    expect(numbers(readFileSync(file, 'utf8'))).toEqual(numbers(query('csv', sql).stdout));
  });

  it('takes decimal commas on both ways', () => {
    const sql = "SELECT 1.5::DOUBLE AS a, 2 AS b, 'x;y' AS c, 'nan'::DOUBLE AS d, 1.25::DECIMAL(4, 2) AS e";
    const expected = 'a;b;c;d;e\n1,5;2;"x;y";NaN;1,25\n';
    expect(cellar(['query', '--db', db, '--decimal-comma', sql]).stdout).toBe(expected);
    const file = join(folder, 'comma.csv');
    cellar(['query', '--db', db, '--decimal-comma', '-o', file, sql]);
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it('has nothing that a spreadsheet runs, through a file as through a pipe', () => {
    const words = ['=1+1|cmd', '@x', '+49 30', '-Im(Z)', '\t=1', '-1.5e3', '-', '+2,5', 'a=b', '-5'];
    const sql = `SELECT unnest([${words.map((word) => `'${word}'`).join(', ')}]) AS "=x"`;
    const fields = [
      "'=1+1|cmd",
      "'@x",
      "'+49 30",
      "'-Im(Z)",
      `"'\t=1"`,
      '-1.5e3',
      '-',
      '"+2,5"',
      'a=b',
      '-5',
    ];
    const expected = `${["'=x", ...fields].join('\n')}\n`;
    const file = join(folder, 'spreadsheet.csv');
    cellar(['query', '--db', db, '-o', file, sql]);
    const unquoted = (text: string) => text.replaceAll('"', '');
    expect(unquoted(query('csv', sql).stdout)).toBe(unquoted(expected));
    expect(unquoted(readFileSync(file, 'utf8'))).toBe(unquoted(expected));
    expect(JSON.parse(query('json', sql).stdout)).toEqual(words.map((word) => ({ '=x': word })));
  });

  it('separates by tabs where the file is .tsv', () => {
    const file = join(folder, 'tabs.tsv');
    cellar(['query', '--db', db, '-o', file, "SELECT 1 AS a, 'x,y' AS b"]);
    expect(readFileSync(file, 'utf8')).toBe('a\tb\n1\tx,y\n');
  });

  it('has a header when there are no rows', () => {
    expect(query('csv', 'SELECT cell_id FROM cells').stdout).toBe('cell_id\n');
  });
});

const expectedJson = [
  {
    id: 1,
    big: '9007199254740993',
    real64: 0.1,
    real32: 0.1,
    money: 1.1,
    flag: true,
    words: 'plain',
    clock: '2026-03-29T02:30:00',
    zoned: '2026-03-29T00:30:00.25Z',
    day: '2026-02-28',
    list: [1, null, 3],
    struct: { a: 1, b: 'x"y' },
    map: { k: 1.5 },
    warnings: { code: 'X', n: [1, 2] },
  },
  {
    id: 2,
    big: '-9223372036854775808',
    real64: null,
    real32: null,
    money: -0.01,
    flag: false,
    words: 'a,"b"\nü恒',
    clock: '1969-12-31T23:59:59.999999',
    zoned: null,
    day: null,
    list: [],
    struct: { a: null, b: '' },
    map: {},
    warnings: null,
  },
];

describe('json', () => {
  it('is an array of objects', () => {
    const rows = JSON.parse(query('json').stdout) as object[];
    expect(rows.slice(0, 2)).toEqual(expectedJson);
    expect(rows).toHaveLength(4);
  });

  it('is an empty array when there are no rows', () => {
    expect(query('json', 'SELECT * FROM cells').stdout).toBe('[]\n');
  });

  it('keeps numbers up to 2^53 as numbers, sums too', () => {
    const sql =
      'SELECT 9007199254740991::BIGINT AS a, sum(range) AS b, 9007199254740992::BIGINT AS c FROM range(10)';
    expect(query('json', sql).stdout).toBe('[\n{"a":9007199254740991,"b":45,"c":"9007199254740992"}\n]\n');
  });

  it('gives columns of one name distinct keys', () => {
    expect(JSON.parse(query('json', 'SELECT 1 AS a, 2 AS a').stdout)).toEqual([{ a: 1, a_1: 2 }]);
  });
});

describe('ndjson', () => {
  it('is one object per line', () => {
    const lines = query('ndjson').stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.slice(0, 2).map((line) => JSON.parse(line))).toEqual(expectedJson);
  });
});

/** The values of an Arrow table in plain JavaScript. */
function plain(bytes: Uint8Array) {
  const table = tableFromIPC(bytes);
  const column = (name: string) => [...table.getChild(name)!];
  return { table, column };
}

describe('arrow', () => {
  const files: [string, () => Uint8Array][] = [
    [
      'a stream on standard output',
      () => cellarBytes(['query', '--db', db, '--format', 'arrow', sample]).stdout,
    ],
    [
      'a file by -o',
      () => {
        const file = join(folder, 'sample.arrow');
        cellar(['query', '--db', db, '-o', file, sample]);
        return readFileSync(file);
      },
    ],
  ];

  it.each(files)('comes back with its types and values: %s', (_, bytes) => {
    const { table, column } = plain(bytes());
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id Int32',
      'big Int64',
      'real64 Float64',
      'real32 Float32',
      'money Decimal[6e+2]',
      'flag Bool',
      'words Utf8',
      'clock Timestamp<MICROSECOND>',
      'zoned Timestamp<MICROSECOND, UTC>',
      'day Date32<DAY>',
      'list List<Int32>',
      'struct Struct<{a:Int32, b:Utf8}>',
      'map Map<{key:Utf8, value:Float64}>',
      'warnings Utf8',
    ]);
    expect(column('big')).toEqual([9007199254740993n, -9223372036854775808n, null, 0n]);
    expect(column('real64')).toEqual([0.1, Number.NaN, 1e-300, -0]);
    expect(column('real32')).toEqual([Math.fround(0.1), Number.NEGATIVE_INFINITY, null, Math.fround(3.4e38)]);
    expect(column('flag')).toEqual([true, false, null, true]);
    expect(column('words')).toEqual(['plain', 'a,"b"\nü恒', '', null]);
    expect(table.getChild('clock')!.get(0)).toBe(Date.UTC(2026, 2, 29, 2, 30));
    expect(column('zoned').slice(0, 2)).toEqual([Date.UTC(2026, 2, 29, 0, 30, 0, 250), null]);
    expect(column('money').map((value) => (value === null ? null : BigInt(String(value))))).toEqual([
      110n,
      -1n,
      null,
      0n,
    ]);
    expect(column('list').map((value) => value && [...value])).toEqual([[1, null, 3], [], null, null]);
    expect(column('struct').map((value) => value?.toJSON() ?? null)).toEqual([
      { a: 1, b: 'x"y' },
      { a: null, b: '' },
      null,
      null,
    ]);
    expect(column('map').map((value) => value?.toJSON() ?? null)).toEqual([{ k: 1.5 }, {}, null, null]);
  });

  it('keeps rows in order over many batches, NULLs among them', () => {
    const sql =
      'SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE i / 2 END AS half, i::VARCHAR AS text FROM range(200001) t(i)';
    const { table, column } = plain(cellarBytes(['query', '--db', db, '--format', 'arrow', sql]).stdout);
    expect(table.numRows).toBe(200_001);
    expect(table.getChild('half')!.nullCount).toBe(66_667);
    const wrong = column('i').findIndex((value, row) => value !== BigInt(row));
    expect(wrong).toBe(-1);
    expect(column('half').findIndex((value, row) => value !== (row % 3 === 0 ? null : row / 2))).toBe(-1);
    expect(column('text').findIndex((value, row) => value !== String(row))).toBe(-1);
  });

  it('has its schema when there are no rows', () => {
    const { table } = plain(
      cellarBytes(['query', '--db', db, '--format', 'arrow', 'SELECT cell_id FROM cells']).stdout,
    );
    expect([table.numRows, table.schema.fields[0]?.name]).toEqual([0, 'cell_id']);
  });
});

describe('parquet', () => {
  async function withMemory<T>(work: (memory: Database) => Promise<T>): Promise<T> {
    const memory = await openInMemory();
    try {
      return await work(memory);
    } finally {
      memory.close();
    }
  }

  const readBack = (file: string, sql: string) =>
    withMemory((memory) => select(memory.connection, sql.replaceAll('FILE', `'${file}'`)));

  it('comes back with the same values and types', async () => {
    const file = join(folder, 'sample.parquet');
    expect(cellar(['query', '--db', db, '-o', file, `${sample} -- a comment at the end`]).status).toBe(0);
    expect(await withMemory((memory) => differences(memory, `FROM '${file}'`, sample))).toBe(0);
    const types = (await readBack(file, 'DESCRIBE FROM FILE')) as { column_type: string }[];
    expect(types.map(({ column_type }) => column_type)).toEqual([
      'INTEGER',
      'BIGINT',
      'DOUBLE',
      'FLOAT',
      'DECIMAL(6,2)',
      'BOOLEAN',
      'VARCHAR',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
      'DATE',
      'INTEGER[]',
      'STRUCT(a INTEGER, b VARCHAR)',
      'MAP(VARCHAR, DOUBLE)',
      'JSON',
    ]);
  });

  it('keeps every digit of a sum of integers', async () => {
    const file = join(folder, 'sum.parquet');
    cellar([
      'query',
      '--db',
      db,
      '-o',
      file,
      'SELECT sum(a) AS s FROM (VALUES (9007199254740992::BIGINT), (1)) t(a)',
    ]);
    expect(await readBack(file, 'SELECT s::VARCHAR AS s FROM FILE')).toEqual([{ s: '9007199254740993' }]);
  });

  it('goes to a pipe too', () => {
    const { stdout } = cellarBytes(['query', '--db', db, '--format', 'parquet', sample]);
    expect(stdout.subarray(0, 4).toString()).toBe('PAR1');
    expect(stdout.subarray(-4).toString()).toBe('PAR1');
  });

  it('works with parameters, PIVOT and temporary tables', async () => {
    const file = join(folder, 'pivot.parquet');
    const sql = "CREATE TEMP TABLE t AS SELECT $n AS n, unnest(['a', 'b']) AS k; PIVOT t ON k USING sum(n)";
    expect(cellar(['query', '--db', db, '-o', file, '-p', 'n=4', sql]).status).toBe(0);
    expect(await readBack(file, 'SELECT a::INT AS a, b::INT AS b FROM FILE')).toEqual([{ a: 4, b: 4 }]);
  });
});

describe('table', () => {
  it('lines numbers up and shows NULL', () => {
    expect(
      query('table', "SELECT 1.5 AS number, NULL AS nothing, 'x' AS words UNION ALL SELECT 22, NULL, NULL")
        .stdout,
    ).toBe(
      [
        'number  nothing  words',
        '──────  ───────  ─────',
        '   1.5     NULL  x',
        '  22.0     NULL  NULL',
        '',
      ].join('\n'),
    );
  });

  it('shows seven digits, and all of a whole part', () => {
    const sql =
      "SELECT 1 / 3 AS a, 1768407728.25::DOUBLE AS b, 0.00112345678::DOUBLE AS c, 1.23456789e-9 AS d, 2e15 AS e, 'nan'::DOUBLE AS f";
    expect(query('table', sql).stdout.trimEnd().split('\n').at(-1)!.trim().split(/\s+/)).toEqual([
      '0.3333333',
      '1768407728.25',
      '0.001123457',
      '1.234568e-9',
      '2000000000000000',
      'NaN',
    ]);
  });

  it('stops at --max-rows and says so', () => {
    const { stdout, stderr } = cellar([
      'query',
      '--db',
      db,
      '--format',
      'table',
      '--max-rows',
      '3',
      'FROM range(10000000)',
    ]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(5);
    expect(stderr).toContain('first 3 rows');
  });
});

it('leaves no partial files behind', () => {
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
});

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/platform/node.ts';
import type { Dialect } from '../../../src/sources/csv/dialect.ts';
import { readCsv } from '../../../src/sources/csv/read-csv.ts';
import { recordBoundaries } from '../../../src/sources/csv/record-boundaries.ts';
import {
  damage,
  errorOf,
  type OptionValue,
  read,
  readDamaged,
  repeatableRandom,
  shown,
  TestFiles,
} from '../file-cases.ts';
import { VersionedPlatform } from '../versioned-platform.ts';

const files = new TestFiles();

// What DuckDB 2.0 gives, except where the comment says so.
const CASES: readonly (readonly [
  text: string,
  columns: string,
  rows: readonly (readonly (string | null)[])[],
  options?: Readonly<Record<string, OptionValue>>,
])[] = [
  ['a,b\n1,2\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a,b\nc,d\n', 'a VARCHAR, b VARCHAR', [['c', 'd']]],
  ['1,2\n3,4\n', 'column0 BIGINT, column1 BIGINT', [['1', '2'], ['3', '4']]], // biome-ignore format: a line a case
  ['a;b\n1,5;2\n', 'a VARCHAR, b BIGINT', [['1,5', '2']]],
  ['a\tb\n1\t2\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a|b\n1|2', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a\n\nb\n', 'a VARCHAR', [[null], ['b']]],
  ['', 'column0 VARCHAR', []],
  ['\n', 'column0 VARCHAR', []],
  ['a,b\n', 'a VARCHAR, b VARCHAR', []],
  ['a,b\n1,\n,""\n', 'a BIGINT, b VARCHAR', [['1', null], [null, null]]], // biome-ignore format: a line a case
  ['a,b\n"x\ny",2\n', 'a VARCHAR, b BIGINT', [['x\ny', '2']]],
  ["a,b\n'x,y',2\n", 'a VARCHAR, b BIGINT', [['x,y', '2']]],
  ['a,b\n"x ""y""",2\n', 'a VARCHAR, b BIGINT', [['x "y"', '2']]],
  ['a,b\n"x \\"y\\"",2\n', 'a VARCHAR, b BIGINT', [['x "y"', '2']]],
  ['x\n"[1, 2]"\n\n', 'x VARCHAR', [['[1, 2]'], [null]]],
  ['x\n"a, b"\n"c, d"\n', 'x VARCHAR', [['a, b'], ['c, d']]],
  [
    '1,"a\n2,"b\n',
    'column0 BIGINT, column1 VARCHAR',
    [
      ['1', '"a'],
      ['2', '"b'],
    ],
  ],
  ['a,b\n5" pipe,2\n', 'a VARCHAR, b BIGINT', [['5" pipe', '2']]],
  ['a,a,\n1,2,3\n', 'a BIGINT, a_1 BIGINT, column2 BIGINT', [['1', '2', '3']]],
  ['\ufeffa,b\n1,2\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a,b\r\n1,2\r\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a,b\r1,2\r', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a,b\n1,2\r\n3,4\n', 'a BIGINT, b BIGINT', [['1', '2'], ['3', '4']]], // biome-ignore format: DuckDB refuses mixed line ends
  ['# c\na,b\n1,2\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['junk line\n\na,b\n1,2\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['a,b\n1,2 #c\n#d\n', 'a BIGINT, b BIGINT', [['1', '2']], { comment: '#' }],
  ['a,b\n\n1,2\n\n', 'a BIGINT, b BIGINT', [['1', '2']]],
  ['é,ü\n1,ß\n', 'é BIGINT, ü VARCHAR', [['1', 'ß']]],
  ['x\n007\n', 'x VARCHAR', [['007']]],
  ['x\n99999999999999999999\n', 'x HUGEINT', [['99999999999999999999']]],
  ['x\n-9223372036854775808\n', 'x BIGINT', [['-9223372036854775808']]],
  ['x\n1e5\n.5\n', 'x DOUBLE', [['100000.0'], ['0.5']]],
  ['x\ntrue\nF\n', 'x BOOLEAN', [['true'], ['false']]],
  ['x\n01/02/2020\n25/12/2020\n', 'x DATE', [['2020-02-01'], ['2020-12-25']]],
  ['x\n12/25/2020\n', 'x DATE', [['2020-12-25']]],
  ['x\n2020-13-01\n', 'x VARCHAR', [['2020-13-01']]],
  ['x\n10:00\n', 'x TIME', [['10:00:00']]],
  ['x\n2020-01-01 10:00:00.5\n2020-01-01\n', 'x TIMESTAMP', [['2020-01-01 10:00:00.5'], ['2020-01-01 00:00:00']]],
  ['x\n2020-01-01T10:00:00Z\n', 'x TIMESTAMP WITH TIME ZONE', [['2020-01-01 10:00:00+00']]],
  ['a,b\n1,2\n', 'column0 VARCHAR, column1 VARCHAR', [['a', 'b'], ['1', '2']], { header: false }], // biome-ignore format: a line a case
  ['a,b\n1,2\n', 'a VARCHAR, b VARCHAR', [['1', '2']], { all_varchar: true }],
  ['a,b\n1,NULL\n', 'a BIGINT, b VARCHAR', [['1', null]], { nullstr: 'NULL' }],
  ['a,b\n1,2\n', 'x INTEGER, y VARCHAR', [['1', '2']], { columns: { x: 'INT', y: 'VARCHAR' } }],
  ['a,b\n1,2\n', 'a DECIMAL(5,2), b BIGINT', [['1.00', '2']], { types: { a: 'DECIMAL(5,2)' } }],
  ['a,b\n1,2\n', 'q BIGINT, b BIGINT', [['1', '2']], { names: ['q'] }],
  ['a,b\n1,2\n3\n', 'a BIGINT, b BIGINT', [['1', '2'], ['3', null]], { null_padding: true }], // biome-ignore format: a line a case
  ['a,b\n1,2\n3\n', 'a BIGINT, b BIGINT', [['1', '2']], { ignore_errors: true }],
  ['a;b\n1;2,5\n', 'a BIGINT, b DOUBLE', [['1', '2.5']], { decimal_separator: ',' }],
  ['a\n02|03|2020\n', 'a DATE', [['2020-03-02']], { dateformat: '%d|%m|%Y', delim: ',' }],
  ['a,b\n1,x\n2,y\n', 'column0 BIGINT, column1 VARCHAR', [['1', 'x'], ['2', 'y']], { skip: 1 }], // biome-ignore format: a line a case
  ['A b,c\n1,2\n', 'a_b BIGINT, c BIGINT', [['1', '2']], { normalize_names: true }],
];

/** How many records are read, or the error's message. */
const recordsOrError = (
  path: string,
  options: Readonly<Record<string, OptionValue>>,
  more: { readonly columns?: readonly string[]; readonly batchRows?: number },
): Promise<number | string> =>
  read(readCsv, path, options, more).then(
    r => r.rows.length,
    e => (e as Error).message,
  );

describe('read_csv', () => {
  for (const [text, columns, rows, options] of CASES) {
    test(JSON.stringify([text, options]), async () => {
      const found = shown(await read(readCsv, files.put('case.csv', text), options));
      expect(found.columns.join(', ')).toBe(columns);
      expect(found.rows).toEqual(rows);
      const counted = await read(readCsv, files.put('case.csv', text), options, { columns: [] });
      expect(counted.rows.length).toBe(rows.length);
    });
  }

  test('counts the records that it would read, and meets the same errors', async () => {
    const random = repeatableRandom(11);
    const texts = ['x', '', '"a, b"', 'é', '"x ""y"" z"', 'a longer text than the others', '"two\nlines"'];
    const line = (i: number, text: string): string => `${i},${text},${i * 7919},2020-01-0${1 + (i % 9)}`;
    const quoted = Array.from({ length: 300 }, (_, i) => line(i, texts[i % 7]!));
    const plain = Array.from({ length: 300 }, (_, i) => line(i, 'word'.repeat(i % 5)));
    const long = Array.from({ length: 300 }, (_, i) => line(i, 'word'.repeat((i * i) % 41)));
    const rarelyQuoted = Array.from({ length: 1500 }, (_, i) => (i % 40 < 3 ? quoted[i % 300]! : long[(i * 7) % 300]!));
    const kinds = [quoted, plain, long, rarelyQuoted];
    let [same, failed] = [0, 0];
    for (let run = 0; run < 800; run++) {
      const end = run % 3 === 0 ? '\r\n' : '\n';
      const text = Buffer.from(`a,b,c,d${end}${kinds[(run >> 2) % kinds.length]!.join(end)}${end}`);
      const path = files.put('counted.csv', run % 5 === 0 ? text : damage(text, random));
      const options = { all_varchar: true, ignore_errors: run % 4 === 1, null_padding: run % 4 === 2, delim: ',' };
      const all = await recordsOrError(path, options, {});
      expect(await recordsOrError(path, options, { columns: [], batchRows: [64, 100, 2048][run % 3]! })).toBe(all);
      if (typeof all === 'number') same++;
      else failed++;
    }
    expect(Math.min(same, failed)).toBeGreaterThan(60);
  });

  test('counts alike wherever quotes lie in blocks of 64 bytes', async () => {
    const fields = ['x"y', '"x"y', '"x""y"', '"x,y"', '"x\ny"', '""', '"x"', 'x""', 'x"y,z"', '"'];
    const plain = 'some,more,text\n'.repeat(20);
    for (const [i, field] of fields.entries()) {
      for (let pad = 0; pad < 64; pad++) {
        const path = files.put('placed.csv', `a,b,c\n${'z'.repeat(pad)},1,2\n${plain}3,${field},4\n${plain}`);
        const options = { all_varchar: true, quote: '"', delim: ',', ignore_errors: (i + pad) % 4 === 0 };
        const all = await recordsOrError(path, options, {});
        expect(await recordsOrError(path, options, { columns: [], batchRows: 2048 })).toBe(all);
      }
    }
  });

  test('counts no more lines at once than asked for', async () => {
    const path = files.put('short.csv', `a\n${'1\n'.repeat(1000)}`);
    for (const batchRows of [64, 99, 1000])
      expect(await recordsOrError(path, { delim: ',' }, { columns: [], batchRows })).toBe(1000);
  });

  test('looks at a file again only when it has another version', async () => {
    const path = files.put('version.csv', 'a,b\n1,2\n');
    const versioned = new VersionedPlatform();
    const types = async (options: Readonly<Record<string, OptionValue>> = {}) => {
      versioned.reads = 0;
      const { columns } = shown(await read(readCsv, path, options, { columns: [], platform: versioned.platform }));
      return [columns.join(', '), versioned.reads] as const;
    };
    const [first, looked] = await types();
    expect(first).toBe('a BIGINT, b BIGINT');
    expect((await types())[1]).toBeLessThan(looked);
    expect(await types({ all_varchar: true })).toEqual(['a VARCHAR, b VARCHAR', looked]);
    files.put('version.csv', 'a,b\nx,2\n');
    versioned.version = 'second';
    expect(await types()).toEqual(['a VARCHAR, b BIGINT', looked]);
    versioned.version = undefined;
    expect(await types()).toEqual(['a VARCHAR, b BIGINT', looked]);
    expect(await types()).toEqual(['a VARCHAR, b BIGINT', looked]);
  });

  test('reads compressed files', async () => {
    const path = files.put('z.csv.gz', gzipSync('a,b\n1,x\n'));
    expect(shown(await read(readCsv, path)).rows).toEqual([['1', 'x']]);
  });

  test('reads many files: by position, by name, with their paths', async () => {
    const one = files.put('m1.csv', 'a,b\n1,2\n');
    const two = files.put('m2.csv', 'b,a\n3,4\n');
    expect(shown(await read(readCsv, [one, two])).rows).toEqual([['1', '2'], ['4', '3']]); // biome-ignore format: short
    const three = files.put('m3.csv', 'b,c\n5,x\n');
    const union = shown(await read(readCsv, [one, three], { union_by_name: true, filename: true }));
    expect(union.columns).toEqual(['a BIGINT', 'b BIGINT', 'c VARCHAR', 'filename VARCHAR']);
    expect(union.rows).toEqual([['1', '2', null, one], [null, '5', 'x', three]]); // biome-ignore format: short
    expect((await errorOf(read(readCsv, [one, three]))).message).toMatch(/no column 'a'.*\n.*union_by_name/s);
  });

  test('tells line, column, text and type of a value that does not fit', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i},x`);
    lines[250] = '"foo",x';
    const path = files.put('bad.csv', `a,b\n${lines.join('\n')}\n`);
    const error = await errorOf(read(readCsv, path, { sample_size: 100 }));
    expect(error.code).toBe('conversion');
    expect(error.message).toContain('"foo" is no BIGINT');
    expect(error.where).toBe(`${path}, line 252, column 'a'`);
    expect(error.hint).toContain(`types = {'a': 'VARCHAR'}`);
    const rows = await read(readCsv, path, { sample_size: 100, ignore_errors: true });
    expect(rows.rows.length).toBe(299);
  });

  test('tells the line of a record with too few fields, and of bad quotes and bytes', async () => {
    const good = '1,x\n'.repeat(100);
    const ragged = await errorOf(read(readCsv, files.put('r.csv', `a,b\n${good}2\n`), { sample_size: 50 }));
    expect(ragged.message).toMatch(/the line has 1 field, not 2 \(.*r\.csv, line 102\)\nhint: null_padding/);
    const open = await errorOf(read(readCsv, files.put('q.csv', `a,b\n${good}2,"x\n`), { quote: '"' }));
    expect(open.message).toMatch(/no closing quote \(.*line 102\)/);
    const after = await errorOf(read(readCsv, files.put('q.csv', `a,b\n${good}2,"x"y\n`), { quote: '"' }));
    expect(after.message).toMatch(/text follows the closing " .*line 102/);
    const bytes = Buffer.concat([Buffer.from(`a,b\n${good}2,`), Buffer.from([0xff, 0xfe, 10])]);
    expect((await errorOf(read(readCsv, files.put('u.csv', bytes)))).message).toMatch(/UTF-8 \(.*line 102\)/);
  });

  test('leaves out bad lines, and no others', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,x\n2,'), Buffer.from([0xff, 10]), Buffer.from('3,é\n4\n5,z,')]);
    const path = files.put('i.csv', Buffer.concat([bytes, Buffer.from([0xfe]), Buffer.from('\nq,y\n6,ü\n')]));
    const options = { ignore_errors: true, columns: { a: 'BIGINT', b: 'VARCHAR' }, header: true, delim: ',' };
    expect(shown(await read(readCsv, path, options)).rows).toEqual([['1', 'x'], ['3', 'é'], ['6', 'ü']]); // biome-ignore format: short
  });

  test('checks its options', async () => {
    const path = files.put('o.csv', 'a,b\n1,2\n');
    expect((await errorOf(read(readCsv, path, { sampel_size: 3 }))).hint).toBe("did you mean 'sample_size'?");
    expect((await errorOf(read(readCsv, path, { types: { aa: 'INT' } }))).hint).toBe("did you mean 'a'?");
    expect((await errorOf(read(readCsv, path, { columns: { a: 'INTT' } }))).message).toContain(
      '"INTT", which is no type',
    );
    expect((await errorOf(read(readCsv, path, { delim: '|||||' }))).code).toBe('unsupported');
    expect((await errorOf(read(readCsv, path, { auto_detect: false }))).code).toBe('bind');
    expect((await errorOf(read(readCsv, files.path('none.csv')))).code).toBe('io');
  });

  test('takes delimiters of up to four bytes', async () => {
    const text = 'a{|}b{|}c\n1{|}"x{|}y"{|}{\n2{|}{|{|}"q"\n3{|}{|}\r\n';
    const path = files.put('m.csv', text);
    const rows = [
      [1n, 'x{|}y', '{'],
      [2n, '{|', 'q'],
      [3n, null, null],
    ];
    expect((await read(readCsv, path, { delim: '{|}' })).rows).toEqual(rows);
    // Records and delimiters lie across the ends of what is read at a time.
    const many = files.put('many.csv', `${text}${'4{|}z{|}w\n'.repeat(200_000)}`);
    const all = await read(readCsv, many, { delim: '{|}', parallel: false }, { columns: ['b'] });
    expect(all.rows.length).toBe(200_003);
    expect(all.rows.slice(3).every(r => r[0] === 'z')).toBe(true);
    const short = files.put('s.csv', 'a||b||c\n1||2\n4||5||6\n');
    const options = { delim: '||', header: true, columns: { a: 'INT', b: 'INT', c: 'INT' } };
    expect((await errorOf(read(readCsv, short, options))).message).toContain('2 fields, not 3');
    expect((await read(readCsv, short, { ...options, null_padding: true })).rows).toEqual([
      [1, 2, null],
      [4, 5, 6],
    ]);
  });

  test('parses only what filters leave, and no more than the limit', async () => {
    const path = files.put('f.csv', `a,b\n${Array.from({ length: 500 }, (_, i) => `${i},v${i}`).join('\n')}\n`);
    const some = await read(
      readCsv,
      path,
      {},
      {
        filterColumns: [0],
        select: columns => columns[0]!.flatMap((v, i) => (Number(v) % 100 === 7 ? [i] : [])),
      },
    );
    expect(some.rows).toEqual([7, 107, 207, 307, 407].map(i => [BigInt(i), `v${i}`]));
    expect((await read(readCsv, path, {}, { limit: 70 })).rows.length).toBe(70);
    expect((await read(readCsv, path, {}, { columns: ['b'], limit: 2 })).rows).toEqual([['v0'], ['v1']]);
  });

  test('reads records longer than its window, up to the limit', async () => {
    const long = 'y'.repeat(1_500_000);
    const path = files.put('long.csv', `a,b\n1,"x"\n2,"${long}"\n3,"z"\n`);
    expect((await read(readCsv, path)).rows.map(r => (r[1] as string).length)).toEqual([1, 1_500_000, 1]);
    expect((await errorOf(read(readCsv, path, { max_line_size: 100_000 }))).message).toMatch(
      /longer than 100000 bytes/,
    );
  });

  test('finds the same records however a file is cut', async () => {
    const dialect: Dialect = { delimiter: ',', quote: '"', escape: '"', comment: '', newline: '\n' };
    const fields = ['x', '"q"', '"a,b"', '"line\nend"', '"say ""hi"""', '', '""', '"tail\n"'];
    const random = repeatableRandom(7);
    const records = Array.from({ length: 4000 }, (_, i) => {
      return `${i},${fields[Math.floor(random() * fields.length)]},${fields[Math.floor(random() * fields.length)]}\n`;
    });
    const path = files.put('cut.csv', `${records.join('')}`);
    const starts = new Set([0]);
    let at = 0;
    for (const record of records) starts.add((at += record.length));
    const source = await nodePlatform.open(path);
    const cuts = await recordBoundaries(source, 0, dialect, 3, 500);
    source.close();
    expect(cuts.length).toBeGreaterThan(20);
    expect(cuts.filter(c => !starts.has(c))).toEqual([]);
  });

  test('reads a file of several blocks', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i},"text ""${i}""",${i / 8},2020-01-${(i % 28) + 1}`);
    const path = files.put('blocks.csv', `${lines.join('\n')}`);
    const result = await read(readCsv, path, { header: false }, { batchRows: 2048, columns: ['column0', 'column1'] });
    expect(result.source.splits.length).toBeGreaterThan(1);
    expect(result.rows.length).toBe(200_000);
    expect(result.rows.every(([a, b], i) => a === BigInt(i) && b === `text "${i}"`)).toBe(true);
  });

  test('survives damage', async () => {
    const text = `id,name,price,day,at\n${'1,"a ""b"" c",1.5,2020-01-02,2020-01-02 03:04:05\n2,é,-3e5,1999-12-31,\n'.repeat(20)}`;
    const content = Buffer.from(text);
    const strict = await readDamaged(readCsv, files, 'damaged.csv', content, 600, repeatableRandom(1));
    expect(strict.rows + strict.errors).toBe(600);
    expect(strict.rows).toBeGreaterThan(20);
    const options = { ignore_errors: true, delim: ',', quote: '"', header: true, null_padding: true };
    const lenient = await readDamaged(readCsv, files, 'damaged.csv', content, 300, repeatableRandom(2), options);
    expect(lenient.rows).toBeGreaterThan(200);
  });
});

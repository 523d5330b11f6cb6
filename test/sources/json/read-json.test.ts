import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readJson, readNdjson } from '../../../src/sources/json/read-json.ts';
import { errorOf, type OptionValue, read, readDamaged, repeatableRandom, shown, TestFiles } from '../file-cases.ts';

const files = new TestFiles();

// What DuckDB 2.0 gives, except where the comment says so.
const CASES: readonly (readonly [
  text: string,
  columns: string,
  rows: readonly (readonly (string | null)[])[],
  options?: Readonly<Record<string, OptionValue>>,
])[] = [
  ['{"a":1,"b":"x"}\n{"a":2.5,"c":true}\n', 'a DOUBLE, b VARCHAR, c BOOLEAN', [['1.0', 'x', null], ['2.5', null, 'true']]], // biome-ignore format: a line a case
  ['[{"a":1},{"a":2}]', 'a BIGINT', [['1'], ['2']]],
  ['{"a":1}{"a":2}\n\n {\n"a":3\n}', 'a BIGINT', [['1'], ['2'], ['3']]],
  ['{"a":[1,2]}\n{"a":[null]}\n', 'a BIGINT[]', [['[1, 2]'], ['[NULL]']]],
  ['{"a":{"x":1}}\n{"a":{"y":"s"}}\n', 'a STRUCT(x BIGINT, y VARCHAR)', [["{'x': 1, 'y': NULL}"], ["{'x': NULL, 'y': s}"]]], // biome-ignore format: a line a case
  ['{"a":"2020-01-01"}\n', 'a DATE', [['2020-01-01']]],
  ['{"a":"2020-01-01 10:00:00"}\n', 'a TIMESTAMP', [['2020-01-01 10:00:00']]],
  ['{"a":"10:00:00"}\n', 'a TIME', [['10:00:00']]],
  ['{"a":"2020-01-01"}\n{"a":"x"}\n', 'a VARCHAR', [['2020-01-01'], ['x']]],
  ['{"a":1}\n{"a":"x"}\n', 'a JSON', [['1'], ['"x"']]],
  ['{"a":18446744073709551615}\n', 'a HUGEINT', [['18446744073709551615']]],
  ['{"a":9007199254740993}\n', 'a BIGINT', [['9007199254740993']]],
  ['{"a":NaN}\n', 'a DOUBLE', [['nan']]],
  ['1\n2\n', 'json BIGINT', [['1'], ['2']]],
  ['[1,2]', 'json BIGINT', [['1'], ['2']]],
  ['', 'json JSON', []],
  ['[]', 'json JSON', []],
  ['null\n{"a":1}\n', 'a BIGINT', [[null], ['1']]],
  ['{"A":1,"a":2}\n', 'A BIGINT, a_1 BIGINT', [['1', '2']]],
  ['{"b":1,"a":2}\n{"a":3,"b":4}\n', 'b BIGINT, a BIGINT', [['1', '2'], ['4', '3']]], // biome-ignore format: a line a case
  ['{"a":"x\\u00e9\\n\\ud83d\\ude00"}\n', 'a VARCHAR', [['xé\n😀']]],
  ['{"k\\u0065y":1}\n', 'key BIGINT', [['1']]],
  ['{"a\\\\":1,"b":2}\n{"a\\\\":3}\n', 'a\\ BIGINT, b BIGINT', [['1', '2'], ['3', null]]], // biome-ignore format: a line a case
  ['{"ab":1,"a":2}\n{"a":3,"ab":4}\n', 'ab BIGINT, a BIGINT', [['1', '2'], ['4', '3']]], // biome-ignore format: a line a case
  ['{"a":[{"x":1},{"y":2}]}\n', 'a STRUCT(x BIGINT, y BIGINT)[]', [["[{'x': 1, 'y': NULL}, {'x': NULL, 'y': 2}]"]]],
  ['{"a":{"b":{"c":1}}}\n', 'a STRUCT(b JSON)', [[`{'b': '{"c":1}'}`]], { maximum_depth: 2 }],
  ['{"a":1}\n', 'json STRUCT(a BIGINT)', [["{'a': 1}"]], { records: false }],
  ['{"a":{"x":1}}\n', 'a VARCHAR', [['{"x":1}']], { columns: { a: 'VARCHAR' } }],
  ['{"a":1.5}\n', 'a INTEGER', [['2']], { columns: { a: 'INT' } }],
  ['{"a":"5"}\n{"a":7}\n', 'a DECIMAL(5,2)', [['5.00'], ['7.00']], { columns: { a: 'DECIMAL(5,2)' } }],
  ['{"a":1}\n', 'b INTEGER', [[null]], { columns: { b: 'INT' } }],
  ['{"a":{"x":1}}\n', 'a MAP(VARCHAR, INTEGER)', [['{x=1}']], { columns: { a: 'MAP(VARCHAR, INTEGER)' } }],
  [
    '{"a":1}\n{bad\n{"a":2}\n',
    'a BIGINT',
    [['1'], [null], ['2']],
    { ignore_errors: true, format: 'newline_delimited' },
  ],
];

describe('read_json', () => {
  for (const [text, columns, rows, options] of CASES) {
    test(JSON.stringify([text, options]), async () => {
      const found = shown(await read(readJson, files.put('case.json', text), options));
      expect(found.columns.join(', ')).toBe(columns);
      expect(found.rows).toEqual(rows);
    });
  }

  test('reads compressed files, and many', async () => {
    const one = files.put('z.json.gz', gzipSync('{"a":1}\n'));
    const two = files.put('z2.json', '[{"a":2.5,"b":"x"}]');
    const found = shown(await read(readJson, [one, two], { filename: true }));
    expect(found).toEqual({
      columns: ['a DOUBLE', 'b VARCHAR', 'filename VARCHAR'],
      rows: [
        ['1.0', null, one],
        ['2.5', 'x', two],
      ],
    });
  });

  test('tells the line of what is no JSON, and of a value that does not fit', async () => {
    const good = '{"a":1}\n'.repeat(100);
    const bad = await errorOf(read(readJson, files.put('b.json', `${good}{"a" 1}\n`)));
    expect(bad.message).toMatch(/unexpected "1}" \(.*b\.json, line 101\)/);
    const cut = await errorOf(read(readJson, files.put('c.json', `${good}{"a":"x`)));
    expect(cut.message).toMatch(/ends within a record \(.*line 101\)/);
    const twice = await errorOf(read(readJson, files.put('t.json', `${good}{"a":1,"a":2}\n`)));
    expect(twice.message).toMatch(/same key twice \(.*line 101\)/);
    const path = files.put('v.json', `${good}{"a":"foo"}\n`);
    const value = await errorOf(read(readJson, path, { sample_size: 50 }));
    expect(value.message).toContain('"foo" is no BIGINT');
    expect(value.where).toBe(`${path}, line 101, column 'a'`);
    const nested = await errorOf(read(readJson, path, { columns: { a: 'BIGINT[]' } }));
    expect(nested.message).toMatch(/"1" is no BIGINT\[\]/);
    const list = await errorOf(read(readJson, path, { format: 'array' }));
    expect(list.message).toMatch(/does not begin with \[/);
  });

  test('checks its options', async () => {
    const path = files.put('o.json', '{"a":1}\n');
    expect((await errorOf(read(readJson, path, { colums: { a: 'INT' } }))).hint).toBe("did you mean 'columns'?");
    expect((await errorOf(read(readJson, path, { format: 'csv' }))).code).toBe('bind');
    expect((await errorOf(read(readNdjson, path, { maximum_depth: -5 }))).code).toBe('bind');
  });

  test('reads a file of several blocks, wanted columns only', async () => {
    const lines = Array.from({ length: 120_000 }, (_, i) => `{"id":${i},"s":"v\\"${i}","l":[${i}],"f":${i / 4}}`);
    const path = files.put('blocks.ndjson', lines.join('\n'));
    const result = await read(readJson, path, {}, { batchRows: 2048, columns: ['f', 'id', 's'] });
    expect(result.source.splits.length).toBeGreaterThan(1);
    expect(result.rows.length).toBe(120_000);
    expect(result.rows.every(([f, id, s], i) => f === i / 4 && id === BigInt(i) && s === `v"${i}`)).toBe(true);
    const some = await read(
      readJson,
      path,
      {},
      {
        filterColumns: [0],
        select: columns => columns[0]!.flatMap((v, i) => (v === 777n ? [i] : [])),
      },
    );
    expect(some.rows).toEqual([[777n, 'v"777', [777n], 777 / 4]]);
  });

  test('finds values of records whose members change their order, number, spelling and blanks', async () => {
    const random = repeatableRandom(7);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const names = ['a', 'bb', 'a name of more than sixteen bytes', 'ccc', 'unwanted', 'é'];
    const values = [0, -1.5, 12_345_678, 'x', 'a "text" with \\', 'long text, {not} [nested]: "', null, true];
    const blank = (): string => pick(['', '', '', '', '', ' ', '\t', '  ']);
    const spelled = (name: string): string =>
      pick([JSON.stringify(name), JSON.stringify(name), `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`]);
    for (let file = 0; file < 20; file++) {
      let order = [...names];
      const records = Array.from({ length: 40 + 200 * (file % 2) }, () => {
        // Mostly like the record before.
        if (random() < 0.15) order = names.filter(() => random() < 0.8).sort(() => random() - 0.5);
        const nested = (): unknown => pick([...values, { a: pick(values), bb: [pick(values)] }]);
        const members = order.map(
          n => `${blank()}${spelled(n)}${blank()}:${blank()}${JSON.stringify(nested())}${blank()}`,
        );
        return `{${members.join(',')}}`;
      });
      const wanted = names.filter(n => n !== 'unwanted' && random() < 0.7);
      const columns = Object.fromEntries([...wanted, 'missing'].map(n => [n, 'JSON']));
      const found = shown(await read(readNdjson, files.put('members.ndjson', records.join('\n')), { columns }));
      const expected = records.map(text => {
        const record = JSON.parse(text) as Record<string, unknown>;
        return [...wanted.map(n => record[n] ?? null), null];
      });
      expect(found.rows.map(row => row.map(v => (v === null ? null : JSON.parse(v))))).toEqual(expected);
    }
  });

  test('survives damage', async () => {
    const text = '{"id":1,"name":"a \\"b\\"","list":[1,2,{"x":null}],"day":"2020-01-02"}\n{"id":-2.5e3,"ok":true}\n';
    const content = Buffer.from(text.repeat(15));
    const strict = await readDamaged(readJson, files, 'damaged.json', content, 600, repeatableRandom(3));
    expect(strict.rows + strict.errors).toBe(600);
    const options = { ignore_errors: true, format: 'newline_delimited' };
    const lenient = await readDamaged(readJson, files, 'damaged.json', content, 300, repeatableRandom(4), options);
    expect(lenient.rows).toBeGreaterThan(200);
    const array = Buffer.from(`[${text.trim().split('\n').join(',\n')}]`);
    await readDamaged(readJson, files, 'damaged.json', array, 300, repeatableRandom(5));
  });
});

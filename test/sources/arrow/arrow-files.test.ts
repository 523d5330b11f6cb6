import { readFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { readArrow } from '../../../src/sources/arrow/read-arrow.ts';
import {
  BINARY,
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT64,
  INTERVAL,
  list,
  struct,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UINT16,
  UTF8,
} from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { errorOf, read, readDamaged, repeatableRandom, shown, TestFiles, write } from '../file-cases.ts';

const files = new TestFiles();

const COLUMNS: Readonly<Record<string, readonly [DataType, readonly RawValue[]]>> = {
  i8: [INT8, [1, -2, null]],
  u16: [UINT16, [65_535, null, 0]],
  i64: [INT64, [2n ** 62n, null, -1n]],
  f32: [FLOAT32, [1.5, null, -0]],
  f64: [FLOAT64, [0.1, Number.NaN, null]],
  b: [BOOLEAN, [true, null, false]],
  s: [UTF8, ['', 'héllo', null]],
  bin: [BINARY, [Uint8Array.of(0, 255), null, new Uint8Array(0)]],
  d: [DATE, [0, null, -5]],
  t: [TIME, [1n, null, 86_399_999_999n]],
  ts: [TIMESTAMP, [5n, null, -7n]],
  tz: [TIMESTAMPTZ, [5n, null, -7n]],
  dec: [decimal(10, 2), [125n, null, -300n]],
  wide: [decimal(38, 4), [10n ** 30n, null, -(10n ** 30n)]],
  iv: [INTERVAL, [{ months: 1, days: 2, micros: -3n }, null, { months: 0, days: 0, micros: 5n }]],
  l: [list(INT64), [[1n, null], null, []]],
  a: [{ kind: 'array', element: UTF8, length: 2 }, [['x', null], null, ['y', 'z']]],
  st: [struct([{ name: 'x', type: INT64 }, { name: 'y', type: list(UTF8) }]), [[1n, ['p']], null, [null, null]]], // biome-ignore format: short
  m: [{ kind: 'map', key: UTF8, value: INT64 }, [[['k', 1n]], null, []]],
};
const ROWS = [0, 1, 2].map(r => Object.values(COLUMNS).map(([, values]) => values[r]));

test.each([{}, { stream: true }])('reads back what it writes: %j', async options => {
  const path = files.path('w.arrow');
  expect(await write('arrow', path, COLUMNS, options)).toBe(3);
  const found = await read(readArrow, path);
  expect(found.rows).toEqual(ROWS);
  expect(found.source.schema.map(f => f.type)).toEqual(Object.values(COLUMNS).map(([type]) => type));
  expect((await errorOf(write('arrow', path, COLUMNS, { strem: true }))).hint).toBe("did you mean 'stream'?");
});

test('reads record batches in parts, one split each', async () => {
  const ids = arrow.vectorFromArray(
    Array.from({ length: 1000 }, (_, i) => i),
    new arrow.Int32(),
  );
  const names = arrow.vectorFromArray(
    Array.from({ length: 1000 }, (_, i) => (i % 7 === 0 ? null : `n${i % 5}`)),
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()),
  );
  const table = new arrow.Table({ id: ids, name: names });
  const two = new arrow.Table([...table.slice(0, 500).batches, ...table.slice(500).batches]);
  const path = files.put('d.arrow', arrow.tableToIPC(two, 'file'));
  const found = await read(readArrow, path);
  expect(found.rows).toEqual(Array.from({ length: 1000 }, (_, i) => [i, i % 7 === 0 ? null : `n${i % 5}`]));
  expect(found.batches.every(b => b.forms[1] === 'dictionary' && b.count <= 64)).toBe(true);
  expect(found.source.splits.length).toBe(2);
  const some = await read(
    readArrow,
    path,
    {},
    {
      columns: ['name', 'id'],
      filterColumns: [1],
      select: columns => columns[1]!.flatMap((v, i) => (v === 600 ? [i] : [])),
    },
  );
  expect(some.rows).toEqual([['n0', 600]]);
  expect((await read(readArrow, path, {}, { limit: 3 })).rows.length).toBe(6);
});

test('reads many files', async () => {
  const one = files.path('m1.arrow');
  const two = files.path('m2.arrow');
  await write('arrow', one, { a: [INT64, [1n]], b: [UTF8, ['x']] });
  await write('arrow', two, { b: [UTF8, ['y']] });
  expect((await errorOf(read(readArrow, [one, two]))).hint).toContain('union_by_name');
  expect(shown(await read(readArrow, [one, two], { union_by_name: true, filename: true })).rows).toEqual([
    ['1', 'x', one],
    [null, 'y', two],
  ]);
});

test('refuses other files', async () => {
  expect((await errorOf(read(readArrow, files.put('x.arrow', 'a,b\n1,2\n')))).code).toBe('format');
  expect((await errorOf(read(readArrow, files.put('e.arrow', '')))).code).toBe('format');
});

test.each([{}, { stream: true }])('survives damage: %j', async options => {
  const path = files.path('v.arrow');
  await write('arrow', path, COLUMNS, options);
  const found = await readDamaged(readArrow, files, 'damaged.arrow', readFileSync(path), 500, repeatableRandom(9));
  expect(found.rows + found.errors).toBe(500);
});

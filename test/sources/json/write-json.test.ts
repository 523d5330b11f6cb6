import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '../../../src/sources/json/read-json.ts';
import {
  BOOLEAN,
  decimal,
  FLOAT64,
  INT64,
  INT128,
  list,
  struct,
  TIMESTAMP,
  UTF8,
} from '../../../src/types/data-type.ts';
import { errorOf, read, TestFiles, write } from '../file-cases.ts';

const files = new TestFiles();

test('writes an object a line, or an array', async () => {
  const path = files.path('w.json');
  const columns = {
    i: [INT128, [170141183460469231731687303715884105727n, null]],
    s: [UTF8, ['a"\n', '']],
    d: [decimal(5, 2), [150n, -5n]],
    f: [FLOAT64, [2, Number.NaN]],
    ts: [TIMESTAMP, [0n, null]],
    m: [{ kind: 'map', key: UTF8, value: INT64 }, [[['k', 1n]], []]],
  } as const;
  expect(await write('json', path, columns)).toBe(2);
  const first = `{"i":170141183460469231731687303715884105727,"s":"a\\"\\n","d":1.50,"f":2.0,"ts":"1970-01-01 00:00:00","m":{"k":1}}`;
  const second = `{"i":null,"s":"","d":-0.05,"f":null,"ts":null,"m":{}}`;
  expect(readFileSync(path, 'utf8')).toBe(`${first}\n${second}\n`);
  await write('json', path, columns, { array: true });
  expect(readFileSync(path, 'utf8')).toBe(`[\n\t${first},\n\t${second}\n]\n`);
  expect((await errorOf(write('json', path, columns, { aray: true }))).hint).toBe("did you mean 'array'?");
});

test('reads back what it writes', async () => {
  const text = fc.string({ unit: 'binary' }).filter(s => !/\p{Cs}/u.test(s));
  const row = fc.record({
    i: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    f: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    s: fc.option(text),
    b: fc.option(fc.boolean()),
    l: fc.option(fc.array(fc.option(text), { maxLength: 4 })),
    st: fc.option(fc.tuple(fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), fc.option(text))),
  });
  const pair = struct([
    { name: 'x y', type: INT64 },
    { name: 'z', type: UTF8 },
  ]);
  const types = { i: INT64, f: FLOAT64, s: UTF8, b: BOOLEAN, l: list(UTF8), st: pair };
  const names = Object.keys(types) as (keyof typeof types)[];
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), fc.boolean(), async (rows, array) => {
      const path = files.path('p.json');
      const columns = Object.fromEntries(names.map(k => [k, [types[k], rows.map(r => r[k])] as const]));
      await write('json', path, columns, { array });
      const wanted = { i: 'BIGINT', f: 'DOUBLE', s: 'VARCHAR', b: 'BOOLEAN', l: 'VARCHAR[]' };
      const found = await read(readJson, path, { columns: { ...wanted, st: 'STRUCT("x y" BIGINT, z VARCHAR)' } });
      expect(found.rows).toEqual(rows.map(r => names.map(k => r[k])));
    }),
    { numRuns: 60 },
  );
});

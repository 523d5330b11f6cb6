import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from '../../../src/sources/csv/read-csv.ts';
import {
  DATE,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  list,
  struct,
  TIME,
  TIMESTAMP,
  UTF8,
} from '../../../src/types/data-type.ts';
import { errorOf, read, TestFiles, write } from '../file-cases.ts';

const files = new TestFiles();

test('writes values as casts print them', async () => {
  const path = files.path('w.csv');
  const columns = {
    i: [INT32, [1, null]],
    s: [UTF8, ['a,b', '']],
    d: [decimal(5, 2), [150n, -5n]],
    f: [FLOAT64, [2, Number.NaN]],
    l: [list(INT32), [[1, null], null]],
    st: [struct([{ name: 'a', type: INT32 }, { name: 'b', type: UTF8 }]), [[1, 'x"'], null]], // biome-ignore format: short
  } as const;
  expect(await write('csv', path, columns)).toBe(2);
  expect(readFileSync(path, 'utf8')).toBe(
    `i,s,d,f,l,st\n1,"a,b",1.50,2.0,"[1, NULL]","{'a': 1, 'b': 'x""'}"\n,"",-0.05,nan,,\n`,
  );
});

test('takes options', async () => {
  const path = files.path('o.csv.gz');
  const columns = { i: [INT32, [1, null]], d: [DATE, [0, 1]] } as const;
  const options = { header: false, sep: ';', nullstr: 'NA', force_quote: ['i'], dateformat: '%d.%m.%Y' };
  await write('csv', path, columns, options);
  expect(gunzipSync(readFileSync(path)).toString()).toBe('"1";01.01.1970\nNA;02.01.1970\n');
  expect((await errorOf(write('csv', path, columns, { heder: true }))).hint).toBe("did you mean 'header'?");
  expect((await errorOf(write('csv', path, columns, { force_quote: ['x'] }))).code).toBe('bind');
  expect((await errorOf(write('cvs', path, columns))).hint).toBe("did you mean 'csv'?");
});

const micros = { min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n };

test('reads back what it writes', async () => {
  const row = fc.record({
    i: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    f: fc.option(fc.double()),
    // Invalid halves of pairs are not text; CR alone would end a line for some.
    s: fc.option(fc.string({ unit: 'binary' }).filter(s => !/\p{Cs}/u.test(s))),
    d: fc.option(fc.integer({ min: -719_162, max: 2_932_896 })),
    t: fc.option(fc.bigInt({ min: 0n, max: 86_399_999_999n })),
    ts: fc.option(fc.bigInt(micros)),
    n: fc.option(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })),
  });
  const types = { i: INT64, f: FLOAT64, s: UTF8, d: DATE, t: TIME, ts: TIMESTAMP, n: decimal(18, 4) };
  const names = Object.keys(types) as (keyof typeof types)[];
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), async rows => {
      const path = files.path('p.csv');
      const columns = Object.fromEntries(names.map(k => [k, [types[k], rows.map(r => r[k])] as const]));
      await write('csv', path, columns, { nullstr: '\\N' });
      const wanted = {
        ...{ i: 'BIGINT', f: 'DOUBLE', s: 'VARCHAR', d: 'DATE', t: 'TIME', ts: 'TIMESTAMP', n: 'DECIMAL(18,4)' },
      };
      const options = {
        columns: wanted,
        nullstr: '\\N',
        allow_quoted_nulls: false,
        header: true,
        delim: ',',
        quote: '"',
      };
      const found = await read(readCsv, path, { ...options, escape: '"', new_line: '\\n' });
      expect(found.rows).toEqual(rows.map(r => names.map(k => r[k])));
    }),
    { numRuns: 60 },
  );
});

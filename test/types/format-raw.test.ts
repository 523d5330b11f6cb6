import { describe, expect, it } from 'vitest';
import * as types from '../../src/types/data-type.ts';
import { formatRaw } from '../../src/types/format-raw.ts';
import type { RawValue } from '../../src/types/raw-value.ts';

const { INT64, DATE, TIMESTAMP } = types;
const NS: types.DataType = { kind: 'timestamp', unit: 'ns', zone: false };

describe('texts are those of DuckDB', () => {
  const FLOAT: types.DataType = types.FLOAT32;
  const strings = types.list(types.UTF8);
  it.each<[string, types.DataType, RawValue]>([
    ['NULL', INT64, null],
    ['1000000000000000.0', types.FLOAT64, 1e15],
    ['1e+16', types.FLOAT64, 1e16],
    ['1.4411518807585587e+17', types.FLOAT64, 2 ** 57],
    ['0.0001', types.FLOAT64, 1e-4],
    ['1e-05', types.FLOAT64, 1e-5],
    ['-0.0', types.FLOAT64, -0],
    ['nan', types.FLOAT64, Number.NaN],
    ['-inf', types.FLOAT64, -Infinity],
    ['0.1', FLOAT, Math.fround(0.1)],
    ['16777216.0', FLOAT, 16777216],
    ['3.4e+38', FLOAT, Math.fround(3.4e38)],
    ['1 year 2 months 3 days 04:00:00', types.INTERVAL, { months: 14, days: 3, micros: 14_400_000_000n }],
    ['-1 year -2 months', types.INTERVAL, { months: -14, days: 0, micros: 0n }],
    ['-1 day', types.INTERVAL, { months: 0, days: -1, micros: 0n }],
    ['-00:01:30', types.INTERVAL, { months: 0, days: 0, micros: -90_000_000n }],
    ['00:00:00', types.INTERVAL, { months: 0, days: 0, micros: 0n }],
    ['100:00:00', types.INTERVAL, { months: 0, days: 0, micros: 360_000_000_000n }],
    ['0044-03-15 (BC)', DATE, -735_160],
    ['5877642-06-25 (BC)', DATE, -2_147_483_646],
    ['-infinity', TIMESTAMP, -(2n ** 63n) + 1n],
    ['1969-12-31 23:59:59.999999999', NS, -1n],
    ['0250-10-15 (BC) 19:33:20', TIMESTAMP, -70_000_000_000_000_000n],
    ['0250-10-15 (BC) 19:33:20+00', types.TIMESTAMPTZ, -70_000_000_000_000_000n],
    ['infinity', types.TIMESTAMPTZ, 2n ** 63n - 1n],
    ['0.105662815', FLOAT, Math.fround(0.10566281527280807)],
    ["['2020-01-01 10:00:00']", types.list(TIMESTAMP), [1_577_872_800_000_000n]],
    ['[2020-01-01, NULL]', types.list(DATE), [18_262, null]],
    ["['0222-09-04 (BC)']", types.list(DATE), [-800_000]],
    [
      "[1 day, '02:00:00']",
      types.list(types.INTERVAL),
      [
        { months: 0, days: 1, micros: 0n },
        { months: 0, days: 0, micros: 7_200_000_000n },
      ],
    ],
    ["['a:b', low]", types.list({ kind: 'enum', values: ['a:b', 'low'] }), ['a:b', 'low']],
    ["['\\\\x00', a b]", types.list(types.BINARY), [new Uint8Array([0]), new Uint8Array([97, 32, 98])]],
    ['[{"a":1}, NULL, null]', types.list(types.JSON_TYPE), ['{"a":1}', null, 'null']],
    ["['[1]']", { kind: 'array', element: types.JSON_TYPE, length: 1 }, ['[1]']],
    ["{'a': '[1]'}", types.struct([{ name: 'a', type: types.JSON_TYPE }]), ['[1]']],
    ["{'it\\'s \\\\': 1}", types.struct([{ name: "it's \\", type: INT64 }]), [1n]],
    ["['\tx', a\tb, \u00a0x]", strings, ['\tx', 'a\tb', '\u00a0x']],
    ['[x:y]', types.list({ kind: 'union', members: [{ name: 'a', type: types.UTF8 }] }), [[0, 'x:y']]],
    [
      "{'2020-01-01 10:00:00'='a:b'}",
      { kind: 'map', key: TIMESTAMP, value: types.UTF8 },
      [[1_577_872_800_000_000n, 'a:b']],
    ],
    ["[a, b c, NULL, 'it\\'s', 'x,y', '']", strings, ['a', 'b c', null, "it's", 'x,y', '']],
    ["['null', ' a', 'a\\\\b']", strings, ['null', ' a', 'a\\b']],
    ['[[1], [2, NULL]]', types.list(types.list(INT64)), [[1n], [2n, null]]],
    [
      "{'a': 1, 'b c': x}",
      types.struct([
        { name: 'a', type: INT64 },
        { name: 'b c', type: types.UTF8 },
      ]),
      [1n, 'x'],
    ],
    [
      '{k=1, z z=2}',
      { kind: 'map', key: types.UTF8, value: INT64 },
      [
        ['k', 1n],
        ['z z', 2n],
      ],
    ],
    ['\\x00a b\\x5C\\xFF\\x27', types.BINARY, new Uint8Array([0, 97, 32, 98, 0x5c, 0xff, 0x27])],
  ])('%s', (expected, type, raw) => {
    expect(formatRaw(type, raw)).toBe(expected);
  });
});

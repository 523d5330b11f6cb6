import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRaw } from '../../src/batch/parse-raw.ts';
import { findCast } from '../../src/functions/cast.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT32,
  INT64,
  INT128,
  INTERVAL,
  list,
  NULL,
  struct,
  TIME,
  TIMESTAMP,
  UINT8,
  UTF8,
  UUID,
} from '../../src/types/data-type.ts';
import { formatRaw } from '../../src/types/format-raw.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { typeName } from '../../src/types/type-name.ts';
import { castTo, evaluate, evaluateConstant, input, literal } from '../support/call.ts';
import { constantOf, rowsOf, testContext, vectorOf } from '../support/engine.ts';
import { FLAT_TYPES, rawValues } from '../support/values.ts';

type IntType = Extract<DataType, { kind: 'int' }>;

const NUMBERS: readonly DataType[] = [
  ...FLAT_TYPES.filter(t => t.kind === 'int'),
  FLOAT64,
  BOOLEAN,
  decimal(4, 1),
  decimal(18, 6),
  decimal(19, 3),
  decimal(38, 0),
];

/** The number as a fraction over 10^12, exactly; undefined for floats, which the oracle leaves out. */
function scaled(type: DataType, v: RawValue): bigint {
  if (type.kind === 'decimal') return (v as bigint) * 10n ** BigInt(12 - type.scale);
  return BigInt(v as number | bigint | boolean) * 10n ** 12n;
}

/** Half away from zero. */
function roundTo(v: bigint, scale: number): bigint {
  const divisor = 10n ** BigInt(12 - scale);
  const half = divisor / 2n;
  return v < 0n ? -((-v + half) / divisor) : (v + half) / divisor;
}

/** What the cast must give; undefined where it must fail. */
function expected(from: DataType, to: DataType, v: RawValue): RawValue | undefined {
  const exact = scaled(from, v);
  if (to.kind === 'boolean') return exact !== 0n;
  if (to.kind === 'decimal') {
    const r = roundTo(exact, to.scale);
    const limit = 10n ** BigInt(to.precision);
    return r < limit && r > -limit ? r : undefined;
  }
  const { bits, signed } = to as IntType;
  const r = roundTo(exact, 0);
  const fits = signed ? BigInt.asIntN(bits, r) : BigInt.asUintN(bits, r);
  return fits !== r ? undefined : bits <= 32 ? Number(r) : r;
}

const EXACT = NUMBERS.filter(t => t.kind !== 'float');

describe.each(EXACT.map(t => [typeName(t), t] as const))('from %s', (_, from) => {
  it.each(EXACT.map(t => [typeName(t), t] as const))('to %s', (_, to) => {
    const rows = fc.array(rawValues(from), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rows, fc.boolean(), (values, isConstant) => {
        const ctx = testContext();
        const used = isConstant ? values.map(() => values[0]!) : values;
        const column = isConstant ? constantOf(ctx, from, used[0]!, used.length) : vectorOf(ctx, from, used);
        const wanted = used.map(v => (v === null ? null : expected(from, to, v)));
        const tried = evaluate(ctx, castTo(input(0, from), to, true), [column]);
        expect(tried).toEqual(wanted.map(v => v ?? null));
        const cast = () => evaluate(ctx, castTo(input(0, from), to), [column]);
        if (wanted.includes(undefined)) expect(cast).toThrow('does not fit');
        else expect(cast()).toEqual(wanted);
      }),
      { numRuns: 12 },
    );
  });
});

const cast = (from: DataType, value: RawValue, to: DataType): RawValue => {
  const ctx = testContext();
  return evaluate(ctx, castTo(input(0, from), to), [vectorOf(ctx, from, [value])])[0]!;
};

describe('floats', () => {
  it.each([
    [2.5, INT32, 2],
    [3.5, INT32, 4],
    [-2.5, INT32, -2],
    [255.4, UINT8, 255],
    [-0.4, UINT8, 0],
    [0.125, decimal(5, 2), 13n],
    [1.005, decimal(5, 2), 100n],
    [-2.675, decimal(5, 2), -268n],
    [9e18, INT64, 9000000000000000000n],
    [-2.25, decimal(38, 4), -22500n],
    [-7, INT128, -7n],
    [1e30, INT128, 1000000000000000019884624838656n],
    [-1e30, decimal(38, 2), -100000000000000005366162204393472n],
    [0.1, BOOLEAN, true],
    [16777217, FLOAT32, 16777216],
    [Number.POSITIVE_INFINITY, FLOAT32, Number.POSITIVE_INFINITY],
  ] as [number, DataType, RawValue][])('%d to %o', (value, to, result) => {
    expect(cast(FLOAT64, value, to)).toEqual(result);
  });

  it.each([
    [1e10, INT32],
    [Number.NaN, INT64],
    [1e39, INT128],
    [255.5, UINT8],
    [1e300, FLOAT32],
    [1000, decimal(4, 1)],
    [-1, UINT8],
  ] as [number, DataType][])('%d does not fit %o', (value, to) => {
    expect(() => cast(FLOAT64, value, to)).toThrow('does not fit');
  });

  it('come of integers and decimals rounded once', () => {
    fc.assert(
      fc.property(rawValues(INT64, false), v => {
        expect(cast(INT64, v, FLOAT64)).toBe(Number(v));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), v => {
        expect(cast(decimal(18, 2), v, FLOAT64)).toBe(Number(v) / 100);
      }),
    );
  });
});

describe('text', () => {
  it.each(FLAT_TYPES.filter(t => t.kind !== 'utf8' && t.kind !== 'enum').map(t => [typeName(t), t] as const))(
    'of %s is read back as the same value',
    (_, type) => {
      fc.assert(
        fc.property(rawValues(type), v => {
          const text = cast(type, v, UTF8);
          const back = cast(UTF8, text, type);
          expect(back).toEqual(type.kind === 'interval' ? (parseRaw(type, formatRaw(type, v)) ?? back) : v);
        }),
        { numRuns: 60 },
      );
    },
  );

  const reads: [string, DataType, RawValue][] = [
    [' 12 ', INT32, 12],
    ['1e3', INT32, 1000],
    ['-2.5', INT32, -3],
    ['1_000', INT32, 1000],
    ['0x1F', INT32, 31],
    ['yes', BOOLEAN, true],
    ['F', BOOLEAN, false],
    ['.5', FLOAT64, 0.5],
    ['-Inf', FLOAT64, Number.NEGATIVE_INFINITY],
    ['1.255', decimal(5, 2), 126n],
    ['1e2', decimal(5, 2), 10000n],
    ['2020-1-5', DATE, 18266],
    ['2020/01/05', DATE, 18266],
    ['2020-01-05 10:00', DATE, 18266],
    ['1:2:3', TIME, 3723000000n],
    ['2020-01-01T10:00:00Z', TIMESTAMP, 1577872800000000n],
    ['2020-01-01 24:00:00', TIMESTAMP, 1577923200000000n],
    ['2020-01-01 10:00:00+02', { ...TIMESTAMP, zone: true } as DataType, 1577865600000000n],
    ['1 month 2 days 03:04:05.5', INTERVAL, { months: 1, days: 2, micros: 11045500000n }],
    ['2 hours ago', INTERVAL, { months: 0, days: 0, micros: -7200000000n }],
    ['1.5 months', INTERVAL, { months: 1, days: 15, micros: 0n }],
    ['{47183823-2574-4bfd-b411-99ed177d3e43}', UUID, '47183823-2574-4bfd-b411-99ed177d3e43'],
  ];
  it.each(reads)('%s', (text, type, value) => {
    expect(cast(UTF8, text, type)).toEqual(value);
  });

  it.each([
    ['', INT32],
    ['1 2', INT32],
    ['1__0', INT32],
    ['300', INT8],
    ['on', BOOLEAN],
    ['.', FLOAT64],
    ['12345.6', decimal(5, 2)],
    ['2020-02-30', DATE],
    ['20200101', DATE],
    ['2020-01-01 25:00', TIMESTAMP],
    ['2020-01-01 10', TIMESTAMP],
    ['P1Y', INTERVAL],
    ['1', UUID],
  ] as [string, DataType][])('%s is refused as %o', (text, type) => {
    expect(() => cast(UTF8, text, type)).toThrow("can't be read as");
    expect(evaluateConstant(castTo(literal(UTF8, text), type, true))).toBe(null);
  });

  it('is read row by row, whatever the spellings beside it are', () => {
    const spellings: [DataType, string[]][] = [
      [INT32, ['1', ' 2 ', '1e1', 'x', '-7', '0x1F', '99999999999', '', '2.5']],
      [FLOAT64, ['1', '1e400', 'nan', '1_0.5', 'x', '-2.5e-3', '0.1']],
      [decimal(9, 2), ['1.005', '-.5', '1e3', 'x', '12345678.99', '7']],
      [DATE, ['2020-01-01', '2020/01/02', '2020-02-30', 'infinity', '1-1-1']],
      [TIMESTAMP, ['2020-01-01', '2020-01-01 10:00:00.25', '2020-01-01T10:00Z', 'x', '2020-01-01 24:00']],
      [BOOLEAN, ['true', 'YES', 'x', '0', 'f']],
    ];
    for (const [type, texts] of spellings) {
      const ctx = testContext();
      const column = vectorOf(ctx, UTF8, [...texts, null]);
      const wanted = [...texts.map(t => parseRaw(type, t) ?? null), null];
      expect(evaluate(ctx, castTo(input(0, UTF8), type, true), [column])).toEqual(wanted);
      const some = wanted.flatMap((w, i) => (w === null ? [] : [i]));
      const rows = rowsOf(ctx, wanted.length, some);
      expect(evaluate(ctx, castTo(input(0, UTF8), type), [column], rows)).toEqual(wanted.filter(w => w !== null));
    }
  });

  const pair = struct([
    { name: 'a', type: INT32 },
    { name: 'b', type: UTF8 },
  ]);
  const nested: [string, DataType, RawValue | undefined][] = [
    [' [ 1 , 2, null] ', list(INT32), [1, 2, null]],
    ['[[1,2],[]]', list(list(INT32)), [[1, 2], []]],
    ['[a, b c, "d,e", \'f]\', "null", ""]', list(UTF8), ['a', 'b c', 'd,e', 'f]', 'null', '']],
    ['["a\\"b"]', list(UTF8), ['a"b']],
    ['{\'a\': 1, "b": x y}', pair, [1, 'x y']],
    ['{b: x}', pair, [null, 'x']],
    ['(1, x)', pair, [1, 'x']],
    [
      '{k=1, j=null}',
      { kind: 'map', key: UTF8, value: INT32 },
      [
        ['k', 1],
        ['j', null],
      ],
    ],
    ['[1,]', list(INT32), undefined],
    ['[1,2', list(INT32), undefined],
    ["[it's]", list(UTF8), undefined],
    ['{c: 1}', pair, undefined],
    ['[1,2]', { kind: 'array', element: INT32, length: 3 }, undefined],
  ];
  it.each(nested)('%s is read as a nested value', (text, type, value) => {
    if (value === undefined) expect(() => cast(UTF8, text, type)).toThrow("can't be read as");
    else expect(cast(UTF8, text, type)).toEqual(value);
  });

  const shows: [DataType, RawValue, string][] = [
    [FLOAT64, 1e16, '1e+16'],
    [FLOAT64, 1e15, '1000000000000000.0'],
    [FLOAT64, 0.00001, '1e-05'],
    [FLOAT64, 0.0001, '0.0001'],
    [FLOAT64, -0, '-0.0'],
    [FLOAT64, 123456789012345680, '1.2345678901234568e+17'],
    [FLOAT32, Math.fround(0.1), '0.1'],
    [FLOAT32, 16777216, '16777216.0'],
    [FLOAT32, Math.fround(3.4028235e38), '3.4028235e+38'],
    [decimal(5, 3), -5n, '-0.005'],
    [BOOLEAN, true, 'true'],
    [INTERVAL, { months: 14, days: -3, micros: -14706000000n }, '1 year 2 months -3 days -04:05:06'],
    [INTERVAL, { months: 0, days: 0, micros: 0n }, '00:00:00'],
    [DATE, -719529, '0002-12-31 (BC)'],
    [TIMESTAMP, 1577872800500000n, '2020-01-01 10:00:00.5'],
    [list(UTF8), ['a b', '', 'x,y', null, "it's"], "[a b, '', 'x,y', NULL, 'it\\'s']"],
    [
      struct([
        { name: 'a', type: INT32 },
        { name: 'b', type: UTF8 },
      ]),
      [1, 'x'],
      "{'a': 1, 'b': x}",
    ],
    [{ kind: 'map', key: UTF8, value: INT32 }, [['k', 1]], '{k=1}'],
    [{ kind: 'enum', values: ['low', 'high'] }, 'high', 'high'],
  ];
  it.each(shows)('%o shows %o', (type, value, text) => {
    expect(cast(type, value, UTF8)).toBe(text);
  });
});

describe('time', () => {
  it.each([
    [DATE, 18266, TIMESTAMP, 1578182400000000n],
    [TIMESTAMP, -1n, DATE, -1],
    [TIMESTAMP, 1577872800000000n, TIME, 36000000000n],
    [TIMESTAMP, 1577923199999000n, { kind: 'timestamp', unit: 's', zone: false }, 1577923200n],
    [{ kind: 'timestamp', unit: 'ms', zone: false }, -1n, TIMESTAMP, -1000n],
  ] as [DataType, RawValue, DataType, RawValue][])('%o %o to %o', (from, value, to, result) => {
    expect(cast(from, value, to)).toBe(result);
  });
});

describe('nested values', () => {
  it('are cast element by element', () => {
    expect(cast(list(INT32), [1, null, 3], list(INT64))).toEqual([1n, null, 3n]);
    expect(cast(list(UTF8), ['1.5', null], list(decimal(3, 1)))).toEqual([15n, null]);
    const from = struct([
      { name: 'a', type: INT32 },
      { name: 'b', type: list(INT32) },
    ]);
    const to = struct([
      { name: 'b', type: list(FLOAT64) },
      { name: 'c', type: INT32 },
      { name: 'A', type: UTF8 },
    ]);
    expect(cast(from, [1, [2]], to)).toEqual([[2], null, '1']);
  });

  it('do not fail for elements that no row has', () => {
    const ctx = testContext();
    const column = vectorOf(ctx, list(UTF8), [['1'], ['x'], ['2', '3']]);
    const expr = castTo(input(0, list(UTF8)), list(INT32));
    expect(evaluate(ctx, expr, [column], rowsOf(ctx, 3, [0, 2]))).toEqual([[1], [2, 3]]);
    expect(() => evaluate(ctx, expr, [column])).toThrow("'x' can't be read as INTEGER");
  });
});

it('NULL becomes any type', () => {
  for (const type of FLAT_TYPES) expect(cast(NULL, null, type)).toBe(null);
});

it('does not exist between dates and numbers', () => {
  expect(findCast(DATE, INT32)).toBeUndefined();
  expect(findCast(BOOLEAN, DATE)).toBeUndefined();
  expect(findCast(list(INT32), INT32)).toBeUndefined();
});

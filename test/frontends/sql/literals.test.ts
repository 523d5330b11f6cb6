import { expect, test } from 'vitest';
import { parseExpr, parseType, printExpr } from '../../../frontends/sql/index.ts';
import {
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  INT128,
  list,
  UINT64,
} from '../../../src/types/data-type.ts';
import type { ScalarValue } from '../../../src/types/scalar.ts';
import { typeName } from '../../../src/types/type-name.ts';

const cases: [sql: string, type: string, value: ScalarValue][] = [
  // numbers, typed as DuckDB's typeof says
  ['1', 'INTEGER', 1],
  ['00012', 'INTEGER', 12],
  ['1_000', 'INTEGER', 1000],
  ['2147483647', 'INTEGER', 2147483647],
  ['2147483648', 'BIGINT', '2147483648'],
  ['-2147483648', 'INTEGER', -2147483648],
  ['-9223372036854775808', 'BIGINT', '-9223372036854775808'],
  ['9223372036854775808', 'HUGEINT', '9223372036854775808'],
  ['-170141183460469231731687303715884105728', 'HUGEINT', '-170141183460469231731687303715884105728'],
  ['170141183460469231731687303715884105728', 'UHUGEINT', '170141183460469231731687303715884105728'],
  ['340282366920938463463374607431768211456', 'DOUBLE', 2 ** 128],
  ['0x1F', 'INTEGER', 31],
  ['0b101', 'INTEGER', 5],
  ['0o17', 'INTEGER', 15],
  ['1.50', 'DECIMAL(3,2)', '150'],
  ['.5', 'DECIMAL(1,1)', '5'],
  ['1.', 'DECIMAL(1,0)', '1'],
  ['0.00', 'DECIMAL(3,2)', '0'],
  ['010.50', 'DECIMAL(5,2)', '1050'],
  ['-1_000.5', 'DECIMAL(5,1)', '-10005'],
  ['1234567890123456789012345678901234567.1', 'DECIMAL(38,1)', '12345678901234567890123456789012345671'],
  ['12345678901234567890123456789012345678.1', 'DOUBLE', 1.2345678901234568e37],
  ['1e3', 'DOUBLE', 1000],
  ['1.5E-2', 'DOUBLE', 0.015],
  ['-0e0', 'DOUBLE', '-0'],
  ['1e999', 'DOUBLE', 'Infinity'],
  // strings
  ["'it''s'", 'VARCHAR', "it's"],
  ["'a'\n  'b'", 'VARCHAR', 'ab'],
  ["E'a\\n\\'\\x41\\u00e9\\101'", 'VARCHAR', "a\n'AéA"],
  ["$$it's$$", 'VARCHAR', "it's"],
  ['$tag$a $$ b$tag$', 'VARCHAR', 'a $$ b'],
  ["N'x'", 'VARCHAR', 'x'],
  ["X'48C3A9'", 'BLOB', 'SMOp'],
  ['true', 'BOOLEAN', true],
  // typed
  ["DATE '1992-01-01'", 'DATE', 8035],
  ["date '1969-12-31'", 'DATE', -1],
  ["TIME '12:34:56.5'", 'TIME', '45296500000'],
  ["TIMESTAMP '1970-01-01 00:00:01.5'", 'TIMESTAMP', '1500000'],
  ["TIMESTAMP '1970-01-02'", 'TIMESTAMP', '86400000000'],
  ["TIMESTAMP_MS '1970-01-01T00:00:01'", 'TIMESTAMP_MS', '1000'],
  ["TIMESTAMP(9) '1970-01-01 00:00:00.000001'", 'TIMESTAMP_NS', '1000'],
  ["TIMESTAMP WITH TIME ZONE '1970-01-01 01:00:00+01'", 'TIMESTAMP WITH TIME ZONE', '0'],
  ["TIMESTAMPTZ '1970-01-01 00:00:00Z'", 'TIMESTAMP WITH TIME ZONE', '0'],
  ["DECIMAL(15,2) '1.5'", 'DECIMAL(15,2)', '150'],
  ["BIGINT '5'", 'BIGINT', '5'],
  ["DOUBLE PRECISION '1.5'", 'DOUBLE', 1.5],
  ["DOUBLE 'nan'", 'DOUBLE', 'NaN'],
  ["UUID '47183823-2574-4bfd-b411-99ed177d3e43'", 'UUID', '47183823-2574-4bfd-b411-99ed177d3e43'],
  [`JSON '{"a": 1}'`, 'JSON', '{"a": 1}'],
  ["typed_literal('INTEGER[]', '[1,null]')", 'INTEGER[]', [1, null]],
];

test.each(cases)('%s', (sql, type, value) => {
  const parsed = parseExpr(sql);
  if (parsed.kind !== 'literal') throw new Error(`a ${parsed.kind}`);
  expect([typeName(parsed.value.type), parsed.value.value]).toEqual([type, value]);
  expect(parseExpr(printExpr(parsed))).toMatchObject({ value: parsed.value });
});

test.each([
  "DATE '1992-02-30'",
  "DATE 'x'",
  "TIMESTAMP '1992-01-01 25:00:00'",
  "TIMESTAMPTZ '1992-01-01'",
  "TINYINT '300'",
  "JSON '{'",
])('%s is left to a cast, which tells what is wrong', sql =>
  expect(parseExpr(sql)).toMatchObject({ kind: 'cast', try: false }),
);

const types: [sql: string, type: DataType][] = [
  ['int4', INT32],
  ['INT UNSIGNED', { kind: 'int', bits: 32, signed: false }],
  ['int8', INT64],
  ['UBIGINT', UINT64],
  ['HUGEINT', INT128],
  ['float', FLOAT32],
  ['float(53)', FLOAT64],
  ['double precision', FLOAT64],
  ['DECIMAL', decimal(18, 3)],
  ['numeric(10)', decimal(10, 0)],
  ['character varying(20)', { kind: 'utf8' }],
  ['bytea', { kind: 'binary' }],
  ['timestamp(3)', { kind: 'timestamp', unit: 'ms', zone: false }],
  ['timestamp with time zone', { kind: 'timestamp', unit: 'us', zone: true }],
  ['time without time zone', { kind: 'time' }],
  ['int[][3]', { kind: 'array', element: list(INT32), length: 3 }],
  ['int array', list(INT32)],
  [
    'struct(a int, "order" double[])',
    {
      kind: 'struct',
      fields: [
        { name: 'a', type: INT32 },
        { name: 'order', type: list(FLOAT64) },
      ],
    },
  ],
  ['map(int, double)', { kind: 'map', key: INT32, value: FLOAT64 }],
  [
    'union(a int, b double)',
    {
      kind: 'union',
      members: [
        { name: 'a', type: INT32 },
        { name: 'b', type: FLOAT64 },
      ],
    },
  ],
  ["enum('x', 'y')", { kind: 'enum', values: ['x', 'y'] }],
];

test.each(types)('type %s', (sql, type) => {
  expect(parseType(sql)).toEqual(type);
  expect(parseType(typeName(type))).toEqual(type);
});

test('a type that is not built in keeps its name', () => {
  expect(parseType('app.Mood')).toMatchObject({ kind: 'named', name: 'app.Mood' });
});

test.each([
  '0.5',
  '.5',
  '-0.05',
  '100.',
  '1.50',
  '5',
  '-2147483648',
  '1.5e0',
  "DECIMAL(15,2) '0.50'",
  "DATE '1992-01-01'",
  "INTERVAL '3 months'",
])('%s prints as it is written', sql => expect(printExpr(parseExpr(sql))).toBe(sql));

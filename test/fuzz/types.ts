import type { Random } from './random.ts';

/**
 * The kinds of values that random expressions have. `int`, `double` and so on stand for families: which of their
 * types an expression has, follows from its columns.
 */
export const TYPES = [
  'int',
  'double',
  'decimal',
  'text',
  'date',
  'timestamp',
  'bool',
  'ints',
  'time',
  'interval',
  'timestamptz',
  'blob',
  'uuid',
  'enum',
  'texts',
  'struct',
  'map',
  'array',
] as const;
export type Type = (typeof TYPES)[number];

export const SQL_TYPES: Readonly<Record<Type, string>> = {
  int: 'INTEGER',
  double: 'DOUBLE',
  decimal: 'DECIMAL(9,2)',
  text: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  bool: 'BOOLEAN',
  ints: 'INTEGER[]',
  time: 'TIME',
  interval: 'INTERVAL',
  timestamptz: 'TIMESTAMPTZ',
  blob: 'BLOB',
  uuid: 'UUID',
  enum: 'mood',
  texts: 'VARCHAR[]',
  struct: 'STRUCT(a INTEGER, b VARCHAR)',
  map: 'MAP(VARCHAR, INTEGER)',
  array: 'INTEGER[2]',
};

/** What both engines must know before any table is made. */
export const ENUM_SQL = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')";

/** Types that columns of a kind may have, if more than one. */
export const COLUMN_TYPES: Partial<Record<Type, readonly string[]>> = {
  int: ['INTEGER', 'INTEGER', 'INTEGER', 'BIGINT', 'BIGINT', 'SMALLINT', 'TINYINT', 'HUGEINT'],
  double: ['DOUBLE', 'DOUBLE', 'DOUBLE', 'FLOAT'],
  decimal: ['DECIMAL(9,2)', 'DECIMAL(9,2)', 'DECIMAL(18,4)', 'DECIMAL(30,10)', 'DECIMAL(4,2)'],
  timestamp: ['TIMESTAMP', 'TIMESTAMP', 'TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_S', 'TIMESTAMP_NS'],
};

/** Values that meet each other, and the odd ones; none of them comes near an overflow. */
export const VALUES: Readonly<Record<Type, readonly string[]>> = {
  int: ['0', '1', '2', '3', '4', '-1', '-7', '100'],
  double: ['0.5', '-1.25', '3.5', '0.0', '2.0', '1e10', "'nan'", "'inf'"],
  decimal: ['0.00', '1.50', '-2.25', '10.00', '1.05', '99.99'],
  text: [
    "''",
    "'a'",
    "'A'",
    "'ab'",
    "'it''s'",
    "'größe'",
    "'10'",
    "' 7 '",
    "'a%b'",
    "'2020-02-29'",
    "'a_longer text than twelve'",
  ],
  date: ["'2020-02-29'", "'1970-01-01'", "'1999-12-31'", "'2024-07-15'", "'1969-12-28'"],
  timestamp: [
    "'2020-02-29 12:34:56'",
    "'1970-01-01 00:00:00'",
    "'1999-12-31 23:59:59.999999'",
    "'2024-07-15 06:00:00'",
    "'1969-12-31 23:59:59.5'",
  ],
  bool: ['true', 'false'],
  ints: ['[1, 2]', '[]', '[NULL]', '[3, NULL, 1]', '[1]', '[2, 2, 1, 4, 3]'],
  time: ["'00:00:00'", "'12:34:56'", "'23:59:59.999999'", "'06:30:00'"],
  // Not of months against days: DuckDB's greatest() and its > disagree about '1 month -3 days' and '30 days'.
  interval: ["'1 day'", "'1 month 3 days'", "'02:30:00'", "'-1 year 5 seconds'", "'0 days'", "'24 hours'", "'30 days'"],
  timestamptz: ["'2020-02-29 12:34:56+00'", "'1970-01-01 00:00:00+02'", "'2024-07-15 06:00:00.25-05'"],
  blob: ["''", "'ab'", "'\\x00\\xFF'", "'a\\x0Ab'"],
  uuid: [
    "'550e8400-e29b-41d4-a716-446655440000'",
    "'00000000-0000-0000-0000-000000000000'",
    "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
  ],
  enum: ["'sad'", "'ok'", "'happy'"],
  texts: ["['a', 'b']", '[]', '[NULL]', "['', 'a', NULL, 'größe']", "['b']"],
  struct: ["{'a': 1, 'b': 'x'}", "{'a': NULL, 'b': 'ab'}", "{'a': 2, 'b': NULL}", "{'a': 1, 'b': ''}"],
  map: ["MAP {'a': 1}", 'MAP {}', "MAP {'a': 2, 'b': NULL}", "MAP {'b': 1, 'a': 1}"],
  array: ['[1, 2]', '[NULL, 1]', '[0, 0]', '[2, NULL]'],
};

const BIGINT = ['BIGINT', ['-9223372036854775808', '9223372036854775807', '0', '3', '-1', '4294967296']] as const;

/**
 * Types and values at the edges, where arithmetic and casts fail. Not UHUGEINT: DuckDB takes INTEGER and UHUGEINT
 * together for BIGINT, which holds neither's values.
 */
export const EDGE_COLUMNS: Partial<Record<Type, readonly (readonly [type: string, values: readonly string[]])[]>> = {
  int: [
    ['TINYINT', ['-128', '127', '0', '1', '-1']],
    ['SMALLINT', ['-32768', '32767', '0', '2', '-1']],
    ['INTEGER', ['-2147483648', '2147483647', '0', '1', '-1', '65536']],
    ...Array.from({ length: 4 }, () => BIGINT),
    [
      'HUGEINT',
      [
        '-170141183460469231731687303715884105728',
        '170141183460469231731687303715884105727',
        '0',
        '1',
        '-1',
        '18446744073709551616',
      ],
    ],
    ['UTINYINT', ['0', '255', '1', '128']],
    ['USMALLINT', ['0', '65535', '1', '32768']],
    ['UINTEGER', ['0', '4294967295', '1', '2147483648']],
    ['UBIGINT', ['0', '18446744073709551615', '1', '9223372036854775808']],
  ],
  double: [
    [
      'DOUBLE',
      [
        "'-inf'",
        "'inf'",
        "'nan'",
        '1.7976931348623157e308',
        '5e-324',
        '-0.0',
        '9007199254740993',
        '0.1',
        '-2.5',
        '1e20',
      ],
    ],
    ['FLOAT', ["'-inf'", "'nan'", '3.4028234e38', '1e-45', '-0.0', '16777217', '0.1', '2.5']],
  ],
  decimal: [
    ['DECIMAL(4,2)', ['99.99', '-99.99', '0.01', '0.00', '2.50']],
    ['DECIMAL(9,2)', ['9999999.99', '-9999999.99', '0.01', '0.50', '1.50']],
    ['DECIMAL(18,4)', ['99999999999999.9999', '-99999999999999.9999', '0.0001', '2.5000']],
    [
      'DECIMAL(38,10)',
      ['9999999999999999999999999999.9999999999', '-9999999999999999999999999999.9999999999', '0.0000000001', '0.5'],
    ],
  ],
  date: [['DATE', ["'0001-01-01'", "'9999-12-31'", "'infinity'", "'-infinity'", "'2000-02-29'", "'1582-10-15'"]]],
  timestamp: [
    [
      'TIMESTAMP',
      ["'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'", "'infinity'", "'2000-02-29 00:00:00.000001'"],
    ],
  ],
  text: [
    [
      'VARCHAR',
      [
        "'1e5'",
        "'-0'",
        "'9223372036854775808'",
        "' 12 '",
        "'0x1F'",
        "'1_000'",
        "'nan'",
        "'true'",
        "'t'",
        "'12:34'",
        "'2020-02-30'",
        "'\u{1F600}é'",
        "'1 day'",
        "'[1, 2]'",
        "'.5'",
        "'1.5'",
        "'happy'",
        "''",
      ],
    ],
  ],
  interval: [['INTERVAL', ["'1000 years'", "'-1 microsecond'", "'100000 days'", "'1 month 30 days 24:00:00'"]]],
};

/** A kind of value: the common ones oftener. */
export const randomType = (random: Random): Type =>
  random.percent(65) ? random.pick(TYPES.slice(0, 8)) : random.pick(TYPES);

/** A constant of a type, sometimes NULL. */
export function randomLiteral(random: Random, type: Type): string {
  if (random.percent(8)) return `CAST(NULL AS ${SQL_TYPES[type]})`;
  const value = random.pick(VALUES[type]);
  return BARE.has(type) ? value : `CAST(${value} AS ${SQL_TYPES[type]})`;
}

/** Kinds whose constants have their type as they stand. */
const BARE: ReadonlySet<Type> = new Set(['int', 'decimal', 'text', 'bool']);

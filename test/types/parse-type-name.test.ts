import { describe, expect, it } from 'vitest';
import { parseTypeName } from '../../src/types/parse-type-name.ts';
import { typeName } from '../../src/types/type-name.ts';

describe('a type is read from', () => {
  it.each([
    ['integer', 'INTEGER'],
    [' Int32 ', 'INTEGER'],
    ['int8', 'BIGINT'],
    ['oid', 'BIGINT'],
    ['uint64', 'UBIGINT'],
    ['logical', 'BOOLEAN'],
    ['bpchar', 'VARCHAR'],
    ['character  varying', 'VARCHAR'],
    ['text(10)', 'VARCHAR'],
    ['varbinary', 'BLOB'],
    ['guid', 'UUID'],
    ['double precision', 'DOUBLE'],
    ['dec', 'DECIMAL(18,3)'],
    ['numeric(4)', 'DECIMAL(4,0)'],
    ['DECIMAL( 15, 2 )', 'DECIMAL(15,2)'],
    ['timestamp with time zone', 'TIMESTAMP WITH TIME ZONE'],
    ['timestamp without time zone', 'TIMESTAMP'],
    ['timestamp_ns[]', 'TIMESTAMP_NS[]'],
    ['int[3][]', 'INTEGER[3][]'],
    ['row(a int, "b c" decimal(4,1)[])', 'STRUCT(a INTEGER, "b c" DECIMAL(4,1)[])'],
    ['map(int, struct(x text))', 'MAP(INTEGER, STRUCT(x VARCHAR))'],
    ["enum('a', 'it''s')", "ENUM('a', 'it''s')"],
    ['union(a int, b varchar)', 'UNION(a INTEGER, b VARCHAR)'],
  ])('%s', (text, name) => {
    expect(typeName(parseTypeName(text)!)).toBe(name);
  });
});

it.each([
  '',
  'nothing',
  'null',
  'decimal(39)',
  'decimal(2,3)',
  'decimal()',
  'varchar(x)',
  'int(1)(2)',
  'map(int)',
  'constructor',
])('%j names no type', text => {
  expect(parseTypeName(text)).toBeUndefined();
});

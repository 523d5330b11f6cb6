import { describe, expect, it } from 'vitest';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { commonType, commonTypeOf, implicitCastCost, literalType } from '../../src/types/coercion.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  list,
  NULL,
  TIMESTAMP,
  TIMESTAMPTZ,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
  UTF8,
} from '../../src/types/data-type.ts';
import { typeName } from '../../src/types/type-name.ts';

const show = (type: DataType | undefined): string => (type === undefined ? 'none' : typeName(type));
const text = literalType({ type: UTF8, value: 'x' });
const integer = (value: number): DataType => literalType({ type: INT32, value });

describe('resolving calls', () => {
  const returns = (name: string, ...args: DataType[]): string =>
    typeName(builtinFunctions.resolveCall(name, args).fit.returns);

  it('takes the overload with the cheapest casts', () => {
    expect(returns('+', INT8, UINT8)).toBe('BIGINT');
    expect(returns('+', INT16, UINT8)).toBe('SMALLINT');
    expect(returns('+', UINT64, INT8)).toBe('HUGEINT');
    expect(returns('+', UINT128, INT8)).toBe('DOUBLE');
    expect(returns('+', INT32, FLOAT32)).toBe('FLOAT');
    expect(returns('+', FLOAT32, FLOAT64)).toBe('DOUBLE');
    expect(returns('/', INT32, INT32)).toBe('DOUBLE');
    expect(returns('//', decimal(4, 1), INT32)).toBe('DOUBLE');
    expect(returns('abs', NULL)).toBe('BIGINT');
    expect(returns('SQRT', INT32)).toBe('DOUBLE');
  });

  it('says what there is when nothing fits', () => {
    expect(() => builtinFunctions.resolveCall('sqrt', [BOOLEAN], { start: 3, end: 9 })).toThrow(
      /no function matches sqrt\(BOOLEAN\)\nhint: candidates are sqrt\(DOUBLE\) -> DOUBLE/,
    );
    expect(() => builtinFunctions.resolveCall('+', [BOOLEAN, INT32])).toThrow('no function matches BOOLEAN + INTEGER');
  });

  it('suggests names', () => {
    expect(() => builtinFunctions.resolveCall('sqt', [INT32])).toThrow(
      /no function sqt\(INTEGER\)\nhint: did you mean 'sqrt'/,
    );
  });

  it('does not guess the type of a text', () => {
    expect(() => builtinFunctions.resolveCall('abs', [text])).toThrow(/could take argument 1 as/);
    expect(returns('sqrt', text)).toBe('DOUBLE');
    expect(returns('+', text, INT64)).toBe('BIGINT');
  });

  it('finds plans by name and key', () => {
    const { overload } = builtinFunctions.resolveCall('+', [INT32, INT32]);
    expect(builtinFunctions.scalarOverload('+', overload.key)).toBe(overload);
    expect(() => builtinFunctions.scalarOverload('+', 'nope')).toThrow('unknown overload');
  });
});

describe('common types', () => {
  const types = [
    INT8,
    INT16,
    INT32,
    INT64,
    INT128,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    FLOAT32,
    FLOAT64,
    decimal(4, 1),
    decimal(18, 3),
    BOOLEAN,
  ];
  const names =
    'TINYINT SMALLINT INTEGER BIGINT HUGEINT SMALLINT INTEGER BIGINT HUGEINT FLOAT DOUBLE DECIMAL(4,1) DECIMAL(18,3) TINYINT';

  it('are the narrowest that hold both', () => {
    expect(types.map(t => show(commonType(INT8, t))).join(' ')).toBe(names);
    expect(types.map(t => show(commonType(t, INT8))).join(' ')).toBe(names);
    expect(show(commonType(INT64, decimal(18, 3)))).toBe('DECIMAL(22,3)');
    expect(show(commonType(INT128, decimal(4, 1)))).toBe('DECIMAL(38,1)');
    expect(show(commonType(decimal(38, 4), decimal(18, 6)))).toBe('DECIMAL(38,4)');
    expect(show(commonType(DATE, TIMESTAMP))).toBe('TIMESTAMP');
    expect(show(commonType(TIMESTAMPTZ, DATE))).toBe('TIMESTAMP WITH TIME ZONE');
    expect(show(commonType(UTF8, INT32))).toBe('none');
    expect(show(commonType(BOOLEAN, FLOAT64))).toBe('none');
    expect(show(commonType(list(INT32), list(decimal(3, 2))))).toBe('DECIMAL(12,2)[]');
    expect(show(commonType({ kind: 'enum', values: ['a'] }, UTF8))).toBe('VARCHAR');
  });

  it('let literals fit in', () => {
    expect(show(commonTypeOf([INT8, integer(3)]))).toBe('TINYINT');
    expect(show(commonTypeOf([INT8, integer(300)]))).toBe('INTEGER');
    expect(show(commonTypeOf([DATE, text]))).toBe('DATE');
    expect(show(commonTypeOf([text, text]))).toBe('VARCHAR');
    expect(show(commonTypeOf([NULL, text, NULL]))).toBe('VARCHAR');
    expect(show(commonTypeOf([]))).toBe('NULL');
  });
});

it('implicit casts lose nothing', () => {
  expect(implicitCastCost(INT32, INT64)).toBeGreaterThan(0);
  expect(implicitCastCost(INT64, INT32)).toBeUndefined();
  expect(implicitCastCost(INT8, UINT8)).toBeUndefined();
  expect(implicitCastCost(FLOAT64, decimal(18, 3))).toBeUndefined();
  expect(implicitCastCost(INT32, UTF8)).toBeUndefined();
  expect(implicitCastCost(DATE, TIMESTAMP)).toBeGreaterThan(0);
  expect(implicitCastCost(text, DATE)).toBe(20);
  expect(implicitCastCost(integer(200), INT8)).toBeUndefined();
  expect(implicitCastCost(integer(100), INT8)).toBe(20);
});

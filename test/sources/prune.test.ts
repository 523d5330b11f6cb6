import { describe, expect, it } from 'vitest';
import type { PhysicalExpr } from '../../src/plan/expr.ts';
import type { ColumnRange } from '../../src/plan/logical-plan.ts';
import { compareScalars, compareText } from '../../src/sources/compare-scalars.ts';
import { canSkip } from '../../src/sources/prune.ts';
import { BOOLEAN, type DataType, decimal, FLOAT64, INT32, INT64, UTF8 } from '../../src/types/data-type.ts';
import type { ScalarValue } from '../../src/types/scalar.ts';

const literal = (type: DataType, value: ScalarValue): PhysicalExpr => ({ kind: 'literal', value: { type, value } });
const column = (type: DataType): PhysicalExpr => ({ kind: 'input', index: 0, type });
const call = (fn: string, ...args: PhysicalExpr[]): PhysicalExpr => ({
  kind: 'call',
  fn,
  overload: '',
  args,
  type: BOOLEAN,
});

const range = (type: DataType, min: ScalarValue, max: ScalarValue, nullCount = 0): ColumnRange => ({
  min: { type, value: min },
  max: { type, value: max },
  nullCount,
});

describe('a range of integers', () => {
  const x = column(INT32);
  const skips = (filter: PhysicalExpr, r: ColumnRange = range(INT32, 10, 20, 1)): boolean =>
    canSkip([filter], () => r, 100);

  it.each([
    ['=', 9, true],
    ['=', 10, false],
    ['=', 20, false],
    ['=', 21, true],
    ['<', 10, true],
    ['<', 11, false],
    ['<=', 9, true],
    ['<=', 10, false],
    ['>', 20, true],
    ['>', 19, false],
    ['>=', 21, true],
    ['>=', 20, false],
    ['<>', 15, false],
    ['+', 0, false],
  ])('x %s %d', (fn, value, expected) => {
    expect(skips(call(fn, x, literal(INT32, value)))).toBe(expected);
    const mirrored = ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as Record<string, string>)[fn] ?? fn;
    expect(skips(call(mirrored, literal(INT32, value), x))).toBe(expected);
  });

  it('is outside of lists, and of disjunctions, as a whole only', () => {
    const items = (...values: number[]) => values.map(value => ({ type: INT32, value }));
    const among = (...values: number[]): PhysicalExpr => ({
      kind: 'in',
      input: x,
      items: items(...values),
      negated: false,
    });
    expect(skips(among(1, 2, 30))).toBe(true);
    expect(skips(among(1, 15))).toBe(false);
    expect(skips({ kind: 'in', input: x, items: items(1), negated: true })).toBe(false);
    const low = call('<', x, literal(INT32, 5));
    const high = call('>', x, literal(INT32, 25));
    const middle = call('=', x, literal(INT32, 15));
    expect(skips({ kind: 'or', args: [low, high] })).toBe(true);
    expect(skips({ kind: 'or', args: [low, middle] })).toBe(false);
    expect(skips({ kind: 'and', args: [middle, high] })).toBe(true);
  });

  it('knows of NULLs', () => {
    expect(skips(call('is null', x))).toBe(false);
    expect(skips(call('is null', x), range(INT32, 1, 2, 0))).toBe(true);
    expect(skips(call('is not null', x))).toBe(false);
    expect(skips(call('is not null', x), { nullCount: 100 })).toBe(true);
    expect(skips(call('=', x, literal(INT32, 1)), { nullCount: 100 })).toBe(true);
    expect(skips(call('=', x, literal(INT32, null)))).toBe(true);
  });

  it('tells nothing of what it does not know', () => {
    expect(skips(call('=', x, literal(INT32, 1)), {})).toBe(false);
    expect(canSkip([call('=', x, literal(INT32, 1))], () => undefined, 100)).toBe(false);
    expect(skips(call('=', x, literal(UTF8, 'a')))).toBe(false);
    expect(skips(call('=', call('+', x, x), literal(INT32, 1)))).toBe(false);
  });
});

describe('a range of text', () => {
  const s = column(UTF8);
  const skips = (fn: string, pattern: string): boolean =>
    canSkip([call(fn, s, literal(UTF8, pattern))], () => range(UTF8, 'banana', 'cherry'));

  it.each([
    ['like', 'a%', true],
    ['like', 'b%', false],
    ['like', 'ban%', false],
    ['like', 'baa%', true],
    ['like', 'cherry%', false],
    ['like', 'cherrz%', true],
    ['like', 'd%', true],
    ['like', '%x', false],
    ['like', '_x', false],
    ['starts_with', 'z', true],
    ['starts_with', 'c', false],
    ['=', 'apple', true],
    ['=', 'blueberry', false],
  ])('%s %s', (fn, pattern, expected) => {
    expect(skips(fn, pattern)).toBe(expected);
  });
});

describe('constants', () => {
  it('compare as values of their types', () => {
    const of = (type: DataType, a: ScalarValue, b: ScalarValue) =>
      compareScalars({ type, value: a }, { type, value: b });
    expect(of(INT64, '9007199254740993', '9007199254740992')).toBe(1);
    expect(of(INT64, '-10', '9')).toBe(-1);
    expect(of(decimal(38, 2), '-1', `1${'0'.repeat(30)}`)).toBe(-1);
    expect(of(FLOAT64, 'NaN', 'Infinity')).toBe(1);
    expect(of(FLOAT64, '-0', 0)).toBe(0);
    expect(of(BOOLEAN, false, true)).toBe(-1);
    expect(of(INT32, null, 1)).toBeUndefined();
    expect(compareScalars({ type: decimal(5, 2), value: '1' }, { type: decimal(5, 1), value: '1' })).toBeUndefined();
  });

  it('order text as its bytes are ordered', () => {
    const texts = ['', 'a', 'ab', 'b', 'ä', '\u{e000}', '\u{10000}'];
    const bytes = (t: string): Buffer => Buffer.from(t);
    for (const a of texts) {
      for (const b of texts) expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
    }
  });
});

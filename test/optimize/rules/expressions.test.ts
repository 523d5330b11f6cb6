import { expect, test } from 'vitest';
import type { ExprRule } from '../../../src/optimize/rule.ts';
import { factorOr } from '../../../src/optimize/rules/factor-or.ts';
import { foldConstants } from '../../../src/optimize/rules/fold-constants.ts';
import { moveCastsToConstants } from '../../../src/optimize/rules/move-casts-to-constants.ts';
import { orToIn } from '../../../src/optimize/rules/or-to-in.ts';
import { simplifyLike } from '../../../src/optimize/rules/simplify-like.ts';
import type { BoundExpr } from '../../../src/plan/expr.ts';
import { FALSE, nullOf, TRUE } from '../../../src/plan/literals.ts';
import { BOOLEAN, DATE, decimal, FLOAT64, INT32, INT64, TIMESTAMP, UTF8 } from '../../../src/types/data-type.ts';
import {
  afterRules,
  and,
  call,
  cast,
  divide,
  eq,
  filter,
  ge,
  gt,
  int,
  isNull,
  le,
  like,
  literal,
  lt,
  ne,
  not,
  or,
  PlanBuilder,
  random,
  text,
} from '../../support/plan.ts';

const types = {
  a: INT32,
  b: INT32,
  c: INT32,
  p: BOOLEAN,
  q: BOOLEAN,
  r: BOOLEAN,
  s: UTF8,
  d: DATE,
  m: decimal(15, 2),
  f: FLOAT64,
};
const t = new PlanBuilder().scan('t', types);

/** A condition after a rule, as text. */
const after = (rule: ExprRule, e: BoundExpr): string =>
  /^filter \[(.*)\]$/m.exec(afterRules(filter(t.plan, e), [rule]))?.[1] ?? 'no filter';

test('fold-constants', () => {
  const fold = (e: BoundExpr): string => after(foldConstants, e);
  expect(fold(and(t.p, TRUE))).toBe('p');
  expect(fold(and(t.p, FALSE))).toBe('false');
  expect(fold(or(t.p, FALSE, t.p))).toBe('p');
  expect(fold(or(t.p, TRUE))).toBe('true');
  expect(fold(and(t.p, and(t.q, t.p), t.r))).toBe('p and q and r');
  expect(fold(not(lt(t.a, t.b)))).toBe('a >= b');
  expect(fold(not(not(t.p)))).toBe('p');
  expect(fold(not({ kind: 'in', input: t.a, items: [], negated: false }))).toBe('a not in ()');
  expect(fold(eq(t.a, nullOf(INT32)))).toBe('null');
  expect(fold(or(isNull(nullOf(INT32)), t.p))).toBe('(is null(null) or p)');
  expect(fold(eq({ kind: 'coalesce', args: [nullOf(INT32), t.a, int(1), t.b], type: INT32 }, t.c))).toBe(
    'coalesce(a, 1) = c',
  );
  const branches = [
    { when: FALSE, result: t.a },
    { when: t.p, result: t.b },
    { when: TRUE, result: int(7) },
    { when: t.q, result: t.c },
  ];
  expect(fold(eq({ kind: 'case', branches, otherwise: t.c, type: INT32 }, t.a))).toBe(
    'case when p then b else 7 end = a',
  );
  expect(fold(eq(cast(t.a, INT32), t.b))).toBe('a = b');
  expect(fold(gt(random(), nullOf(FLOAT64)))).toContain('random()');
});

test('move-casts-to-constants', () => {
  const move = (e: BoundExpr): string => after(moveCastsToConstants, e);
  const noon = literal(TIMESTAMP, String(10_471n * 86_400_000_000n + 43_200_000_000n));
  const midnight = literal(TIMESTAMP, String(10_471n * 86_400_000_000n));
  expect(move(le(cast(t.d, TIMESTAMP), midnight))).toBe('d <= 1998-09-02');
  expect(move(lt(cast(t.d, TIMESTAMP), noon))).toBe('d <= 1998-09-02');
  expect(move(gt(cast(t.d, TIMESTAMP), noon))).toBe('d > 1998-09-02');
  expect(move(eq(cast(t.d, TIMESTAMP), noon))).toContain('cast');
  expect(move(gt(noon, cast(t.d, TIMESTAMP)))).toBe('d <= 1998-09-02');
  expect(move(eq(cast(t.a, INT64), literal(INT64, '5')))).toBe('a = 5');
  expect(move(eq(cast(t.a, INT64), literal(INT64, '5000000000')))).toContain('cast');
  expect(move(lt(cast(t.a, FLOAT64), literal(FLOAT64, -2.5)))).toBe('a <= -3');
  expect(move(ge(cast(t.m, decimal(18, 4)), literal(decimal(18, 4), '12345')))).toBe('m > "123"');
  expect(move(eq(cast(t.a, INT64), cast(t.b, INT64)))).toBe('a = b');
  expect(move(eq(cast(t.f, INT64), literal(INT64, '5')))).toContain('cast');
  expect(move(eq(cast(t.s, INT64), literal(INT64, '5')))).toContain('cast');
  const items = [
    { type: INT64, value: '1' },
    { type: INT64, value: null },
  ];
  expect(move({ kind: 'in', input: cast(t.a, INT64), items, negated: false })).toBe('a in (1, )');
});

test('simplify-like', () => {
  const simplify = (pattern: string): string => after(simplifyLike, like(t.s, text(pattern)));
  expect(simplify('abc')).toBe("s = 'abc'");
  expect(simplify('abc%')).toBe("starts_with(s, 'abc')");
  expect(simplify('%abc')).toBe("ends_with(s, 'abc')");
  expect(simplify('%abc%')).toBe("contains(s, 'abc')");
  expect(simplify('a_c%')).toBe("s like 'a_c%'");
  expect(simplify('%a%c%')).toBe("s like '%a%c%'");
  expect(simplify('%')).toBe("s like '%'");
  expect(after(simplifyLike, call('not like', [t.s, text('x%')], BOOLEAN))).toBe("not(starts_with(s, 'x'))");
  expect(after(simplifyLike, like(t.s, t.s))).toBe('s like s');
});

test('or-to-in', () => {
  expect(after(orToIn, or(eq(t.a, int(1)), gt(t.b, int(2)), eq(int(3), t.a)))).toBe('(a in (1, 3) or b > 2)');
  const set: BoundExpr = { kind: 'in', input: t.a, items: [{ type: INT32, value: 5 }], negated: false };
  expect(after(orToIn, or(set, eq(t.a, int(1))))).toBe('a in (5, 1)');
  expect(after(orToIn, or(eq(t.a, int(1)), eq(t.b, int(1))))).toBe('(a = 1 or b = 1)');
  expect(after(orToIn, or(eq(t.a, int(1)), ne(t.a, int(2))))).toBe('(a = 1 or a <> 2)');
  expect(after(orToIn, or(eq(random(), literal(FLOAT64, 1)), eq(random(), literal(FLOAT64, 2))))).toContain('or');
});

test('factor-or', () => {
  expect(after(factorOr, or(and(t.p, t.q), and(t.r, t.p)))).toBe('p and (q or r)');
  expect(after(factorOr, or(t.p, and(t.q, t.p)))).toBe('p');
  expect(after(factorOr, or(and(t.p, t.q), t.r))).toBe('((p and q) or r)');
  const fails = gt(divide(t.a, t.b), int(1));
  expect(after(factorOr, or(and(t.p, fails), and(t.q, fails)))).toContain('or (q and fails(a, b) > 1)');
});

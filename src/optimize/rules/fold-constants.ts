import { negatedComparison } from '../../plan/comparison.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { withoutRepeats } from '../../plan/expr-key.ts';
import { FALSE, isFalse, isNull, isTrue, nullOf, TRUE } from '../../plan/literals.ts';
import { BOOLEAN, sameType } from '../../types/data-type.ts';
import type { ExprRule, RuleContext } from '../rule.ts';

/**
 * What needs no rows is computed now, and what follows from it disappears.
 *
 *     date '1998-12-01' - interval 90 day   ⇒   timestamp '1998-09-02'
 *     a and true                            ⇒   a
 *     a and false                           ⇒   false
 *     not (a < b)                           ⇒   a >= b
 *     case when false then x else y end     ⇒   y
 *     coalesce(NULL, a, 1, b)               ⇒   coalesce(a, 1)
 *     a + NULL                              ⇒   NULL
 *
 * A call that fails is left for the run: no row may ever reach it.
 */
export const foldConstants: ExprRule = { name: 'fold-constants', simplify: fold };

function fold(e: BoundExpr, ctx: RuleContext): BoundExpr {
  switch (e.kind) {
    case 'and':
      return foldLogic(e, isTrue, isFalse, TRUE, FALSE);
    case 'or':
      return foldLogic(e, isFalse, isTrue, FALSE, TRUE);
    case 'case':
      return foldCase(e);
    case 'coalesce':
      return foldCoalesce(e);
    case 'in': {
      if (isNull(e.input)) return nullOf(BOOLEAN);
      return e.input.kind === 'literal' ? computed(e, ctx) : e;
    }
    case 'cast':
      if (sameType(typeOf(e.input), e.type)) return e.input;
      if (isNull(e.input)) return nullOf(e.type);
      return e.input.kind === 'literal' ? computed(e, ctx) : e;
    case 'call':
      return foldCall(e, ctx);
    default:
      return e;
  }
}

function computed(e: BoundExpr, ctx: RuleContext): BoundExpr {
  const value = ctx.evaluate(e);
  return value === undefined ? e : { kind: 'literal', value };
}

function foldCall(e: Extract<BoundExpr, { kind: 'call' }>, ctx: RuleContext): BoundExpr {
  if (ctx.effects.isVolatile(e)) return e;
  if (e.args.some(isNull) && ctx.effects.propagatesNulls(e)) return nullOf(e.type);
  const [arg] = e.args;
  if (e.fn === 'not' && arg !== undefined) {
    if (isTrue(arg)) return FALSE;
    if (isFalse(arg)) return TRUE;
    if (arg.kind === 'in') return { ...arg, negated: !arg.negated };
    if (arg.kind === 'call') return arg.fn === 'not' ? arg.args[0]! : (negatedComparison(arg) ?? e);
  }
  return e.args.length > 0 && e.args.every(a => a.kind === 'literal') ? computed(e, ctx) : e;
}

type Test = (e: BoundExpr) => boolean;

/** AND and OR: `neutral` arguments drop out, a `deciding` one settles it. */
function foldLogic(
  e: Extract<BoundExpr, { kind: 'and' | 'or' }>,
  isNeutral: Test,
  isDeciding: Test,
  neutral: BoundExpr,
  deciding: BoundExpr,
): BoundExpr {
  const flat = e.args.some(a => a.kind === e.kind) ? e.args.flatMap(a => (a.kind === e.kind ? a.args : [a])) : e.args;
  if (flat.some(isDeciding)) return deciding;
  const args = withoutRepeats(flat.some(isNeutral) ? flat.filter(a => !isNeutral(a)) : flat);
  if (args.length === 0) return neutral;
  if (args.length === 1) return args[0]!;
  return args === e.args ? e : { ...e, args };
}

function foldCase(e: Extract<BoundExpr, { kind: 'case' }>): BoundExpr {
  const certain = e.branches.findIndex(b => isTrue(b.when));
  const reached = certain < 0 ? e.branches : e.branches.slice(0, certain);
  const branches = reached.filter(b => !isFalse(b.when) && !isNull(b.when));
  const otherwise = certain < 0 ? e.otherwise : e.branches[certain]!.result;
  if (branches.length === 0) return otherwise;
  return branches.length === e.branches.length ? e : { ...e, branches, otherwise };
}

function foldCoalesce(e: Extract<BoundExpr, { kind: 'coalesce' }>): BoundExpr {
  const present = e.args.filter(a => !isNull(a));
  const settled = present.findIndex(a => a.kind === 'literal');
  const args = settled < 0 ? present : present.slice(0, settled + 1);
  if (args.length === 0) return nullOf(e.type);
  if (args.length === 1) return args[0]!;
  return args.length === e.args.length ? e : { ...e, args };
}

import type { BoundExpr } from '../../plan/expr.ts';
import { BOOLEAN, UTF8 } from '../../types/data-type.ts';
import type { ExprRule, RuleContext } from '../rule.ts';

/**
 * Patterns that ask for a plain part of the text become the call that looks for it.
 *
 *     s like 'abc'       ⇒   s = 'abc'
 *     s like 'abc%'      ⇒   starts_with(s, 'abc')
 *     s like '%abc'      ⇒   ends_with(s, 'abc')
 *     s like '%abc%'     ⇒   contains(s, 'abc')
 *     s not like 'abc%'  ⇒   not starts_with(s, 'abc')
 */
export const simplifyLike: ExprRule = { name: 'simplify-like', simplify };

function simplify(e: BoundExpr, ctx: RuleContext): BoundExpr {
  if (e.kind !== 'call' || (e.fn !== 'like' && e.fn !== 'not like') || e.args.length !== 2) return e;
  const [text, pattern] = e.args as readonly [BoundExpr, BoundExpr];
  if (pattern.kind !== 'literal' || typeof pattern.value.value !== 'string') return e;
  // An escape character, where the pattern has one, would have to be read.
  const found = /^(%?)([^%_\\]*)(%?)$/.exec(pattern.value.value);
  if (found === null || found[2] === '') return e;
  const fn = found[1] === '' ? (found[3] === '' ? '=' : 'starts_with') : found[3] === '' ? 'ends_with' : 'contains';
  const part: BoundExpr = { kind: 'literal', value: { type: UTF8, value: found[2]! } };
  const test = ctx.call(fn, [text, part], BOOLEAN);
  if (test === undefined || e.fn === 'like') return test ?? e;
  return ctx.call('not', [test], BOOLEAN) ?? e;
}

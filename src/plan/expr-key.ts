import { type BoundExpr, type LambdaExpr, typeOf } from './expr.ts';

const keys = new WeakMap<BoundExpr, string>();

/** A text that is equal for expressions that compute the same from the same columns, wherever they stand in the query. */
export function exprKey(expr: BoundExpr): string {
  if (expr.kind === 'column') return `#${expr.id}`;
  const known = keys.get(expr);
  if (known !== undefined) return known;
  const key = compute(expr);
  keys.set(expr, key);
  return key;
}

function compute(expr: Exclude<BoundExpr, { kind: 'column' }>): string {
  switch (expr.kind) {
    case 'literal':
      return JSON.stringify([expr.value.type, expr.value.value]);
    case 'call':
      return `${expr.fn}:${expr.overload}(${expr.args.map(exprKey).join(',')})${JSON.stringify(expr.type)}${lambdaKey(expr.lambda)}`;
    case 'cast':
      return `${expr.try ? 'try' : 'cast'}(${exprKey(expr.input)},${JSON.stringify(expr.type)})`;
    case 'in':
      return `${expr.negated ? 'not-in' : 'in'}(${exprKey(expr.input)},${JSON.stringify(expr.items)})`;
    case 'case': {
      const branches = expr.branches.map(b => `${exprKey(b.when)}?${exprKey(b.result)}`);
      return `case(${branches.join(',')}:${exprKey(expr.otherwise)})${JSON.stringify(typeOf(expr))}`;
    }
    default:
      return `${expr.kind}(${expr.args.map(exprKey).join(',')})`;
  }
}

/** Names of parameters and places in the query's text make no difference. */
const lambdaKey = (lambda: LambdaExpr | undefined): string =>
  lambda === undefined
    ? ''
    : JSON.stringify([lambda.params.length, lambda.body], (key, value) =>
        key === 'span' || key === 'params' ? undefined : value,
      );

/** Whether two expressions compute the same from the same columns. */
export const sameExpr = (a: BoundExpr, b: BoundExpr): boolean => a === b || exprKey(a) === exprKey(b);

/** The expressions without repetitions, in order of first appearance; the same list when there are none. */
export function withoutRepeats(exprs: readonly BoundExpr[]): readonly BoundExpr[] {
  if (exprs.length < 2) return exprs;
  const seen = new Set<string>();
  const result = exprs.filter(e => !seen.has(exprKey(e)) && seen.add(exprKey(e)));
  return result.length === exprs.length ? exprs : result;
}

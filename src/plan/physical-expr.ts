import { assertNever } from '../common/errors.ts';
import { explainScalar } from '../types/explain-scalar.ts';
import { typeName } from '../types/type-name.ts';
import type { AnyExpr, ColumnRef, ExprOf, InputRef, LambdaExpr, PhysicalExpr } from './expr.ts';

/** The direct sub-expressions. */
export function inputsOfExpr<Ref extends { readonly kind: 'input' | 'column' }>(
  expr: ExprOf<Ref>,
): readonly ExprOf<Ref>[] {
  const e = expr as ExprOf<InputRef>;
  switch (e.kind) {
    case 'input':
    case 'literal':
      return [];
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
      return e.args as unknown as readonly ExprOf<Ref>[];
    case 'cast':
    case 'in':
      return [e.input as unknown as ExprOf<Ref>];
    case 'case':
      return [...e.branches.flatMap(b => [b.when, b.result]), e.otherwise] as unknown as readonly ExprOf<Ref>[];
    default:
      // A column reference of a logical plan.
      return [];
  }
}

/** The direct sub-expressions, and the body of a lambda: all code that runs for an expression. */
export function partsOfExpr(expr: AnyExpr): readonly AnyExpr[] {
  const inputs = inputsOfExpr<ColumnRef | InputRef>(expr);
  return expr.kind === 'call' && expr.lambda !== undefined ? [...inputs, expr.lambda.body] : inputs;
}

/** The input positions that expressions read. */
export function inputIndexes(exprs: readonly PhysicalExpr[], into: Set<number> = new Set()): Set<number> {
  for (const e of exprs) {
    if (e.kind === 'input') into.add(e.index);
    else inputIndexes(inputsOfExpr(e), into);
  }
  return into;
}

/** An expression as people write it; inputs by `names`, or `#0`. */
export function explainExpr(expr: PhysicalExpr, names: readonly string[] = []): string {
  const show = (e: PhysicalExpr): string => explainExpr(e, names);
  switch (expr.kind) {
    case 'input':
      return names[expr.index] ?? `#${expr.index}`;
    case 'literal':
      return explainScalar(expr.value);
    case 'call':
      return explainCall(expr.fn, withLambda(expr.lambda, expr.args.map(show)));
    case 'cast':
      return `${expr.try ? 'try_cast' : 'cast'}(${show(expr.input)} as ${typeName(expr.type)})`;
    case 'and':
    case 'or':
      return `(${expr.args.map(show).join(` ${expr.kind} `)})`;
    case 'coalesce':
      return `coalesce(${expr.args.map(show).join(', ')})`;
    case 'in':
      return `${show(expr.input)} ${expr.negated ? 'not in' : 'in'} (${expr.items.map(explainScalar).join(', ')})`;
    case 'case':
      return `case ${expr.branches.map(b => `when ${show(b.when)} then ${show(b.result)}`).join(' ')} else ${show(expr.otherwise)} end`;
    default:
      return assertNever(expr);
  }
}

/** The texts of a call's arguments with its lambda among them, where the query has it: after the list. */
export function withLambda(lambda: LambdaExpr | undefined, args: readonly string[]): readonly string[] {
  if (lambda === undefined) return args;
  const given = args.length - lambda.captured;
  const body = explainExpr(lambda.body, [...lambda.params, ...args.slice(given)]);
  return [...args.slice(0, 1), `lambda ${lambda.params.join(', ')}: ${body}`, ...args.slice(1, given)];
}

/** A call as people write it: operators between or around their arguments. */
function explainCall(fn: string, args: readonly string[]): string {
  if (/^[a-z_]\w*$/.test(fn) && fn !== 'not') return `${fn}(${args.join(', ')})`;
  const [a, b] = args;
  if (args.length === 2) return `(${a} ${fn} ${b})`;
  if (args.length === 1) return fn.startsWith('is ') ? `(${a} ${fn})` : `${fn} ${a}`;
  return `${fn}(${args.join(', ')})`;
}

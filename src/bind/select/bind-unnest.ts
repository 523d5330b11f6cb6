import type { Span } from '../../common/errors.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import { list, NULL } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import { nullOf } from '../constant.ts';
import { constantOf } from '../constant-value.ts';
import type { ExprEnv } from '../env.ts';
import { structField } from '../exprs/bind-name.ts';
import { columnName } from '../exprs/column-name.ts';
import type { NamedBound } from './select-output.ts';

/** Whether a function makes rows of a list's elements. */
export const isUnnest = (fn: string): boolean => fn === 'unnest' || fn === 'unlist';

/** `regexp_split_to_table(text, pattern)` as UNNEST of the list that it splits into. */
export const splitToTable = (call: CallExpr, span: Span | undefined): CallExpr => ({
  kind: 'call',
  fn: 'unnest',
  args: [{ ...call, fn: 'regexp_split_to_array', span }],
});

/** UNNEST inside an expression: the list's elements. @throws RayexecError `bind` for structs, or where none may stand */
export function bindUnnest(b: Binder, env: ExprEnv, call: CallExpr, span: Span | undefined): BoundExpr {
  const { list: elements, depth } = unnested(b, env, call, columnName(call), span);
  if (typeOf(elements).kind === 'struct' && depth > 0)
    throw bindError('UNNEST of a struct may only stand alone in the SELECT list', span);
  return elements;
}

/**
 * UNNEST as an item of the SELECT list: elements, or a column for each field of a struct, also of structs in a list.
 * Undefined for any other item.
 */
export function bindUnnestItem(
  b: Binder,
  env: ExprEnv,
  expr: Expr,
  name: string,
): BoundExpr | readonly NamedBound[] | undefined {
  if (expr.kind !== 'call' || !isUnnest(expr.fn.toLowerCase()) || expr.over !== undefined) return undefined;
  const { list: elements, depth, keepNames } = unnested(b, env, expr, name, expr.span);
  if (typeOf(elements).kind !== 'struct' || depth === 0) return elements;
  return fieldsOf(b, elements, '', depth, keepNames);
}

/** The fields of a struct, and so on for fields that are structs, as far as the depth goes. */
function fieldsOf(
  b: Binder,
  struct: BoundExpr,
  prefix: string,
  depth: number,
  keepNames: boolean,
): readonly NamedBound[] {
  const type = typeOf(struct);
  if (type.kind !== 'struct') return [];
  return type.fields.flatMap(f => {
    const expr = structField(b, struct, f.name, undefined);
    const name = `${prefix}${f.name}`;
    if (f.type.kind !== 'struct' || depth === 1) return [{ name, expr }];
    return fieldsOf(b, expr, keepNames ? `${name}.` : '', depth - 1, keepNames);
  });
}

/** @throws RayexecError `bind` for UNNEST (not one of a subquery) where no list is bound for it */
export function refuseUnnest(expr: Expr, clause: string): void {
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || 'query' in value) return;
    const node = value as Partial<CallExpr> & Pick<Expr, 'span'>;
    if (node.kind === 'call' && typeof node.fn === 'string' && isUnnest(node.fn.toLowerCase()))
      throw bindError(`UNNEST is not supported in ${clause}`, node.span, 'it may stand in the SELECT list and in FROM');
    for (const child of Object.values(value)) visit(child);
  };
  visit(expr);
}

type Unnested = {
  /** The elements, or the struct that the argument is. */
  readonly list: BoundExpr;
  /** Levels that are still to come apart. */
  readonly depth: number;
  /** Fields of fields keep the names of those around them. */
  readonly keepNames: boolean;
};

function unnested(b: Binder, env: ExprEnv, call: CallExpr, name: string, span: Span | undefined): Unnested {
  if (env.inUnnest === true) {
    const hint = 'unnest(x, recursive := true) unnests several levels';
    throw bindError('Nested UNNEST calls are not supported', span, hint);
  }
  if (env.unnests === undefined) {
    const hint = 'it may stand in the SELECT list and in FROM';
    const where = env.inAggregate === true ? "an aggregate's arguments" : `the ${env.clause}`;
    throw bindError(`UNNEST is not supported in ${where}`, span, hint);
  }
  const [argument, extra] = call.args;
  if (argument === undefined || argument.kind === 'star') throw bindError('UNNEST() takes a list or a struct', span);
  const { depth, keepNames } = options(b, call, span);
  if (extra !== undefined) throw bindError('UNNEST() in a SELECT list takes one list', extra.span ?? span, HINT);
  const given = b.expr(b, { ...env, inUnnest: true }, argument);
  if (env.unnests.isReadBy(given))
    throw bindError('Nested UNNEST calls are not supported', argument.span ?? span, HINT);
  const input = typeOf(given).kind === 'null' ? nullOf(list(NULL)) : given;
  let type = typeOf(input);
  let levels = 0;
  for (; (type.kind === 'list' || type.kind === 'array') && levels < depth; levels++) type = type.element;
  if (levels === 0 && type.kind !== 'struct')
    throw bindError(`UNNEST() can only be applied to lists and structs, not ${typeName(type)}`, span);
  if (levels === 0) return { list: input, depth, keepNames };
  return { list: env.unnests.add(b, input, name, levels), depth: depth - levels, keepNames };
}

const HINT = 'unnest(list, recursive := true), or max_depth := 2, goes further down';

function options(b: Binder, call: CallExpr, span: Span | undefined): { depth: number; keepNames: boolean } {
  let depth = 1;
  let keepNames = false;
  for (const [option, expr] of Object.entries(call.named ?? {})) {
    const value = constantOf(expr, b.options)?.value;
    switch (option.toLowerCase()) {
      case 'recursive':
        if (typeof value !== 'boolean') throw bindError('recursive is true or false', expr.span ?? span);
        if (value) depth = Number.POSITIVE_INFINITY;
        break;
      case 'max_depth':
        depth = Number(value);
        if (!Number.isInteger(depth) || depth < 1)
          throw bindError('max_depth is a whole number from 1 on', expr.span ?? span);
        break;
      case 'keep_parent_names':
        if (typeof value !== 'boolean') throw bindError('keep_parent_names is true or false', expr.span ?? span);
        keepNames = value;
        break;
      default:
        throw bindError(`UNNEST() has no option "${option}"`, expr.span ?? span, OPTIONS);
    }
  }
  return { depth, keepNames };
}

const OPTIONS = 'its options are recursive, max_depth and keep_parent_names';

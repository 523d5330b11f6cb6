import type { Span } from '../../common/errors.ts';
import type { CallExpr, Expr } from '../../query/expr.ts';
import { exprChildren, rewriteExprChildren } from '../../query/walk.ts';
import { UTF8 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { constantOf } from '../constant-value.ts';
import { type Scope, type ScopeColumn, sameName } from '../scope.ts';
import { candidates } from './bind-name.ts';
import { expandStar } from './bind-star.ts';
import { columnName } from './column-name.ts';

type ColumnsExpr = Extract<Expr, { kind: 'columns' }>;

/** A column that COLUMNS(…) found, with what the groups of its pattern matched: `\\0` is the whole. */
type Match = { readonly name: string; readonly groups: readonly (string | undefined)[] };

/** An expression with COLUMNS(…) in it, once for every column; undefined when it has none. `*COLUMNS(…)` becomes arguments. */
export function expandColumns(
  b: Binder,
  expr: Expr,
  scope: Scope,
): readonly { readonly expr: Expr; readonly match: Match }[] | undefined {
  const whole = unpacked(b, expr, scope);
  const found = columnsIn(whole);
  const [first] = found;
  if (first === undefined)
    return whole === expr ? undefined : [{ expr: whole, match: { name: columnName(whole), groups: [] } }];
  if (found.some(f => withoutSpans(f) !== withoutSpans(first)))
    throw bindError('Different COLUMNS(…) in one expression are not supported', found.at(-1)!.span);
  return matching(b, first, scope).map(match => ({ expr: replaced(whole, match.name), match }));
}

const withoutSpans = (e: Expr): string => JSON.stringify(e, (key, value) => (key === 'span' ? undefined : value));

/** Calls with `*COLUMNS(…)` among their arguments get all its columns there. */
function unpacked(b: Binder, expr: Expr, scope: Scope): Expr {
  const inside = rewriteExprChildren(expr, { expr: e => unpacked(b, e, scope), query: q => q });
  if (inside.kind !== 'call' || !inside.args.some(isUnpack)) return inside;
  const args = inside.args.flatMap(a =>
    isUnpack(a) ? (expandColumns(b, a.args[0]!, scope)?.map(c => c.expr) ?? [a]) : [a],
  );
  // The values of a struct are called as their columns are.
  const names = args.map(a => (a.kind === 'name' ? a.path.at(-1)! : undefined));
  if (inside.fn !== 'struct_pack' || names.includes(undefined)) return { ...inside, args };
  const named = Object.fromEntries(args.map((a, i) => [names[i]!, a]));
  return { ...inside, args: [], named: { ...named, ...inside.named } };
}

const isUnpack = (e: Expr): e is Expr & CallExpr => e.kind === 'call' && e.fn === 'unpack' && e.args.length === 1;

/** The COLUMNS(…) inside an expression; those of a subquery are its own. */
function columnsIn(expr: Expr): readonly ColumnsExpr[] {
  if (expr.kind === 'columns') return [expr];
  if (expr.kind === 'scalar-query' || expr.kind === 'exists') return [];
  const children = exprChildren(expr) as readonly Expr[];
  const own = expr.kind === 'in-query' || expr.kind === 'quantified' ? children.slice(0, 1) : children;
  return own.flatMap(columnsIn);
}

function replaced(expr: Expr, name: string): Expr {
  if (expr.kind === 'columns') return { kind: 'name', path: [name], span: expr.span };
  return rewriteExprChildren(expr, { expr: e => replaced(e, name), query: q => q });
}

function matching(b: Binder, { pattern, span }: ColumnsExpr, scope: Scope): readonly Match[] {
  const named = (columns: readonly ScopeColumn[]) => columns.map(c => ({ name: c.name, groups: [c.name] }));
  if (pattern.kind === 'star') return named(expandStar(pattern, scope, span).flatMap(i => i.column ?? []));
  if (pattern.kind === 'lambda') return named(chosen(b, pattern, scope, span));
  if (pattern.kind === 'call' && pattern.fn === 'list_value')
    return named(pattern.args.flatMap(a => listed(a, scope, span)));
  const regex = textOf(pattern);
  if (regex === undefined) throw bindError('COLUMNS takes a pattern, a list of names or a lambda', span);
  const compiled = compile(regex, pattern.span ?? span);
  const found = scope.columns.flatMap(c => {
    const groups = compiled.exec(c.name);
    return groups === null ? [] : [{ name: c.name, groups }];
  });
  if (found.length > 0) return found;
  throw noneFound(`No matching columns found that match regex "${regex}"`, regex, scope, pattern.span ?? span);
}

function compile(regex: string, span: Span | undefined): RegExp {
  try {
    return new RegExp(regex, 'u');
  } catch {
    throw bindError(`'${regex}' is no regular expression`, span);
  }
}

/** The columns for whose names a lambda is true: `COLUMNS(lambda c: c LIKE 'a%')`. */
function chosen(
  b: Binder,
  lambda: Extract<Expr, { kind: 'lambda' }>,
  scope: Scope,
  span: Span | undefined,
): readonly ScopeColumn[] {
  const [param] = lambda.params;
  if (param === undefined || lambda.params.length > 1)
    throw bindError('The lambda of COLUMNS takes one parameter: the name', span);
  const found = scope.columns.filter(c => {
    const value = constantOf(withName(lambda.body, param, c.name), b.options);
    if (value !== undefined && (value.type.kind === 'boolean' || value.type.kind === 'null'))
      return value.value === true;
    throw bindError('The lambda of COLUMNS must be a condition on the name, without columns', lambda.body.span ?? span);
  });
  if (found.length > 0) return found;
  throw noneFound('No matching columns found for the lambda of COLUMNS', undefined, scope, span);
}

function withName(expr: Expr, param: string, name: string): Expr {
  if (expr.kind === 'name' && expr.path.length === 1 && sameName(expr.path[0]!, param))
    return { kind: 'literal', value: { type: UTF8, value: name }, span: expr.span };
  return rewriteExprChildren(expr, { expr: e => withName(e, param, name), query: q => q });
}

function listed(item: Expr, scope: Scope, span: Span | undefined): readonly ScopeColumn[] {
  const name = textOf(item);
  if (name === undefined) {
    const hint = item.kind === 'name' ? `names stand in quotes here: '${item.path.join('.')}'` : undefined;
    throw bindError('COLUMNS takes a pattern, a list of names or a lambda', item.span ?? span, hint);
  }
  const found = scope.columns.filter(c => sameName(c.name, name));
  if (found.length > 0) return found;
  throw noneFound(`Column "${name}" in COLUMNS not found in FROM clause`, name, scope, item.span ?? span);
}

function noneFound(summary: string, like: string | undefined, scope: Scope, span: Span | undefined) {
  const names = scope.columns.map(c => c.name);
  return bindError(summary, span, candidates(like ?? '', names));
}

const textOf = (expr: Expr): string | undefined =>
  expr.kind === 'literal' && expr.value.type.kind === 'utf8' ? String(expr.value.value) : undefined;

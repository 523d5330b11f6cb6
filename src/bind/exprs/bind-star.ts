import type { Span } from '../../common/errors.ts';
import type { Expr, StarExpr } from '../../query/expr.ts';
import { bindError } from '../binder.ts';
import { type Scope, type ScopeColumn, sameName } from '../scope.ts';
import { candidates, relationsNamed } from './bind-name.ts';

/** An item of the SELECT list after stars are spelled out: an expression, or a column that a star found. */
export type Item = { readonly name: string; readonly alias?: string | undefined } & (
  | { readonly expr: Expr; readonly column?: undefined }
  | { readonly column: ScopeColumn; readonly span?: Span | undefined; readonly expr?: undefined }
);

/** The columns that a star stands for. */
export function expandStar(star: StarExpr, scope: Scope, span: Span | undefined): readonly Item[] {
  const columns = starColumns(star, scope, span);
  const excluded = new Set((star.exclude ?? []).flatMap(path => excludedBy(path, columns, scope, span)));
  for (const r of star.replace ?? [])
    if (!columns.some(c => sameName(c.name, r.name))) throw listError(r.name, 'REPLACE', columns, span);
  for (const r of star.rename ?? [])
    if (!columns.some(c => sameName(c.name, r.from))) throw listError(r.from, 'RENAME', columns, span);
  return columns
    .filter(c => !excluded.has(c))
    .map((column): Item => {
      const replaced = star.replace?.find(r => sameName(r.name, column.name));
      if (replaced !== undefined) return { name: replaced.name, expr: replaced.value };
      const renamed = star.rename?.find(r => sameName(r.from, column.name));
      return { name: renamed?.to ?? column.name, column, span };
    });
}

function excludedBy(
  path: readonly string[],
  columns: readonly ScopeColumn[],
  scope: Scope,
  span: Span | undefined,
): readonly ScopeColumn[] {
  const owners = path.length === 1 ? undefined : relationsNamed(scope, path.slice(0, -1));
  const owned = owners?.flatMap(r => r.columns.map(c => c.column.id));
  const found = columns.filter(c => sameName(c.name, path.at(-1)!) && (owned?.includes(c.column.id) ?? true));
  if (found.length === 0) throw listError(path.join('.'), 'EXCLUDE', columns, span);
  return found;
}

function starColumns(star: StarExpr, scope: Scope, span: Span | undefined): readonly ScopeColumn[] {
  if (star.qualifier === undefined) {
    if (scope.columns.length === 0 && scope.relations.length === 0)
      throw bindError('SELECT * needs a FROM clause', span);
    return scope.columns;
  }
  const found = relationsNamed(scope, star.qualifier);
  const name = star.qualifier.join('.');
  if (found.length === 0)
    throw bindError(
      `Referenced table "${name}" not found!`,
      span,
      candidates(
        name,
        scope.relations.map(r => r.name),
        'tables',
      ),
    );
  if (found.length > 1)
    throw bindError(`Ambiguous reference to table "${name}"`, span, 'give the tables different aliases');
  return found[0]!.columns;
}

const listError = (name: string, list: string, columns: readonly ScopeColumn[], span: Span | undefined) =>
  bindError(
    `Column "${name}" in ${list} list not found in FROM clause`,
    span,
    candidates(
      name,
      columns.map(c => c.name),
    ),
  );

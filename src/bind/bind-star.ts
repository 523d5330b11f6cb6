import type { Span } from '../common/errors.ts';
import type { Expr, StarExpr } from '../query/expr.ts';
import type { SelectItem } from '../query/query.ts';
import { candidates, relationsNamed } from './bind-name.ts';
import { bindError, notYet } from './binder.ts';
import { columnName } from './column-name.ts';
import { type Scope, type ScopeColumn, sameName } from './scope.ts';

/** An item of the SELECT list after stars are spelled out: an expression, or a column that a star found. */
export type Item = { readonly name: string; readonly alias?: string | undefined } & (
  | { readonly expr: Expr; readonly column?: undefined }
  | { readonly column: ScopeColumn; readonly span?: Span | undefined; readonly expr?: undefined }
);

/** Spells out `*`, `t.*` and COLUMNS(…). */
export function expandItems(items: readonly SelectItem[], scope: Scope): readonly Item[] {
  return items.flatMap((item): readonly Item[] => {
    const { expr, alias } = item;
    if (expr.kind === 'star') return expandStar(expr, scope, expr.span);
    const pattern = columnsPattern(expr);
    if (pattern === undefined) return [{ name: alias ?? columnName(expr), alias, expr }];
    return matching(pattern, scope, pattern.span).map(c => {
      const replaced = replaceColumns(expr, c.name) as Expr;
      return { name: alias ?? c.name, alias, expr: replaced };
    });
  });
}

/** The columns that a star stands for. */
export function expandStar(star: StarExpr, scope: Scope, span: Span | undefined): readonly Item[] {
  const columns = starColumns(star, scope, span);
  const excluded = (star.exclude ?? []).map(name => {
    const last = name.split('.').at(-1)!;
    if (!columns.some(c => sameName(c.name, last))) throw listError(name, 'EXCLUDE', columns, span);
    return last;
  });
  for (const r of star.replace ?? [])
    if (!columns.some(c => sameName(c.name, r.name))) throw listError(r.name, 'REPLACE', columns, span);
  for (const r of star.rename ?? [])
    if (!columns.some(c => sameName(c.name, r.from))) throw listError(r.from, 'RENAME', columns, span);
  return columns
    .filter(c => !excluded.some(e => sameName(e, c.name)))
    .map((column): Item => {
      const replaced = star.replace?.find(r => sameName(r.name, column.name));
      if (replaced !== undefined) return { name: replaced.name, expr: replaced.value };
      const renamed = star.rename?.find(r => sameName(r.from, column.name));
      return { name: renamed?.to ?? column.name, column, span };
    });
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

type ColumnsExpr = Extract<Expr, { kind: 'columns' }>;

/** The COLUMNS(…) inside an expression, if there is one. */
function columnsPattern(value: unknown): ColumnsExpr | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (isColumns(value)) return value;
  if (isQueryHolder(value)) return undefined;
  for (const child of Object.values(value)) {
    const found = columnsPattern(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isColumns = (value: object): value is ColumnsExpr =>
  'kind' in value && value.kind === 'columns' && 'pattern' in value;
/** A subquery's COLUMNS are its own. */
const isQueryHolder = (value: object): boolean => 'query' in value && 'kind' in value;

function replaceColumns(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(v => replaceColumns(v, name));
  if (isColumns(value)) return { kind: 'name', path: [name], span: value.span };
  if (isQueryHolder(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replaceColumns(v, name)]));
}

function matching({ pattern }: ColumnsExpr, scope: Scope, span: Span | undefined): readonly ScopeColumn[] {
  if (pattern.kind === 'star') return expandStar(pattern, scope, span).flatMap(i => i.column ?? []);
  if (pattern.kind === 'call' && pattern.fn === 'list_value') {
    return pattern.args.flatMap(a => {
      const name = textOf(a);
      if (name === undefined) throw bindError('COLUMNS takes a pattern or a list of names', a.span ?? span);
      const found = scope.columns.filter(c => sameName(c.name, name));
      if (found.length === 0)
        throw bindError(
          `Column "${name}" in COLUMNS not found in FROM clause`,
          a.span ?? span,
          candidates(
            name,
            scope.columns.map(c => c.name),
          ),
        );
      return found;
    });
  }
  const regex = textOf(pattern);
  if (regex === undefined) {
    throw pattern.kind === 'lambda'
      ? notYet('COLUMNS with a lambda is', span)
      : bindError('COLUMNS takes a pattern or a list of names', span);
  }
  let compiled: RegExp;
  try {
    compiled = new RegExp(regex, 'u');
  } catch {
    throw bindError(`'${regex}' is no regular expression`, pattern.span ?? span);
  }
  const found = scope.columns.filter(c => compiled.test(c.name));
  if (found.length === 0)
    throw bindError(
      `No matching columns found that match regex "${regex}"`,
      pattern.span ?? span,
      candidates(
        regex,
        scope.columns.map(c => c.name),
      ),
    );
  return found;
}

const textOf = (expr: Expr): string | undefined =>
  expr.kind === 'literal' && expr.value.type.kind === 'utf8' ? String(expr.value.value) : undefined;

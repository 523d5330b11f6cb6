import { parse, printQuery } from '../../frontends/sql/index.ts';
import type { Query } from '../../src/query/query.ts';
import type { Answer, Engine } from '../support/answering-engines.ts';
import { sortColumns, withKeys, withoutHaving, withoutLimit } from './query-order.ts';
import { areSame, firstDifference, isPartOf, type Rows } from './same-rows.ts';

/** A query's answers, compared: our rows and time, and in what the engines differ if they do. */
export type Comparison = { readonly rows: number; readonly seconds: number; readonly difference?: string | undefined };

/**
 * Compares the answers of two engines to a query. ORDER BY's keys must come in the same order; rows that tie may come in
 * any. Where LIMIT leaves open which rows come, they must be among those that `theirs` gives without it.
 * Keys that are no output columns are made output columns for this, and an empty answer, which says little, is compared
 * without HAVING and LIMIT as well: these are further queries, as text that the parser's tree is printed as.
 */
export async function compareQuery(sql: string, ours: Engine, theirs: Engine): Promise<Comparison> {
  const start = performance.now();
  const own = rowsOf('rayexec', await ours.query(sql));
  const seconds = (performance.now() - start) / 1000;
  if (typeof own === 'string') return { rows: 0, seconds, difference: own };
  const query = parse(sql);
  const other = rowsOf('DuckDB', await theirs.query(sql));
  let difference = typeof other === 'string' ? other : await differenceOf(query, own, other, theirs);
  for (const further of furtherQueries(query, own)) difference ??= await compareFurther(further, ours, theirs);
  return { rows: own.rows.length, seconds, difference };
}

async function compareFurther(query: Query, ours: Engine, theirs: Engine): Promise<string | undefined> {
  const sql = printQuery(query);
  const [own, other] = [rowsOf('rayexec', await ours.query(sql)), rowsOf('DuckDB', await theirs.query(sql))];
  const difference =
    typeof own === 'string' ? own : typeof other === 'string' ? other : await differenceOf(query, own, other, theirs);
  return difference && `${difference}\nof ${sql}`;
}

function rowsOf(engine: string, answer: Answer): Rows | string {
  return answer.error === undefined ? answer : `${engine} fails: ${answer.error}`;
}

async function differenceOf(query: Query, own: Rows, other: Rows, theirs: Engine): Promise<string | undefined> {
  if (own.types.join() !== other.types.join()) return `types ${own.types.join()}, but DuckDB ${other.types.join()}`;
  if (own.rows.length !== other.rows.length) return `${own.rows.length} rows, but DuckDB ${other.rows.length}`;
  const at = firstDifference(own, other, sortColumns(query).positions);
  if (at !== undefined) return `order: row ${at + 1} is ${show(own, at)}, but DuckDB ${show(other, at)}`;
  if (areSame(own, other)) return undefined;
  const all = withoutLimit(query);
  if (all !== undefined) {
    const more = rowsOf('DuckDB', await theirs.query(printQuery(all)));
    if (typeof more === 'string') return more;
    if (isPartOf(own, more)) return undefined;
  }
  const row = firstDifference(
    own,
    other,
    own.types.map((_, i) => i),
  )!;
  return `rows differ, perhaps first row ${row + 1}: ${show(own, row)}, but DuckDB ${show(other, row)}`;
}

function furtherQueries(query: Query, { rows }: Rows): readonly Query[] {
  const { hidden } = sortColumns(query);
  const shown = hidden.length > 0 ? withKeys(query, hidden) : undefined;
  if (rows.length > 0) return shown ? [shown] : [];
  const weaker = withoutLimit(withoutHaving(query) ?? query) ?? withoutHaving(query);
  return weaker ? [weaker] : [];
}

const show = ({ rows }: Rows, at: number): string => `(${rows[at]!.map(v => v ?? 'NULL').join(', ')})`;

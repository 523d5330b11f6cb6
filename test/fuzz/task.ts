import type { Answer, Engine, Request } from '../support/answering-engines.ts';
import type { Random } from './random.ts';
import { QueryMaker, type RandomQuery } from './random-query.ts';
import { randomScript } from './random-script.ts';
import { randomShape } from './random-shapes.ts';
import { edgeTable, type RandomTable, randomTable } from './random-table.ts';
import { randomType } from './types.ts';
import { isMissing, isOpenError, isPeerLimit, type Verdict, verdictOf } from './verdict.ts';

/** Something to compare: a query, or statements that change a table. */
export type Task =
  | { readonly kind: 'query'; readonly query: RandomQuery; readonly requests: readonly Request[] }
  | { readonly kind: 'script'; readonly statements: readonly string[]; readonly requests: readonly Request[] };

/** Random tables, and tasks over them. */
export function randomTasks(
  random: Random,
  queries: number,
): { readonly tables: readonly RandomTable[]; readonly tasks: readonly Task[] } {
  const common = random.several(2, 3, () => randomType(random));
  const tables = random.several(2, 3, i => randomTable(random, `t${i}`, common));
  const first = tables[0]!;
  const big = random.percent(4) ? { ...first, name: 'big', copies: 600 } : undefined;
  const rows = first.rows.length;
  const large =
    rows > 0 && random.percent(8) ? { ...first, name: 'large', copies: Math.ceil(24_000 / rows) } : undefined;
  const edges = random.several(2, 2, i => edgeTable(random, `e${i}`));
  const maker = new QueryMaker(random, tables);
  const query = (): RandomQuery => {
    if (random.percent(20)) return maker.expressions(random.pick(edges));
    if (random.percent(8)) return { sql: randomShape(random, tables), ordered: false };
    if (large !== undefined && random.percent(40)) return { sql: randomShape(random, tables, large), ordered: false };
    return big !== undefined && random.percent(30) ? new QueryMaker(random, [big], true).query() : maker.query();
  };
  const tasks: Task[] = [];
  for (let i = 0; i < queries; i++) {
    if (i % 12 === 11) tasks.push(scriptTask(randomScript(random, random.pick(tables), tables)));
    const made = query();
    tasks.push({ kind: 'query', query: made, requests: [{ sql: made.sql, query: true }] });
  }
  return { tables: [...tables, ...edges, ...[big, large].filter(t => t !== undefined)], tasks };
}

/** Each statement, and the table after it; no transaction stays open. */
function scriptTask(statements: readonly string[]): Task {
  const after = { sql: 'SELECT * FROM m ORDER BY ALL', query: true };
  const requests = statements.flatMap(sql => [{ sql, query: false }, after]);
  return { kind: 'script', statements, requests: [...requests, { sql: 'ROLLBACK', query: false }] };
}

/** An engine's answer to one request. */
export async function answerOf(engine: Engine, { sql, query }: Request): Promise<Answer> {
  if (query) return await engine.query(sql);
  try {
    await engine.run(sql);
    return { types: [], rows: [] };
  } catch (error) {
    return { error: (error as Error).message, code: (error as { code?: string }).code ?? '' };
  }
}

/** The statements of a script one after the other, up to the first that is not the same. */
export function* scriptVerdicts(
  statements: readonly string[],
  ours: readonly Answer[],
  theirs: readonly Answer[],
): Generator<{ readonly verdict: Verdict; readonly done: readonly string[] }> {
  for (const at of statements.keys()) {
    const done = statements.slice(0, at + 1);
    const verdict = statementVerdict(statements[at]!, ours.slice(2 * at, 2 * at + 2), theirs.slice(2 * at, 2 * at + 2));
    yield { verdict, done };
    // DuckDB takes nothing more in a transaction that has failed.
    if (verdict.kind !== 'same' && (verdict.kind !== 'both-fail' || statements.includes('BEGIN'))) return;
  }
}

/** Compares a statement and the table after it. */
function statementVerdict(
  sql: string,
  [ours, ourTable]: readonly Answer[],
  [theirs, theirTable]: readonly Answer[],
): Verdict {
  const [mine, other] = [ours!.error, theirs!.error];
  if (mine !== undefined && other !== undefined) return { kind: 'both-fail', detail: mine };
  if (mine === undefined && other === undefined) return verdictOf(ourTable!, theirTable!, true);
  if (isMissing(mine)) return { kind: 'not-supported', detail: mine! };
  const only = ours!.error === undefined ? other! : `${ours!.code}: ${ours!.error}`;
  if (isOpenError(only, sql)) return { kind: 'open', detail: `only one fails: ${only}` };
  if (mine !== undefined) return { kind: 'error', detail: mine };
  return { kind: isPeerLimit(other!) ? 'peer-limit' : 'duckdb-error', detail: other! };
}

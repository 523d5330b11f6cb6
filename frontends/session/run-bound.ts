import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { applyChange } from '../../src/catalog/change.ts';
import type { TableEntry } from '../../src/catalog/entry.ts';
import { invariant, RayexecError } from '../../src/common/errors.ts';
import { outputOf } from '../../src/plan/columns.ts';
import type { BoundQuery, LogicalPlan, TableTarget } from '../../src/plan/logical-plan.ts';
import { openWriter } from '../../src/sources/write-file.ts';
import type { SegmentGroup } from '../../src/storage/table.ts';
import { INT64, UTF8 } from '../../src/types/data-type.ts';
import type { ResultSet } from '../dataframe/result.ts';
import { explainBound } from './explain.ts';
import { Result } from './result.ts';
import { readResult } from './result-set.ts';
import { scalarText } from './scalar-text.ts';
import type { QueryOptions, Session } from './session.ts';
import { defaultSettings, settingName, withSetting } from './settings.ts';
import { segmentsOf } from './tables.ts';
import { transact } from './transaction.ts';

type Order = Exclude<BoundStatement, { kind: 'prepare' | 'execute' | 'deallocate' | 'procedure' }>;

/** Runs a bound statement: a query, a change of tables or catalog, an order to the session. */
export async function runBound(session: Session, bound: Order, options: QueryOptions): Promise<Result> {
  switch (bound.kind) {
    case 'query':
      return new Result(await collectResult(session, bound.query, options));
    case 'nothing':
      return Result.none();
    case 'change': {
      if (bound.change.change === 'drop-relation') {
        const { schema, name } = bound.change.place;
        const entry = session.catalog.find([schema, name]);
        if (entry?.kind === 'table') session.tables.drop(entry);
      }
      session.catalog = applyChange(session.catalog, bound.change);
      return Result.none();
    }
    case 'create-table': {
      const { schema, name } = bound.table.place;
      const rows = bound.query === undefined ? undefined : await storeRows(session, bound.query, options);
      const old = session.catalog.find([schema, name]);
      let table = session.tables.create(bound.table);
      if (rows !== undefined) table = session.tables.append(table, rows.group);
      session.catalog = session.catalog.withRelation(table);
      if (old?.kind === 'table') session.tables.drop(old);
      return rows === undefined ? Result.none() : countResult(rows.count);
    }
    case 'insert': {
      const { count, group } = await storeRows(session, below(bound.query), options, bound.target);
      const table = tableOf(session, bound.target);
      session.catalog = session.catalog.withRelation(session.tables.append(table, group));
      return countResult(count);
    }
    case 'rewrite': {
      const changed = await collectResult(session, bound.count, options);
      const { group } = await storeRows(session, bound.query, options, bound.target);
      const table = tableOf(session, bound.target);
      session.catalog = session.catalog.withRelation(session.tables.replace(table, group));
      return countResult(Number(changed.column(0)[0]));
    }
    case 'alter-table': {
      const rows = bound.query && (await storeRows(session, bound.query, options, bound.target));
      const { schema } = bound.table;
      const table = session.tables.alter({ ...tableOf(session, bound.target), ...bound.table }, rows?.group);
      session.catalog = session.catalog.withoutRelation({ schema, name: bound.from }).withRelation(table);
      return Result.none();
    }
    case 'copy-to':
      return countResult(await copyTo(session, bound.query, options));
    case 'explain':
      return explainResult(await explainBound(session, bound.statement, bound.mode, options));
    case 'set':
      session.settings = withSetting(session.settings, bound.name, scalarText(bound.value));
      return Result.none();
    case 'reset': {
      const name = settingName(bound.name);
      session.settings = { ...session.settings, [name]: defaultSettings(session.threads)[name] };
      return Result.none();
    }
    case 'transaction':
      transact(session, bound.action);
      return Result.none();
  }
}

async function collectResult(session: Session, query: BoundQuery, options: QueryOptions): Promise<ResultSet> {
  const rows = await session.runBound(query, options);
  try {
    return readResult(session.host.readyMachine.memory, query.output, rows.batches);
  } finally {
    rows.release();
  }
}

/** Runs a query into memory of its own, as rows for a table. */
async function storeRows(
  session: Session,
  query: BoundQuery,
  options: QueryOptions,
  target?: TableTarget,
): Promise<{ readonly count: number; readonly group: SegmentGroup }> {
  const { memory } = session.host.readyMachine;
  const resultOwner = memory.newOwner();
  const rows = await session.execute(session.plan(query, options), { ...options, resultOwner });
  const group = segmentsOf(memory, resultOwner, rows.batches);
  rows.release();
  try {
    if (target !== undefined) checkNotNull(session, query, target, group);
    return { count: rows.rowCount, group };
  } catch (error) {
    group.release();
    throw error;
  }
}

/** NOT NULL columns hold no NULL. */
function checkNotNull(session: Session, query: BoundQuery, target: TableTarget, group: SegmentGroup): void {
  const { u8 } = session.host.readyMachine.memory;
  target.notNull.forEach((notNull, c) => {
    if (!notNull) return;
    for (const { rows, columns } of group.segments) {
      const { validity, form } = columns[c]!;
      if (validity === 0) continue;
      const positions = form === 'constant' ? Math.min(rows, 1) : rows;
      for (let i = 0; i < positions; i++) {
        if (((u8[validity + (i >> 3)]! >> (i & 7)) & 1) === 1) continue;
        const column = tableOf(session, target).columns[c]?.name ?? query.output[c]?.name;
        throw new RayexecError('constraint', `NOT NULL constraint failed: ${target.name}.${column}`);
      }
    }
  });
}

function tableOf(session: Session, { table, name }: TableTarget): TableEntry {
  const entry = session.catalog.entries().find(e => e.kind === 'table' && e.id === table);
  if (entry?.kind !== 'table') throw new RayexecError('catalog', `table '${name}' was dropped meanwhile`);
  return entry;
}

/** The query below an `insert` or `copy` node, whose columns are written in order. */
function below({ plan }: BoundQuery): BoundQuery {
  invariant(plan.kind === 'insert' || plan.kind === 'copy', 'rows are written by insert and copy');
  return { plan: plan.input, output: outputOf(plan.input) };
}

async function copyTo(session: Session, query: BoundQuery, options: QueryOptions): Promise<number> {
  const { target } = query.plan as Extract<LogicalPlan, { kind: 'copy' }>;
  const rows = below(query);
  const schema = rows.output.map((c, i) => ({ ...c, name: target.names[i]! }));
  const batches = await session.streamPlan(session.plan(rows, options), options);
  const writer = await openWriter(target.format, session.host.readyMachine, target.path, schema, target.options);
  try {
    for await (const batch of batches) await writer.write(batch);
    return await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

const countResult = (count: number): Result =>
  new Result({ schema: [{ name: 'Count', type: INT64, nullable: false }], rowCount: 1, column: () => [BigInt(count)] });

function explainResult(sections: readonly (readonly [string, string])[]): Result {
  const schema = ['explain_key', 'explain_value'].map(name => ({ name, type: UTF8, nullable: false }));
  return new Result({ schema, rowCount: sections.length, column: c => sections.map(s => s[c]!) });
}

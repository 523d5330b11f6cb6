import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { applyChange, type CatalogChange } from '../../src/catalog/change.ts';
import type { TableEntry } from '../../src/catalog/entry.ts';
import type { BoundQuery, LogicalPlan } from '../../src/plan/logical-plan.ts';
import { asksForFiles } from '../../src/sources/write-layout.ts';
import { UTF8 } from '../../src/types/data-type.ts';
import { checkNotNull } from './check-rows.ts';
import { collectResult, countResult, filesResult, storeRows } from './collect-result.ts';
import { insertRows } from './insert-rows.ts';
import { modifyRows } from './modify-rows.ts';
import { tableOf } from './replace-rows.ts';
import { Result } from './result.ts';
import { belowRoot } from './root-input.ts';
import { scalarText } from './scalar-text.ts';
import type { QueryOptions, Session } from './session.ts';
import { settingName, withSetting } from './settings.ts';
import { newTable, withDefinition, withRows } from './tables.ts';
import { transact } from './transaction.ts';
import { writeFile } from './write-file.ts';

type Order = Exclude<BoundStatement, { kind: 'prepare' | 'execute' | 'deallocate' | 'procedure' }>;

/** Runs a bound statement: a query, a change of tables or catalog, an order to the session. */
export async function runBound(session: Session, bound: Order, options: QueryOptions): Promise<Result> {
  switch (bound.kind) {
    case 'query':
      return new Result(await collectResult(session, bound.query, options));
    case 'nothing':
      return Result.none();
    case 'change':
      return changeCatalog(session, bound.change);
    case 'create-sequence':
      session.createSequence(bound.sequence);
      return Result.none();
    case 'create-table': {
      const rows = bound.query && (await storeRows(session, bound.query, options));
      const table = newTable(bound.table);
      session.putTable(rows === undefined ? table : withRows(table, rows));
      rows?.release();
      return rows === undefined ? Result.none() : countResult(rows.rows);
    }
    case 'insert':
      return insertRows(session, bound, options);
    case 'modify':
      return modifyRows(session, bound, options);
    case 'alter-table':
      return alterTable(session, bound, options);
    case 'copy-to':
      return copyTo(session, bound.query, options);
    case 'explain': {
      const { explainBound } = await import('./explain.ts');
      return explainResult(await explainBound(session, bound.statement, bound.mode, options, bound.format));
    }
    case 'set':
      session.settings = withSetting(session.settings, bound.name, scalarText(bound.value));
      session.host.setLimits(session.settings);
      return Result.none();
    case 'reset': {
      if (bound.name === 'all') session.settings = session.initialSettings;
      else {
        const name = settingName(bound.name);
        session.settings = { ...session.settings, [name]: session.initialSettings[name] };
      }
      session.host.setLimits(session.settings);
      return Result.none();
    }
    case 'set-variable': {
      const { [bound.name]: _, ...others } = session.variables;
      session.variables = bound.value === undefined ? others : { ...others, [bound.name]: bound.value };
      return Result.none();
    }
    case 'transaction':
      await transact(session, bound.action, bound.readOnly);
      return Result.none();
  }
}

function changeCatalog(session: Session, change: CatalogChange): Result {
  const before = session.catalog;
  session.catalog = applyChange(before, change);
  for (const entry of before.entries()) {
    if (entry.kind !== 'table' || session.catalog.at(entry) === entry) continue;
    session.keys.drop(entry.id);
    session.retire(entry);
  }
  return Result.none();
}

/** The table under its new name and definition, with its rows written anew where that takes it. */
async function alterTable(
  session: Session,
  { table, from, target, query }: Extract<Order, { kind: 'alter-table' }>,
  options: QueryOptions,
): Promise<Result> {
  const rows = query && (await storeRows(session, query, options));
  try {
    const before = tableOf(session, target);
    const definition = withDefinition(before, table);
    if (rows !== undefined) checkNotNull(session, definition, rows);
    if (definition.constraints.keys.length !== before.constraints.keys.length)
      checkKeys(session, rows === undefined ? definition : withRows(definition, rows));
    session.catalog = session.catalog.withoutRelation({ schema: table.schema, name: from });
    session.putTable(rows === undefined ? definition : withRows(definition, rows));
    session.retire(before);
    return Result.none();
  } finally {
    rows?.release();
  }
}

/** Builds the indexes of keys that are new. @throws RayexecError `constraint` when two rows have the same */
function checkKeys(session: Session, table: TableEntry): void {
  session.keys.drop(table.id);
  session.keys.of(session.host.readyMachine, table);
}

async function copyTo(session: Session, query: BoundQuery, options: QueryOptions): Promise<Result> {
  const { target } = query.plan as Extract<LogicalPlan, { kind: 'copy' }>;
  const rows = belowRoot(query);
  const schema = rows.output.map((c, i) => ({ ...c, name: target.names[i]! }));
  const batches = await session.streamPlan(await session.plan(rows, options), options);
  const { rows: count, files } = await writeFile(session.host.readyMachine, { batches, schema }, target);
  return asksForFiles(target.options) ? filesResult(count, files) : countResult(count);
}

function explainResult(sections: readonly (readonly [string, string])[]): Result {
  const schema = ['explain_key', 'explain_value'].map(name => ({ name, type: UTF8, nullable: false }));
  return new Result({ schema, rowCount: sections.length, column: c => sections.map(s => s[c]!) });
}

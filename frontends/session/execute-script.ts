import { withPlace } from '../../src/bind/bind.ts';
import { bindStatement } from '../../src/bind/bind-statement.ts';
import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { expandMacros } from '../../src/bind/exprs/expand-macros.ts';
import { resolve } from '../../src/bind/resolve.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { ObjectName, Statement } from '../../src/query/statement.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { parseStatements } from '../sql/index.ts';
import { expandTableCalls } from './expand-table-calls.ts';
import { placed } from './placed.ts';
import { Result } from './result.ts';
import { runBound } from './run-bound.ts';
import type { QueryOptions, Session } from './session.ts';

/** Runs the statements of a text one after the other. Returns what the last one gave. */
export async function executeScript(
  session: Session,
  source: string,
  parameters: Readonly<Record<string, Scalar>>,
  options: Pick<QueryOptions, 'signal' | 'onProgress'>,
): Promise<Result> {
  let result = Result.none();
  for (const statement of parseStatements(source)) {
    result = await executeStatement(session, statement, { ...options, source, parameters });
  }
  return result;
}

/** Resolves, binds and runs one statement. */
async function executeStatement(session: Session, statement: Statement, options: QueryOptions): Promise<Result> {
  const exclusive = WRITES.has(statement.kind);
  if (exclusive && session.transaction?.readOnly && statement.kind !== 'transaction' && statement.kind !== 'use')
    throw new RayexecError('catalog', 'Cannot write: the transaction is read-only', {
      span: statement.span,
      hint: 'BEGIN READ ONLY began it; COMMIT or ROLLBACK ends it',
      source: options.source,
    });
  const bindAndRun = () => session.during(() => boundAndRun(session, statement, options));
  const run = (): Promise<Result> => placed(options, bindAndRun, targetOf(statement)?.span);
  return exclusive ? session.writing(run) : run();
}

/** The table that a statement changes: what errors about its rows are about. */
function targetOf(statement: Statement): ObjectName | undefined {
  switch (statement.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return statement.table;
    case 'alter-table':
    case 'create-table':
      return statement.name;
    default:
      return undefined;
  }
}

/** Statements that change the database: one runs at a time. */
const WRITES: ReadonlySet<Statement['kind']> = new Set([
  ...(['insert', 'update', 'delete', 'merge', 'truncate', 'copy-from', 'create-table', 'create-view'] as const),
  ...(['create-schema', 'create-type', 'create-macro', 'create-sequence', 'drop', 'alter-table'] as const),
  ...(['create-index', 'alter-view', 'comment', 'attach', 'detach'] as const),
  ...(['transaction', 'use'] as const),
]);

async function boundAndRun(session: Session, statement: Statement, options: QueryOptions): Promise<Result> {
  await session.host.machine();
  const { resolving, binding } = session.contexts(options);
  // The bodies of new macros stay as they are.
  const expanded =
    statement.kind === 'create-macro'
      ? statement
      : withPlace(options, () => expandTableCalls(expandMacros(statement, session.catalog), resolving));
  const bound = bindStatement(expanded, await resolve(expanded, resolving), binding);
  return runStatement(session, bound, options);
}

async function runStatement(session: Session, bound: BoundStatement, options: QueryOptions): Promise<Result> {
  switch (bound.kind) {
    case 'prepare':
      session.prepared.set(bound.name.toLowerCase(), { statement: bound.statement, source: options.source });
      return Result.none();
    case 'execute': {
      const prepared = session.prepared.get(bound.name.toLowerCase());
      if (prepared === undefined) throw new RayexecError('catalog', `there is no prepared statement '${bound.name}'`);
      refuseExcess(prepared.statement, bound.parameters);
      return executeStatement(session, prepared.statement, {
        ...options,
        source: prepared.source,
        parameters: bound.parameters,
      });
    }
    case 'deallocate':
      if (bound.name === undefined) session.prepared.clear();
      else if (!session.prepared.delete(bound.name.toLowerCase())) {
        throw new RayexecError('catalog', `there is no prepared statement '${bound.name}'`);
      }
      return Result.none();
    case 'procedure':
      return callProcedure(session, bound, options);
    default:
      return runBound(session, bound, options);
  }
}

/** @throws RayexecError `bind` for values of parameters that a prepared statement does not have */
function refuseExcess(statement: Statement, given: Readonly<Record<string, Scalar>>): void {
  const known = parameterNames(statement);
  const excess = Object.keys(given).filter(name => !known.has(name));
  if (excess.length === 0) return;
  const list = [...known].map(name => `$${name}`).join(', ');
  throw new RayexecError('bind', `the prepared statement has no parameter ${excess.map(n => `$${n}`).join(', ')}`, {
    hint: list === '' ? 'it has no parameters' : `its parameters: ${list}`,
  });
}

/** The names of a statement's parameters, wherever they stand. */
function parameterNames(node: unknown, into = new Set<string>()): ReadonlySet<string> {
  if (typeof node !== 'object' || node === null) return into;
  if ('kind' in node && node.kind === 'parameter' && 'name' in node) into.add(String(node.name));
  for (const child of Object.values(node)) parameterNames(child, into);
  return into;
}

/** CALL tpch(0.1): creates the eight tables. */
async function callProcedure(
  session: Session,
  { name, positional, named }: Extract<BoundStatement, { kind: 'procedure' }>,
  options: QueryOptions,
): Promise<Result> {
  const scale = positional[0] ?? named['scale'] ?? named['sf'];
  if (name.toLowerCase() !== 'tpch' || scale === undefined) {
    throw new RayexecError('bind', `there is no procedure ${name} with these arguments`, { hint: 'CALL tpch(0.1)' });
  }
  for (const table of TPCH_TABLES) {
    const [statement] = parseStatements(`CREATE TABLE ${table} AS SELECT * FROM tpch_${table}($scale)`);
    await executeStatement(session, statement!, { ...options, source: undefined, parameters: { scale } });
  }
  return Result.none();
}

const TPCH_TABLES = ['region', 'nation', 'supplier', 'part', 'partsupp', 'customer', 'orders', 'lineitem'];

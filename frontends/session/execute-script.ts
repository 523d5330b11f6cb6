import { bindQuery, withPlace } from '../../src/bind/bind.ts';
import { expandMacros } from '../../src/bind/exprs/expand-macros.ts';
import { resolve } from '../../src/bind/resolve.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { ObjectName, Statement } from '../../src/query/statement.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { parseStatements } from '../sql/index.ts';
import { collectResult } from './collect-result.ts';
import { expandTableCalls } from './expand-table-calls.ts';
import { placed } from './placed.ts';
import { Result } from './result.ts';
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
  const resolved = await resolve(expanded, resolving);
  if (expanded.kind === 'query')
    return new Result(await collectResult(session, bindQuery(expanded.query, resolved, binding), options));
  const { runStatement } = await import('./run-statement.ts');
  return runStatement(session, { statement: expanded, resolved, binding }, options, executeStatement);
}

import { bindStatement } from '../../src/bind/bind-statement.ts';
import type { BindOptions, Resolved } from '../../src/bind/binder.ts';
import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { Statement } from '../../src/query/statement.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { parseStatements } from '../sql/index.ts';
import { Result } from './result.ts';
import { runBound } from './run-bound.ts';
import type { QueryOptions, Session } from './session.ts';

type Execute = (session: Session, statement: Statement, options: QueryOptions) => Promise<Result>;

/** A statement and what it is bound with. */
type ResolvedStatement = {
  readonly statement: Statement;
  readonly resolved: Resolved;
  readonly binding: BindOptions;
};

/**
 * Binds and runs a statement that is no query: the code of all these is loaded with the first of them.
 * @param execute runs a statement of its own
 */
export async function runStatement(
  session: Session,
  { statement, resolved, binding }: ResolvedStatement,
  options: QueryOptions,
  execute: Execute,
): Promise<Result> {
  const bound = bindStatement(statement, resolved, binding);
  switch (bound.kind) {
    case 'prepare':
      session.prepared.set(bound.name.toLowerCase(), { statement: bound.statement, source: options.source });
      return Result.none();
    case 'execute': {
      const prepared = session.prepared.get(bound.name.toLowerCase());
      if (prepared === undefined) throw new RayexecError('catalog', `there is no prepared statement '${bound.name}'`);
      refuseExcess(prepared.statement, bound.parameters);
      return execute(session, prepared.statement, {
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
      return callProcedure(session, bound, options, execute);
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
  execute: Execute,
): Promise<Result> {
  const scale = positional[0] ?? named['scale'] ?? named['sf'];
  if (name.toLowerCase() !== 'tpch' || scale === undefined) {
    throw new RayexecError('bind', `there is no procedure ${name} with these arguments`, { hint: 'CALL tpch(0.1)' });
  }
  for (const table of TPCH_TABLES) {
    const [statement] = parseStatements(`CREATE TABLE ${table} AS SELECT * FROM tpch_${table}($scale)`);
    await execute(session, statement!, { ...options, source: undefined, parameters: { scale } });
  }
  return Result.none();
}

const TPCH_TABLES = ['region', 'nation', 'supplier', 'part', 'partsupp', 'customer', 'orders', 'lineitem'];

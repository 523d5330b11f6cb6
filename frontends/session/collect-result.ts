import type { BoundQuery } from '../../src/plan/logical-plan.ts';
import { TableVersion } from '../../src/storage/table-version.ts';
import { INT64, list, UTF8 } from '../../src/types/data-type.ts';
import type { ResultSet } from '../dataframe/result.ts';
import { Result } from './result.ts';
import { takeResult } from './result-set.ts';
import type { QueryOptions, Session } from './session.ts';
import { segmentsOf } from './tables.ts';

/** Runs a query and reads its rows. */
export async function collectResult(session: Session, query: BoundQuery, options: QueryOptions): Promise<ResultSet> {
  return takeResult(session, query.output, await session.runBound(query, options), options.signal);
}

/** Runs a query into memory of its own, as rows for a table; the caller releases them. */
export async function storeRows(session: Session, query: BoundQuery, options: QueryOptions): Promise<TableVersion> {
  const machine = session.host.readyMachine;
  const resultOwner = machine.memory.newOwner();
  const rows = await session.execute(await session.plan(query, options), { ...options, resultOwner });
  const group = segmentsOf(machine, resultOwner, rows.batches);
  rows.release();
  return TableVersion.of(group);
}

/** The result of a statement that changed rows. */
export const countResult = (count: number): Result =>
  new Result({ schema: [COUNT], rowCount: 1, column: () => [BigInt(count)] });

/** The result of a statement that wrote rows to files. */
export const filesResult = (count: number, files: readonly string[]): Result =>
  new Result({ schema: [COUNT, FILES], rowCount: 1, column: i => [i === 0 ? BigInt(count) : files] });

const COUNT = { name: 'Count', type: INT64, nullable: false };
const FILES = { name: 'Files', type: list(UTF8), nullable: false };

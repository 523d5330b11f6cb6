import type { RowCheck } from '../../src/bind/statements/row-checks.ts';
import { storedColumns, type TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { isLiveAt } from '../../src/storage/segment.ts';
import type { TableVersion } from '../../src/storage/table-version.ts';
import { formatRaw } from '../dataframe/index.ts';
import type { ResultSet } from '../dataframe/result.ts';
import { collectResult } from './collect-result.ts';
import { withPending } from './pending.ts';
import type { QueryOptions, Session } from './session.ts';

/** Runs checks over rows. @throws RayexecError `constraint` for the first that finds one */
export async function checkRows(
  session: Session,
  checks: readonly RowCheck[],
  rows: TableVersion,
  options: QueryOptions,
): Promise<void> {
  for (const { query, failure } of checks) {
    const found = await collectResult(session, withPending(query, rows), options);
    if (found.rowCount > 0) throw violated(failure, found);
  }
}

function violated(failure: RowCheck['failure'], found: ResultSet): RayexecError {
  if (failure.kind === 'check') {
    const { table, text } = failure;
    return new RayexecError(
      'constraint',
      `CHECK constraint failed on table "${table}" with expression CHECK(${text})`,
      {
        hint: `no row may make ${text} false`,
      },
    );
  }
  const key = failure.columns
    .map((name, i) => `${name}: ${formatRaw(found.schema[i]!.type, found.column(i)[0] ?? null)}`)
    .join(', ');
  return new RayexecError(
    'constraint',
    failure.kind === 'no-such-key'
      ? `Violates foreign key constraint because key "${key}" does not exist in the referenced table`
      : `Violates foreign key constraint because key "${key}" is still referenced by a foreign key in a different table`,
    {
      hint:
        failure.kind === 'no-such-key'
          ? 'insert the row with this key into the referenced table first'
          : 'delete the rows that reference it first',
    },
  );
}

/** NOT NULL columns hold no NULL. @param columns stored columns of the table: which of them the rows have, in order */
export function checkNotNull(
  session: Session,
  table: TableEntry,
  rows: TableVersion,
  columns: readonly number[] = storedColumns(table.columns).map((_, i) => i),
): void {
  const { memory } = session.host.readyMachine;
  const { u8 } = memory;
  const stored = storedColumns(table.columns);
  columns.forEach((column, at) => {
    if (stored[column]!.nullable) return;
    for (const { segment } of rows.parts) {
      const { validity, form } = segment.columns[at]!;
      if (validity === 0) continue;
      for (let i = 0; i < segment.rows; i++) {
        if (!isLiveAt(memory, segment, i)) continue;
        const position = form === 'constant' ? 0 : i;
        if (((u8[validity + (position >> 3)]! >> (position & 7)) & 1) === 1) continue;
        const { name } = stored[column]!;
        throw new RayexecError('constraint', `NOT NULL constraint failed: ${table.name}.${name}`, {
          hint: `every row needs a value of ${name}`,
        });
      }
    }
  });
}

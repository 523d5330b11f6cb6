import type { Catalog } from '../../src/catalog/catalog.ts';
import type { TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { Session } from './session.ts';

/** What ROLLBACK goes back to: the catalog, and the tables' rows, as BEGIN found them. */
export type Transaction = { readonly catalog: Catalog };

/**
 * BEGIN, COMMIT, ROLLBACK. A database has one session, so that there is nothing to isolate: statements take effect at
 * once, and ROLLBACK takes back what they did. Frames that a program made meanwhile stay.
 * @throws RayexecError `catalog` for BEGIN inside of a transaction, and for the others outside
 */
export function transact(session: Session, action: 'begin' | 'commit' | 'rollback'): void {
  const { transaction } = session;
  if (action === 'begin') {
    if (transaction !== undefined)
      throw new RayexecError('catalog', 'cannot start a transaction within a transaction', {
        hint: 'COMMIT or ROLLBACK ends it',
      });
    for (const table of tablesOf(session.catalog)) table.rows.retain();
    session.transaction = { catalog: session.catalog };
    return;
  }
  if (transaction === undefined) throw new RayexecError('catalog', `cannot ${action} - no transaction is active`);
  session.transaction = undefined;
  const left = action === 'commit' ? transaction.catalog : session.catalog;
  if (action === 'rollback') session.catalog = session.catalog.withSchemasOf(transaction.catalog);
  for (const table of tablesOf(left)) session.retire(table);
}

const tablesOf = (catalog: Catalog): readonly TableEntry[] =>
  catalog.entries().flatMap(e => (e.kind === 'table' ? [e] : []));

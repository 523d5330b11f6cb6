import type { Catalog } from '../../src/catalog/catalog.ts';
import type { TableEntry } from '../../src/catalog/entry.ts';
import { mergeCatalogs } from '../../src/catalog/merge-catalogs.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { Session } from './session.ts';
import type { Store } from './store.ts';

/** What a transaction sees: the state that it began with, and what it made of that. */
export type Transaction = { readonly base: Catalog; catalog: Catalog; readonly readOnly: boolean };

/** A transaction from the committed state on. */
export function beginTransaction({ catalog }: Store, readOnly = false): Transaction {
  for (const table of tablesOf(catalog)) table.rows.retain();
  return { base: catalog, catalog, readOnly };
}

/**
 * BEGIN, COMMIT, ROLLBACK. A transaction reads the state that was committed when it began, and its own changes; others
 * see these when they are committed.
 * @throws RayexecError `catalog` for BEGIN inside of a transaction, and for the others outside; `conflict` when COMMIT
 * finds that another transaction has changed the same objects meanwhile: it takes back its own changes then
 */
export async function transact(
  session: Session,
  action: 'begin' | 'commit' | 'rollback',
  readOnly = false,
): Promise<void> {
  const { transaction } = session;
  if (session.isScoped)
    throw new RayexecError('catalog', `cannot ${action} here: the transaction ends with its function`);
  if (action === 'begin') {
    if (transaction !== undefined)
      throw new RayexecError('catalog', 'cannot start a transaction within a transaction', {
        hint: 'COMMIT or ROLLBACK ends it',
      });
    session.transaction = beginTransaction(session.store, readOnly);
    return;
  }
  if (transaction === undefined) throw new RayexecError('catalog', `cannot ${action} - no transaction is active`);
  await endTransaction(session, action);
}

/** Ends a session's transaction, if it is in one. */
export async function endTransaction(session: Session, action: 'commit' | 'rollback'): Promise<void> {
  const { transaction, store } = session;
  if (transaction === undefined) return;
  session.transaction = undefined;
  if (action === 'rollback') rollBack(store, transaction);
  else await store.writes.run(() => Promise.resolve(commit(store, transaction)));
}

function rollBack(store: Store, { catalog }: Transaction): void {
  for (const table of tablesOf(catalog)) store.retire(table);
}

function commit(store: Store, transaction: Transaction): void {
  const { base, catalog } = transaction;
  let merged: Catalog;
  try {
    merged = mergeCatalogs(base, catalog, store.catalog);
  } catch (error) {
    rollBack(store, transaction);
    throw error;
  }
  const [began, before, after] = [base, store.catalog, merged].map(c => new Set(tablesOf(c)));
  store.catalog = merged;
  // What the transaction made is the committed state's from now on; the rest it does not use any more.
  for (const table of tablesOf(catalog)) if (began!.has(table)) store.retire(table);
  for (const table of before!) if (!after!.has(table)) store.retire(table);
}

const tablesOf = (catalog: Catalog): readonly TableEntry[] =>
  catalog.entries().flatMap(e => (e.kind === 'table' ? [e] : []));

import type { SharedId } from '../plan/logical-plan.ts';
import type { CommonTable } from '../query/query.ts';
import type { QueryEnv } from './env.ts';
import { type ScopeColumn, sameName } from './scope.ts';

/** A WITH entry: bound where it is used (once), or bound before and shared by its uses. */
export type CteEntry = {
  readonly table: CommonTable;
  /** The surroundings of the definition: the entries before it. */
  readonly env: QueryEnv;
  /** Its query reads the entry itself. */
  readonly recursive: boolean;
  /** What is bound here is the recursion's first part, which cannot read the entry. */
  readonly unreadable?: boolean | undefined;
  /** What reads are of: the definition that was bound before, or the rows of a recursion's last round. */
  readonly shared?: { readonly id: SharedId; readonly columns: readonly ScopeColumn[] } | undefined;
};

/** The WITH entries that are visible, innermost first. */
export type CteScope = { readonly entry: CteEntry; readonly next: CteScope | undefined };

export function findCte(scope: CteScope | undefined, name: string): CteEntry | undefined {
  for (let s = scope; s !== undefined; s = s.next) if (sameName(s.entry.table.name, name)) return s.entry;
  return undefined;
}

export function cteNames(scope: CteScope | undefined): readonly string[] {
  const names: string[] = [];
  for (let s = scope; s !== undefined; s = s.next) names.push(s.entry.table.name);
  return names;
}

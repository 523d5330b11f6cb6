import type { Catalog, Place } from './catalog.ts';
import type { MacroEntry, SequenceEntry, TypeEntry, ViewEntry } from './entry.ts';

/** A change of the catalog that touches no rows, as data. */
export type CatalogChange =
  | { readonly change: 'create-schema'; readonly name: string }
  | { readonly change: 'drop-schema'; readonly name: string }
  | { readonly change: 'create-view'; readonly view: ViewEntry }
  | { readonly change: 'drop-relation'; readonly place: Place }
  | { readonly change: 'create-type'; readonly type: TypeEntry }
  | { readonly change: 'drop-type'; readonly place: Place }
  | { readonly change: 'create-macro' | 'drop-macro'; readonly macro: MacroEntry }
  | { readonly change: 'drop-sequence'; readonly place: Place }
  /** The sequence with another comment. */
  | { readonly change: 'comment-sequence'; readonly sequence: SequenceEntry }
  | { readonly change: 'several'; readonly changes: readonly CatalogChange[] }
  | { readonly change: 'use'; readonly schema: string };

/** The catalog after a change. */
export function applyChange(catalog: Catalog, change: CatalogChange): Catalog {
  switch (change.change) {
    case 'create-schema':
      return catalog.withSchema(change.name);
    case 'drop-schema':
      return catalog.withoutSchema(change.name);
    case 'create-view':
      return catalog.withRelation(change.view);
    case 'drop-relation':
      return catalog.withoutRelation(change.place);
    case 'create-type':
      return catalog.withType(change.type);
    case 'drop-type':
      return catalog.withoutType(change.place);
    case 'create-macro':
      return catalog.withMacro(change.macro);
    case 'drop-macro':
      return catalog.withoutMacro(change.macro);
    case 'drop-sequence':
      return catalog.withoutSequence(change.place);
    case 'comment-sequence':
      return catalog.withSequence(change.sequence);
    case 'several':
      return change.changes.reduce(applyChange, catalog);
    case 'use':
      return catalog.withCurrentSchema(change.schema);
  }
}

import type { SortKey } from '../../query/expr.ts';
import type { Binder } from '../binder.ts';

/** A sort key's direction and place of NULLs, with the settings' defaults. */
export function sortDirection(
  b: Binder,
  key: Pick<SortKey, 'direction' | 'nulls'>,
): { readonly descending: boolean; readonly nullsFirst: boolean } {
  const { defaultOrder, defaultNullOrder } = b.options.settings;
  const descending = (key.direction ?? defaultOrder) === 'desc';
  if (key.nulls !== undefined) return { descending, nullsFirst: key.nulls === 'first' };
  switch (defaultNullOrder) {
    case 'nulls_first':
      return { descending, nullsFirst: true };
    case 'nulls_last':
      return { descending, nullsFirst: false };
    case 'nulls_first_on_asc_last_on_desc':
      return { descending, nullsFirst: !descending };
    case 'nulls_last_on_asc_first_on_desc':
      return { descending, nullsFirst: descending };
  }
}

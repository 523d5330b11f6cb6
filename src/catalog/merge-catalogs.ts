import { RayexecError } from '../common/errors.ts';
import type { Catalog, SchemaEntry } from './catalog.ts';
import type { NameMap } from './name-map.ts';

/**
 * The committed state with the changes that a transaction made of the state that it began with.
 * @throws RayexecError `conflict` for an object that both have changed: who commits first wins
 */
export function mergeCatalogs(base: Catalog, mine: Catalog, committed: Catalog): Catalog {
  const schemas = mergeMaps('schema', base.schemas, mine.schemas, committed.schemas, mergeSchemas);
  const next = committed.withSchemas(schemas);
  return mine.currentSchema === base.currentSchema ? next : next.withCurrentSchema(mine.currentSchema);
}

function mergeSchemas(base: SchemaEntry, mine: SchemaEntry, committed: SchemaEntry): SchemaEntry {
  return {
    name: committed.name,
    relations: mergeMaps('table or view', base.relations, mine.relations, committed.relations),
    types: mergeMaps('type', base.types, mine.types, committed.types),
    macros: mergeMaps('macro', base.macros, mine.macros, committed.macros),
    tableMacros: mergeMaps('table macro', base.tableMacros, mine.tableMacros, committed.tableMacros),
    sequences: mergeMaps('sequence', base.sequences, mine.sequences, committed.sequences),
  };
}

/** @param inside merges entries that both have changed; absent: that is a conflict */
function mergeMaps<T>(
  what: string,
  base: NameMap<T>,
  mine: NameMap<T>,
  committed: NameMap<T>,
  inside?: (base: T, mine: T, committed: T) => T,
): NameMap<T> {
  if (mine === base) return committed;
  if (committed === base) return mine;
  let merged = committed;
  for (const name of new Set([...base.names(), ...mine.names()])) {
    const [before, own, other] = [base.get(name), mine.get(name), committed.get(name)];
    if (own === before) continue;
    if (other === before) merged = own === undefined ? merged.without(name) : merged.with(name, own);
    else if (inside !== undefined && before !== undefined && own !== undefined && other !== undefined)
      merged = merged.with(name, inside(before, own, other));
    else
      throw new RayexecError('conflict', `Transaction conflict: ${what} "${name}" was changed by another transaction`, {
        hint: 'run the transaction again: nothing of it was kept',
      });
  }
  return merged;
}

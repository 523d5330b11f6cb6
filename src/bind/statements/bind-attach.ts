import type { CatalogChange } from '../../catalog/change.ts';
import { CATALOG_NAME, catalogOf, DEFAULT_SCHEMA, schemaKey, TEMP_CATALOG } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Statement } from '../../query/statement.ts';
import type { Binder } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { sameName } from '../scope.ts';

type Attach = Extract<Statement, { kind: 'attach' | 'detach' }>;

/**
 * ATTACH ':memory:' AS name makes a catalog with a schema `main`; DETACH drops one with all that it has.
 * @throws RayexecError `catalog`; `unsupported` for files
 */
export function bindAttach(b: Binder, statement: Attach): BoundStatement {
  const { name, span } = statement;
  const found = b.catalog.catalogNames.find(c => sameName(c, name));
  if (statement.kind === 'detach') {
    if (found === undefined && statement.ifExists) return { kind: 'nothing' };
    const known = b.catalog.catalogNamed(name, span);
    if (sameName(known, b.catalog.currentCatalog))
      throw new RayexecError('catalog', `Cannot detach database "${known}" which is the default database`, {
        span,
        hint: 'USE another one first',
      });
    if ([CATALOG_NAME, TEMP_CATALOG].includes(known.toLowerCase()))
      throw new RayexecError('catalog', `Cannot detach database "${known}": it is the database itself`, { span });
    return { kind: 'change', change: { change: 'several', changes: dropped(b, known) } };
  }
  if (statement.path !== ':memory:' && statement.path !== '')
    throw new RayexecError('unsupported', `ATTACH of the file '${statement.path}' is not supported`, {
      span,
      hint: "ATTACH ':memory:' AS name makes a catalog in memory; files of tables are read by FROM 'file.parquet'",
    });
  const isOwn = [CATALOG_NAME, TEMP_CATALOG].includes(name.toLowerCase());
  if (found !== undefined && (statement.mode === 'create' || isOwn))
    throw new RayexecError('catalog', `database with name "${found}" already exists`, {
      span,
      hint: isOwn ? 'AS gives it another name' : 'ATTACH IF NOT EXISTS leaves it; DETACH drops it',
    });
  // OR REPLACE of what is attached from the same place leaves it, as in DuckDB.
  if (found !== undefined) return { kind: 'nothing' };
  return { kind: 'change', change: { change: 'create-schema', name: schemaKey(name, DEFAULT_SCHEMA) } };
}

const dropped = (b: Binder, catalog: string): readonly CatalogChange[] =>
  b.catalog
    .schemaKeys()
    .filter(key => sameName(catalogOf(key), catalog))
    .map(name => ({ change: 'drop-schema', name }));

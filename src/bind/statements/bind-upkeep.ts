import { RayexecError } from '../../common/errors.ts';
import { choices } from '../../common/suggest.ts';
import type { Statement, Upkeep } from '../../query/statement.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { candidates } from '../exprs/bind-name.ts';
import { sameName } from '../scope.ts';

/**
 * VACUUM, ANALYZE and CHECKPOINT: rows that are gone leave nothing to clean up, statistics are always those of the rows,
 * and nothing waits to be written. What they name must be there.
 * @throws RayexecError `catalog` | `bind`
 */
export function bindUpkeep(b: Binder, { task, name, columns }: Upkeep): BoundStatement {
  if (name === undefined) return { kind: 'nothing' };
  if (task === 'checkpoint') {
    b.catalog.catalogNamed(name.path.join('.'), name.span);
    return { kind: 'nothing' };
  }
  const table = b.catalog.table(name);
  const names = table.columns.map(c => c.name);
  const unknown = columns?.find(c => !names.some(n => sameName(n, c)));
  if (unknown !== undefined)
    throw bindError(
      `Table "${table.name}" does not have a column with name "${unknown}"`,
      name.span,
      candidates(unknown, names),
    );
  return { kind: 'nothing' };
}

/** DuckDB's extensions whose work is done here without loading anything. */
const BUILT_IN = ['parquet', 'json', 'icu', 'core_functions', 'tpch', 'httpfs'];

/** INSTALL and LOAD of what is built in. @throws RayexecError `catalog` for anything else */
export function bindLoad({ extension, span }: Extract<Statement, { kind: 'load' }>): BoundStatement {
  if (BUILT_IN.some(name => sameName(name, extension))) return { kind: 'nothing' };
  throw new RayexecError('catalog', `there is no extension '${extension}'`, {
    span,
    hint: choices(extension, BUILT_IN, 'built in') ?? 'a program adds functions and formats by code',
  });
}

import type { Random } from './random.ts';
import { randomExpr, type ScopeColumn } from './random-expr.ts';
import type { RandomTable } from './random-table.ts';
import { randomLiteral, type Type } from './types.ts';

/** Statements that change a table `m`, made like `like`; after each, both engines must hold the same rows. */
export function randomScript(random: Random, like: RandomTable, tables: readonly RandomTable[]): readonly string[] {
  const keyed = random.percent(50);
  const columns = like.columns.map(
    c =>
      `${c.name} ${c.sqlType}${c.name === 'id' && keyed ? ' PRIMARY KEY' : c.name === 'k' && random.percent(15) ? ' DEFAULT 7' : ''}`,
  );
  const create = `CREATE OR REPLACE TABLE m (${columns.join(', ')})`;
  const fill = `INSERT INTO m SELECT * FROM ${like.name}`;
  const changes = random.several(1, 4, () => change(random, like, tables, keyed));
  const inTransaction = random.percent(15) ? ['BEGIN', ...changes, random.pick(['COMMIT', 'ROLLBACK'])] : changes;
  return [create, fill, ...inTransaction];
}

function change(random: Random, like: RandomTable, tables: readonly RandomTable[], keyed: boolean): string {
  const own: readonly ScopeColumn[] = like.columns.map(c => ({ sql: `m.${c.name}`, type: c.type }));
  const other = random.pick(tables);
  const theirs: readonly ScopeColumn[] = other.columns.map(c => ({ sql: `o.${c.name}`, type: c.type }));
  // Of equal intervals that look different DuckDB keeps the old one, and says that the row has changed.
  const settable = like.columns.filter(c => c.name !== 'id' && c.type !== 'interval');
  const cast = (text: string, sqlType: string): string => `CAST(${text} AS ${sqlType})`;
  const value = (columns: readonly ScopeColumn[], c: RandomTable['columns'][number]): string =>
    `TRY_${cast(plainOf(c.type, randomExpr({ random, columns }, c.type, random.below(2))), c.type === 'int' ? 'TINYINT' : c.sqlType)}`;
  // DuckDB has no cast from nanoseconds to seconds: TRY_CAST gives NULL.
  const plainOf = (type: Type, text: string): string => (type === 'timestamp' ? cast(text, 'TIMESTAMP') : text);
  const sets = (columns: readonly ScopeColumn[]): string =>
    [...new Set(random.several(1, 2, () => random.pick(settable)))]
      .map(c => `${c.name} = ${value(columns, c)}`)
      .join(', ');
  const where = (columns: readonly ScopeColumn[]): string =>
    random.percent(80) ? ` WHERE ${randomExpr({ random, columns }, 'bool', 2)}` : '';
  const literals = (): string =>
    like.columns
      .map(c =>
        c.name === 'id'
          ? String(random.below(12))
          : cast(randomLiteral(random, c.type), c.type === 'int' ? 'TINYINT' : c.sqlType),
      )
      .join(', ');
  // Of equal intervals that look different DuckDB keeps either one.
  const replaces = keyed && like.columns.every(c => c.type !== 'interval');
  switch (random.below(replaces ? 9 : 7)) {
    case 0:
      return `INSERT INTO m VALUES (${literals()}), (${literals()})`;
    case 1:
      return `INSERT INTO m (id, k) SELECT o.id + 100, ${cast('o.k', 'TINYINT')} FROM ${other.name} AS o${where(theirs)}`;
    case 2:
      return `UPDATE m SET ${sets(own)}${where(own)}`;
    case 3:
      return `UPDATE m SET ${sets([...own, ...theirs])} FROM ${other.name} AS o WHERE m.id = o.id${random.percent(50) ? ` AND ${randomExpr({ random, columns: [...own, ...theirs] }, 'bool', 1)}` : ''}`;
    case 4:
      return `DELETE FROM m${where(own)}`;
    case 5:
      return `DELETE FROM m USING ${other.name} AS o WHERE m.k = o.k AND ${randomExpr({ random, columns: [...own, ...theirs] }, 'bool', 1)}`;
    case 6: {
      const matched = random.pick([`UPDATE SET ${sets([...own, ...theirs])}`, 'DELETE', 'DO NOTHING']);
      const and = random.percent(40) ? ` AND ${randomExpr({ random, columns: [...own, ...theirs] }, 'bool', 1)}` : '';
      const missing = random.percent(60)
        ? ` WHEN NOT MATCHED THEN INSERT (id, k) VALUES (o.id, ${cast('o.k', 'TINYINT')})`
        : '';
      const bySource = random.percent(30)
        ? ` WHEN NOT MATCHED BY SOURCE THEN ${random.pick(['DELETE', `UPDATE SET ${sets(own)}`])}`
        : '';
      return `MERGE INTO m USING ${other.name} AS o ON m.id = o.id WHEN MATCHED${and} THEN ${matched}${missing}${bySource}`;
    }
    case 7:
      return `INSERT INTO m VALUES (${literals()}) ON CONFLICT ${random.pick(['DO NOTHING', `(id) DO UPDATE SET k = excluded.k${random.percent(40) ? ' WHERE m.k > 0' : ''}`])}`;
    default:
      return `INSERT OR ${random.pick(['REPLACE', 'IGNORE'])} INTO m SELECT ${like.columns.map(c => (c.name === 'id' ? 'm.id + 1' : `m.${c.name}`)).join(', ')} FROM m WHERE m.id % 2 = 0`;
  }
}

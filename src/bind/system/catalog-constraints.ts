import type { Catalog } from '../../catalog/catalog.ts';
import type { TableEntry } from '../../catalog/entry.ts';
import type { Expr } from '../../query/expr.ts';
import { exprsBelow } from '../../query/walk.ts';
import { columnName } from '../exprs/column-name.ts';

/** A constraint of a table as the catalog's relations name it. */
export type CatalogConstraint = {
  readonly table: TableEntry;
  readonly name: string;
  readonly type: 'PRIMARY KEY' | 'UNIQUE' | 'CHECK' | 'FOREIGN KEY' | 'NOT NULL';
  readonly text: string;
  readonly columns: readonly string[];
  /** The key that a foreign key refers to. */
  readonly references?:
    | { readonly schema: string; readonly name: string; readonly table: string; readonly columns: readonly string[] }
    | undefined;
};

const keyName = (table: string, columns: readonly string[], primary: boolean): string =>
  [table, ...columns, primary ? 'pkey' : 'key'].join('_');

/** All constraints of all tables. */
export function catalogConstraints(catalog: Catalog): readonly CatalogConstraint[] {
  return catalog.entries().flatMap(e => (e.kind === 'table' ? constraintsOf(catalog, e) : []));
}

function constraintsOf(catalog: Catalog, table: TableEntry): readonly CatalogConstraint[] {
  const { keys, checks, foreignKeys } = table.constraints;
  return [
    ...table.columns
      .filter(c => !c.nullable)
      .map(
        ({ name }): CatalogConstraint => ({
          table,
          name: `${table.name}_${name}_not_null`,
          type: 'NOT NULL',
          text: 'NOT NULL',
          columns: [name],
        }),
      ),
    ...keys
      .filter(k => k.index === undefined)
      .map(({ primary, columns }): CatalogConstraint => {
        const type = primary ? 'PRIMARY KEY' : 'UNIQUE';
        return {
          table,
          name: keyName(table.name, columns, primary),
          type,
          text: `${type}(${columns.join(', ')})`,
          columns,
        };
      }),
    ...checks.map(({ expr }): CatalogConstraint => {
      const columns = [...new Set(namesIn(expr))];
      const name = [table.name, ...columns, 'check'].join('_');
      return { table, name, type: 'CHECK', text: `CHECK(${columnName(expr)})`, columns };
    }),
    ...foreignKeys.map(({ columns, table: other, referenced }): CatalogConstraint => {
      const found = catalog.at(other);
      const key =
        found?.kind === 'table'
          ? found.constraints.keys.find(k => k.columns.every(c => referenced.includes(c)))
          : undefined;
      return {
        table,
        name: [table.name, ...columns, ...referenced, 'fkey'].join('_'),
        type: 'FOREIGN KEY',
        text: `FOREIGN KEY (${columns.join(', ')}) REFERENCES ${other.name}(${referenced.join(', ')})`,
        columns,
        references: {
          schema: other.schema,
          name: keyName(other.name, key?.columns ?? referenced, key?.primary ?? false),
          table: other.name,
          columns: referenced,
        },
      };
    }),
  ];
}

const namesIn = (expr: Expr): readonly string[] =>
  expr.kind === 'name' ? [expr.path.at(-1)!] : exprsBelow(expr).flatMap(namesIn);

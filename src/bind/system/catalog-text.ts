import type { IndexEntry, MacroEntry, SequenceEntry, TableEntry, ViewEntry } from '../../catalog/entry.ts';
import { schemaOf } from '../../catalog/schema-key.ts';
import { typeName } from '../../types/type-name.ts';
import { columnName } from '../exprs/column-name.ts';
import { sameName } from '../scope.ts';

const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

const placed = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  schemaOf(schema) === 'main' ? quoted(name) : `${quoted(schemaOf(schema))}.${quoted(name)}`;

/** The statement that makes a table as it is. */
export function tableText(table: TableEntry): string {
  const { keys, checks, foreignKeys } = table.constraints;
  const single = keys.filter(k => k.index === undefined && k.columns.length === 1);
  const columns = table.columns.map(c => {
    const key = single.filter(k => sameName(k.columns[0]!, c.name));
    const isPrimary = key.some(k => k.primary);
    return [
      `${quoted(c.name)} ${typeName(c.type)}`,
      c.generated === undefined ? '' : ` GENERATED ALWAYS AS(${columnName(c.generated)})`,
      c.default === undefined ? '' : ` DEFAULT(${columnName(c.default)})`,
      c.nullable || isPrimary ? '' : ' NOT NULL',
      isPrimary ? ' PRIMARY KEY' : key.length > 0 ? ' UNIQUE' : '',
    ].join('');
  });
  const names = (list: readonly string[]): string => `(${list.map(quoted).join(', ')})`;
  const constraints = [
    ...keys
      .filter(k => k.index === undefined && k.columns.length > 1)
      .map(k => `${k.primary ? 'PRIMARY KEY' : 'UNIQUE'}${names(k.columns)}`),
    ...checks.map(c => `CHECK(${columnName(c.expr)})`),
    ...foreignKeys.map(k => `FOREIGN KEY ${names(k.columns)} REFERENCES ${placed(k.table)}${names(k.referenced)}`),
  ];
  return `CREATE ${table.temporary ? 'TEMP ' : ''}TABLE ${placed(table)}(${[...columns, ...constraints].join(', ')});`;
}

/** The statement that made a view, as it was written. */
export const viewText = (view: ViewEntry): string | null => view.text ?? null;

export const indexText = (table: TableEntry, { name, unique, keys }: IndexEntry): string =>
  `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${placed(table)}(${keys.join(', ')});`;

export const sequenceText = (s: SequenceEntry): string =>
  `CREATE ${s.temporary ? 'TEMP ' : ''}SEQUENCE ${placed(s)} INCREMENT BY ${s.increment} MINVALUE ${s.min} MAXVALUE ${s.max} START ${s.start} ${s.cycle ? 'CYCLE' : 'NO CYCLE'};`;

/** A macro's expression; of those that give tables there is no text. */
export const macroText = ({ definitions }: MacroEntry): string | null => {
  const [first] = definitions;
  return first !== undefined && 'expr' in first.body ? columnName(first.body.expr) : null;
};

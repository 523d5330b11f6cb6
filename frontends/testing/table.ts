import { RayexecError } from '../../src/common/errors.ts';
import { typeName } from '../../src/types/type-name.ts';
import { tagType } from '../dataframe/tag-type.ts';

/** A small table written down in a test. */
export class Table {
  /** A query whose rows it is. */
  readonly sql: string;

  constructor(sql: string) {
    this.sql = sql;
  }
}

/**
 * A table as text: a line of names with their types (`?` after those that may be NULL), then a line a row, cells between
 * bars. `NULL` is none, `'NULL'` and `' a '` are texts as they stand between the quotes; other cells lose the blanks around.
 * @example table`
 *   id int64 | name string?
 *   1        | ann
 *   2        | NULL
 * `
 * @throws RayexecError `invalid-argument` for an unknown type, or a row with more or fewer cells than columns
 */
export function table(strings: TemplateStringsArray, ...values: readonly unknown[]): Table {
  const text = strings.reduce((all, part, i) => `${all}${String(values[i - 1])}${part}`);
  const [header, ...lines] = text.split('\n').filter(line => line.trim() !== '');
  if (header === undefined) throw new RayexecError('invalid-argument', 'a table needs a line of names and types');
  const columns = header.split('|').map(columnOf);
  const rows = lines.map(line => {
    const cells = cellsOf(line);
    if (cells.length === columns.length) return `(${cells.map(literal).join(', ')})`;
    throw new RayexecError(
      'invalid-argument',
      `a row of ${cells.length} cells, but ${columns.length} columns: ${line.trim()}`,
    );
  });
  const names = columns.map((_, i) => `c${i}`);
  const select = columns.map((c, i) => `CAST(c${i} AS ${c.type}) AS ${quoted(c.name)}`).join(', ');
  const from =
    rows.length > 0 ? `VALUES ${rows.join(', ')}` : `SELECT ${names.map(() => 'NULL').join(', ')} WHERE false`;
  return new Table(`SELECT ${select} FROM (${from}) AS t(${names.join(', ')})`);
}

function columnOf(cell: string): { readonly name: string; readonly type: string } {
  const [, name, tag] = /^\s*(.+?)\s+(\S+?)\??\s*$/.exec(cell) ?? [];
  if (name === undefined || tag === undefined) {
    throw new RayexecError('invalid-argument', `'${cell.trim()}' is not a name and a type`, {
      hint: 'id int64 | name string?',
    });
  }
  return { name, type: typeName(tagType(tag)) };
}

/** Cells, with bars inside of quotes kept. */
function cellsOf(line: string): readonly string[] {
  return (line.match(/(?:'(?:[^']|'')*'|[^|'])+|(?<=\|)(?=\||$)/g) ?? []).map(cell => cell.trim());
}

function literal(cell: string): string {
  if (cell === 'NULL') return 'NULL';
  return cell.startsWith("'") && cell.endsWith("'") && cell.length > 1 ? cell : `'${cell.replaceAll("'", "''")}'`;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

import { formatRaw } from '../../src/types/format-raw.ts';
import { typeName } from '../../src/types/type-name.ts';
import type { ResultSet } from './result.ts';
import { isRightAligned } from './text-table.ts';

/** The first `rows` rows as a table for notebooks, with types below the names; says so if there are more. */
export function htmlTable(result: ResultSet, rows: number): string {
  const shown = Math.min(rows, result.rowCount);
  const columns = result.schema.map(({ name, type }, i) => {
    const raw = result.column(i);
    const style = isRightAligned(type) ? ' style="text-align:right"' : '';
    const cells = Array.from({ length: shown }, (_, row) => {
      const value = raw[row] ?? null;
      return `<td${style}>${value === null ? '<i>NULL</i>' : escaped(formatRaw(type, value, result.timeZone))}</td>`;
    });
    return { head: `<th${style}>${escaped(name)}<br><small>${escaped(typeName(type))}</small></th>`, cells };
  });
  const body = Array.from({ length: shown }, (_, row) => `<tr>${columns.map(c => c.cells[row]!).join('')}</tr>`);
  const count = `${shown} ${shown === 1 ? 'row' : 'rows'}`;
  return `<table>
<thead><tr>${columns.map(c => c.head).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
<small>${result.rowCount > shown ? `first ${count}` : count}</small>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, c => ENTITIES[c]!);

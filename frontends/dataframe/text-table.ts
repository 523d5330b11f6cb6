import type { DataType } from '../../src/types/data-type.ts';
import { formatRaw } from '../../src/types/format-raw.ts';
import { typeName } from '../../src/types/type-name.ts';
import type { ResultSet } from './result.ts';

const WIDEST = 60;

/** The first `rows` rows as a table for a terminal, with types below the names; says so if there are more. */
export function textTable(result: ResultSet, rows: number): string {
  const shown = Math.min(rows, result.rowCount);
  const columns = result.schema.map(({ name, type }, i) => {
    const raw = result.column(i);
    const values = Array.from({ length: shown }, (_, row) => cell(formatRaw(type, raw[row] ?? null, result.timeZone)));
    return { right: isRightAligned(type), cells: [cell(name), cell(typeName(type)), ...values] };
  });
  const widths = columns.map(({ cells }) => Math.max(...cells.map(width)));
  const line = (left: string, middle: string, right: string): string =>
    left + widths.map(w => '─'.repeat(w + 2)).join(middle) + right;
  const row = (i: number): string =>
    `│${columns.map(({ cells, right }, c) => ` ${pad(cells[i]!, widths[c]!, right)} `).join('│')}│`;
  return [
    line('┌', '┬', '┐'),
    row(0),
    row(1),
    line('├', '┼', '┤'),
    ...Array.from({ length: shown }, (_, i) => row(i + 2)),
    line('└', '┴', '┘'),
    result.rowCount > shown
      ? `first ${shown} ${shown === 1 ? 'row' : 'rows'}`
      : `${shown} ${shown === 1 ? 'row' : 'rows'}`,
  ].join('\n');
}

/** One line, shortened if it is very long. */
function cell(text: string): string {
  const line = text.replace(/\s/g, ' ');
  return width(line) <= WIDEST ? line : `${[...line].slice(0, WIDEST - 1).join('')}…`;
}

function width(text: string): number {
  return [...text].length;
}

function pad(text: string, to: number, right: boolean): string {
  const space = ' '.repeat(to - width(text));
  return right ? space + text : text + space;
}

/** Whether values are numbers, whose digits stand below each other. */
export function isRightAligned(type: DataType): boolean {
  return type.kind === 'int' || type.kind === 'float' || type.kind === 'decimal';
}

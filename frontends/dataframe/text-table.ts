import type { DataType } from '../../src/types/data-type.ts';
import { formatRaw } from '../../src/types/format-raw.ts';
import { typeName } from '../../src/types/type-name.ts';
import { displayWidth, shortened } from './display-width.ts';
import type { ResultSet } from './result.ts';

const WIDEST = 60;
/** Texts are not cut below this, not even where space is scarce. */
const NARROWEST = 12;

/** A column of a table: its name, its type, its values. */
type Column = { readonly right: boolean; readonly cells: readonly string[]; readonly width: number };

/**
 * The first `rows` rows as a table, with types below the names; says so if there are more. A table that is wider than `width`
 * characters has its texts cut, and then shows only its first and last columns.
 */
export function textTable(result: ResultSet, rows: number, width: number = Number.POSITIVE_INFINITY): string {
  const shown = Math.min(rows, result.rowCount);
  const all = result.schema.map(({ name, type }, i): Column => {
    const raw = result.column(i);
    const values = Array.from({ length: shown }, (_, row) => formatRaw(type, raw[row] ?? null, result.timeZone));
    const cells = [name, typeName(type), ...values].map(text => shortened(text.replace(/\s/g, ' '), WIDEST));
    return column(isRightAligned(type), cells);
  });
  const columns = fitted(all, width);
  const line = (left: string, middle: string, right: string): string =>
    left + columns.map(c => '─'.repeat(c.width + 2)).join(middle) + right;
  const row = (i: number): string => `│${columns.map(c => ` ${padded(c, i)} `).join('│')}│`;
  return [
    line('┌', '┬', '┐'),
    row(0),
    row(1),
    line('├', '┼', '┤'),
    ...Array.from({ length: shown }, (_, i) => row(i + 2)),
    line('└', '┴', '┘'),
    footer(result, shown, columns.length < all.length ? columns.length - 1 : all.length),
  ].join('\n');
}

function footer(result: ResultSet, rows: number, columns: number): string {
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'}`;
  const all = result.schema.length;
  return `${result.rowCount > rows ? 'first ' : ''}${count}${columns < all ? `, ${columns} of ${all} columns` : ''}`;
}

function column(right: boolean, cells: readonly string[]): Column {
  return { right, cells, width: Math.max(...cells.map(displayWidth)) };
}

/** Of the whole table, with its frame. */
const widthOf = (columns: readonly Column[]): number => columns.reduce((sum, c) => sum + c.width + 3, 1);

/** Columns that fit: texts are cut to the longest length that does; where none does, columns in the middle are left out. */
function fitted(columns: readonly Column[], width: number): readonly Column[] {
  for (let limit = WIDEST; limit >= NARROWEST; limit--) {
    const cut = columns.map(c => (c.width > limit ? cutTo(c, limit) : c));
    if (widthOf(cut) <= width) return cut;
    if (limit === NARROWEST) return withoutMiddle(cut, width);
  }
  return columns;
}

/** Numbers keep all their digits, which would mean something else without the last ones. */
function cutTo({ right, cells }: Column, width: number): Column {
  const [name, type, ...values] = cells;
  const head = [name!, type!].map(text => shortened(text, width));
  return column(right, [...head, ...(right ? values : values.map(text => shortened(text, width)))]);
}

/** The first and last columns, as many as fit, at least one; `…` stands for the others. */
function withoutMiddle(columns: readonly Column[], width: number): readonly Column[] {
  const gap = column(
    false,
    columns[0]!.cells.map(() => '…'),
  );
  for (let kept = columns.length - 1; kept > 1; kept--) {
    const first = Math.ceil(kept / 2);
    const some = [...columns.slice(0, first), gap, ...columns.slice(columns.length - (kept - first))];
    if (widthOf(some) <= width) return some;
  }
  return columns.length > 1 ? [columns[0]!, gap] : columns;
}

function padded({ right, cells, width }: Column, row: number): string {
  const text = cells[row]!;
  const space = ' '.repeat(width - displayWidth(text));
  return right ? space + text : text + space;
}

/** Whether values are numbers, whose digits stand below each other. */
export function isRightAligned(type: DataType): boolean {
  return type.kind === 'int' || type.kind === 'float' || type.kind === 'decimal';
}

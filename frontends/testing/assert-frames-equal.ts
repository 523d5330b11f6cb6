import { formatRaw } from '../../src/types/format-raw.ts';
import { typeName } from '../../src/types/type-name.ts';
import { type Any, type DataFrame, frameOf } from '../dataframe/index.ts';
import type { ResultSet } from '../dataframe/result.ts';
import { parse } from '../sql/index.ts';
import { FrameMismatch } from './frame-mismatch.ts';
import { Table } from './table.ts';

export type FrameEquality = {
  /** 'any' (default): rows may come in any order, each as often in both. 'same': in the same. */
  readonly order?: 'any' | 'same' | undefined;
  /** How far floats may be apart, relative to the larger one. Default 0. */
  readonly tolerance?: number | undefined;
  /** false: columns need the same names, but not the same types. */
  readonly types?: boolean | undefined;
};

/** Rows of each kind that a message shows. */
const SHOWN = 10;

/**
 * Passes if two frames (or a frame and a `table`) have the same columns in the same order and the same rows. Values are
 * compared exactly: integers of any size, decimals with their scale, all digits of timestamps.
 * @throws FrameMismatch with the rows that only one of them has
 */
export async function assertFramesEqual(
  actual: DataFrame<Any>,
  expected: DataFrame<Any> | Table,
  { order = 'any', tolerance = 0, types = true }: FrameEquality = {},
): Promise<void> {
  const other = expected instanceof Table ? frameOf(parse(expected.sql), actual.executor) : expected;
  const [a, b] = await Promise.all([actual, other].map(f => f.executor.collect(f.query, {})));
  const [columns, wanted] = [a!, b!].map(r => r.schema.map(f => (types ? `${f.name} ${typeName(f.type)}` : f.name)));
  if (columns!.join() !== wanted!.join()) {
    throw new FrameMismatch('the columns differ', columns!.join('\n'), wanted!.join('\n'));
  }
  const names = a!.schema.map(f => f.name);
  const [rows, others] = [rowsOf(a!), rowsOf(b!)];
  const differing = order === 'same' ? byPosition(rows, others, tolerance) : asSets(rows, others, tolerance);
  if (differing.count === 0) return;
  const counts = rows.length === others.length ? '' : ` (${rows.length} rows, expected ${others.length})`;
  throw new FrameMismatch(
    `${differing.count} ${differing.count === 1 ? 'row differs' : 'rows differ'}${counts}`,
    textOf(names, differing.actual),
    textOf(names, differing.expected),
  );
}

/** Values as SQL prints them; numbers where they are floats, to be compared with a tolerance. */
type Row = readonly (string | number)[];
type Differing = { readonly count: number; readonly actual: readonly Row[]; readonly expected: readonly Row[] };

function rowsOf(result: ResultSet): readonly Row[] {
  const columns = result.schema.map(({ type }, i) => {
    const raw = result.column(i);
    return Array.from({ length: result.rowCount }, (_, row): string | number => {
      const value = raw[row] ?? null;
      return type.kind === 'float' && typeof value === 'number' ? value : formatRaw(type, value, result.timeZone);
    });
  });
  return Array.from({ length: result.rowCount }, (_, row) => columns.map(c => c[row]!));
}

function byPosition(actual: readonly Row[], expected: readonly Row[], tolerance: number): Differing {
  const length = Math.max(actual.length, expected.length);
  const at = Array.from({ length }, (_, i) => i).filter(i => !sameRow(actual[i], expected[i], tolerance));
  const pick = (rows: readonly Row[]): readonly Row[] => at.flatMap(i => (i < rows.length ? [rows[i]!] : []));
  return { count: at.length, actual: pick(actual), expected: pick(expected) };
}

/** The rows that only one side has; equal ones cancel each other out. Both in the order of their texts. */
function asSets(actual: readonly Row[], expected: readonly Row[], tolerance: number): Differing {
  const [left, right] = [inOrder(actual), inOrder(expected)];
  const rest = { actual: [] as Row[], expected: [] as Row[] };
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i], right[j]];
    if (sameRow(a, b, tolerance)) [i, j] = [i + 1, j + 1];
    else if (b === undefined || (a !== undefined && compareRows(a, b) < 0)) {
      rest.actual.push(a!);
      i++;
    } else {
      rest.expected.push(b);
      j++;
    }
  }
  return { count: Math.max(rest.actual.length, rest.expected.length), ...rest };
}

const inOrder = (rows: readonly Row[]): readonly Row[] => [...rows].sort(compareRows);

function compareRows(a: Row, b: Row): number {
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    if (Object.is(x, y)) continue;
    if (typeof x === 'number' && typeof y === 'number') return x < y || Number.isNaN(y) ? -1 : 1;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
}

function sameRow(a: Row | undefined, b: Row | undefined, tolerance: number): boolean {
  if (a === undefined || b === undefined) return false;
  return a.every((x, i) => {
    const y = b[i]!;
    if (x === y || Object.is(x, y)) return true;
    if (typeof x !== 'number' || typeof y !== 'number') return false;
    return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
  });
}

function textOf(names: readonly string[], rows: readonly Row[]): string {
  const lines = rows.slice(0, SHOWN).map(r => r.map(String));
  const widths = names.map((n, i) => Math.max(n.length, ...lines.map(l => l[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((c, i) => c.padEnd(widths[i]!))
      .join(' | ')
      .trimEnd();
  const more = rows.length > SHOWN ? [`… and ${rows.length - SHOWN} more`] : [];
  return [line(names), ...lines.map(line), ...more].join('\n');
}

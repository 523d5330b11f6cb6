import type { Answer } from '../support/answering-engines.ts';

/** The types and rows, as text, of a query that did not fail. */
export type Rows = Extract<Answer, { readonly error?: undefined }>;
type Row = Rows['rows'][number];

/** By how much, relative to their size, floats may differ: engines add them in different orders. */
const TOLERANCE = 1e-9;

/** Whether some of `all`'s rows, each taken once, are those of `some`: in any order, floats with a tolerance. */
export function isPartOf(some: Rows, all: Rows): boolean {
  const order = rowOrder(all.types);
  const same = sameValues(all.types);
  const wanted = [...some.rows].sort(order);
  const offered = [...all.rows].sort(order);
  let at = 0;
  for (const row of wanted) {
    while (at < offered.length && !same(row, offered[at]!) && order(offered[at]!, row) < 0) at++;
    if (at === offered.length || !same(row, offered[at++]!)) return false;
  }
  return true;
}

/** Whether the rows are the same in any order. */
export function areSame(a: Rows, b: Rows): boolean {
  return a.rows.length === b.rows.length && isPartOf(a, b);
}

/** The first row at which the values of some columns differ, row by row; undefined if none. */
export function firstDifference(a: Rows, b: Rows, columns: readonly number[]): number | undefined {
  const same = sameValues(columns.map(c => a.types[c]!));
  const part = (row: Row | undefined): Row | undefined => row && columns.map(c => row[c]!);
  for (let i = 0; i < Math.max(a.rows.length, b.rows.length); i++) {
    const [x, y] = [part(a.rows[i]), part(b.rows[i])];
    if (x === undefined || y === undefined || !same(x, y)) return i;
  }
  return undefined;
}

const isFloat = (type: string): boolean => type === 'DOUBLE' || type === 'FLOAT';

const toNumber = (text: string): number => Number(text.replace(/^(-?)inf$/, '$1Infinity'));

function sameValues(types: readonly string[]): (a: Row, b: Row) => boolean {
  const floats = types.map(isFloat);
  return (a, b) =>
    a.every((x, i) => {
      const y = b[i]!;
      if (x === y) return true;
      if (x === null || y === null || !floats[i]) return false;
      const [n, m] = [toNumber(x), toNumber(y)];
      return Math.abs(n - m) <= TOLERANCE * Math.max(Math.abs(n), Math.abs(m), 1);
    });
}

/** Rows by their exact columns' texts, then by their floats, so that rows that are the same within tolerance lie together. */
function rowOrder(types: readonly string[]): (a: Row, b: Row) => number {
  const floats = types.flatMap((t, i) => (isFloat(t) ? [i] : []));
  const others = types.flatMap((t, i) => (isFloat(t) ? [] : [i]));
  return (a, b) => {
    for (const i of others) {
      const [x, y] = [a[i]!, b[i]!];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? -1 : 1;
      return x < y ? -1 : 1;
    }
    for (const i of floats) {
      const [x, y] = [a[i]!, b[i]!];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? -1 : 1;
      const difference = toNumber(x) - toNumber(y);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

import type { JoinType } from '../../src/types/join-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { keyText, type Row } from './run-operator.ts';

export const JOIN_TYPES: readonly JoinType[] = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'mark', 'single'];

export type Truth = boolean | null;

export const and = (values: readonly Truth[]): Truth =>
  values.includes(false) ? false : values.includes(null) ? null : true;

/** Whether two keys are equal in SQL. */
export const equal = (a: RawValue, b: RawValue, nullsEqual: boolean): Truth => {
  if (a === null || b === null) return nullsEqual ? a === b : null;
  return keyText(a) === keyText(b);
};

/** What a join means: every pair is looked at. Undefined when a single join must fail. */
export function joinOracle(
  type: JoinType,
  left: readonly Row[],
  right: readonly Row[],
  condition: (l: Row, r: Row) => Truth,
  [leftWidth, rightWidth]: readonly [number, number],
): Row[] | undefined {
  const nulls = (n: number): Row => Array<RawValue>(n).fill(null);
  const out: Row[] = [];
  const seen = new Set<Row>();
  for (const l of left) {
    const truths = right.map(r => condition(l, r));
    const matches = right.filter((_, i) => truths[i] === true);
    for (const m of matches) seen.add(m);
    if (type === 'semi' || type === 'anti') {
      if (matches.length > 0 === (type === 'semi')) out.push(l);
    } else if (type === 'mark') {
      out.push([...l, matches.length > 0 ? true : truths.includes(null) ? null : false]);
    } else {
      if (type === 'single' && matches.length > 1) return undefined;
      for (const m of matches) out.push([...l, ...m]);
      const keepsLeft = type === 'left' || type === 'full' || type === 'single';
      if (matches.length === 0 && keepsLeft) out.push([...l, ...nulls(rightWidth)]);
    }
  }
  if (type === 'right' || type === 'full') {
    for (const r of right) if (!seen.has(r)) out.push([...nulls(leftWidth), ...r]);
  }
  return out;
}

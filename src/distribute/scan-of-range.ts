import { isBefore, isBehind, rangeOf } from '../operators/lib/key-ranges.ts';
import type { ScanNode, ScanRanges } from '../operators/scan.ts';
import type { PhysicalExpr } from '../plan/expr.ts';

/**
 * What a task reads of a scan whose tasks have a range of a column's values each: the splits that may have some of its range,
 * and of these the rows that are in it.
 */
export function scanOfRange(node: ScanNode, { column, bounds }: ScanRanges, task: number): ScanNode {
  const found = node.source.splits.flatMap(split => {
    const { min, max } = split.ranges![node.columns[column]!]!;
    const [first, last] = [rangeOf(min!, bounds), rangeOf(max!, bounds)];
    return first <= task && task <= last ? [{ split, first, last }] : [];
  });
  const key = { kind: 'input', index: column, type: node.types[column]! } as const;
  const filters: PhysicalExpr[] = [];
  // Where no split has values of other ranges there is nothing to look for.
  if (found.some(({ first }) => first < task)) filters.push(isBehind(key, bounds[task - 1]!));
  if (found.some(({ last }) => last > task)) filters.push(isBefore(key, bounds[task]!));
  return {
    ...node,
    source: { ...node.source, splits: found.map(({ split }) => split) },
    filters: [...node.filters, ...filters],
    ranges: undefined,
  };
}

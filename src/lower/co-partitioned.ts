import { type KeyBounds, rangeOf } from '../operators/lib/key-ranges.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { ScanNode, ScanRanges } from '../operators/scan.ts';
import { compareScalars } from '../plan/compare-scalars.ts';
import type { Split } from '../plan/logical-plan.ts';
import { positionOfScalar } from '../plan/scalar-position.ts';
import { tableFunction } from '../sources/index.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { KeyOrigins, type Origin } from './key-origins.ts';

/** Rows that all tasks of a scan read, as a multiple of its rows, at most: splits with values of two ranges are read twice. */
const MOST_READ = 1.75;
/** The same for the scan that the ranges are made of. */
const MOST_READ_OF_ORDERED = 1.5;
/** Rows that one task is expected to have of all scans of a class, as a multiple of an equal share, at most. */
const MOST_UNEVEN = 1.4;

/**
 * The scans whose rows lie by a key already, as the statistics of their splits tell: of files that were written in that order.
 * Where such scans are joined by these keys, or their rows grouped by one, each task reads the same range of all of
 * them, and nothing needs to be sent.
 * @returns by the ids of scans
 */
export function coPartitioned(plan: PhysicalPlan, partitions: number): ReadonlyMap<number, ScanRanges> {
  const chosen = new Map<number, ScanRanges>();
  if (partitions === 1) return chosen;
  const classes = new KeyOrigins(plan).classes.map(({ origins, isGrouped }) => ({
    scans: origins.flatMap(orderedScan),
    isGrouped,
  }));
  for (const { scans, isGrouped } of classes.sort((a, b) => rowsOf(b.scans) - rowsOf(a.scans))) {
    const free = scans.filter((s, i) => !chosen.has(s.id) && scans.findIndex(o => o.id === s.id) === i);
    for (const first of free.toSorted((a, b) => b.rows - a.rows)) {
      const found = alikeTo(first, free, partitions);
      if (found === undefined || (found.scans.length < 2 && !isGrouped)) continue;
      for (const { id, column } of found.scans) chosen.set(id, { column, bounds: found.bounds });
      break;
    }
  }
  return chosen;
}

/** A scan of splits whose values of a column are known to lie between bounds, and not to be NULL. */
type OrderedScan = {
  readonly id: number;
  readonly column: number;
  readonly rows: number;
  readonly splits: readonly OrderedSplit[];
};

type OrderedSplit = { readonly rows: number; readonly values: Values };
type Values = { readonly min: Scalar; readonly max: Scalar };

function orderedScan({ scan, column }: Origin): readonly OrderedScan[] {
  const node = scan.node as ScanNode;
  const { source, limit, types } = node;
  if (limit !== undefined || tableFunction(source.fn).readsMemory === true || !isOrdered(types[column]!)) return [];
  const index = node.columns[column]!;
  const splits = source.splits.flatMap(s => orderedSplit(s, index));
  if (splits.length < source.splits.length) return [];
  return [{ id: scan.id, column, rows: sum(splits.map(s => s.rows)), splits }];
}

function orderedSplit({ rows, ranges }: Split, index: number): readonly OrderedSplit[] {
  const { min, max, nullCount } = ranges?.[index] ?? {};
  if (rows === undefined || min === undefined || max === undefined || nullCount !== 0) return [];
  return compareScalars(min, max) === undefined ? [] : [{ rows, values: { min, max } }];
}

/** Types whose equal values are in one range. */
function isOrdered({ kind }: DataType): boolean {
  return kind === 'int' || kind === 'date' || kind === 'timestamp' || kind === 'decimal' || kind === 'utf8';
}

/** Bounds that lie where splits begin, so that each range has about as many rows; undefined where that is not to be had. */
function boundsOf({ splits, rows }: OrderedScan, partitions: number): KeyBounds | undefined {
  const inOrder = splits.toSorted((a, b) => compareScalars(a.values.min, b.values.min)!);
  const bounds: Scalar[] = [];
  let before = 0;
  for (const { rows: own, values } of inOrder) {
    const target = (rows * (bounds.length + 1)) / partitions;
    // The nearer of the two places where a split begins.
    const isNear = before > 0 && before + own / 2 >= target;
    const last = bounds.at(-1);
    if (isNear && bounds.length + 1 < partitions && (last === undefined || compareScalars(last, values.min)! < 0)) {
      bounds.push(values.min);
    }
    before += own;
  }
  return bounds.length + 1 === partitions ? bounds : undefined;
}

/** Ranges with about as many rows of one scan each, and what other scans can be read by them. */
function alikeTo(first: OrderedScan, scans: readonly OrderedScan[], partitions: number) {
  const bounds = boundsOf(first, partitions);
  if (bounds === undefined || readRows(first, bounds) > MOST_READ_OF_ORDERED * first.rows) return undefined;
  const alike = scans.filter(s => s === first || readRows(s, bounds) <= MOST_READ * s.rows);
  return isEven(alike, bounds) ? { scans: alike, bounds } : undefined;
}

/** The rows of splits that ranges have some of, for each such range. */
const readRows = ({ splits }: OrderedScan, bounds: KeyBounds): number =>
  sum(splits.map(s => s.rows * rangesOf(s.values, bounds).length));

/** Whether no task is expected to have far more rows than others, if values are spread evenly within splits. */
function isEven(scans: readonly OrderedScan[], bounds: KeyBounds): boolean {
  const expected = [...bounds, undefined].map(() => 0);
  for (const { rows, values } of scans.flatMap(s => s.splits)) {
    for (const range of rangesOf(values, bounds)) expected[range]! += rows * partOf(values, bounds, range);
  }
  return Math.max(...expected) <= (MOST_UNEVEN * sum(expected)) / expected.length;
}

/** The ranges that values of a split may be in. */
function rangesOf({ min, max }: Values, bounds: KeyBounds): readonly number[] {
  const first = rangeOf(min, bounds);
  return Array.from({ length: rangeOf(max, bounds) - first + 1 }, (_, i) => first + i);
}

/** The part of values that lies in one of their ranges. */
function partOf(values: Values, bounds: KeyBounds, range: number): number {
  const [min, max] = [positionOfScalar(values.min), positionOfScalar(values.max)];
  if (min === undefined || max === undefined || max <= min) return 1;
  const position = (bound: Scalar | undefined): number | undefined => bound && positionOfScalar(bound);
  return (
    (Math.min(max, position(bounds[range]) ?? max) - Math.max(min, position(bounds[range - 1]) ?? min)) / (max - min)
  );
}

const rowsOf = (scans: readonly OrderedScan[]): number => sum(scans.map(s => s.rows));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

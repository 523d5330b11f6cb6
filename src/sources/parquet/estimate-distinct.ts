import type { ColumnRange } from '../../plan/logical-plan.ts';
import { positionOfScalar } from '../../plan/scalar-position.ts';
import type { LeafLayout } from './column-layout.ts';
import type { ColumnChunk } from './file-metadata.ts';

/** Headers of pages and the like, which are not values. */
const OVERHEAD = 100;
/** In smaller chunks they weigh too much. */
const MIN_ROWS = 1000;

/**
 * About how many different values a column has, told by how small its chunks are: with a dictionary each value is
 * stored once, and each row takes as many bits as numbering them does. Undefined where the size says nothing: the
 * values are plain, or nearly as many as rows.
 * @param ranges of the chunks' values: chunks whose ranges lie apart (a column that rises with time) have different ones
 */
export function estimateDistinct(
  leaf: LeafLayout,
  chunks: readonly ColumnChunk[],
  ranges: readonly (ColumnRange | undefined)[],
): number | undefined {
  let most = 0;
  let sum = 0;
  for (const chunk of chunks) {
    const ofChunk = distinctOf(leaf, chunk);
    if (ofChunk === undefined) return undefined;
    most = Math.max(most, ofChunk);
    sum += ofChunk;
  }
  return most === 0 ? undefined : Math.round(Math.max(most, sum * apartness(ranges)));
}

/** How far ranges lie apart: 1 when none overlaps another, 1 / n when all n are the same; 0 when they are not known. */
function apartness(ranges: readonly (ColumnRange | undefined)[]): number {
  let [least, greatest, widths] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const range of ranges) {
    const min = range?.min && positionOfScalar(range.min);
    const max = range?.max && positionOfScalar(range.max);
    if (min === undefined || max === undefined) return 0;
    least = Math.min(least, min);
    greatest = Math.max(greatest, max);
    widths += max - min;
  }
  if (greatest <= least) return 0;
  return widths === 0 ? 1 : Math.min(1, (greatest - least) / widths);
}

function distinctOf(leaf: LeafLayout, chunk: ColumnChunk): number | undefined {
  if (chunk.statistics?.distinct !== undefined) return chunk.statistics.distinct;
  const rows = chunk.values - (chunk.statistics?.nulls ?? 0);
  const width = bytesOfValue(leaf, chunk);
  const bytes = chunk.uncompressed - OVERHEAD;
  if (rows <= 0) return 0;
  if (rows < MIN_ROWS || width === undefined || bytes >= 0.8 * rows * width) return undefined;
  let [low, high] = [1, rows];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (middle * width + (rows * Math.log2(middle)) / 8 <= bytes) low = middle;
    else high = middle - 1;
  }
  return low * 10 > rows ? undefined : low;
}

/** Bytes of one value in the dictionary; of texts a guess from the shortest and the longest that are known. */
function bytesOfValue({ stored, length }: LeafLayout, { statistics }: ColumnChunk): number | undefined {
  switch (stored) {
    case 'INT32':
    case 'FLOAT':
      return 4;
    case 'INT64':
    case 'DOUBLE':
      return 8;
    case 'INT96':
      return 12;
    case 'FIXED_LEN_BYTE_ARRAY':
      return length;
    case 'BYTE_ARRAY':
      if (statistics?.min === undefined || statistics.max === undefined) return undefined;
      return 4 + (statistics.min.length + statistics.max.length) / 2;
    default:
      return undefined;
  }
}

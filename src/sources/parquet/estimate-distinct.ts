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
 */
export function estimateDistinct(leaf: LeafLayout, chunks: readonly ColumnChunk[]): number | undefined {
  let distinct = 0;
  for (const chunk of chunks) {
    const ofChunk = distinctOf(leaf, chunk);
    if (ofChunk === undefined) return undefined;
    distinct = Math.max(distinct, ofChunk);
  }
  return distinct === 0 ? undefined : distinct;
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

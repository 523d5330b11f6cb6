import type { Arena } from '../../../memory/arena.ts';
import type { RowArea, RowField } from '../rows/row-layout.ts';

/** What must be known of rows to move them: their size, and which fields point elsewhere. */
export type RowFormat = {
  /** A multiple of 8. */
  readonly rowBytes: number;
  /** Offsets of text fields. */
  readonly texts: readonly number[];
  /** The row starts with a ref to its sort key. */
  readonly hasRef: boolean;
  readonly nested: readonly RowField[];
};

export function rowFormat(rowBytes: number, areas: readonly RowArea[], hasRef = false): RowFormat {
  const fields = areas.flatMap(a => a.fields);
  return {
    rowBytes,
    texts: fields.filter(f => f.form === 'text').map(f => f.offset),
    hasRef,
    nested: fields.filter(f => f.form === 'nested'),
  };
}

/** The offsets of text fields as the kernels take them. */
export function putTextOffsets(heap: Arena, { texts }: RowFormat): number {
  const address = heap.alloc(4 * texts.length);
  heap.memory.u32.set(texts, address >>> 2);
  return address;
}

/**
 * A block of rows in a file: a header of u32 words, the rows, what they point to, their nested values. The header:
 * magic, rows, bytes of the heap, where the heap was in memory, bytes of nested values, checksum of all but the magic.
 */
export const BLOCK_HEADER = {
  magic: 0,
  rows: 1,
  heapBytes: 2,
  heapBase: 3,
  nestedBytes: 4,
  checksum: 5,
  words: 8,
} as const;
export const HEADER_BYTES = 4 * BLOCK_HEADER.words;
export const MAGIC = 0x57_4f_52_53;

/** Rows in a temporary file that is complete. */
export type SpilledFile = { readonly file: number; readonly rows: number; readonly bytes: number };

/** Stands for a partition without rows. */
export const NO_FILE: SpilledFile = { file: 0, rows: 0, bytes: 0 };

const FILE_WORDS = 4;

/** Lists files in linear memory, for other clones: u32 count, then {file, rows, bytes f64} each. Returns the address. */
export function putFiles(heap: Arena, files: readonly SpilledFile[]): number {
  const address = heap.alloc(8 + 4 * FILE_WORDS * files.length);
  heap.memory.u32[address >>> 2] = files.length;
  for (const [i, { file, rows, bytes }] of files.entries()) {
    const at = address + 8 + 4 * FILE_WORDS * i;
    heap.memory.u32[at >>> 2] = file;
    heap.memory.u32[(at + 4) >>> 2] = rows;
    heap.memory.f64[(at + 8) >>> 3] = bytes;
  }
  return address;
}

/** The files that `putFiles` listed; none at address 0. */
export function filesAt(
  { u32, f64 }: { readonly u32: Uint32Array; readonly f64: Float64Array },
  address: number,
): SpilledFile[] {
  if (address === 0) return [];
  return Array.from({ length: u32[address >>> 2]! }, (_, i) => {
    const at = address + 8 + 4 * FILE_WORDS * i;
    return { file: u32[at >>> 2]!, rows: u32[(at + 4) >>> 2]!, bytes: f64[(at + 8) >>> 3]! };
  });
}

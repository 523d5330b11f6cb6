import type { Pieces } from '../../../common/pieces.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { MergedRows } from '../groups/group-table.ts';
import { rowSpans } from './row-blocks.ts';

/** Addresses of a table's rows by the low bits of their hashes, in linear memory. */
export type RadixLists = {
  /** u32 addresses, list after list. */
  readonly rows: number;
  /** u32 addresses: where list r starts in `rows`, and where the last one ends. */
  readonly bounds: number;
};

/**
 * Sorts the addresses of a chain's rows into 2^bits lists, in the chain's order.
 * @param via offset of a row address in the rows whose hash counts; 0: their own hash
 */
export function* radixLists(
  { memory, kernels }: Pick<VectorContext, 'memory' | 'kernels'>,
  target: Arena,
  chain: { readonly first: number; readonly count: number; readonly rowBytes: number },
  via: number,
  bits: number,
): Pieces<RadixLists> {
  const lists = 2 ** bits;
  const rows = target.alloc(chain.count * 4);
  const bounds = target.alloc((lists + 1) * 4);
  const cursors = target.allocZeroed(lists * 4);
  const spans = [...rowSpans(memory, chain.first)];
  for (const s of spans) {
    kernels.group_radix_count(s.address, chain.rowBytes, s.count, via, bits, cursors);
    yield;
  }
  const u32 = memory.u32;
  let next = rows;
  for (let r = 0; r < lists; r++) {
    const count = u32[(cursors >>> 2) + r]!;
    u32[(bounds >>> 2) + r] = next;
    u32[(cursors >>> 2) + r] = next;
    next += 4 * count;
  }
  u32[(bounds >>> 2) + lists] = next;
  for (const s of spans) {
    kernels.group_radix_scatter(s.address, chain.rowBytes, s.count, via, bits, cursors);
    yield;
  }
  return { rows, bounds };
}

/** List `r` of those whose bounds are at an address. */
export function radixList(memory: { readonly u32: Uint32Array }, bounds: number, r: number): MergedRows {
  const at = (bounds >>> 2) + r;
  const address = memory.u32[at]!;
  return { address, count: (memory.u32[at + 1]! - address) / 4 };
}

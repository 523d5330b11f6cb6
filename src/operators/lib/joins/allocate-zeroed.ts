import type { Pieces } from '../../../common/pieces.ts';
import type { OpenContext } from '../../../protocol/context.ts';

/** Bytes that are cleared between two looks at the clock. */
const CLEARED_BYTES = 1 << 23;

/** Zeroed bytes that belong to the query. @throws RayexecError `memory` */
export function* allocateZeroed({ memory, owner, kernels }: OpenContext, bytes: number): Pieces<number> {
  const address = memory.allocate(bytes, owner);
  for (let at = 0; at < bytes; at += CLEARED_BYTES) {
    kernels.row_clear(address + at, Math.min(CLEARED_BYTES, bytes - at));
    yield;
  }
  return address;
}

/** Bytes of a bitmap of `span` bits and a 0 behind them, which is read 8 bytes at a time. */
export const bitmapBytesOf = (span: bigint): number => 4 * (Math.floor(Number(span) / 32) + 3);

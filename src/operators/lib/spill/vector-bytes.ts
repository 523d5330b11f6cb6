import { Vector } from '../../../batch/vector.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { DataType } from '../../../types/data-type.ts';
import { childTypes, physicalType, widthOf } from '../../../types/physical.ts';

/** Bytes in linear memory. */
export type Piece = { readonly address: number; readonly bytes: number };

/** A vector's header: values, bytes of validity, data and texts, and where the texts were. All pieces are padded to 16 bytes. */
const HEADER_BYTES = 32;
const padded = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** A flat vector as `gatherPairs` makes it, with all that it points to, as pieces to be written one after another. */
export function vectorPieces(ctx: VectorContext, vector: Vector, count: number): Piece[] {
  const { memory, kernels, arena } = ctx;
  const { physical, validity, data } = vector;
  const header = arena.allocZeroed(HEADER_BYTES);
  const pieces: Piece[] = [{ address: header, bytes: HEADER_BYTES }];
  const validBytes = validity === 0 ? 0 : padded((count + 7) >> 3);
  const dataBytes = physical === 'struct' ? 0 : padded(count * widthOf(physical));
  if (validBytes > 0) pieces.push(copyOf(ctx, validity, (count + 7) >> 3));
  const words = [count, validBytes, dataBytes, 0, 0];
  let children = vector.children.map(c => [c, c.length] as const);
  if (physical === 'ref') {
    const copy = copyOf(ctx, data, count * 8);
    const bytes = kernels.stored_text_bytes(copy.address, validity, count) >>> 0;
    const heap = arena.allocZeroed(padded(bytes));
    kernels.stored_text(copy.address, validity, count, heap);
    pieces.push(copy, { address: heap, bytes: padded(bytes) });
    words[3] = padded(bytes);
    words[4] = heap;
  } else if (dataBytes > 0) pieces.push(copyOf(ctx, data, count * widthOf(physical)));
  if (physical === 'struct') children = vector.children.map(c => [c, count] as const);
  memory.u32.set(words, header >>> 2);
  return [...pieces, ...children.flatMap(([c, n]) => vectorPieces(ctx, c, n))];
}

/** Bytes of a vector's, padded with zeros. */
function copyOf({ memory, arena }: VectorContext, from: number, bytes: number): Piece {
  const address = arena.allocZeroed(padded(bytes));
  memory.u8.copyWithin(address, from, from + bytes);
  return { address, bytes: padded(bytes) };
}

/** The vector whose pieces lie at an address, as a view of them; texts are pointed to where they are now. */
export function vectorAt(
  ctx: Pick<VectorContext, 'memory' | 'kernels'>,
  type: DataType,
  address: number,
): { readonly vector: Vector; readonly end: number } {
  const { memory, kernels } = ctx;
  const at = address >>> 2;
  const u32 = memory.u32;
  const [count, validBytes, dataBytes, textBytes, base] = [
    u32[at]!,
    u32[at + 1]!,
    u32[at + 2]!,
    u32[at + 3]!,
    u32[at + 4]!,
  ];
  const validity = validBytes === 0 ? 0 : address + HEADER_BYTES;
  const data = address + HEADER_BYTES + validBytes;
  const physical = physicalType(type);
  let end = data + dataBytes;
  if (physical === 'ref') {
    kernels.spill_rebase(data, count, 8, 0, 0, 1, (end - base) >>> 0);
    end += textBytes;
  }
  const nested = physical === 'struct' || physical === 'list';
  const children = (nested ? childTypes(type) : []).map(t => {
    const child = vectorAt(ctx, t, end);
    end = child.end;
    return child.vector;
  });
  return { vector: Vector.flat(type, count, physical === 'struct' ? 0 : data, validity, children), end };
}

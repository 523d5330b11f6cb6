import type { ArrowLibrary } from '../../batch/to-arrow.ts';
import { RayexecError } from '../../common/errors.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { inflateLz4Frame } from './lz4-frame.ts';

/** Bytes behind buffers that kernels may read and write. */
const SLACK = 64;
/** No buffer inflates to more. */
const LARGEST = 1 << 30;

/** Lets the library read compressed buffers, with the memory and kernels of a query. Call it before each reading. */
export function useCodecs(arrow: ArrowLibrary, ctx: OpenContext): void {
  const { compressionRegistry, CompressionType } = arrow;
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    decode: data => inflateLz4Frame(data) ?? damaged('LZ4'),
  });
  compressionRegistry.set(CompressionType.ZSTD, { decode: data => inflateZstd(data, ctx) });
}

/** Lets the library open compressed files of which only the schema is wanted: buffers are zeros. */
export function usePlaceholders(arrow: ArrowLibrary): void {
  const { compressionRegistry, CompressionType } = arrow;
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: () => new Uint8Array(0) });
  compressionRegistry.set(CompressionType.ZSTD, { decode: () => new Uint8Array(0) });
}

function damaged(codec: string): never {
  throw new RayexecError('format', `damaged ${codec} data`);
}

function inflateZstd(data: Uint8Array, { memory, kernels, owner }: OpenContext): Uint8Array {
  const size = zstdSize(data);
  if (size === undefined || size > LARGEST) return damaged('zstd');
  const work = kernels.zstd_work_bytes();
  const total = data.length + size + work + 4 * SLACK;
  const address = memory.allocate(total, owner);
  try {
    const target = (address + data.length + SLACK + 15) & -16;
    const scratch = (target + size + SLACK + 15) & -16;
    memory.u8.set(data, address);
    if (kernels.zstd_decompress(address, data.length, target, size, scratch) !== 0) return damaged('zstd');
    return memory.u8.slice(target, target + size);
  } finally {
    memory.free(address);
  }
}

/** The content's size that a frame's header tells. */
function zstdSize(data: Uint8Array): number | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) return undefined;
  const descriptor = data[4]!;
  const isSingle = (descriptor & 32) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const width = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  if (width === 0 || at + width > data.length) return undefined;
  if (width === 1) return data[at]!;
  if (width === 2) return view.getUint16(at, true) + 256;
  return width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

import { RayexecError } from '../../common/errors.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

const NAMES = ['uncompressed', 'snappy', 'gzip', 'LZO', 'brotli', 'LZ4', 'zstd', 'LZ4'];

/**
 * Decompresses `length` bytes at `src` to exactly `size` bytes at `dst`; slack is behind both.
 * @param codec as in the file format
 * @throws RayexecError `format`, `unsupported`
 */
export function decompress(
  env: ReadEnvironment,
  codec: number,
  src: number,
  length: number,
  dst: number,
  size: number,
  where: string,
): void {
  const { kernels, buffers } = env;
  // Some writers store no bytes at all for a page of NULLs, with any codec.
  if (length === 0 && size === 0) return;
  switch (codec) {
    case 0:
      if (length !== size) throw damaged(where, `an uncompressed page has ${length} bytes, its header says ${size}`);
      kernels.move_bytes(dst, src, length);
      return;
    case 1:
      if (kernels.snappy_decompress(src, length, dst, size) === 0) return;
      break;
    case 2:
    case 4:
      inflate(env, codec === 2 ? 'gzip' : 'brotli', src, length, dst, size, where);
      return;
    case 5:
      if (hadoopLz4(env, src, length, dst, size) || kernels.lz4_decompress(src, length, dst, size) === size) return;
      break;
    case 6: {
      const work = buffers.take(kernels.zstd_work_bytes());
      const status = kernels.zstd_decompress(src, length, dst, size, work.address);
      buffers.give(work);
      if (status === 0) return;
      break;
    }
    case 7:
      if (kernels.lz4_decompress(src, length, dst, size) === size) return;
      break;
    default:
      throw new RayexecError('unsupported', `the compression ${NAMES[codec] ?? `number ${codec}`}`, { where });
  }
  throw damaged(where, `a page that is not valid ${NAMES[codec]} data of ${size} bytes`);
}

function inflate(
  env: ReadEnvironment,
  codec: 'gzip' | 'brotli',
  src: number,
  length: number,
  dst: number,
  size: number,
  where: string,
): void {
  const { memory, platform } = env;
  let data: Uint8Array | Promise<Uint8Array>;
  try {
    // A copy: not every platform inflates from shared memory.
    data = platform.inflate(codec, memory.u8.slice(src, src + length), size);
  } catch (cause) {
    throw damaged(where, `a page that is not valid ${codec} data of ${size} bytes (${(cause as Error).message})`);
  }
  if (!(data instanceof Uint8Array)) {
    data.catch(() => {});
    throw new RayexecError('unsupported', `Parquet pages with ${codec} compression in a ${platform.name}`, { where });
  }
  if (data.length !== size) throw damaged(where, `a page inflates to ${data.length} bytes, its header says ${size}`);
  memory.u8.set(data, dst);
}

/** The old LZ4 codec as Hadoop frames it: blocks behind their two lengths, most significant byte first. */
function hadoopLz4(
  { memory, kernels }: ReadEnvironment,
  src: number,
  length: number,
  dst: number,
  size: number,
): boolean {
  const view = new DataView(memory.memory.buffer);
  let at = src;
  let to = dst;
  const end = src + length;
  while (at + 8 <= end) {
    const blockSize = view.getUint32(at);
    const blockLength = view.getUint32(at + 4);
    at += 8;
    if (blockLength > end - at || blockSize > dst + size - to) return false;
    if (kernels.lz4_decompress(at, blockLength, to, blockSize) !== blockSize) return false;
    at += blockLength;
    to += blockSize;
  }
  return at === end && to === dst + size;
}

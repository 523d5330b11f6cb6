import { RayexecError } from '../common/errors.ts';
import type { ByteSource, Platform } from '../platform/platform.ts';

/** How a file is stored; undefined: as its name or first bytes tell. */
export type TextCompression = 'gzip' | 'none' | undefined;

/** Opens a file of text; a compressed one is inflated, as a whole. @throws RayexecError `io`, `format` */
export async function openText(path: string, compression: TextCompression, platform: Platform): Promise<ByteSource> {
  const source = await platform.open(path);
  if (!(await isGzip(source, compression))) return source;
  try {
    const bytes = new Uint8Array(source.size);
    await source.read(0, bytes);
    return inMemory(path, await platform.inflate('gzip', bytes));
  } catch (cause) {
    if (cause instanceof RayexecError && cause.where === undefined) {
      throw new RayexecError(cause.code, cause.summary, { hint: cause.hint, where: path, cause });
    }
    throw cause;
  } finally {
    source.close();
  }
}

/** Whether the file is stored with gzip. */
export async function isGzip(source: ByteSource, compression: TextCompression): Promise<boolean> {
  if (compression !== undefined) return compression === 'gzip';
  if (source.size < 18) return false;
  const magic = new Uint8Array(2);
  await source.read(0, magic);
  return magic[0] === 0x1f && magic[1] === 0x8b;
}

function inMemory(path: string, bytes: Uint8Array): ByteSource {
  return {
    path,
    size: bytes.length,
    read: (offset, target) => {
      if (offset + target.length > bytes.length) throw new RayexecError('io', `'${path}' ends early`);
      target.set(bytes.subarray(offset, offset + target.length));
    },
    close: () => {},
  };
}

/** The file's first `length` bytes, or all that it has. */
export async function readHead(source: ByteSource, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(length, source.size));
  await source.read(0, bytes);
  return bytes;
}

/** Bytes of the byte order mark at the start. @throws RayexecError `unsupported` for UTF-16 */
export function byteOrderMark(head: Uint8Array, path: string): number {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new RayexecError('unsupported', `'${path}' is written in UTF-16`, { hint: 'convert it to UTF-8' });
  }
  return 0;
}

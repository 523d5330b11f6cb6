import { RayexecError } from '../common/errors.ts';
import { type PageFiles, startBrowserWorker } from './browser-worker.ts';
import { hasWildcards, segmentPattern } from './glob-pattern.ts';
import { isHttpUrl, openHttp } from './http-source.ts';
import type { ByteSource, Platform } from './platform.ts';

/**
 * Browsers: files that the page registered by name (`File`s, `Blob`s), and URLs by range requests; a name that is not
 * registered is a URL relative to the page. Writing needs the page's consent and is left to the page.
 */
export function browserPlatform(files: PageFiles = new Map(), ownWorker: () => Worker = noWorker): Platform {
  return {
    name: 'browser',
    startWorker: startBrowserWorker(files, ownWorker),
    callerTakesPart: false,
    open: async path => {
      const file = files.get(path);
      return file === undefined ? openHttp(absoluteUrl(path)) : openBlob(path, file);
    },
    glob: async pattern => {
      if (files.has(pattern) || isHttpUrl(pattern) || !hasWildcards(pattern)) return [pattern];
      const matches = segmentPattern(pattern);
      return [...files.keys()].filter(name => matches.test(name)).sort();
    },
    create: async path => cannotWrite(path),
    filesIn: async () => [],
    makeDirectory: async path => cannotWrite(path),
    remove: async path => cannotWrite(path),
    inflate: async (codec, data, limit) => inflate(codec, data, limit),
    memoryBytes: () => undefined,
  };
}

const noWorker = (): never => {
  throw new RayexecError('unsupported', 'there is no worker to start here', { hint: 'connect({ workerUrl })' });
};

const absoluteUrl = (path: string): string => (isHttpUrl(path) ? path : new URL(path, globalThis.location?.href).href);

function openBlob(path: string, blob: Blob): ByteSource {
  return {
    path,
    size: blob.size,
    isRemote: true,
    read: async (offset, target) => {
      const part = new Uint8Array(await blob.slice(offset, offset + target.length).arrayBuffer());
      if (part.length < target.length) throw new RayexecError('io', `'${path}' ends at byte ${offset + part.length}`);
      target.set(part);
    },
    close: () => {},
  };
}

const FORMATS = { gzip: 'gzip', zlib: 'deflate', raw: 'deflate-raw' } as const;

async function inflate(
  codec: keyof typeof FORMATS | 'brotli',
  data: Uint8Array,
  limit = Infinity,
): Promise<Uint8Array> {
  if (codec === 'brotli') throw new RayexecError('unsupported', 'browsers do not inflate brotli for pages');
  // Streams refuse views of shared memory.
  const stream = new Blob([data.slice()]).stream().pipeThrough(new DecompressionStream(FORMATS[codec]));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size > limit) throw new RayexecError('format', `more than ${limit} bytes`);
    }
  } catch (cause) {
    throw new RayexecError('format', `damaged ${codec} data: ${(cause as Error).message}`, { cause });
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function cannotWrite(path: string): never {
  throw new RayexecError('unsupported', `a page can't write the file '${path}'`, {
    hint: 'collect the result and offer it as a download',
  });
}

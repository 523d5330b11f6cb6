import { RayexecError } from '../common/errors.ts';
import type { ByteSource } from './platform.ts';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 100;

export const isHttpUrl = (path: string): boolean => /^https?:\/\//i.test(path);

/**
 * A file on a web server, read by range requests; a server that ignores ranges is read once and kept.
 * Passing failures are tried again. @throws RayexecError `io`
 */
export async function openHttp(url: string): Promise<ByteSource> {
  const response = await request(url, 'bytes=0-0');
  if (response.status === 200) return wholeFile(url, await bodyOf(url, response));
  await bodyOf(url, response);
  const size = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(size)) throw new RayexecError('io', `the server does not tell the size of ${url}`);
  const etag = response.headers.get('etag');
  return {
    path: url,
    size,
    // A weak one may stay when bytes change.
    version: etag?.startsWith('W/') === false ? etag : undefined,
    isRemote: true,
    read: async (offset, target) => {
      if (target.length === 0) return;
      const part = await request(url, `bytes=${offset}-${offset + target.length - 1}`);
      if (etag !== null && part.headers.get('etag') !== etag) {
        throw new RayexecError('io', `${url} was replaced while it was being read`);
      }
      copyPart(url, offset, target, await bodyOf(url, part), part.status === 206 ? offset : 0);
    },
    close: () => {},
  };
}

function wholeFile(url: string, body: Uint8Array): ByteSource {
  const read = async (offset: number, target: Uint8Array): Promise<void> => copyPart(url, offset, target, body, 0);
  return { path: url, size: body.length, isRemote: true, read, close: () => {} };
}

function copyPart(url: string, offset: number, target: Uint8Array, body: Uint8Array, bodyOffset: number): void {
  const from = offset - bodyOffset;
  if (body.length < from + target.length) {
    throw new RayexecError(
      'io',
      `${url} ends at byte ${bodyOffset + body.length}, byte ${offset + target.length} was wanted`,
    );
  }
  target.set(body.subarray(from, from + target.length));
}

async function request(url: string, range: string): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const result = await fetch(url, { headers: { range } }).catch((e: unknown) => e as Error);
    if (!(result instanceof Error) && (result.status === 200 || result.status === 206)) return result;
    if (!(result instanceof Error)) await result.body?.cancel();
    const mayPass = result instanceof Error || result.status === 408 || result.status === 429 || result.status >= 500;
    if (!mayPass || attempt === ATTEMPTS) throw failure(url, result);
    await new Promise(resolve => setTimeout(resolve, FIRST_DELAY_MS * 4 ** (attempt - 1)));
  }
}

async function bodyOf(url: string, response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw failure(url, cause as Error);
  }
}

function failure(url: string, result: Response | Error): RayexecError {
  if (!(result instanceof Error)) {
    const what =
      result.status === 404 ? 'there is no file' : `the server answers ${result.status} ${result.statusText} for`;
    return new RayexecError('io', `${what} ${url}`);
  }
  const reason = result.cause instanceof Error ? result.cause.message : result.message;
  return new RayexecError('io', `${url} can't be read: ${reason}`, { cause: result });
}

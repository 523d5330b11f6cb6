import { read } from 'node:fs';
import { promisify } from 'node:util';
import { decodeFrame, type Frame, HEADER_BYTES } from './frames.ts';

const readSome = promisify(read);

/** Bytes that are asked for where less is needed: a few small frames come at once. */
const AHEAD_BYTES = 64 * 2 ** 10;

/** The frames of a pipe. Large ones are read to where they stay: a stream hands out parts of 64 KiB, which would be joined. */
export async function* readPipe(descriptor: number): AsyncGenerator<Frame, void, undefined> {
  const pipe = new Pipe(descriptor);
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  while (await pipe.fill(header)) {
    const bytes = new Uint8Array(view.getUint32(20, true));
    if (!(await pipe.fill(bytes))) return;
    yield decodeFrame(view, bytes);
  }
}

class Pipe {
  readonly #descriptor: number;
  readonly #ahead = new Uint8Array(AHEAD_BYTES);
  /** What of these has been read and not been handed on. */
  #from = 0;
  #to = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Reads as many bytes as there is room for. @returns whether there were so many before the end */
  async fill(bytes: Uint8Array): Promise<boolean> {
    let at = this.#take(bytes, 0);
    while (at < bytes.length) {
      if (bytes.length - at >= AHEAD_BYTES) {
        const { bytesRead } = await readSome(this.#descriptor, bytes, at, bytes.length - at, null);
        if (bytesRead === 0) return false;
        at += bytesRead;
      } else {
        const { bytesRead } = await readSome(this.#descriptor, this.#ahead, 0, AHEAD_BYTES, null);
        if (bytesRead === 0) return false;
        this.#from = 0;
        this.#to = bytesRead;
        at = this.#take(bytes, at);
      }
    }
    return true;
  }

  /** Copies what is there already. @returns how far that fills the bytes */
  #take(bytes: Uint8Array, at: number): number {
    const end = Math.min(this.#to, this.#from + bytes.length - at);
    bytes.set(this.#ahead.subarray(this.#from, end), at);
    const taken = end - this.#from;
    this.#from = end;
    return at + taken;
  }
}

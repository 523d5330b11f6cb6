import { Socket } from 'node:net';
import { decodeFrame, type Frame, HEADER_BYTES } from './frames.ts';

/** Bytes that are taken from a pipe at once: as many as it holds. */
const AT_ONCE_BYTES = 2 ** 20;

/** The frames of a pipe. They are copied to where they stay: a stream hands out parts of 64 KiB, which would be joined. */
export async function* readPipe(descriptor: number): AsyncGenerator<Frame, void, undefined> {
  const pipe = new PipeReader(descriptor);
  for (;;) {
    const frame = pipe.take();
    if (frame !== undefined) yield frame;
    else if (pipe.hasEnded) return;
    else await pipe.more();
  }
}

class PipeReader {
  readonly #socket: Socket;
  readonly #header = new Uint8Array(HEADER_BYTES);
  readonly #view = new DataView(this.#header.buffer);
  /** Of the frame that is being read, once its header is there. */
  #bytes: Uint8Array | undefined;
  /** How much is there of the header, or of the bytes. */
  #filled = 0;
  readonly #frames: Frame[] = [];
  #hasEnded = false;
  #wake: (() => void) | undefined;

  constructor(descriptor: number) {
    const end = (): void => {
      this.#hasEnded = true;
      this.#wake?.();
    };
    const onread = {
      buffer: new Uint8Array(AT_ONCE_BYTES),
      callback: (count: number, buffer: Uint8Array): boolean => this.#add(buffer.subarray(0, count)),
    };
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false, onread } as object);
    this.#socket.once('end', end).once('close', end).on('error', end);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  take(): Frame | undefined {
    return this.#frames.shift();
  }

  /** Waits for another frame, or the end. */
  more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve;
      this.#socket.resume();
    });
  }

  /** @returns whether to go on reading: not before the frames that are there have been taken */
  #add(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; ) {
      const target = this.#bytes ?? this.#header;
      const part = chunk.subarray(at, at + target.length - this.#filled);
      target.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === target.length) this.#next();
    }
    if (this.#frames.length === 0) return true;
    this.#wake?.();
    return false;
  }

  /** Goes on with the bytes after a header, and with a header after them. */
  #next(): void {
    this.#filled = 0;
    const length = this.#view.getUint32(20, true);
    if (this.#bytes === undefined && length > 0) {
      this.#bytes = new Uint8Array(length);
      return;
    }
    this.#frames.push(decodeFrame(this.#view, this.#bytes ?? new Uint8Array(0)));
    this.#bytes = undefined;
  }
}

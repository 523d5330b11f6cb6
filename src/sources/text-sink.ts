import { RayexecError } from '../common/errors.ts';
import type { ByteSink, Platform } from '../platform/platform.ts';

/** Characters that are collected before they are encoded and written. */
const CHUNK = 1 << 18;

/** A file of text that is being written, compressed or not. */
export class TextSink {
  readonly #sink: ByteSink;
  readonly #encoder = new TextEncoder();
  readonly #deflater: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | undefined;
  readonly #pumping: Promise<void> | undefined;
  #failure: unknown;
  #text = '';

  private constructor(sink: ByteSink, isGzip: boolean) {
    this.#sink = sink;
    if (!isGzip) return;
    const stream = new CompressionStream('gzip');
    this.#deflater = stream.writable.getWriter();
    // Failures are told by the next call.
    this.#pumping = this.#pump(stream.readable).catch(e => {
      this.#failure = e;
    });
  }

  /** @throws RayexecError `io` */
  static async create(platform: Platform, path: string, isGzip: boolean): Promise<TextSink> {
    return new TextSink(await platform.create(path), isGzip);
  }

  add(text: string): void {
    this.#text += text;
  }

  /** Writes what has been added, once it is much. @throws RayexecError `io` */
  async flush(isLast = false): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#text.length < CHUNK && !isLast) return;
    const bytes = this.#encoder.encode(this.#text);
    this.#text = '';
    if (this.#deflater !== undefined) await this.#deflater.write(bytes);
    else await this.#sink.write(bytes);
  }

  /** Completes the file. @throws RayexecError `io` */
  async close(): Promise<void> {
    try {
      await this.flush(true);
      await this.#deflater?.close();
      await this.#pumping;
      if (this.#failure !== undefined) throw this.#failure;
    } catch (e) {
      await this.#sink.abort();
      if (e instanceof RayexecError) throw e;
      throw new RayexecError('io', `the file can't be written: ${String(e)}`, { cause: e });
    }
    await this.#sink.close();
  }

  async abort(): Promise<void> {
    await this.#deflater?.abort().catch(() => {});
    await this.#pumping;
    await this.#sink.abort();
  }

  async #pump(readable: ReadableStream<Uint8Array>): Promise<void> {
    for (const reader = readable.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      await this.#sink.write(value);
    }
  }
}

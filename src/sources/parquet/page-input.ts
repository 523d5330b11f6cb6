import { bodyOf, describedPage, describePage, hasBody, type SizedHeader } from './cached-page.ts';
import { ChunkInput } from './chunk-input.ts';
import { decompress } from './decompress.ts';
import { type PageBuffer, SLACK } from './page-buffers.ts';
import { type PageHeader, readPageHeader } from './page-header.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

/** Pages beyond this are taken for damage. */
const MAX_PAGE_BYTES = 1 << 30;
/** A footer may be wrong about small chunks. */
const LEAST_LIMIT = 1 << 20;

/**
 * The pages of a column chunk, one after another: each one's header, and without compression those that are wanted. What
 * the page cache has is not read from the file again, and what it has not is kept there, if it has room.
 */
export class PageInput {
  /** The chunk's bytes; to be opened for each chunk. */
  readonly chunk: ChunkInput;
  readonly #env: ReadEnvironment;
  #place: ChunkPlace | undefined;
  #page: SizedHeader | undefined;
  /** Where the page begins, header included. */
  #offset = 0;
  /** The page's entry in the cache; 0 when it has none. */
  #entry = 0;

  constructor(env: ReadEnvironment) {
    this.#env = env;
    this.chunk = new ChunkInput(env);
  }

  begin(place: ChunkPlace): void {
    this.#place = place;
  }

  /** Whether no page was asked for yet. */
  get isNew(): boolean {
    return this.chunk.at === this.#place!.offset;
  }

  /** Whether there is another page. */
  get hasNext(): boolean {
    return this.chunk.left > 0;
  }

  /** The header of the next page, which must be taken or passed before the one after it. @throws RayexecError `format`, `io` */
  next(): PageHeader {
    const { memory, buffers } = this.#env;
    const { file, where } = this.#place!;
    this.#offset = this.chunk.at;
    this.#entry = file === 0 ? 0 : buffers.cached!.find(file, this.#offset);
    if (this.#entry !== 0) {
      this.#page = describedPage(memory, this.#entry);
      this.chunk.advance(this.#page.bytes);
    } else {
      const header = readPageHeader(memory, this.chunk, where);
      this.#page = { header, bytes: this.chunk.at - this.#offset };
    }
    return this.#page.header;
  }

  /** The page without compression. @throws RayexecError `format`, `io`, `unsupported`, `memory` */
  take(): PageBuffer {
    const { memory } = this.#env;
    const { header } = this.#page!;
    const entry = this.#entry;
    let page: PageBuffer;
    if (entry !== 0 && hasBody(memory, entry)) {
      page = { address: bodyOf(entry), bytes: header.uncompressed, entry };
      this.#entry = 0;
    } else page = this.#decompressed(header);
    this.#end();
    return page;
  }

  /** Goes on behind the page. */
  pass(): void {
    if (this.#entry === 0 && this.#place!.file !== 0) this.#keepHeader();
    this.#end();
  }

  /** Lets go of a page that was neither taken nor passed. */
  close(): void {
    if (this.#entry !== 0) this.#env.buffers.cached!.letGo(this.#entry);
    this.#entry = 0;
    this.#page = undefined;
    this.chunk.close();
  }

  #end(): void {
    const { compressed } = this.#page!.header;
    if (this.#entry !== 0) this.#env.buffers.cached!.letGo(this.#entry);
    this.#entry = 0;
    this.#page = undefined;
    this.chunk.advance(compressed);
  }

  /** Whoever passes over the page next time need not read for it. */
  #keepHeader(): void {
    const { memory, buffers } = this.#env;
    const entry = buffers.cached!.reserve(0);
    if (entry === 0) return;
    describePage(memory, entry, this.#page!, false);
    buffers.cached!.publish(this.#place!.file, this.#offset, entry);
    buffers.cached!.letGo(entry);
  }

  #decompressed(header: PageHeader): PageBuffer {
    const { file, uncompressed, where } = this.#place!;
    const size = header.uncompressed;
    // Nothing is allocated for a size that can't be true.
    if (size > MAX_PAGE_BYTES || size > Math.max(uncompressed, LEAST_LIMIT))
      throw damaged(where, `a page of ${size} bytes`);
    const { memory, buffers } = this.#env;
    const { cached } = buffers;
    const entry = file === 0 ? 0 : cached!.reserve(size + SLACK);
    const page = entry === 0 ? buffers.take(size) : { address: bodyOf(entry), bytes: size, entry };
    try {
      this.#decompress(header, page.address);
    } catch (e) {
      buffers.give(page);
      throw e;
    }
    if (entry !== 0) {
      describePage(memory, entry, this.#page!, true);
      cached!.publish(file, this.#offset, entry);
    }
    return page;
  }

  #decompress(header: PageHeader, to: number): void {
    const { codec, where } = this.#place!;
    const src = this.chunk.peek(header.compressed);
    const plain = header.defBytes + header.repBytes;
    if (plain > 0) this.#env.kernels.move_bytes(to, src, plain);
    const [bytes, size] = [header.compressed - plain, header.uncompressed - plain];
    decompress(this.#env, header.isCompressed ? codec : 0, src + plain, bytes, to + plain, size, where);
  }
}

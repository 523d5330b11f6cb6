import { Vector } from '../../batch/vector.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import { ChunkPages } from './chunk-pages.ts';
import type { LeafLayout } from './column-layout.ts';
import type { ColumnReader } from './column-reader.ts';
import { type PageBuffer, SLACK } from './page-buffers.ts';
import type { PageLevels } from './page-levels.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

const STATE_BYTES = 64;

/**
 * Reads a column that is not nested. Rows that are passed over are not decoded, and pages of such rows not even
 * decompressed. Text of dictionary pages stays codes, all other values lie flat in the reader's own buffers.
 */
export class FlatReader implements ColumnReader {
  readonly #env: ReadEnvironment;
  readonly #leaf: LeafLayout;
  readonly pages: readonly ChunkPages[];
  readonly #pages: ChunkPages;
  readonly #width: number;
  /** The batch's values (or references), codes, and bitmap. */
  readonly #values: number;
  readonly #codes: number;
  readonly #validity: number;
  readonly #own: PageBuffer;
  readonly #keepsCodes: boolean;
  /** Holds the page's bitmap, behind room for what reads it. */
  #levels: PageBuffer | undefined;
  #bitmap = 0;
  #toSkip = 0;
  #pageRows = 0;
  /** Rows of the page that were read or passed. */
  #pageAt = 0;
  /** The page has NULLs. */
  #hasNulls = false;
  #dictionary: Vector | undefined;

  constructor(env: ReadEnvironment, leaf: LeafLayout) {
    this.#env = env;
    this.#leaf = leaf;
    this.#pages = new ChunkPages(env, leaf);
    this.pages = [this.#pages];
    this.#width = widthOf(physicalType(leaf.type));
    this.#keepsCodes = leaf.conversion.kind === 'bytes';
    const aligned = (bytes: number): number => (bytes + SLACK + 15) & -16;
    const valueBytes = aligned(env.batchRows * Math.max(this.#width, 8));
    const codeBytes = aligned(env.batchRows * 4);
    this.#own = env.buffers.take(valueBytes + codeBytes + aligned((env.batchRows >> 3) + 8));
    this.#values = this.#own.address;
    this.#codes = this.#values + valueBytes;
    this.#validity = this.#codes + codeBytes;
  }

  start(places: readonly ChunkPlace[]): void {
    this.#pages.begin(places[0]!);
    this.#toSkip = 0;
    this.#pageRows = 0;
    this.#pageAt = 0;
    this.#dictionary = undefined;
  }

  finish(): void {
    this.#pages.end();
    this.#pages.input.close();
  }

  skip(rows: number): void {
    this.#toSkip += rows;
  }

  read(rows: number): Vector {
    this.#pages.release();
    this.#passRows();
    let form: 'coded' | 'flat' | undefined;
    let hasBitmap = false;
    for (let filled = 0; filled < rows; ) {
      if (this.#pageAt === this.#pageRows) this.#nextPage();
      if (!this.#pages.isLoaded) this.#load();
      const take = Math.min(rows - filled, this.#pageRows - this.#pageAt);
      const valid = this.#readNulls(filled, take, hasBitmap);
      hasBitmap ||= valid < take;
      const isCoded = this.#keepsCodes && this.#pages.isCoded;
      if (form === undefined) form = isCoded ? 'coded' : 'flat';
      else if (form === 'coded' && !isCoded) {
        this.#lookUpCodes(filled);
        form = 'flat';
      }
      this.#readValues(form, filled, take, valid);
      this.#pageAt += take;
      filled += take;
    }
    const { type } = this.#leaf;
    const validity = hasBitmap ? this.#validity : 0;
    if (form !== 'coded') return Vector.flat(type, rows, this.#values, validity);
    return Vector.coded(this.#dictionaryVector(), rows, this.#codes, validity);
  }

  /** One vector for the whole chunk, so that work done for a dictionary can be remembered. */
  #dictionaryVector(): Vector {
    const { length, values } = this.#pages.dictionary!;
    this.#dictionary ??= Vector.flat(this.#leaf.type, Math.max(1, length), values.address);
    return this.#dictionary;
  }

  /** Carries out what `skip` left for later. */
  #passRows(): void {
    while (this.#toSkip > 0) {
      const left = this.#pageRows - this.#pageAt;
      const pass = Math.min(left, this.#toSkip);
      if (pass < left) {
        if (!this.#pages.isLoaded) this.#load();
        const { kernels } = this.#env;
        this.#pages.skipValues(this.#hasNulls ? kernels.bits_count(this.#bitmap, this.#pageAt, pass) : pass);
      }
      this.#pageAt += pass;
      this.#toSkip -= pass;
      if (this.#toSkip > 0) this.#nextPage();
    }
  }

  #nextPage(): void {
    this.#pageRows = this.#pages.next();
    this.#pageAt = 0;
  }

  #load(): void {
    this.#hasNulls = false;
    this.#pages.load(levels => {
      const valid = this.#leaf.def === 0 ? levels.values : this.#readLevels(levels);
      this.#hasNulls = valid < levels.values;
      return valid;
    });
  }

  #readLevels(levels: PageLevels): number {
    const { kernels, buffers } = this.#env;
    const { from, end } = levels.definition();
    const bytes = STATE_BYTES + (levels.values >> 3) + 64;
    if (this.#levels === undefined || this.#levels.bytes < bytes) {
      if (this.#levels !== undefined) buffers.give(this.#levels);
      this.#levels = buffers.take(bytes);
    }
    this.#bitmap = this.#levels.address + STATE_BYTES;
    const valid = kernels.hybrid_bitmap(this.#levels.address, from, end, levels.values, this.#bitmap);
    if (valid < 0) throw damaged(this.#pages.where, 'a page ends within its levels');
    return valid;
  }

  /** Adds the bitmap of the next rows, once the batch has one; returns how many are not NULL. */
  #readNulls(filled: number, take: number, hasBitmap: boolean): number {
    const { kernels } = this.#env;
    if (!this.#hasNulls) {
      if (hasBitmap) kernels.bits_fill(this.#validity, filled, take, 1);
      return take;
    }
    if (!hasBitmap) kernels.bits_fill(this.#validity, 0, filled, 1);
    return kernels.bits_copy(this.#bitmap, this.#pageAt, take, this.#validity, filled);
  }

  #readValues(form: 'coded' | 'flat', filled: number, take: number, valid: number): void {
    const width = form === 'coded' ? 4 : this.#width;
    const out = (form === 'coded' ? this.#codes : this.#values) + filled * width;
    if (form === 'coded') this.#pages.readCodes(valid, out);
    else this.#pages.readValues(valid, out, this.#codes);
    if (valid < take) this.#env.kernels.spread_values(out, this.#bitmap, this.#pageAt, take, valid, width);
  }

  /** A page without dictionary follows in the same batch: the codes before become references. */
  #lookUpCodes(filled: number): void {
    const { address } = this.#pages.dictionary!.values;
    this.#env.kernels.dictionary_values(this.#codes, filled, address, this.#width, this.#values);
  }
}

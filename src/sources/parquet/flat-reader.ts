import { allRows, type Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import { ChunkPages } from './chunk-pages.ts';
import type { LeafLayout } from './column-layout.ts';
import type { ColumnReader } from './column-reader.ts';
import { type PageBuffer, SLACK } from './page-buffers.ts';
import type { PageLevels } from './page-levels.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

const STATE_BYTES = 64;
/** Up to this part of the rows, codes are unpacked one by one; and up to this one, looked up one by one. */
const MOST_PICKED = 1 / 16;
const MOST_LOOKED_UP = 3 / 4;

/**
 * Reads a column that is not nested. Rows that are passed over are not decoded, and pages of such rows not even
 * decompressed; of rows that are not wanted, codes are not looked up. Text of dictionary pages stays codes, all other values lie flat in the reader's own buffers.
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

  read(rows: number, chosen: Rows = allRows(rows)): Vector {
    this.#pages.release();
    this.#passRows();
    let form: 'coded' | 'flat' | undefined;
    let hasBitmap = false;
    for (let filled = 0; filled < rows; ) {
      if (this.#pageAt === this.#pageRows) this.#nextPage();
      const take = Math.min(rows - filled, this.#pageRows - this.#pageAt);
      const wanted = this.#rowsIn(chosen, filled, take);
      if (wanted.selected === 0) {
        filled += take;
        this.#toSkip = take;
        // At the end of the batch that can wait: the page may not be needed at all.
        if (filled < rows) this.#passRows();
        continue;
      }
      if (!this.#pages.isLoaded) this.#load();
      const valid = this.#readNulls(filled, take, hasBitmap);
      hasBitmap ||= valid < take;
      const isCoded = this.#keepsCodes && this.#pages.isCoded;
      if (form === undefined) form = isCoded ? 'coded' : 'flat';
      else if (form === 'coded' && !isCoded) {
        this.#lookUpCodes(filled, chosen);
        form = 'flat';
      }
      this.#readValues(form, filled, take, valid, wanted, hasBitmap);
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
      if (this.#toSkip === 0) return;
      this.#toSkip -= this.#pages.jump(this.#toSkip);
      this.#nextPage();
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

  #readValues(
    form: 'coded' | 'flat',
    filled: number,
    take: number,
    valid: number,
    wanted: Rows,
    hasBitmap: boolean,
  ): void {
    const { kernels } = this.#env;
    const part = wanted.selected / take;
    if (valid > 0 && this.#pages.isCoded && part < MOST_LOOKED_UP) {
      const codes = this.#codes + filled * 4;
      if (valid === take && part < MOST_PICKED) this.#pages.pickCodes(take, filled, wanted, this.#codes);
      else this.#pages.readCodes(valid, codes);
      if (valid < take) kernels.spread_values(codes, this.#bitmap, this.#pageAt, take, valid, 4);
      if (form === 'flat') this.#lookUp(wanted, hasBitmap ? this.#validity : 0);
      return;
    }
    const width = form === 'coded' ? 4 : this.#width;
    const out = (form === 'coded' ? this.#codes : this.#values) + filled * width;
    if (form === 'coded') this.#pages.readCodes(valid, out);
    else this.#pages.readValues(valid, out, this.#codes);
    if (valid < take) kernels.spread_values(out, this.#bitmap, this.#pageAt, take, valid, width);
  }

  /** A page without dictionary follows in the same batch: the codes before become references. */
  #lookUpCodes(filled: number, chosen: Rows): void {
    const before = this.#rowsIn(chosen, 0, filled);
    if (before.selection !== 0) this.#lookUp(before, 0);
    else this.#env.kernels.dictionary_values(this.#codes, filled, this.#dictionaryAt, this.#width, this.#values);
  }

  /** Values for the codes of some rows. */
  #lookUp({ selection, selected }: Rows, validity: number): void {
    const { kernels } = this.#env;
    const at = this.#dictionaryAt;
    kernels.dictionary_pick(this.#codes, selection, selected, validity, at, this.#width, this.#values);
  }

  get #dictionaryAt(): number {
    return this.#pages.dictionary!.values.address;
  }

  /** Those of the chosen rows that are among the `n` from `first` on. */
  #rowsIn({ count, selection, selected }: Rows, first: number, n: number): Rows {
    if (selection === 0) return { count, selection, selected: selected === 0 ? 0 : n };
    if (first === 0 && n === count) return { count, selection, selected };
    const { u16 } = this.#env.memory;
    const rowsBefore = (end: number): number => {
      let [low, high] = [0, selected];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (u16[(selection >>> 1) + middle]! < end) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const from = rowsBefore(first);
    return { count, selection: selection + 2 * from, selected: rowsBefore(first + n) - from };
  }
}

import { ChunkPages } from './chunk-pages.ts';
import type { LeafLayout } from './column-layout.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { PageBuffer } from './page-buffers.ts';
import type { PageLevels, Range } from './page-levels.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

const STATE_BYTES = 64;

/** The entries of some rows of a leaf inside a nested column, valid until the next `read`. */
export type Entries = {
  readonly count: number;
  /** u32 levels; `rep` is 0 outside of lists. */
  readonly def: number;
  readonly rep: number;
  /** Values that are there, without gaps. */
  readonly values: number;
};

/** Reads levels and values of a leaf row by row; a row has any number of entries, which may lie on several pages. */
export class LeafEntries {
  readonly pages: ChunkPages;
  readonly leaf: LeafLayout;
  readonly #env: ReadEnvironment;
  /** Codes of as many values as are read at once. */
  readonly #codes: PageBuffer;
  /** The page's levels: state and definition levels, then repetition levels. */
  #pageLevels: PageBuffer | undefined;
  #pageDef = 0;
  #pageRep = 0;
  #pageEntries = 0;
  #pageAt = 0;
  /** Values of the chunk, NULLs included, on pages that were not begun. */
  #left = 0;
  readonly #def: GrowingBuffer;
  readonly #rep: GrowingBuffer;
  readonly #values: GrowingBuffer;

  constructor(env: ReadEnvironment, leaf: LeafLayout) {
    this.#env = env;
    this.leaf = leaf;
    this.pages = new ChunkPages(env, leaf);
    this.#codes = env.buffers.take(env.batchRows * 4 + 64);
    this.#def = new GrowingBuffer(env);
    this.#rep = new GrowingBuffer(env);
    this.#values = new GrowingBuffer(env);
  }

  start(values: number): void {
    this.#left = values;
    this.#pageEntries = 0;
    this.#pageAt = 0;
  }

  /** The entries of the next rows. */
  read(rows: number): Entries {
    this.pages.release();
    for (const part of [this.#def, this.#rep, this.#values]) part.clear();
    this.#advance(rows, true);
    const hasRep = this.leaf.rep > 0;
    const count = this.#def.bytes / 4;
    return { count, def: this.#def.address, rep: hasRep ? this.#rep.address : 0, values: this.#values.address };
  }

  skip(rows: number): void {
    this.pages.release();
    this.#advance(rows, false);
  }

  #advance(rows: number, keep: boolean): void {
    const { kernels } = this.#env;
    const { rep } = this.leaf;
    let begun = 0;
    for (;;) {
      if (this.#pageAt === this.#pageEntries) {
        if (this.#left === 0 && begun === rows) return;
        // In lists only the next row's first entry tells that a row is complete.
        if (rep === 0 && begun === rows) return;
        this.#nextPage();
      }
      const left = this.#pageEntries - this.#pageAt;
      const at = this.#pageRep + this.#pageAt * 4;
      const take = rep === 0 ? Math.min(left, rows - begun) : kernels.entries_of_rows(at, left, rows - begun) >>> 0;
      if (take > 0) begun += rep === 0 ? take : kernels.count_equal_u32(at, take, 0);
      this.#takeEntries(take, keep);
      if (take < left) return;
    }
  }

  #takeEntries(count: number, keep: boolean): void {
    const { kernels, batchRows } = this.#env;
    const def = this.#pageDef + this.#pageAt * 4;
    const rep = this.#pageRep + this.#pageAt * 4;
    this.#pageAt += count;
    const valid = kernels.count_equal_u32(def, count, this.leaf.def);
    if (!keep) {
      this.pages.skipValues(valid);
      return;
    }
    const defTo = this.#def.grow(count * 4);
    kernels.move_bytes(defTo, def, count * 4);
    if (this.leaf.rep > 0) {
      const repTo = this.#rep.grow(count * 4);
      kernels.move_bytes(repTo, rep, count * 4);
    }
    const { width } = this.pages;
    for (let done = 0; done < valid; ) {
      const part = Math.min(valid - done, batchRows);
      this.pages.readValues(part, this.#values.grow(part * width), this.#codes.address);
      done += part;
    }
  }

  #nextPage(): void {
    this.#pageEntries = this.pages.next();
    this.#left -= this.#pageEntries;
    this.#pageAt = 0;
    this.pages.load(levels => this.#readLevels(levels));
  }

  #readLevels(levels: PageLevels): number {
    const { kernels, buffers } = this.#env;
    const n = levels.values;
    if (this.#pageLevels !== undefined) buffers.give(this.#pageLevels);
    this.#pageLevels = buffers.take(STATE_BYTES + n * 8 + 128);
    this.#pageDef = this.#pageLevels.address + STATE_BYTES;
    this.#pageRep = this.#pageDef + n * 4 + 64;
    const { rep, def } = this.leaf;
    if (rep > 0) this.#decode(levels.repetition(), rep, n, this.#pageRep);
    if (def > 0) this.#decode(levels.definition(), def, n, this.#pageDef);
    else this.#env.memory.u8.fill(0, this.#pageDef, this.#pageDef + n * 4);
    return kernels.count_equal_u32(this.#pageDef, n, def);
  }

  #decode({ from, end }: Range, most: number, n: number, out: number): void {
    const { kernels } = this.#env;
    const state = this.#pageLevels!.address;
    kernels.hybrid_open(state, from, end, 32 - Math.clz32(most));
    if (kernels.hybrid_read(state, n, most + 1, out) < 0) {
      throw damaged(this.pages.where, 'levels that the schema does not have');
    }
  }
}

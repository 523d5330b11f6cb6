import type { Rows } from '../../batch/batch.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import { isChecked, noteChecked } from './cached-page.ts';
import type { LeafLayout } from './column-layout.ts';
import { convertValues, storedWidth } from './convert-values.ts';
import type { PageBuffer } from './page-buffers.ts';
import type { PageHeader } from './page-header.ts';
import { type PagePlaces, pageOfRow } from './page-index.ts';
import { PageInput } from './page-input.ts';
import { PageLevels } from './page-levels.ts';
import { checkText, isDictionaryEncoding, isText, type PageValues, pageValues } from './page-values.ts';
import { type Dictionary, readDictionary } from './read-dictionary.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

/** For the state of a reader of codes. */
const STATE_BYTES = 64;

/**
 * Goes through the data pages of a column chunk: `next` reads a page's header only, `load` decompresses it. Values of
 * a loaded page are read in order, without NULLs. Pages that hold what was read stay until `release`.
 */
export class ChunkPages {
  readonly env: ReadEnvironment;
  readonly leaf: LeafLayout;
  readonly width: number;
  readonly input: PageInput;
  #place: ChunkPlace | undefined;
  #state: PageBuffer | undefined;
  #header: PageHeader | undefined;
  #body: PageBuffer | undefined;
  #values: PageValues | undefined;
  /** Values of the page that were read or passed. */
  #taken = 0;
  #valid = 0;
  #retired: PageBuffer[] = [];
  #valuesLeft = 0;
  /** Where the pages are, as far as that is known. */
  #located: PagePlaces | undefined;
  dictionary: Dictionary | undefined;

  constructor(env: ReadEnvironment, leaf: LeafLayout) {
    this.env = env;
    this.leaf = leaf;
    this.width = widthOf(physicalType(leaf.type));
    this.input = new PageInput(env);
  }

  get where(): string {
    return this.#place!.where;
  }

  /** Begins a chunk, which `input` is to be opened for. */
  begin(place: ChunkPlace): void {
    this.end();
    this.#place = place;
    this.input.begin(place);
    this.#valuesLeft = place.values;
    this.#located = place.locate(0);
    this.#state ??= this.env.buffers.take(STATE_BYTES);
  }

  /** Gives all buffers of the chunk back. */
  end(): void {
    this.dropPage();
    this.release();
    if (this.dictionary !== undefined) {
      const { values, page } = this.dictionary;
      this.env.buffers.give(page);
      if (values !== page) this.env.buffers.give(values);
    }
    this.dictionary = undefined;
  }

  /** Gives back what held the values of earlier batches. */
  release(): void {
    for (const buffer of this.#retired) this.env.buffers.give(buffer);
    this.#retired.length = 0;
  }

  /** Moves to the next data page. Returns how many values it has, NULLs included. */
  next(): number {
    this.dropPage();
    for (;;) {
      if (!this.input.hasNext) throw damaged(this.where, `the column chunk ends ${this.#valuesLeft} values too early`);
      const header = this.input.next();
      if (header.kind === 'data' && header.values > 0) {
        if (header.values > this.#valuesLeft)
          throw damaged(this.where, 'pages have more values than their column chunk');
        this.#checkRows(header);
        this.#valuesLeft -= header.values;
        this.#header = header;
        return header.values;
      }
      if (header.kind === 'dictionary') this.#readDictionary(header);
      else this.input.pass();
    }
  }

  /**
   * Passes over whole pages of at most so many rows without a look at their headers, if it is known where pages are. For
   * columns that are not nested, between two pages. Returns how many rows were passed.
   */
  jump(rows: number): number {
    this.#located ??= this.#place!.locate(rows);
    if (this.#located === undefined) return 0;
    const { offsets, firstRows } = this.#located;
    const row = this.#nextRow;
    const page = pageOfRow(this.#located, row + rows);
    const passed = firstRows[page]! - row;
    if (passed <= 0) return 0;
    if (!firstRows.includes(row)) throw this.#unlikeIndex(row);
    this.dropPage();
    if (this.input.isNew && offsets[0]! > this.#place!.offset) this.#readFirstDictionary();
    this.input.chunk.moveTo(offsets[page]!);
    this.#valuesLeft -= passed;
    return passed;
  }

  /** The first row of the next page, if each value is a row. */
  get #nextRow(): number {
    return this.#place!.values - this.#valuesLeft;
  }

  /** Rows were passed over in the belief that pages are as the index says. */
  #checkRows({ values }: PageHeader): void {
    if (this.#located === undefined) return;
    const { firstRows } = this.#located;
    const row = this.#nextRow;
    const page = pageOfRow(this.#located, row);
    if (firstRows[page] !== row || firstRows[page + 1] !== row + values) throw this.#unlikeIndex(row);
  }

  /** Forgets the current page; one that was not loaded costs nothing. */
  dropPage(): void {
    if (this.#header === undefined) return;
    if (this.#body === undefined) this.input.pass();
    this.#header = undefined;
    // References point into the page, or into what was built of it.
    const keep = this.#values?.kind !== 'codes' && this.leaf.conversion.kind === 'bytes';
    for (const buffer of [this.#body, this.#values?.buffer]) {
      if (buffer !== undefined) keep ? this.#retired.push(buffer) : this.env.buffers.give(buffer);
    }
    this.#body = undefined;
    this.#values = undefined;
  }

  get isLoaded(): boolean {
    return this.#values !== undefined;
  }

  /** Decompresses the current page. `readLevels` reads its levels and tells how many values are not NULL. */
  load(readLevels: (levels: PageLevels) => number): void {
    const header = this.#header!;
    const page = this.input.take();
    this.#body = page;
    const end = page.address + header.uncompressed;
    const levels = new PageLevels(this.env, header, page.address, end, this.where);
    const valid = readLevels(levels);
    const { env, leaf, where } = this;
    this.#values = pageValues(env, leaf, header.encoding, levels.at, end, valid, this.#state!.address, where);
    this.#valid = valid;
    this.#taken = 0;
    if (this.#values.kind === 'codes' && this.dictionary === undefined && valid > 0)
      throw damaged(where, 'codes without a dictionary');
    if (this.#values.kind === 'refs' && isText(leaf.type) && !(page.entry && isChecked(env.memory, page.entry))) {
      checkText(env, this.#values.address, valid, { from: page.address, end }, where);
      if (page.entry !== undefined) noteChecked(env.memory, page.entry);
    }
  }

  /** Whether the page's values are codes of `dictionary`. Known before it is loaded. */
  get isCoded(): boolean {
    return isDictionaryEncoding(this.#header!.encoding);
  }

  /** Passes over `n` values that are not NULL. */
  skipValues(n: number): void {
    this.#take(n);
    if (this.#values!.kind === 'codes' && this.env.kernels.hybrid_skip(this.#values!.address, n) < 0)
      throw this.#shortCodes();
  }

  /** Reads `n` codes of a coded page, each less than the dictionary's length. */
  readCodes(n: number, out: number): void {
    const { kernels } = this.env;
    this.#take(n);
    if (n === 0) return;
    const { length } = this.dictionary!;
    this.#checkCodes(kernels.hybrid_read(this.#values!.address, n, length, out));
  }

  /** Reads the codes of some of `n` rows, none of which is NULL: of the rows of a batch from `first` on, to where they stand. */
  pickCodes(n: number, first: number, { selection, selected }: Rows, out: number): void {
    this.#take(n);
    const { length } = this.dictionary!;
    const { kernels } = this.env;
    this.#checkCodes(kernels.hybrid_pick(this.#values!.address, n, length, first, selection, selected, out));
  }

  #checkCodes(status: number): void {
    if (status === -1) throw this.#shortCodes();
    if (status < 0) throw damaged(this.where, `a code beyond the ${this.dictionary!.length} values of the dictionary`);
  }

  /** Reads `n` values as the leaf's type. @param codes room for `n` codes, and 16 bytes */
  readValues(n: number, out: number, codes: number): void {
    const { kernels } = this.env;
    const values = this.#values!;
    if (values.kind === 'codes') {
      this.readCodes(n, codes);
      kernels.dictionary_values(codes, n, this.dictionary!.values.address, this.width, out);
      return;
    }
    const from = this.#take(n);
    if (values.kind === 'bits') kernels.bits_to_bytes(values.address, from, n, out);
    else {
      const stored = values.kind === 'refs' ? 8 : storedWidth(this.leaf);
      convertValues(this.env, this.leaf, values.address + from * stored, n, out, this.where);
    }
  }

  /** Counts `n` more values as taken; returns how many were before. */
  #take(n: number): number {
    const from = this.#taken;
    this.#taken += n;
    if (this.#taken > this.#valid) throw damaged(this.where, 'a page has fewer values than its levels say');
    return from;
  }

  #readFirstDictionary(): void {
    const header = this.input.next();
    if (header.kind === 'dictionary') this.#readDictionary(header);
    else this.input.pass();
  }

  #readDictionary(header: PageHeader): void {
    if (this.dictionary !== undefined) throw damaged(this.where, 'a second dictionary');
    const { env, leaf, where } = this;
    this.dictionary = readDictionary(env, leaf, this.input.take(), header.uncompressed, header.values, where);
  }

  #unlikeIndex(row: number): Error {
    return damaged(this.where, `the page of row ${row} is not as its index says`);
  }

  #shortCodes(): Error {
    return damaged(this.where, 'a page ends within its dictionary codes');
  }
}

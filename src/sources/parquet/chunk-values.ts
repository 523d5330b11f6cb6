import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { flatten } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import { ChunkDictionary, storeValues } from './chunk-dictionary.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { type StoredType, storedType } from './stored-type.ts';
import type { WriteEnvironment } from './write-environment.ts';

/** A data page ends after so many entries or bytes: readers skip pages, and decompress no more than one at once. */
const PAGE_ENTRIES = 20_480;
const PAGE_BYTES = 1 << 20;
/** A value that repeats less often is not worth a code. */
const LEAST_REPEATS = 5;
/** Row groups that do without a dictionary once one was of no use. */
const REST = 7;
const MOST_BYTES = 1 << 30;

/**
 * Where a data page ends: counted from the chunk's start, in rows, in entries (values and the places where one is missing),
 * in values, and in bytes of plain values.
 */
export type PageEnd = { rows: number; entries: number; values: number; bytes: number };

/** The values of a column chunk: codes of a dictionary as long as they repeat, else as they are stored. Knows nothing of NULLs. */
export class ChunkValues {
  readonly stored: StoredType;
  readonly pages: PageEnd[] = [];
  readonly codes: GrowingBuffer;
  readonly plain: GrowingBuffer;
  readonly #env: WriteEnvironment;
  readonly #type: DataType;
  readonly #name: string;
  readonly #groupRows: number;
  #dictionary: ChunkDictionary | undefined;
  #isCoded = false;
  /** Row groups to come that need not try a dictionary. */
  #rest = 0;
  #count = 0;

  /**
   * @param name the column's, for errors
   * @param groupRows rows of a row group
   */
  constructor(env: WriteEnvironment, type: DataType, name: string, groupRows: number) {
    this.stored = storedType(type);
    this.#env = env;
    this.#type = type;
    this.#name = name;
    this.#groupRows = groupRows;
    this.codes = new GrowingBuffer(env);
    this.plain = new GrowingBuffer(env);
    this.clear();
  }

  get count(): number {
    return this.#count;
  }

  /** The dictionary that `codes` belong to; undefined when the values are in `plain`. */
  get dictionary(): ChunkDictionary | undefined {
    return this.#isCoded ? this.#dictionary : undefined;
  }

  /** About how many bytes the pages will have. */
  get bytes(): number {
    const dictionary = this.dictionary;
    return dictionary === undefined ? this.plain.bytes : dictionary.bytes + this.#packedBytes(dictionary.count);
  }

  /** Bytes of memory that they have now, but for the dictionary, which has a most. */
  get heldBytes(): number {
    return this.codes.bytes + this.plain.bytes;
  }

  /** Begins a row group. */
  clear(): void {
    this.pages.length = 0;
    this.codes.clear();
    this.plain.clear();
    this.#count = 0;
    this.#isCoded = this.#rest === 0 && this.stored.width !== 1 && this.stored.width !== 12;
    if (this.#rest > 0) this.#rest--;
    if (this.#isCoded) this.#startDictionary();
  }

  /** Takes rows none of which is NULL. @throws RayexecError `unsupported`, `overflow`, `memory` */
  add(vector: Vector, rows: Rows): void {
    if (rows.selected === 0) return;
    if (!(this.#isCoded && this.#addCodes(vector, rows))) this.#addPlain(vector, rows);
    this.#count += rows.selected;
  }

  /** Ends the page if it is large enough. @param entries of the chunk's rows so far */
  endLargePage(rows: number, entries: number): void {
    const last = this.pages.at(-1);
    const isLarge =
      entries - (last?.entries ?? 0) >= PAGE_ENTRIES || this.plain.bytes - (last?.bytes ?? 0) >= PAGE_BYTES;
    if (isLarge) this.#endPage(rows, entries);
  }

  /** Ends the last page, and decides for good between codes and values. */
  finish(rows: number, entries: number): void {
    this.#endPage(rows, entries);
    const dictionary = this.dictionary;
    if (dictionary === undefined || this.#type.kind === 'enum') return;
    const plain = this.stored.width > 0 ? this.#count * this.stored.width : this.#textBytes(0, this.#count);
    if (dictionary.bytes + this.#packedBytes(dictionary.count) >= plain) this.#leaveCodes();
  }

  #endPage(rows: number, entries: number): void {
    if (entries === (this.pages.at(-1)?.entries ?? 0)) return;
    this.pages.push({ rows, entries, values: this.#count, bytes: this.plain.bytes });
    // Mostly different values so far: the dictionary would fill up.
    if (this.#isCoded && this.#dictionary!.count * 2 > this.#count && this.#type.kind !== 'enum') this.#leaveCodes();
  }

  #packedBytes(count: number): number {
    return (this.#count * (32 - Math.clz32(Math.max(1, count - 1)))) / 8;
  }

  #startDictionary(): void {
    const limit = Math.max(1024, Math.min(1 << 20, Math.floor(this.#groupRows / LEAST_REPEATS)));
    const type = this.#type;
    this.#dictionary ??= new ChunkDictionary(
      this.#env,
      this.stored,
      type.kind === 'enum' ? Math.max(1, type.values.length) : limit,
    );
    this.#dictionary.clear();
    if (type.kind === 'enum') this.#dictionary.addTexts(type.values);
  }

  /** False when the values are plain from now on; then these were not added. */
  #addCodes(vector: Vector, rows: Rows): boolean {
    const n = rows.selected;
    const out = this.codes.grow(n * 4);
    if (this.#type.kind === 'enum') {
      const { data, form } = vector.form === 'dictionary' ? flatten(this.#env, vector, rows) : vector;
      storeValues(this.#env, this.stored, data, form === 'constant' ? 0 : -1, rows.selection, n, out);
      return true;
    }
    if (this.#dictionary!.encode(vector, rows, out)) return true;
    this.codes.bytes -= n * 4;
    this.#leaveCodes();
    return false;
  }

  #addPlain(vector: Vector, rows: Rows): void {
    const { kernels } = this.#env;
    const { data, form } = vector.form === 'dictionary' ? flatten(this.#env, vector, rows) : vector;
    const mask = form === 'constant' ? 0 : -1;
    const { selection, selected: n } = rows;
    const { width } = this.stored;
    if (width > 0) storeValues(this.#env, this.stored, data, mask, selection, n, this.plain.grow(n * width));
    else {
      const bytes = kernels.text_bytes(data, mask, selection, n) + n * 4;
      kernels.plain_texts(data, mask, selection, n, this.#growPlain(bytes));
    }
  }

  /** The codes so far become plain values. */
  #leaveCodes(): void {
    const { kernels } = this.#env;
    const { values, offsets } = this.#dictionary!;
    const { width } = this.stored;
    let from = 0;
    for (const page of [...this.pages, { rows: 0, entries: 0, values: this.codes.bytes / 4, bytes: 0 }]) {
      const n = page.values - from;
      const codes = this.codes.address + from * 4;
      const out = this.#growPlain(width > 0 ? n * width : this.#textBytes(from, n));
      if (width > 0) kernels.dictionary_values(codes, n, values, width, out);
      else kernels.dictionary_texts(codes, n, values, offsets, out);
      page.bytes = this.plain.bytes;
      from = page.values;
    }
    this.codes.clear();
    this.#isCoded = false;
    this.#rest = REST;
  }

  /** Bytes of plain texts, with their lengths, of `n` codes. */
  #textBytes(from: number, n: number): number {
    return this.#env.kernels.dictionary_text_bytes(this.codes.address + from * 4, n, this.#dictionary!.offsets);
  }

  #growPlain(bytes: number): number {
    if (this.plain.bytes + bytes <= MOST_BYTES) return this.plain.grow(bytes);
    throw new RayexecError('unsupported', `the column '${this.#name}' has more than 1 GiB in one row group`, {
      hint: 'write smaller row groups, with row_group_size or row_group_size_bytes',
    });
  }
}

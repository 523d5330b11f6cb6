import { allRows, batchOf } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { Arena } from '../../memory/arena.ts';
import { type Split, sourceColumnName } from '../../plan/logical-plan.ts';
import type { ByteSource } from '../../platform/platform.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../../protocol/table-function.ts';
import { canSkip } from '../prune.ts';
import {
  type ParquetFile,
  type ParquetState,
  parquetState,
  type RowGroupState,
  rowGroupState,
} from './bound-parquet.ts';
import { type ColumnLayout, leavesOf } from './column-layout.ts';
import type { ColumnReader } from './column-reader.ts';
import { constantReader } from './constant-reader.ts';
import { fetchChunks } from './fetch-chunks.ts';
import { FlatReader } from './flat-reader.ts';
import { NestedReader } from './nested-reader.ts';
import { type PageBuffer, PageBuffers } from './page-buffers.ts';
import type { ChunkPlace, ReadEnvironment } from './read-environment.ts';
import { RowNumberReader } from './row-number-reader.ts';

/** Batches without a surviving row after which the driver gets its turn. */
const EMPTY_BATCHES = 16;

/**
 * Reads row groups. Columns that a filter needs are decoded for what the filters before it have left of a batch, all
 * others for what is left in the end. Vectors lie in the reader's own memory and are valid until the next `pull`.
 */
export class ParquetReader implements SplitReader {
  readonly #request: ScanRequest;
  readonly #ctx: OpenContext;
  readonly #env: ReadEnvironment;
  readonly #state: ParquetState;
  readonly #constants: Arena;
  /** Readers by layout, made when first needed. */
  readonly #byLayout = new Map<number, readonly (ColumnReader | undefined)[]>();
  #file: ByteSource | undefined;
  /** The file's number in the page cache; 0: its pages are not cached. */
  #cached = 0;
  #fetched: PageBuffer[] = [];
  #isClosed = false;
  #opening: Promise<void> | undefined;
  #failure: unknown;
  #readers: readonly ColumnReader[] = [];
  #index = 0;
  /** The row group that the readers are in: parts of it that come later are read without beginning anew. */
  #group: RowGroupState | undefined;
  /** Rows of the part, and how many of them were read. */
  #rows = 0;
  #at = 0;
  #wanted = 0;

  constructor(request: ScanRequest, ctx: OpenContext) {
    this.#request = request;
    this.#ctx = ctx;
    this.#state = parquetState(request.source);
    const { memory, kernels, platform, batchRows } = ctx;
    this.#env = {
      memory,
      kernels,
      platform,
      batchRows,
      buffers: new PageBuffers(memory, ctx.owner, memory.pages.open(ctx.owner)),
    };
    this.#constants = new Arena(memory, ctx.owner);
  }

  start(split: Split, index: number): void {
    this.#index = index;
    this.#wanted = this.#request.limit ?? Infinity;
    const { columns, filters } = this.#request;
    if (canSkip(filters, i => split.ranges?.[columns[i]!], split.rows)) {
      this.#finish();
      return;
    }
    const group = rowGroupState(split);
    if (this.#goOn(group)) return;
    this.#finish();
    const file = this.#state.files[group.file]!;
    if (this.#file?.path === file.path && this.#file.isRemote !== true) this.#begin(file, group, this.#file);
    else this.#opening = this.#open(file, group);
  }

  pull(): Step {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#opening !== undefined) return { status: 'pending', wake: this.#opening };
    for (let n = 0; this.#at < this.#rows && this.#wanted > 0 && !this.#ctx.cancelled(); n++) {
      // Nothing that the filters made of dropped rows is needed any longer.
      if (n > 0) this.#ctx.arena.reset();
      if (n === EMPTY_BATCHES) return { status: 'pending', wake: Promise.resolve() };
      const batch = this.#nextBatch();
      if (batch !== undefined) return batch;
    }
    return EXHAUSTED;
  }

  close(): void {
    this.#isClosed = true;
    this.#finish();
    this.#file?.close();
    this.#file = undefined;
    this.#constants.release();
    this.#env.buffers.close();
  }

  #nextBatch(): Step | undefined {
    const { narrows, select } = this.#request;
    const count = Math.min(this.#env.batchRows, this.#rows - this.#at, narrows ? Infinity : this.#wanted);
    this.#at += count;
    const columns: (Vector | undefined)[] = this.#readers.map(() => undefined);
    const rows = select(columns, allRows(count), (i, wanted) => this.#readers[i]!.read(count, wanted));
    if (rows.selected === 0) {
      for (const [i, reader] of this.#readers.entries()) if (columns[i] === undefined) reader.skip(count);
      return undefined;
    }
    this.#wanted -= rows.selected;
    const all = columns.map((vector, i) => vector ?? this.#readers[i]!.read(count, rows));
    return ready(batchOf(rows, all, this.#index));
  }

  /** Whether the part is one of the row group that the readers are in, and lies ahead: they pass over what is between. */
  #goOn(part: RowGroupState): boolean {
    const group = this.#group;
    if (group === undefined || group.file !== part.file || group.group !== part.group) return false;
    const between = part.from - (group.from + this.#at);
    if (between < 0) return false;
    for (const reader of this.#readers) reader.skip(between);
    this.#setPart(part);
    return true;
  }

  #setPart(part: RowGroupState): void {
    this.#group = part;
    this.#rows = part.rows;
    this.#at = 0;
  }

  async #open(file: ParquetFile, group: RowGroupState): Promise<void> {
    try {
      if (this.#file?.path !== file.path) {
        this.#file?.close();
        this.#file = undefined;
        const source = await this.#env.platform.open(file.path);
        if (this.#isClosed) return source.close();
        this.#file = source;
        this.#cached = this.#cachedFile(source);
      }
      const source = this.#file!;
      if (source.isRemote === true) await this.#beginRemote(file, group, source);
      else this.#begin(file, group, source);
    } catch (e) {
      this.#failure = e;
    } finally {
      this.#opening = undefined;
    }
  }

  #begin(file: ParquetFile, group: RowGroupState, source: ByteSource): void {
    this.#readers = this.#readersFor(file, group);
    this.#readers.forEach((reader, i) => {
      const places = this.#places(file, group, i);
      reader.start(places);
      reader.skip(group.from);
      reader.pages.forEach((pages, k) => void pages.input.chunk.open(source, places[k]!));
    });
    this.#setPart(group);
  }

  async #beginRemote(file: ParquetFile, group: RowGroupState, source: ByteSource): Promise<void> {
    const readers = this.#readersFor(file, group);
    const places = readers.map((_, i) => this.#places(file, group, i));
    const flat = places.flat();
    const ranges = await fetchChunks(source, flat);
    if (this.#isClosed) return;
    const addresses: number[] = [];
    for (const { from, bytes, chunks } of ranges) {
      const buffer = this.#env.buffers.take(bytes.length);
      this.#fetched.push(buffer);
      this.#env.memory.u8.set(bytes, buffer.address);
      for (const i of chunks) addresses[i] = buffer.address + (flat[i]!.offset - from);
    }
    let next = 0;
    readers.forEach((reader, i) => {
      reader.start(places[i]!);
      reader.skip(group.from);
      reader.pages.forEach((pages, k) => void pages.input.chunk.attach(addresses[next++]!, places[i]![k]!));
    });
    this.#readers = readers;
    this.#setPart(group);
  }

  #readersFor(file: ParquetFile, { before }: RowGroupState): readonly ColumnReader[] {
    const { columns, types } = this.#request;
    const layout = this.#state.layouts[file.layout]!;
    let known = this.#byLayout.get(file.layout);
    if (known === undefined) {
      known = columns.map(c => this.#newReader(layout[c] ?? null));
      this.#byLayout.set(file.layout, known);
    }
    this.#constants.reset();
    return columns.map((c, i) => {
      if (c === this.#state.rowNumbers) return new RowNumberReader(this.#env, this.#constants, before);
      const constant = file.constants[c];
      if (constant === undefined && known[i] !== undefined) return known[i];
      return constantReader(this.#env.memory, this.#constants, constant ?? { type: types[i]!, value: null });
    });
  }

  /** What a remote file's pages cost was paid when its chunks were fetched. */
  #cachedFile({ path, version, isRemote }: ByteSource): number {
    const { cached } = this.#env.buffers;
    if (cached === undefined || version === undefined || isRemote === true) return 0;
    return cached.file(`${path}\n${version}`);
  }

  /** Undefined for columns whose value is always the same. */
  #newReader(layout: ColumnLayout | null): ColumnReader | undefined {
    if (layout === null || layout.type.kind === 'null') return undefined;
    if (layout.kind === 'leaf' && layout.rep === 0 && layout.def <= 1) return new FlatReader(this.#env, layout);
    return new NestedReader(this.#env, layout);
  }

  /** Where the pages of a wanted column are: one place for each leaf. */
  #places(file: ParquetFile, group: RowGroupState, i: number): readonly ChunkPlace[] {
    const column = this.#request.columns[i]!;
    const layout = this.#state.layouts[file.layout]![column];
    if (layout == null || layout.type.kind === 'null' || file.constants[column] !== undefined) return [];
    const name = sourceColumnName(this.#request.source, column);
    const where = `${file.path}, row group ${group.group}, column '${name}'`;
    return leavesOf(layout).map(({ leaf }) => {
      const [offset, length, codec, values, uncompressed] = group.chunks[leaf]!;
      return { offset, length, codec, values, uncompressed, file: this.#cached, where };
    });
  }

  #finish(): void {
    for (const reader of this.#readers) reader.finish();
    for (const buffer of this.#fetched) this.#env.buffers.give(buffer);
    this.#readers = [];
    this.#fetched = [];
    this.#group = undefined;
    this.#rows = 0;
    this.#at = 0;
    this.#env.buffers.trim();
  }
}

import { allRows, batchOf } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { Arena } from '../../memory/arena.ts';
import { type Split, sourceColumnName } from '../../plan/logical-plan.ts';
import type { ByteSource } from '../../platform/platform.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../../protocol/table-function.ts';
import { canSkip } from '../prune.ts';
import { attachRemote } from './attach-remote.ts';
import {
  type ParquetFile,
  type ParquetState,
  parquetState,
  type RowGroupState,
  rowGroupState,
} from './bound-parquet.ts';
import { chunkParts } from './chunk-parts.ts';
import { type ColumnLayout, isFlat, type LeafLayout, leavesOf } from './column-layout.ts';
import type { ColumnReader } from './column-reader.ts';
import { constantReader } from './constant-reader.ts';
import { FlatReader } from './flat-reader.ts';
import { GroupPages } from './group-pages.ts';
import type { RowRange } from './matching-rows.ts';
import { NestedReader } from './nested-reader.ts';
import { type PageBuffer, PageBuffers } from './page-buffers.ts';
import { PagePruning } from './page-pruning.ts';
import type { ChunkPlace, ReadEnvironment } from './read-environment.ts';
import { RowNumberReader } from './row-number-reader.ts';

/** Batches without a surviving row after which the driver gets its turn. */
const EMPTY_BATCHES = 16;
/** A remote row group with fewer bytes is read as a whole: to ask first which of its pages may match takes a round trip. */
const LEAST_ASKED_BYTES = 256 * 1024;

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
  readonly #pruning: PagePruning;
  /** Readers by layout, made when first needed. */
  readonly #byLayout = new Map<number, readonly (ColumnReader | undefined)[]>();
  #file: ByteSource | undefined;
  /** The numbers in the page cache of the file's pages, or of its bytes if it is a remote one; 0: they are not cached. */
  #cachedPages = 0;
  #cachedBytes = 0;
  #fetched: PageBuffer[] = [];
  #isClosed = false;
  #opening: Promise<void> | undefined;
  #failure: unknown;
  #readers: readonly ColumnReader[] = [];
  #index = 0;
  #split: Split | undefined;
  /** The row group that is read: parts of it that come later are read without beginning anew. */
  #group: RowGroupState | undefined;
  #pages: GroupPages | undefined;
  /** Whether the readers are in it. */
  #isReading = false;
  /** The part's rows that may match and were not read yet. */
  #ranges: RowRange[] = [];
  /** The row of the row group that the readers are at. */
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
    this.#pruning = new PagePruning(request);
  }

  start(split: Split, index: number): void {
    this.#index = index;
    this.#split = split;
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
    if (this.#file?.path === file.path && this.#file.isRemote !== true) this.#begin(group, this.#file);
    else this.#opening = this.#open(file, group);
  }

  pull(): Step {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#opening !== undefined) return { status: 'pending', wake: this.#opening };
    for (let n = 0; this.#wanted > 0 && this.#seek() && !this.#ctx.cancelled(); n++) {
      // Nothing that the filters made of dropped rows is needed any longer.
      if (n > 0) this.#ctx.arena.reset();
      if (n === EMPTY_BATCHES) return { status: 'pending', wake: Promise.resolve() };
      const batch = this.#nextBatch();
      if (batch !== undefined) return batch;
    }
    return EXHAUSTED;
  }

  counts(): Readonly<Record<string, number>> {
    const { passed } = this.#pruning;
    return passed > 0 ? { 'pages passed over': passed } : {};
  }

  close(): void {
    this.#isClosed = true;
    this.#finish();
    this.#file?.close();
    this.#file = undefined;
    this.#constants.release();
    this.#env.buffers.close();
  }

  /** Goes to the next row that may match; false when the part has none left. */
  #seek(): boolean {
    while (this.#ranges[0] !== undefined && this.#ranges[0].end <= this.#at) this.#ranges.shift();
    const range = this.#ranges[0];
    if (range === undefined) return false;
    if (range.from > this.#at) {
      for (const reader of this.#readers) reader.skip(range.from - this.#at);
      this.#at = range.from;
    }
    return true;
  }

  #nextBatch(): Step | undefined {
    const { narrows, select } = this.#request;
    const count = Math.min(this.#env.batchRows, this.#ranges[0]!.end - this.#at, narrows ? Infinity : this.#wanted);
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

  /** Whether the part is one of the row group that is read, and lies ahead: readers pass over what is between. */
  #goOn(part: RowGroupState): boolean {
    const group = this.#group;
    if (group === undefined || group.file !== part.file || group.group !== part.group) return false;
    if (part.from < this.#at) return false;
    this.#setPart(part);
    return true;
  }

  /** Goes to a part of a local file's row group. */
  #setPart(part: RowGroupState): void {
    this.#group = part;
    this.#ranges = [...this.#pruning.matching(part, this.#split!, this.#pages!)];
    if (this.#isReading || this.#ranges.length === 0) return;
    this.#isReading = true;
    this.#readers = this.#readersFor(part);
    this.#readers.forEach((reader, i) => {
      const places = this.#places(part, i);
      reader.start(places);
      reader.pages.forEach((pages, k) => void pages.input.chunk.open(this.#file!, places[k]!));
    });
  }

  async #open(file: ParquetFile, group: RowGroupState): Promise<void> {
    try {
      if (this.#file?.path !== file.path) {
        this.#file?.close();
        this.#file = undefined;
        const source = await this.#env.platform.open(file.path);
        if (this.#isClosed) return source.close();
        this.#file = source;
        this.#findInCache(source);
      }
      const source = this.#file!;
      if (source.isRemote === true) await this.#beginRemote(group, source);
      else this.#begin(group, source);
    } catch (e) {
      this.#failure = e;
    } finally {
      this.#opening = undefined;
    }
  }

  #begin(part: RowGroupState, source: ByteSource): void {
    this.#pages = new GroupPages(part, source, this.#env.platform);
    this.#pages.readNow(this.#pruning.leaves(part));
    this.#setPart(part);
  }

  /** Fetches the pages of all columns that may match. */
  async #beginRemote(part: RowGroupState, source: ByteSource): Promise<void> {
    this.#pages = new GroupPages(part, source, this.#env.platform);
    const places = this.#request.columns.map((_, i) => this.#places(part, i));
    const flat = places.flat();
    const pruning = this.#pruning.leaves(part);
    if (pruning.length > 0 && flat.reduce((sum, p) => sum + p.length, 0) >= LEAST_ASKED_BYTES)
      await this.#pages.fetch(this.#flatLeaves(part), pruning);
    const ranges = this.#pruning.matching(part, this.#split!, this.#pages);
    if (this.#isClosed || ranges.length === 0) return;
    const parts = flat.map(place => {
      const pages = place.locate(0);
      return pages === undefined ? [place] : chunkParts(place, pages, ranges);
    });
    const attached = await attachRemote(this.#env, source, this.#cachedBytes, parts, () => this.#isClosed);
    if (attached === undefined) return;
    this.#fetched.push(...attached.buffers);
    this.#readers = this.#readersFor(part);
    let next = 0;
    this.#readers.forEach((reader, i) => {
      reader.start(places[i]!);
      reader.pages.forEach((pages, k) => void pages.input.chunk.attach(attached.parts[next++]!, places[i]![k]!));
    });
    this.#group = part;
    this.#ranges = [...ranges];
  }

  #flatLeaves({ file }: RowGroupState): readonly LeafLayout[] {
    const layout = this.#state.layouts[this.#state.files[file]!.layout]!;
    return this.#request.columns.flatMap(c => {
      const column = layout[c];
      return column != null && isFlat(column) ? [column] : [];
    });
  }

  #readersFor({ file: index, before }: RowGroupState): readonly ColumnReader[] {
    const file = this.#state.files[index]!;
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

  /** Of remote files bytes are kept as they were fetched: there time is lost by waiting, rather than by decompressing. */
  #findInCache({ path, version, isRemote }: ByteSource): void {
    const { cached } = this.#env.buffers;
    const isKept = cached !== undefined && version !== undefined;
    this.#cachedPages = isKept && isRemote !== true ? cached.file(`${path}\n${version}`) : 0;
    this.#cachedBytes = isKept && isRemote === true ? cached.file(`${path}\n${version}`) : 0;
  }

  /** Undefined for columns whose value is always the same. */
  #newReader(layout: ColumnLayout | null): ColumnReader | undefined {
    if (layout === null || layout.type.kind === 'null') return undefined;
    if (isFlat(layout)) return new FlatReader(this.#env, layout);
    return new NestedReader(this.#env, layout);
  }

  /** Where the pages of a wanted column are: one place for each leaf. */
  #places(group: RowGroupState, i: number): readonly ChunkPlace[] {
    const file = this.#state.files[group.file]!;
    const pages = this.#pages!;
    const column = this.#request.columns[i]!;
    const layout = this.#state.layouts[file.layout]![column];
    if (layout == null || layout.type.kind === 'null' || file.constants[column] !== undefined) return [];
    const name = sourceColumnName(this.#request.source, column);
    const where = `${file.path}, row group ${group.group}, column '${name}'`;
    return leavesOf(layout).map(leaf => {
      const [offset, length, codec, values, uncompressed] = group.chunks[leaf.leaf]!;
      const locate = (rows: number) => (isFlat(layout) ? pages.locate(leaf, rows) : undefined);
      return { offset, length, codec, values, uncompressed, file: this.#cachedPages, locate, where };
    });
  }

  #finish(): void {
    for (const reader of this.#readers) reader.finish();
    for (const buffer of this.#fetched) this.#env.buffers.give(buffer);
    this.#readers = [];
    this.#fetched = [];
    this.#group = undefined;
    this.#pages = undefined;
    this.#isReading = false;
    this.#ranges = [];
    this.#at = 0;
    this.#env.buffers.trim();
  }
}

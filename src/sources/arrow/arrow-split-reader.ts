import type * as Arrow from 'apache-arrow';
import { allRows } from '../../batch/batch.ts';
import { asConstant, buildConstant } from '../../batch/builder.ts';
import { ArrowReader } from '../../batch/from-arrow.ts';
import type { ArrowLibrary } from '../../batch/to-arrow.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { Arena } from '../../memory/arena.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../../protocol/table-function.ts';
import { scalarToRaw } from '../../types/raw-value.ts';
import { useCodecs } from './arrow-codecs.ts';
import { type ArrowFileState, arrowSplit, arrowState } from './bound-arrow.ts';
import { type ArrowFile, guarded, openArrow, readArrowFile } from './open-arrow.ts';

/** Batches without a surviving row after which the driver gets its turn. */
const EMPTY_BATCHES = 16;

/** Reads record batches in parts of a batch's size; the filters' columns first. */
export class ArrowSplitReader implements SplitReader {
  readonly #request: ScanRequest;
  readonly #ctx: OpenContext;
  readonly #files: readonly ArrowFileState[];
  readonly #isFilterColumn: readonly boolean[];
  /** Dictionaries and constant columns of the open file. */
  readonly #fixed: Arena;
  #arrow: ArrowLibrary | undefined;
  #bytes: Uint8Array | undefined;
  #file = -1;
  #reader: ArrowFile | undefined;
  #converter: ArrowReader | undefined;
  /** Dictionaries whose texts were looked at. */
  readonly #checked = new WeakSet<Vector>();
  #constants: readonly (Vector | undefined)[] = [];
  /** What is left of a stream. */
  #stream: Iterator<Arrow.RecordBatch> | undefined;
  #batch: Arrow.RecordBatch | undefined;
  #at = 0;
  #index = 0;
  #wanted = 0;
  #waiting: Promise<void> | undefined;
  #failure: unknown;
  #isClosed = false;

  constructor(request: ScanRequest, ctx: OpenContext) {
    this.#request = request;
    this.#ctx = ctx;
    this.#files = arrowState(request.source).files;
    this.#fixed = new Arena(ctx.memory, ctx.owner);
    this.#isFilterColumn = request.columns.map((_, i) => request.narrows && request.filterColumns.includes(i));
  }

  start(split: Split, index: number): void {
    this.#index = index;
    this.#wanted = this.#request.limit ?? Number.POSITIVE_INFINITY;
    this.#batch = undefined;
    this.#stream = undefined;
    const { file, batch } = arrowSplit(split);
    if (this.#file === file && batch !== null) this.#begin(batch);
    else {
      this.#waiting = this.#open(file)
        .then(() => this.#begin(batch))
        .catch(e => {
          this.#failure = e;
        })
        .finally(() => {
          this.#waiting = undefined;
        });
    }
  }

  pull(): Step {
    for (let empty = 0; ; ) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#waiting !== undefined) return { status: 'pending', wake: this.#waiting };
      if (this.#wanted <= 0 || this.#ctx.cancelled() || !this.#hasRows()) return EXHAUSTED;
      const step = this.#nextBatch();
      if (step !== undefined) return step;
      this.#ctx.arena.reset();
      if (++empty === EMPTY_BATCHES) return { status: 'pending', wake: Promise.resolve() };
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#batch = undefined;
    this.#stream = undefined;
    this.#reader = undefined;
    this.#bytes = undefined;
    this.#fixed.release();
  }

  async #open(file: number): Promise<void> {
    this.#file = -1;
    const { path, constants, places } = this.#files[file]!;
    this.#arrow ??= await import('apache-arrow');
    this.#bytes = await readArrowFile(path, this.#ctx.platform);
    if (this.#isClosed) return;
    const { memory } = this.#ctx;
    this.#fixed.reset();
    useCodecs(this.#arrow, this.#ctx);
    this.#reader = openArrow(this.#arrow, this.#bytes, path);
    this.#converter = new ArrowReader(this.#arrow, { memory, arena: this.#fixed });
    this.#constants = this.#request.columns.map((c, i) => {
      const type = this.#request.types[i]!;
      const constant = constants[c] ?? (places[c]! < 0 ? { type, value: null } : undefined);
      return constant && buildConstant({ memory, arena: this.#fixed }, type, scalarToRaw(constant), 1);
    });
    this.#file = file;
  }

  #begin(batch: number | null): void {
    if (this.#isClosed) return;
    const { path } = this.#files[this.#file]!;
    guarded(path, () => {
      useCodecs(this.#arrow!, this.#ctx);
      if (batch === null) this.#stream = this.#reader![Symbol.iterator]();
      else this.#take((this.#reader as Arrow.RecordBatchFileReader).readRecordBatch(batch) ?? undefined);
    });
  }

  #take(batch: Arrow.RecordBatch | undefined): void {
    this.#batch = batch;
    this.#at = 0;
  }

  #hasRows(): boolean {
    while (this.#batch === undefined || this.#at >= this.#batch.numRows) {
      const stream = this.#stream;
      if (stream === undefined) return false;
      const next = guarded(this.#files[this.#file]!.path, () => {
        useCodecs(this.#arrow!, this.#ctx);
        return stream.next();
      });
      if (next.done === true) return false;
      this.#take(next.value);
    }
    return true;
  }

  #nextBatch(): Step | undefined {
    const { narrows, select } = this.#request;
    const most = narrows ? this.#ctx.batchRows : Math.min(this.#ctx.batchRows, this.#wanted);
    const from = this.#at;
    const count = Math.min(most, this.#batch!.numRows - from);
    this.#at += count;
    const columns: (Vector | undefined)[] = this.#isFilterColumn.map((wanted, i) =>
      wanted ? this.#column(i, from, count) : undefined,
    );
    const rows = narrows ? select(columns, allRows(count)) : allRows(count);
    if (rows.selected === 0) return undefined;
    this.#wanted -= rows.selected;
    const all = columns.map((vector, i) => vector ?? this.#column(i, from, count));
    return ready({ ...rows, columns: all, split: this.#index });
  }

  #column(i: number, from: number, count: number): Vector {
    const constant = this.#constants[i];
    if (constant !== undefined) return asConstant(constant, count);
    const { path, places } = this.#files[this.#file]!;
    const data = this.#batch!.data.children[places[this.#request.columns[i]!]!];
    return guarded(path, () => {
      if (data === undefined || data.length < from + count) {
        throw new RayexecError('format', 'a record batch has too few columns or rows');
      }
      const vector = this.#converter!.read(this.#ctx, data, from, count);
      this.#checkTexts(vector);
      return vector;
    });
  }

  /** Kernels rely on texts that are UTF-8. */
  #checkTexts(vector: Vector): void {
    const { dictionary } = vector;
    if (dictionary !== undefined) {
      if (!this.#checked.has(dictionary)) this.#checkTexts(dictionary);
      this.#checked.add(dictionary);
      return;
    }
    for (const child of vector.children) this.#checkTexts(child);
    if (vector.type.kind !== 'utf8' && vector.type.kind !== 'json') return;
    if (this.#ctx.kernels.invalid_utf8_ref(vector.data, vector.length) >= 0) {
      throw new RayexecError('format', 'a text is not valid UTF-8');
    }
  }
}

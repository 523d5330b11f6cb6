import { allRows, batchOf, type Rows } from '../batch/batch.ts';
import { asConstant, buildConstant } from '../batch/builder.ts';
import type { Vector } from '../batch/vector.ts';
import { RayexecError } from '../common/errors.ts';
import { Arena } from '../memory/arena.ts';
import type { Split } from '../plan/logical-plan.ts';
import type { ByteSource } from '../platform/platform.ts';
import type { OpenContext } from '../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../protocol/table-function.ts';
import { scalarToRaw } from '../types/raw-value.ts';
import type { Scalar } from '../types/scalar.ts';
import { typeName } from '../types/type-name.ts';
import { shownText, textPosition } from './text-error.ts';
import { openText } from './text-file.ts';
import { TextWindow } from './text-window.ts';

/** Batches without a surviving row after which the driver gets its turn. */
const EMPTY_BATCHES = 16;

/** A file as any format of text sees it. */
export type TextFile = {
  readonly path: string;
  readonly isGzip: boolean;
  /** Values that are the same for all rows, by the source's column. */
  readonly constants: Readonly<Record<number, Scalar>>;
};

/** A range of a file that holds whole records. */
export type TextSplit = { readonly file: number; readonly from: number; readonly to: number };

/** Why a parser gives no rows: the text ends within a record, or for good, or there is an error. */
export type Stopped = 'more' | 'done' | BadRecord;
type BadRecord = { readonly address: number; readonly summary: string; readonly hint: string | undefined };

/** What is particular to a format: finds records in text, and the values of a column. */
export type RecordParser = {
  /** Begins with a file; `fixed` holds what stays until the next one. */
  readonly prepare: (file: number, fixed: Arena) => void;
  /** Finds up to `most` records in the window, and moves it on. Returns how many, or why there is none. */
  readonly next: (window: TextWindow, most: number) => number | Stopped;
  /** Whether a wanted column is in the file. */
  readonly has: (column: number) => boolean;
  /** The values of a wanted column for these rows of the records found last. @param onBad takes text that is none */
  readonly column: (column: number, rows: Rows, onBad: (position: number, text: string) => void) => Vector;
  /** The address of a record's text; also of the one behind the last. */
  readonly recordAt: (position: number) => number;
  /** The address behind a record's text. */
  readonly recordEnd: (position: number) => number;
  /** What helps when a text does not fit a column's type. */
  readonly typeHint: (column: number) => string;
  readonly close: () => void;
};

export type TextSettings = {
  readonly files: readonly TextFile[];
  readonly ignoreErrors: boolean;
  readonly maxRecordBytes: number;
  readonly longRecordHint: string;
  readonly newline: (file: number) => string;
};

/**
 * Reads ranges of text files with a parser of their format: the filters' columns first, the others for rows that are
 * left. Texts are references into the window, valid until the next `pull`.
 */
export class TextReader implements SplitReader {
  readonly #request: ScanRequest;
  readonly #ctx: OpenContext;
  readonly #settings: TextSettings;
  readonly #parser: RecordParser;
  readonly #window: TextWindow;
  readonly #fixed: Arena;
  readonly #isFilterColumn: readonly boolean[];
  #source: ByteSource | undefined;
  #file = -1;
  #constants: readonly (Vector | undefined)[] = [];
  #waiting: Promise<void> | undefined;
  #failure: unknown;
  #isClosed = false;
  #isDone = true;
  #index = 0;
  #wanted = 0;
  /** Positions of the batch that `ignore_errors` leaves out. */
  #bad: Set<number> | undefined;

  constructor(request: ScanRequest, ctx: OpenContext, settings: TextSettings, parser: RecordParser) {
    this.#request = request;
    this.#ctx = ctx;
    this.#settings = settings;
    this.#parser = parser;
    // Several clones take turns at the file's parts, and are as many as there are cores to read.
    this.#window = new TextWindow(ctx.memory, ctx.owner, ctx.partitions === 1 && request.limit === undefined);
    this.#fixed = new Arena(ctx.memory, ctx.owner);
    this.#isFilterColumn = request.columns.map((_, i) => request.narrows && request.filterColumns.includes(i));
  }

  start(split: Split, index: number): void {
    this.#index = index;
    this.#wanted = this.#request.limit ?? Number.POSITIVE_INFINITY;
    const { file, from, to } = split.state as unknown as TextSplit;
    if (this.#source !== undefined && this.#file === file) this.#begin(this.#source, from, to);
    else this.#wait(this.#open(file, from, to));
  }

  pull(): Step {
    for (let empty = 0; ; ) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#waiting !== undefined) return { status: 'pending', wake: this.#waiting };
      if (this.#isDone || this.#wanted <= 0 || this.#ctx.cancelled()) return EXHAUSTED;
      const found = this.#parser.next(this.#window, this.#most());
      if (found === 'done') this.#isDone = true;
      else if (found === 'more') this.#fill();
      else if (typeof found === 'object') {
        throw new RayexecError('format', found.summary, { where: this.#where(found.address), hint: found.hint });
      } else {
        const step = this.#batch(found);
        if (step !== undefined) return step;
        // Nothing that the filters made of dropped rows is needed any longer.
        this.#ctx.arena.reset();
        if (++empty === EMPTY_BATCHES) return { status: 'pending', wake: Promise.resolve() };
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#isDone = true;
    this.#source?.close();
    this.#source = undefined;
    this.#window.close();
    this.#parser.close();
    this.#fixed.release();
  }

  async #open(index: number, from: number, to: number): Promise<void> {
    this.#source?.close();
    this.#source = undefined;
    this.#isDone = true;
    const file = this.#settings.files[index]!;
    const source = await openText(file.path, file.isGzip ? 'gzip' : 'none', this.#ctx.platform);
    if (this.#isClosed) {
      source.close();
      return;
    }
    this.#source = source;
    this.#file = index;
    this.#fixed.reset();
    this.#parser.prepare(index, this.#fixed);
    const { columns, types } = this.#request;
    this.#constants = columns.map((c, i) => {
      const type = types[i]!;
      const constant = file.constants[c] ?? (this.#parser.has(c) ? undefined : { type, value: null });
      return (
        constant && buildConstant({ memory: this.#ctx.memory, arena: this.#fixed }, type, scalarToRaw(constant), 1)
      );
    });
    this.#begin(source, from, to);
  }

  #begin(source: ByteSource, from: number, to: number): void {
    this.#window.open(source, from, to);
    this.#isDone = false;
  }

  #fill(): void {
    const { maxRecordBytes, longRecordHint } = this.#settings;
    if (this.#window.end - this.#window.at > maxRecordBytes) {
      throw new RayexecError('format', `a record is longer than ${maxRecordBytes} bytes`, {
        where: this.#where(this.#window.at),
        hint: longRecordHint,
      });
    }
    const reading = this.#window.fill();
    if (reading !== undefined) this.#wait(reading);
  }

  #wait(promise: Promise<void>): void {
    this.#waiting = promise.then(
      () => {
        this.#waiting = undefined;
      },
      e => {
        this.#waiting = undefined;
        this.#failure = e;
      },
    );
  }

  /** Rows that are worth reading at once. */
  #most(): number {
    const isExact = !this.#request.narrows && !this.#settings.ignoreErrors;
    return isExact ? Math.min(this.#ctx.batchRows, this.#wanted) : this.#ctx.batchRows;
  }

  #batch(count: number): Step | undefined {
    const { narrows, select } = this.#request;
    this.#bad = undefined;
    this.#checkUtf8(count);
    const all = allRows(count);
    const columns: (Vector | undefined)[] = this.#isFilterColumn.map((wanted, i) =>
      wanted ? this.#column(i, all) : undefined,
    );
    const chosen = narrows ? select(columns, all) : all;
    if (chosen.selected === 0) return undefined;
    const vectors = columns.map((vector, i) => vector ?? this.#column(i, chosen));
    const rows = this.#withoutBad(chosen);
    if (rows.selected === 0) return undefined;
    this.#wanted -= rows.selected;
    return ready(batchOf(rows, vectors, this.#index));
  }

  #column(i: number, rows: Rows): Vector {
    const constant = this.#constants[i];
    if (constant !== undefined) return asConstant(constant, rows.count);
    return this.#parser.column(i, rows, (position, text) => {
      if (!this.#settings.ignoreErrors) throw this.#badValue(i, position, text);
      this.#drop(position);
    });
  }

  /** Other kernels rely on texts that are UTF-8. */
  #checkUtf8(count: number): void {
    const { kernels, memory, arena } = this.#ctx;
    const { recordAt, recordEnd } = this.#parser;
    const from = recordAt(0);
    const length = recordAt(count) - from;
    if (length <= 0 || kernels.ascii_only(from, length) === 1) return;
    const refs = arena.alloc(count * 8);
    const { u32 } = memory;
    for (let r = 0; r < count; r++) {
      u32[(refs >>> 2) + 2 * r] = recordAt(r);
      u32[(refs >>> 2) + 2 * r + 1] = recordEnd(r) - recordAt(r);
    }
    for (let r = 0; r < count; r++) {
      const found = kernels.invalid_utf8_ref(refs + 8 * r, count - r);
      if (found < 0) return;
      r += found;
      if (!this.#settings.ignoreErrors) {
        const hint = 'convert the file to UTF-8; ignore_errors = true leaves such rows out';
        throw new RayexecError('format', 'the text is not valid UTF-8', { where: this.#where(recordAt(r)), hint });
      }
      this.#drop(r);
    }
  }

  #drop(position: number): void {
    this.#bad ??= new Set();
    this.#bad.add(position);
  }

  #withoutBad(rows: Rows): Rows {
    const bad = this.#bad;
    if (bad === undefined) return rows;
    const { memory, arena } = this.#ctx;
    const selection = arena.alloc(rows.selected * 2 + 2);
    const { u16 } = memory;
    let selected = 0;
    for (let j = 0; j < rows.selected; j++) {
      const position = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
      if (!bad.has(position)) u16[(selection >>> 1) + selected++] = position;
    }
    return { count: rows.count, selection, selected };
  }

  #where(address: number): string {
    return textPosition(this.#source!, this.#window.offsetOf(address), this.#settings.newline(this.#file));
  }

  #badValue(i: number, position: number, text: string): RayexecError {
    const { name } = this.#request.source.schema[this.#request.columns[i]!]!;
    const where = `${this.#where(this.#parser.recordAt(position))}, column '${name}'`;
    const summary = `${shownText(text)} is no ${typeName(this.#request.types[i]!)}`;
    return new RayexecError('conversion', summary, { where, hint: this.#parser.typeHint(i) });
  }
}

import { allRows, type Rows } from '../../batch/batch.ts';
import { asConstant, buildConstant, buildVector } from '../../batch/builder.ts';
import { scalarToRaw } from '../../batch/raw-value.ts';
import type { Vector } from '../../batch/vector.ts';
import type { RayexecError } from '../../common/errors.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import { Arena } from '../../memory/arena.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { ByteSource } from '../../platform/platform.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../../protocol/table-function.ts';
import { UTF8 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { parseColumn } from '../parse-column.ts';
import { shownText, textError, textPosition } from '../text-error.ts';
import { openText } from '../text-file.ts';
import { TextWindow } from '../text-window.ts';
import { type CsvFile, type CsvState, csvSplit, csvState } from './bound-csv.ts';
import { dialectBytes } from './dialect.ts';

/** Batches without a surviving row after which the driver gets its turn. */
const EMPTY_BATCHES = 16;
/** Bounds of fields that are kept at once, so that they stay in the cache for files with many columns. */
const MOST_BOUNDS = 1 << 18;

// Why csv_rows stopped.
const MORE = 1;
const DONE = 2;
const RAGGED = 3;
const UNTERMINATED = 4;

const PAD = 1;
const SKIP = 2;

/**
 * Reads blocks of CSV files: finds the fields of a batch of records, and parses the wanted columns of those rows that
 * the filters leave. Texts are references into the window, valid until the next `pull`.
 */
export class CsvReader implements SplitReader {
  readonly #request: ScanRequest;
  readonly #ctx: OpenContext;
  readonly #state: CsvState;
  readonly #window: TextWindow;
  /** Dialect and null texts of the open file, and constant columns. */
  readonly #fixed: Arena;
  readonly #flags: number;
  readonly #isFilterColumn: readonly boolean[];
  #source: ByteSource | undefined;
  #file: CsvFile | undefined;
  #fileIndex = -1;
  #constants: readonly (Vector | undefined)[] = [];
  #kernelState = 0;
  #dialect = 0;
  #nulls = 0;
  #bounds = 0;
  #boundsBytes = 0;
  #batchRows = 0;
  #opening: Promise<void> | undefined;
  #failure: unknown;
  #isClosed = false;
  #isDone = true;
  #index = 0;
  #wanted = 0;
  /** Positions of the batch that `ignore_errors` leaves out. */
  #bad: Set<number> | undefined;

  constructor(request: ScanRequest, ctx: OpenContext) {
    this.#request = request;
    this.#ctx = ctx;
    this.#state = csvState(request.source);
    this.#window = new TextWindow(ctx.memory, ctx.owner);
    this.#fixed = new Arena(ctx.memory, ctx.owner);
    this.#flags = (this.#state.nullPadding ? PAD : 0) | (this.#state.ignoreErrors ? SKIP : 0);
    const hasFilters = request.filters.length > 0;
    this.#isFilterColumn = request.columns.map((_, i) => hasFilters && request.filterColumns.includes(i));
  }

  start(split: Split, index: number): void {
    this.#index = index;
    this.#wanted = this.#request.limit ?? Number.POSITIVE_INFINITY;
    const { file, from, to } = csvSplit(split);
    if (this.#source !== undefined && this.#fileIndex === file) {
      this.#begin(from, to);
      return;
    }
    this.#opening = this.#open(file).then(
      () => {
        this.#opening = undefined;
        if (!this.#isClosed) this.#begin(from, to);
      },
      e => {
        this.#opening = undefined;
        this.#failure = e;
      },
    );
  }

  pull(): Step {
    for (let empty = 0; ; ) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#opening !== undefined) return { status: 'pending', wake: this.#opening };
      if (this.#isDone || this.#wanted <= 0 || this.#ctx.cancelled()) return EXHAUSTED;
      const rows = this.#nextRows();
      if (rows === 0) continue;
      const step = this.#batch(rows);
      if (step !== undefined) return step;
      // Nothing that the filters made of dropped rows is needed any longer.
      this.#ctx.arena.reset();
      if (++empty === EMPTY_BATCHES) return { status: 'pending', wake: Promise.resolve() };
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#isDone = true;
    this.#source?.close();
    this.#source = undefined;
    this.#window.close();
    this.#fixed.release();
    if (this.#bounds !== 0) this.#ctx.memory.free(this.#bounds);
    this.#bounds = 0;
  }

  #begin(from: number, to: number): void {
    this.#window.open(this.#source!, from, to);
    this.#isDone = false;
  }

  async #open(index: number): Promise<void> {
    this.#source?.close();
    this.#source = undefined;
    this.#isDone = true;
    const file = this.#state.files[index]!;
    const source = await openText(file.path, file.isGzip ? 'gzip' : 'none', this.#ctx.platform);
    if (this.#isClosed) return source.close();
    this.#source = source;
    this.#file = file;
    this.#fileIndex = index;
    this.#prepare(file);
  }

  /** Lays out what the kernels need to know of the file. */
  #prepare(file: CsvFile): void {
    const { memory, batchRows, owner } = this.#ctx;
    this.#fixed.reset();
    this.#kernelState = this.#fixed.allocZeroed(32);
    this.#dialect = this.#fixed.alloc(8);
    memory.u8.set(dialectBytes(file.dialect), this.#dialect);
    const nulls = buildVector({ memory, arena: this.#fixed }, UTF8, this.#state.nullTexts);
    this.#nulls = nulls.data;
    this.#batchRows = Math.max(64, Math.min(batchRows, Math.floor(MOST_BOUNDS / (file.width + 1))));
    const bytes = (this.#batchRows + 1) * (file.width + 1) * 4;
    if (bytes > this.#boundsBytes) {
      if (this.#bounds !== 0) memory.free(this.#bounds);
      this.#bounds = 0;
      this.#bounds = memory.allocate(bytes, owner);
      this.#boundsBytes = bytes;
    }
    this.#constants = this.#request.columns.map((c, i) => {
      const scalar =
        file.constants[c] ?? (file.fields[c] == null ? { type: this.#request.types[i]!, value: null } : undefined);
      return scalar && buildConstant({ memory, arena: this.#fixed }, this.#request.types[i]!, scalarToRaw(scalar), 1);
    });
  }

  /** Splits the next records into fields. Returns how many; 0: look again. */
  #nextRows(): number {
    const { kernels, memory } = this.#ctx;
    const window = this.#window;
    const { width } = this.#file!;
    const isUnfiltered = this.#request.filters.length === 0 && !this.#state.ignoreErrors;
    const most = isUnfiltered ? Math.min(this.#batchRows, this.#wanted) : this.#batchRows;
    const from = window.at;
    const isFinal = window.isFinal ? 1 : 0;
    const rows = kernels.csv_rows(
      this.#kernelState,
      from,
      window.end,
      isFinal,
      width,
      most,
      this.#dialect,
      this.#flags,
      this.#bounds,
    );
    const state = this.#kernelState >>> 2;
    window.at = memory.u32[state]!;
    if (rows > 0) return rows;
    const status = memory.u32[state + 1]!;
    if (status === DONE) this.#isDone = true;
    else if (status === MORE) this.#fill();
    else throw this.#badRecord(status, memory.u32[state + 2]!);
    return 0;
  }

  #fill(): void {
    const kept = this.#window.end - this.#window.at;
    if (kept > this.#state.maxLineBytes) {
      const where = this.#where(this.#window.at);
      throw textError('format', `a record is longer than ${this.#state.maxLineBytes} bytes`, where, QUOTE_HINT);
    }
    const reading = this.#window.fill();
    if (reading === undefined) return;
    this.#opening = reading.then(
      () => {
        this.#opening = undefined;
      },
      e => {
        this.#opening = undefined;
        this.#failure = e;
      },
    );
  }

  #batch(count: number): Step | undefined {
    const { filters, select } = this.#request;
    this.#bad = undefined;
    this.#checkUtf8(count);
    const all = allRows(count);
    const columns: (Vector | undefined)[] = this.#isFilterColumn.map((wanted, i) =>
      wanted ? this.#column(i, all) : undefined,
    );
    let rows = filters.length > 0 ? select(columns, count) : all;
    if (rows.selected === 0) return undefined;
    const vectors = columns.map((vector, i) => vector ?? this.#column(i, rows));
    rows = this.#withoutBad(rows);
    if (rows.selected === 0) return undefined;
    this.#wanted -= rows.selected;
    return ready({ ...rows, columns: vectors, split: this.#index });
  }

  #column(i: number, rows: Rows): Vector {
    const constant = this.#constants[i];
    if (constant !== undefined) return asConstant(constant, rows.count);
    const { arena, kernels } = this.#ctx;
    const file = this.#file!;
    const column = this.#request.columns[i]!;
    const field = file.fields[column]!;
    const { nullTexts, notNull, quotedNulls, decimalSeparator } = this.#state;
    const refs = arena.alloc(rows.count * 8);
    const validity = arena.allocZeroed(bitmapBytes(rows.count));
    const missing = kernels.csv_refs(
      this.#bounds,
      file.width,
      field.index,
      rows.selection,
      rows.selected,
      this.#dialect,
      this.#nulls,
      notNull[column] ? 0 : nullTexts.length,
      quotedNulls ? 0 : 1,
      refs,
      validity,
    );
    const format = {
      decimalSeparator,
      order: field.order ?? 0,
      separator: field.separator ?? '-',
      format: field.format,
    } as const;
    const texts = { refs, validity, hasNulls: missing > 0 };
    return parseColumn(this.#ctx, this.#request.types[i]!, texts, rows, format, (position, text) => {
      if (this.#state.ignoreErrors) this.#drop(position);
      else throw this.#badValue(i, position, text);
    });
  }

  /** Other kernels rely on texts that are UTF-8. */
  #checkUtf8(count: number): void {
    const { kernels, memory, arena } = this.#ctx;
    const from = this.#rowStart(0);
    const length = this.#rowStart(count - 1, this.#file!.width) - from - 1;
    if (length <= 0 || kernels.ascii_only(from, length) === 1) return;
    const refs = arena.alloc(count * 8);
    const u32 = memory.u32;
    for (let r = 0; r < count; r++) {
      const start = this.#rowStart(r);
      u32[(refs >>> 2) + 2 * r] = start;
      u32[(refs >>> 2) + 2 * r + 1] = Math.max(0, this.#rowStart(r, this.#file!.width) - 1 - start);
    }
    for (let r = 0; r < count; r++) {
      const found = kernels.invalid_utf8_ref(refs + 8 * r, count - r);
      if (found < 0) return;
      r += found;
      if (!this.#state.ignoreErrors) {
        throw textError('format', 'the text is not valid UTF-8', this.#where(this.#rowStart(r)), UTF8_HINT);
      }
      this.#drop(r);
    }
  }

  /** The address where a row (or its field) starts. */
  #rowStart(row: number, field = 0): number {
    return this.#ctx.memory.u32[(this.#bounds >>> 2) + row * (this.#file!.width + 1) + field]!;
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
    const u16 = memory.u16;
    let selected = 0;
    for (let j = 0; j < rows.selected; j++) {
      const position = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
      if (!bad.has(position)) u16[(selection >>> 1) + selected++] = position;
    }
    return { count: rows.count, selection, selected };
  }

  #where(address: number): string {
    return textPosition(this.#source!, this.#window.offsetOf(address), this.#file!.dialect.newline);
  }

  #badRecord(status: number, fields: number): RayexecError {
    const where = this.#where(this.#window.at);
    const { width, dialect } = this.#file!;
    if (status === RAGGED) {
      const hint =
        fields < width
          ? 'null_padding = true fills such lines up with NULL; ignore_errors = true leaves them out'
          : 'ignore_errors = true leaves such lines out';
      return textError('format', `the line has ${fields} fields, not ${width}`, where, hint);
    }
    if (status === UNTERMINATED) return textError('format', 'a quoted field has no closing quote', where, QUOTE_HINT);
    const what = `text follows the closing ${dialect.quote} of a quoted field`;
    return textError(
      'format',
      what,
      where,
      `quotes within quoted fields are written ${dialect.escape}${dialect.quote}`,
    );
  }

  #badValue(i: number, position: number, text: string): RayexecError {
    const column = this.#request.columns[i]!;
    const { name } = this.#request.source.schema[column]!;
    const type = typeName(this.#request.types[i]!);
    const where = `${this.#where(this.#rowStart(position))}, column '${name}'`;
    const hint = this.#file!.fields[column]!.isSniffed
      ? `the type was found in the first rows; types = {'${name}': 'VARCHAR'} sets it, sample_size = -1 looks at all rows`
      : `nullstr = '…' names texts that mean NULL; ignore_errors = true leaves such rows out`;
    return textError('conversion', `${shownText(text)} is not a ${type}`, where, hint);
  }
}

const QUOTE_HINT =
  'a quote may be missing; the option quote names the quote character, parallel = false reads very long quoted texts';
const UTF8_HINT = 'convert the file to UTF-8; ignore_errors = true leaves such rows out';

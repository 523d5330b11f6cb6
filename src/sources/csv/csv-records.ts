import type { Rows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import type { Vector } from '../../batch/vector.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import type { Arena } from '../../memory/arena.ts';
import type { OpenContext } from '../../protocol/context.ts';
import type { ScanRequest } from '../../protocol/table-function.ts';
import { UTF8 } from '../../types/data-type.ts';
import { parseColumn } from '../parse-column.ts';
import type { RecordParser, Stopped } from '../text-reader.ts';
import type { TextWindow } from '../text-window.ts';
import type { CsvFile, CsvState } from './bound-csv.ts';
import { dialectBytes } from './dialect.ts';

/** Bounds of fields that are kept at once, so that they stay in the cache for files with many columns. */
const MOST_BOUNDS = 1 << 18;
const STATE_BYTES = 32;
const DIALECT_BYTES = 12;

// Why csv_rows stopped.
const MORE = 1;
const DONE = 2;
const RAGGED = 3;
const UNTERMINATED = 4;

// Its flags.
const PAD = 1;
const SKIP = 2;
const COUNT = 4;

export const QUOTE_HINT =
  'a quote may be missing; the option quote names the quote character, parallel = false reads very long quoted texts';

/** Splits CSV into fields, and parses those of the wanted columns. */
export class CsvRecords implements RecordParser {
  readonly #request: ScanRequest;
  readonly #ctx: OpenContext;
  readonly #state: CsvState;
  #flags = 0;
  #file: CsvFile | undefined;
  #kernelState = 0;
  #dialect = 0;
  #nulls = 0;
  /** Addresses of fields, one more than these a record; one that is only counted is a single field. */
  #bounds = 0;
  #fields = 0;
  #boundsBytes = 0;
  #batchRows = 0;

  constructor(request: ScanRequest, ctx: OpenContext, state: CsvState) {
    this.#request = request;
    this.#ctx = ctx;
    this.#state = state;
  }

  prepare(index: number, fixed: Arena): void {
    const { memory, batchRows, owner } = this.#ctx;
    const file = this.#state.files[index]!;
    this.#file = file;
    this.#kernelState = fixed.allocZeroed(STATE_BYTES);
    this.#dialect = fixed.alloc(DIALECT_BYTES);
    memory.u8.set(dialectBytes(file.dialect), this.#dialect);
    this.#nulls = buildVector({ memory, arena: fixed }, UTF8, this.#state.nullTexts).data;
    const counts = !this.#request.columns.some(c => this.has(c));
    const { nullPadding, ignoreErrors } = this.#state;
    this.#flags = (nullPadding ? PAD : 0) | (ignoreErrors ? SKIP : 0) | (counts ? COUNT : 0);
    this.#fields = counts ? 1 : file.width;
    this.#batchRows = Math.max(64, Math.min(batchRows, Math.floor(MOST_BOUNDS / (this.#fields + 1))));
    const bytes = (this.#batchRows + 1) * (this.#fields + 1) * 4 + (counts ? (file.width + 1) * 4 : 0);
    if (bytes <= this.#boundsBytes) return;
    this.close();
    this.#bounds = memory.allocate(bytes, owner);
    this.#boundsBytes = bytes;
  }

  next(window: TextWindow, most: number): number | Stopped {
    const { kernels, memory } = this.#ctx;
    const rows = kernels.csv_rows(
      this.#kernelState,
      window.at,
      window.end,
      window.isFinal ? 1 : 0,
      this.#file!.width,
      Math.min(most, this.#batchRows),
      this.#dialect,
      this.#flags,
      this.#bounds,
    );
    const state = this.#kernelState >>> 2;
    window.at = memory.u32[state]!;
    if (rows > 0) return rows;
    const status = memory.u32[state + 1]!;
    if (status === DONE) return 'done';
    if (status === MORE) return 'more';
    return { address: window.at, ...this.#problem(status, memory.u32[state + 2]!) };
  }

  has(column: number): boolean {
    return this.#file!.fields[column] != null;
  }

  column(i: number, rows: Rows, onBad: (position: number, text: string) => void): Vector {
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
    const { order = 0, separator = '-', format } = field;
    const texts = { refs, validity, hasNulls: missing > 0 };
    const style = { decimalSeparator, order, separator, format, roundsNumbers: false };
    return parseColumn(this.#ctx, this.#request.types[i]!, texts, rows, style, onBad);
  }

  readonly recordAt = (position: number): number =>
    this.#ctx.memory.u32[(this.#bounds >>> 2) + position * (this.#fields + 1)]!;

  // Bad records may follow, that are passed over; fields that are filled up lie behind the text.
  readonly recordEnd = (position: number): number => {
    const fields = this.#fields;
    const end = this.#ctx.memory.u32[(this.#bounds >>> 2) + position * (fields + 1) + fields]! - 1;
    return Math.min(end, this.recordAt(position + 1));
  };

  typeHint(i: number): string {
    const column = this.#request.columns[i]!;
    const { name } = this.#request.source.schema[column]!;
    return this.#file!.fields[column]!.isSniffed
      ? `the type was found in the first rows; types = {'${name}': 'VARCHAR'} sets it, sample_size = -1 looks at all rows`
      : `nullstr = '…' names texts that mean NULL; ignore_errors = true leaves such rows out`;
  }

  close(): void {
    if (this.#bounds !== 0) this.#ctx.memory.free(this.#bounds);
    this.#bounds = 0;
    this.#boundsBytes = 0;
  }

  #problem(status: number, fields: number): { readonly summary: string; readonly hint: string } {
    const { width, dialect } = this.#file!;
    if (status === UNTERMINATED) return { summary: 'a quoted field has no closing quote', hint: QUOTE_HINT };
    if (status === RAGGED) {
      const skip = 'ignore_errors = true leaves such lines out';
      const hint = fields < width ? `null_padding = true fills such lines up with NULL; ${skip}` : skip;
      return { summary: `the line has ${fields} field${fields === 1 ? '' : 's'}, not ${width}`, hint };
    }
    return {
      summary: `text follows the closing ${dialect.quote} of a quoted field`,
      hint: `quotes within quoted fields are written ${dialect.escape}${dialect.quote}`,
    };
  }
}

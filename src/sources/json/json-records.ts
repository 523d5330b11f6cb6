import type { Rows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { readText } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import type { Arena } from '../../memory/arena.ts';
import type { OpenContext } from '../../protocol/context.ts';
import type { ScanRequest } from '../../protocol/table-function.ts';
import { type DataType, UTF8 } from '../../types/data-type.ts';
import { physicalType } from '../../types/physical.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { parseColumn } from '../parse-column.ts';
import type { RecordParser, Stopped } from '../text-reader.ts';
import type { TextWindow } from '../text-window.ts';
import type { JsonState } from './bound-json.ts';
import { JsonParser } from './json-node.ts';
import { nodeToRaw } from './node-to-raw.ts';

/** The kernel's state, room for a key without escapes, what it remembers of 64 members, and of four records read at once. */
const STATE_BYTES = 32 + 1024 + 64 * 16 + 40;

// Why json_records stopped.
const MORE = 1;
const DONE = 2;
const TWICE = 4;

// Its flags.
const ARRAY = 1;
const WHOLE = 2;
const SKIP = 4;

/** Finds the values of the wanted keys; flat values are parsed by kernels, nested ones in JavaScript. */
export class JsonRecords implements RecordParser {
  readonly #request: ScanRequest;
  readonly #ctx: OpenContext;
  readonly #state: JsonState;
  readonly #isWhole: boolean;
  /** Position among the wanted keys, by wanted column; those that the path gives have none. */
  readonly #places: readonly number[];
  readonly #keys: readonly string[];
  #flags = 0;
  #kernelState = 0;
  #keyRefs = 0;
  #starts = 0;
  #refs = 0;
  #kinds = 0;
  #batchRows = 0;

  constructor(request: ScanRequest, ctx: OpenContext, state: JsonState) {
    this.#request = request;
    this.#ctx = ctx;
    this.#state = state;
    this.#isWhole = state.keys.length > 0 && state.keys[0] === null;
    const keys: string[] = [];
    this.#places = request.columns.map(c => {
      const key = state.keys[c];
      return key == null ? 0 : keys.push(key) - 1;
    });
    this.#keys = keys;
  }

  prepare(index: number, fixed: Arena): void {
    const { memory, batchRows } = this.#ctx;
    const { isArray, isLines } = this.#state.files[index]!;
    this.#flags =
      (isArray ? ARRAY : 0) | (this.#isWhole ? WHOLE : 0) | (this.#state.ignoreErrors && isLines ? SKIP : 0);
    const columns = Math.max(1, this.#keys.length);
    this.#batchRows = batchRows;
    this.#kernelState = fixed.allocZeroed(STATE_BYTES);
    this.#keyRefs = buildVector({ memory, arena: fixed }, UTF8, this.#keys).data;
    this.#starts = fixed.alloc((batchRows + 1) * 4);
    this.#refs = fixed.alloc(columns * batchRows * 8);
    this.#kinds = fixed.alloc(columns * batchRows);
  }

  next(window: TextWindow, most: number): number | Stopped {
    const { kernels, memory } = this.#ctx;
    // Refs and kinds of a key are as far apart as the batch is long.
    const limit = Math.min(most, this.#batchRows);
    const rows = kernels.json_records(
      this.#kernelState,
      window.at,
      window.end,
      window.isFinal ? 1 : 0,
      this.#keyRefs,
      this.#isWhole ? 1 : this.#keys.length,
      limit,
      this.#flags,
      this.#starts,
      this.#refs,
      this.#kinds,
    );
    this.#stride = limit;
    const state = this.#kernelState >>> 2;
    window.at = memory.u32[state]!;
    if (rows > 0) return rows;
    const status = memory.u32[state + 1]!;
    if (status === DONE) return 'done';
    if (status === MORE) return 'more';
    const address = memory.u32[state + 2]!;
    if (status === TWICE) return { address, summary: 'an object has the same key twice', hint: undefined };
    return { address, summary: this.#badText(window, address), hint: HINT };
  }

  #stride = 0;

  has(): boolean {
    return true;
  }

  column(i: number, rows: Rows, onBad: (position: number, text: string) => void): Vector {
    const { arena, kernels } = this.#ctx;
    const type = this.#request.types[i]!;
    const place = this.#places[i]!;
    const refs = arena.alloc(rows.count * 8);
    const validity = arena.allocZeroed(bitmapBytes(rows.count));
    const physical = physicalType(type);
    const isNested = physical === 'list' || physical === 'struct';
    const missing = kernels.json_refs(
      this.#refs + place * this.#stride * 8,
      this.#kinds + place * this.#stride,
      rows.selection,
      rows.selected,
      isNested || type.kind === 'json' ? 1 : 0,
      refs,
      validity,
    );
    if (missing < 0) {
      onBad(-1 - missing, '(a wrong escape)');
      return buildVector(this.#ctx, type, Array<RawValue>(rows.count).fill(null));
    }
    const texts = { refs, validity, hasNulls: missing > 0 };
    if (isNested) return this.#nested(type, texts, rows, onBad);
    const { dateFormat, timestampFormat } = this.#state;
    const format = type.kind === 'date' ? dateFormat : type.kind === 'timestamp' ? timestampFormat : undefined;
    const style = { decimalSeparator: '.', order: 0, separator: '-', format, roundsNumbers: true } as const;
    return parseColumn(this.#ctx, type, texts, rows, style, onBad);
  }

  readonly recordAt = (position: number): number => this.#ctx.memory.u32[(this.#starts >>> 2) + position]!;

  readonly recordEnd = (position: number): number => this.recordAt(position + 1);

  typeHint(): string {
    return `the type was found in the first records; columns = {…} sets types, sample_size = -1 looks at all records`;
  }

  close(): void {}

  #nested(
    type: DataType,
    { refs, validity }: { readonly refs: number; readonly validity: number },
    rows: Rows,
    onBad: (position: number, text: string) => void,
  ): Vector {
    const { memory } = this.#ctx;
    const values = Array<RawValue>(rows.count).fill(null);
    for (let j = 0; j < rows.selected; j++) {
      const position = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
      if (((memory.u8[validity + (position >> 3)]! >> (position & 7)) & 1) === 0) continue;
      const ref = (refs >>> 2) + 2 * position;
      const text = readText(memory, memory.u32[ref]!, memory.u32[ref + 1]!);
      const parser = new JsonParser(text);
      const node = parser.value();
      if (node === undefined || parser.peek() !== '') onBad(position, text);
      else {
        let isBad = false;
        const value = nodeToRaw(type, node, misfit => {
          onBad(position, misfit);
          isBad = true;
          return null;
        });
        if (!isBad) values[position] = value;
      }
    }
    return buildVector(this.#ctx, type, values);
  }

  #badText(window: TextWindow, address: number): string {
    if (address >= window.end) return 'the file ends within a record';
    const text = readText(this.#ctx.memory, address, Math.min(40, window.end - address));
    return `unexpected ${JSON.stringify(text.split('\n')[0])}`;
  }
}

const HINT = 'the file must hold JSON objects; ignore_errors = true passes over bad lines';

import { buildVector } from '../batch/builder.ts';
import { parseRaw } from '../batch/parse-raw.ts';
import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type DataType, INT64, UTF8 } from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import { MAX_DECIMAL64, physicalType, widthOf } from '../types/physical.ts';
import { byValue, type Cast, type CastCall, failCast } from './cast-call.ts';
import { castNumber } from './cast-number.ts';
import type { EvalContext } from './function.ts';
import { maskOf } from './operand.ts';

const formatEach: Cast = byValue(false, (value, from) => formatRaw(from, value));

/** Any value as text: integers, decimals, dates and timestamps by kernels, what is rare value by value. */
export const castToText: Cast = {
  canFail: false,
  run: (ctx, call) => formatByKernel(ctx, call) ?? formatEach.run(ctx, call),
};

/** The most bytes that a number, date, timestamp takes. */
const DECIMAL_BYTES = 23;
const DATE_BYTES = 10;
const TIMESTAMP_BYTES = 26;

function formatByKernel(ctx: EvalContext, call: CastCall): Vector | undefined {
  const { arena, kernels } = ctx;
  const { from, rows, validity } = call;
  // Kernels read what NULL rows hold, which may be no value at all.
  const { count, selection, selected } = rows;
  const out = arena.alloc(count * 8);
  const target = (bytesEach: number) => [selection, selected, out, arena.alloc(selected * bytesEach)] as const;
  let end: number;
  switch (from.kind) {
    case 'int': {
      if (from.bits === 128) return undefined;
      const isWide = from.bits === 64;
      const input = isWide ? call.input : castNumber(from, INT64).run(ctx, { ...call, nulls: 0, to: INT64 });
      end = kernels.format_decimal(
        input.data,
        maskOf(input),
        isWide && !from.signed ? 1 : 0,
        0,
        ...target(DECIMAL_BYTES),
      );
      break;
    }
    case 'decimal':
      if (call.input.physical !== 'i64') return undefined;
      end = kernels.format_decimal(call.input.data, maskOf(call.input), 0, from.scale, ...target(DECIMAL_BYTES));
      break;
    case 'date':
      end = kernels.format_date(call.input.data, maskOf(call.input), ...target(DATE_BYTES));
      break;
    case 'timestamp':
      if (from.unit !== 'us' || from.zone) return undefined;
      end = kernels.format_timestamp(call.input.data, maskOf(call.input), ...target(TIMESTAMP_BYTES));
      break;
    default:
      return undefined;
  }
  return end === 0 ? undefined : Vector.flat(UTF8, count, out, validity);
}

/** Text read as any type that is not nested: common spellings by kernels, others and errors one by one. */
export const castFromText: Cast = {
  canFail: true,
  run: (ctx, call) => {
    const parse = parseKernel(ctx.kernels, call.to);
    if (parse === undefined || call.input.form !== 'flat') return parseEach.run(ctx, call);
    return parseByKernel(ctx, call, parse);
  },
};

const parseEach: Cast = byValue(true, (value, _from, to, isTry) => parseRaw(to, value as string, undefined, isTry));

/** Reads rows from an ordinal on; returns the ordinal of the first that it can't read, or how many rows there are. */
type ParseKernel = (refs: number, selection: number, from: number, n: number, out: number) => number;

const POINT = 46;
const HYPHEN = 45;

function parseKernel(kernels: Kernels, to: DataType): ParseKernel | undefined {
  switch (to.kind) {
    case 'int': {
      const { bits, signed } = to;
      if (bits === 128) return undefined;
      return (refs, sel, from, n, out) => kernels.parse_int(refs, 0, sel, from, n, bits, signed ? 1 : 0, out);
    }
    case 'float':
      return (refs, sel, from, n, out) => kernels.parse_float(refs, 0, sel, from, n, POINT, to.bits, out);
    case 'decimal': {
      if (to.precision > MAX_DECIMAL64) return undefined;
      const limit = 10n ** BigInt(to.precision);
      return (refs, sel, from, n, out) => kernels.parse_decimal(refs, 0, sel, from, n, POINT, to.scale, limit, out);
    }
    case 'boolean':
      return (refs, sel, from, n, out) => kernels.parse_bool(refs, 0, sel, from, n, out);
    case 'date':
      return (refs, sel, from, n, out) => kernels.parse_date(refs, 0, sel, from, n, 0, HYPHEN, out);
    case 'timestamp':
      if (to.unit !== 'us' || to.zone) return undefined;
      return (refs, sel, from, n, out) => kernels.parse_timestamp(refs, 0, sel, from, n, 0, HYPHEN, out);
    default:
      return undefined;
  }
}

function parseByKernel(ctx: EvalContext, call: CastCall, parse: ParseKernel): Vector {
  const { memory, arena } = ctx;
  const { input, rows, validity, nulls, to } = call;
  const width = widthOf(physicalType(to));
  const out = arena.alloc(rows.count * width);
  const read = valueReader(memory, input);
  for (let row = 0; row < rows.selected; row++) {
    row = parse(input.data, rows.selection, row, rows.selected, out);
    if (row >= rows.selected) break;
    const position = rows.selection === 0 ? row : memory.u16[(rows.selection >>> 1) + row]!;
    const value = parseRaw(to, read(position) as string);
    if (value === undefined) {
      if (nulls === 0) failCast(ctx, call, position);
      memory.u8[nulls + (position >> 3)]! &= ~(1 << (position & 7));
      continue;
    }
    const { data } = buildVector(ctx, to, [value]);
    memory.u8.copyWithin(out + position * width, data, data + width);
  }
  return Vector.flat(to, rows.count, out, nulls === 0 ? validity : nulls);
}

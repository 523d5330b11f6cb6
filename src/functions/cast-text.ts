import { formatRaw } from '../batch/format-raw.ts';
import { parseRaw } from '../batch/parse-raw.ts';
import { Vector } from '../batch/vector.ts';
import { INT64, UTF8 } from '../types/data-type.ts';
import { byValue, type Cast, type CastCall } from './cast-call.ts';
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

/** Text read as any type that is not nested. */
export const castFromText: Cast = byValue(true, (value, _from, to) => parseRaw(to, value as string));

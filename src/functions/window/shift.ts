import type { Rows } from '../../batch/batch.ts';
import { allRows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { type DataType, INT64 } from '../../types/data-type.ts';
import { withoutRows } from '../eval-node.ts';
import type { EvalContext, Fit, WindowCall, WindowFunction } from '../function.ts';
import { MergedVector } from '../merged-vector.ts';
import { maskOf } from '../operand.ts';
import { windowDoc } from './documented.ts';

/** A value, how far away, and what stands for a row that is not there: it takes the value's type, whatever it is. */
function fitShift(args: readonly DataType[], count: number): Fit | undefined {
  const [value, offset] = args;
  if (value === undefined || args.length !== count) return undefined;
  const type = plainType(value);
  if (offset === undefined) return { args: [type], returns: type, cost: 0 };
  const cost = implicitCastCost(offset, INT64);
  return cost === undefined ? undefined : { args: [type, INT64, type].slice(0, count), returns: type, cost };
}

/** @param sign -1 looks back, 1 ahead */
function run(ctx: EvalContext, call: WindowCall, sign: -1 | 1, count: number): Vector {
  const { kernels, arena } = ctx;
  const { row, partitionStart, partitionEnd } = call.places;
  const rows = arena.alloc(call.count * 4);
  const missing = arena.alloc((call.count + 1) * 2);
  const offset = count > 1 ? call.arg(1) : undefined;
  const absent = kernels.window_shift(
    sign,
    offset?.data ?? 0,
    offset === undefined ? 0 : maskOf(offset),
    offset?.validity ?? 0,
    call.count,
    row,
    partitionStart,
    partitionEnd,
    call.nonNulls?.rows ?? 0,
    call.nonNulls?.before ?? 0,
    rows,
    missing,
  );
  const found = call.gather(rows);
  return count < 3 || absent === 0
    ? found
    : withDefault(ctx, call, found, { count: call.count, selection: missing, selected: absent });
}

function withDefault(ctx: EvalContext, call: WindowCall, found: Vector, missing: Rows): Vector {
  const merged = new MergedVector(ctx, call.type, allRows(call.count));
  merged.put(found, withoutRows(ctx, allRows(call.count), missing));
  merged.put(call.arg(2), missing);
  return merged.result();
}

function shift(name: 'lag' | 'lead', sign: -1 | 1, summary: string, result: string): WindowFunction {
  const signatures = ['(ANY) -> ANY', '(ANY, BIGINT) -> ANY', '(ANY, BIGINT, ANY) -> ANY'];
  return {
    name,
    doc: windowDoc(
      summary,
      ['value', 'offset', 'default'],
      [
        `(SELECT list(y ORDER BY x) FROM (SELECT x, ${name}(x) OVER (ORDER BY x) AS y FROM (VALUES (1), (2)) t(x)))`,
        result,
      ],
    ),
    overloads: [1, 2, 3].map(count => ({
      key: `any-${count}`,
      signature: signatures[count - 1]!,
      fit: args => fitShift(args, count),
      nullable: true,
      canOrder: true,
      canIgnoreNulls: true,
      run: (ctx, call) => run(ctx, call, sign, count),
    })),
  };
}

/** Values of rows before or after the current one. */
export const shifts: readonly WindowFunction[] = [
  shift('lag', -1, 'The value some rows (one) earlier in the partition, or a default (NULL).', '[NULL, 1]'),
  shift('lead', 1, 'The value some rows (one) later in the partition, or a default (NULL).', '[2, NULL]'),
];

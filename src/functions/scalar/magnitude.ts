import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { BOOLEAN, type DataType, FLOAT32, FLOAT64, INT8 } from '../../types/data-type.ts';
import { type PhysicalType, widthOf } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import { failAt, INT_TYPES } from '../arithmetic.ts';
import { compareVectors } from '../compare-values.ts';
import type { EvalContext, Fit, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { onValidRows } from '../on-valid-rows.ts';
import { maskOf } from '../operand.ts';
import { fixed, generic } from '../overload.ts';

/** Signed types as `magnitude_of` numbers them. */
const CODES: Readonly<Partial<Record<PhysicalType, number>>> = {
  i8: 0,
  i16: 1,
  i32: 2,
  i64: 3,
  f32: 8,
  f64: 9,
  i128: 10,
};

function absolute(ctx: EvalContext, call: ScalarCall): Vector {
  const { kernels, arena } = ctx;
  const [x] = call.args as readonly [Vector];
  const { count } = call.rows;
  const code = CODES[x.physical];
  // Unsigned numbers are their own magnitude.
  if (code === undefined) return x;
  const out = arena.alloc(count * widthOf(x.physical));
  const status = onValidRows(ctx, call, ({ selection, selected }) =>
    kernels.magnitude_of(code, x.data, maskOf(x), selection, selected, out),
  );
  if (status < 0) failAt(ctx, 'abs ', call, -1 - status);
  return Vector.flat(call.type, count, out, call.validity);
}

/** (x > 0) - (x < 0), as the bytes of booleans are. */
function signOf(ctx: EvalContext, { args, rows, validity }: ScalarCall): Vector {
  const [x] = args as readonly [Vector];
  const { kernels, arena } = ctx;
  const wide = x.physical === 'i64' || x.physical === 'u64' || widthOf(x.physical) === 16;
  const sides = [x, buildConstant(ctx, x.type, wide ? 0n : 0, rows.count)];
  const positive = compareVectors(ctx, '>', { args: sides, rows, validity, type: BOOLEAN });
  const negative = compareVectors(ctx, '<', { args: sides, rows, validity, type: BOOLEAN });
  const out = arena.alloc(rows.count);
  kernels.arith_i8(1, positive.data, -1, negative.data, -1, 0, rows.count, out);
  // NaN is greater than all numbers where they are sorted, but has no sign.
  if (x.physical === 'f64' || x.physical === 'f32') clearNaN(ctx, x, rows.count, out);
  return Vector.flat(INT8, rows.count, out, validity);
}

function clearNaN({ memory }: EvalContext, x: Vector, count: number, out: number): void {
  const values = x.physical === 'f64' ? memory.f64 : memory.f32;
  const from = x.data / widthOf(x.physical);
  for (let i = 0; i < count; i++) {
    const v = values[from + (x.form === 'constant' ? 0 : i)]!;
    if (Number.isNaN(v)) memory.u8[out + i] = 0;
  }
}

const fitDecimal =
  (returns: (type: DataType) => DataType) =>
  (args: readonly DataType[]): Fit | undefined => {
    const [type] = args;
    return args.length === 1 && type!.kind === 'decimal'
      ? { args: [type!], returns: returns(type!), cost: 0 }
      : undefined;
  };

function overNumbers(
  run: ScalarOverload['run'],
  returns: (type: DataType) => DataType,
  canFail: boolean,
): ScalarOverload[] {
  const key = (type: DataType): string => typeName(type).toLowerCase();
  return [
    ...INT_TYPES.map(t => fixed(key(t), [t], returns(t), run, canFail ? { canFail: true } : {})),
    ...[FLOAT32, FLOAT64].map(t => fixed(key(t), [t], returns(t), run)),
    generic('decimal', '(DECIMAL) -> DECIMAL', fitDecimal(returns), run),
  ];
}

export const magnitudes: readonly ScalarFunction[] = [
  {
    name: 'abs',
    aliases: ['@'],
    doc: {
      summary: 'The number without its sign.',
      args: ['x'],
      examples: [['abs(-17.4)', '17.4']],
      category: 'numeric',
    },
    overloads: overNumbers(absolute, t => t, true),
  },
  {
    name: 'sign',
    doc: {
      summary: '-1, 0 or 1 for negative numbers, zero and positive numbers.',
      args: ['x'],
      examples: [['sign(-349)', '-1']],
      category: 'numeric',
    },
    overloads: overNumbers(signOf, () => INT8, false),
  },
];

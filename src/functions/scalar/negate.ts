import type { Rows } from '../../batch/batch.ts';
import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { plainType } from '../../types/coercion.ts';
import { type DataType, FLOAT32, FLOAT64 } from '../../types/data-type.ts';
import { widthOf } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import { failAt, INT_TYPES } from '../arithmetic.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { onValidRows } from '../on-valid-rows.ts';
import { maskOf } from '../operand.ts';
import { fixed, generic } from '../overload.ts';

/** 0 - x for integers, so that overflow shows; x * -1 for floats, so that 0 becomes -0. */
function negateNumbers(ctx: EvalContext, call: ScalarCall): Vector {
  const [x] = call.args as readonly [Vector];
  const out = ctx.arena.alloc(call.rows.count * widthOf(x.physical));
  const status = onValidRows(ctx, call, rows => negateRows(ctx, x, rows, out));
  if (status < 0) failAt(ctx, '-', call, -1 - status);
  return Vector.flat(call.type, call.rows.count, out, call.validity);
}

function negateRows(ctx: EvalContext, x: Vector, { selection, selected }: Rows, out: number): number {
  const { kernels, arena } = ctx;
  const target = [selection, selected, out] as const;
  if (x.physical === 'i128') return kernels.negate_i128(x.data, maskOf(x), ...target);
  if (x.physical === 'f32' || x.physical === 'f64') {
    const minusOne = buildConstant(ctx, x.type, -1, 1).data;
    return kernels[`arith_${x.physical}`](2, x.data, maskOf(x), minusOne, 0, ...target);
  }
  const kernel = kernels[`arith_${x.physical}` as 'arith_i64'];
  return kernel(1, arena.allocZeroed(16), 0, x.data, maskOf(x), ...target);
}

const sameDecimal = (args: readonly DataType[]) => {
  const [type] = args;
  return args.length === 1 && type!.kind === 'decimal' ? { args: [type!], returns: type!, cost: 0 } : undefined;
};

const numeric = (args: readonly DataType[]) => {
  const [type] = args;
  const fits = args.length === 1 && ['int', 'float', 'decimal', 'null'].includes(type!.kind);
  return fits ? { args: [plainType(type!)], returns: plainType(type!), cost: 0 } : undefined;
};

/** `add(x)` is x; `subtract(x)` is `negate(x)`, see builtin-macros.ts. */
export const signs: readonly ScalarFunction[] = [
  {
    name: '+',
    aliases: ['add'],
    doc: { summary: 'The number itself.', args: ['x'], examples: [['add(1.5)', '1.5']], category: 'numeric' },
    overloads: [generic('one', '(NUMERIC) -> NUMERIC', numeric, (_, call) => call.args[0]!)],
  },
];

/** Unary minus. */
export const negate: ScalarFunction = {
  name: 'negate',
  doc: {
    summary: 'The number with its sign turned.',
    args: ['x'],
    examples: [['-(1.5)', '-1.5']],
    category: 'numeric',
  },
  overloads: [
    ...INT_TYPES.map(type => fixed(typeName(type).toLowerCase(), [type], type, negateNumbers, { canFail: true })),
    ...[FLOAT32, FLOAT64].map(type => fixed(typeName(type).toLowerCase(), [type], type, negateNumbers)),
    generic('decimal', '(DECIMAL) -> DECIMAL', sameDecimal, negateNumbers),
  ],
};

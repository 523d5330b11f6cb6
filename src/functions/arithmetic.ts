import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { RayexecError } from '../common/errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { asDecimal, implicitCastCost } from '../types/coercion.ts';
import {
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
} from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import { MAX_DECIMAL64, MAX_PRECISION, widthOf } from '../types/physical.ts';
import { typeName } from '../types/type-name.ts';
import type { EvalContext, Fit, ScalarCall, ScalarOverload } from './function.ts';
import { onValidRows } from './on-valid-rows.ts';
import { maskOf } from './operand.ts';
import { fixed, generic } from './overload.ts';

/** The arithmetic operators as the kernels number them. */
const CODES = { '+': 0, '-': 1, '*': 2, '//': 3, '%': 4 } as const;
export type Arithmetic = keyof typeof CODES;

export const INT_TYPES: readonly DataType[] = [
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
];

/** `op` over each width of integers; overflow and division by zero are errors. */
export function integerArithmetic(op: Arithmetic): ScalarOverload[] {
  return INT_TYPES.map(type =>
    fixed(typeName(type).toLowerCase(), [type, type], type, (ctx, call) => runArithmetic(ctx, op, call), {
      canFail: true,
    }),
  );
}

/** `op` over FLOAT and DOUBLE, by IEEE 754. */
export function floatArithmetic(op: Arithmetic): ScalarOverload[] {
  return [FLOAT32, FLOAT64].map(type =>
    fixed(typeName(type).toLowerCase(), [type, type], type, (ctx, call) => runArithmetic(ctx, op, call)),
  );
}

/**
 * `op` over decimals, in two overloads: results that always fit, and results that were cut to 18 or 38 digits, which can
 * fail. Sums have one digit more; products have the digits and scales of both.
 */
export function decimalArithmetic(op: '+' | '-' | '*' | '%'): ScalarOverload[] {
  const fit = op === '*' ? fitProduct : op === '%' ? fitRemainder : fitSum;
  const signature = '(DECIMAL, DECIMAL) -> DECIMAL';
  const only =
    (limited: boolean) =>
    (args: readonly DataType[]): Fit | undefined => {
      const found = fitDecimals(args, fit);
      return found === undefined || found.limited !== limited ? undefined : found;
    };
  const run: ScalarOverload['run'] = (ctx, call) => runArithmetic(ctx, op, call);
  const exact = generic('decimal', signature, only(false), run);
  return op === '%'
    ? [generic('decimal', signature, only(false), run, { canFail: true })]
    : [exact, generic('decimal_limited', signature, only(true), run, { canFail: true })];
}

type DecimalType = Extract<DataType, { kind: 'decimal' }>;
type DecimalFit = Pick<Fit, 'args' | 'returns'> & { readonly limited: boolean };

/** At least one side is a decimal; integers and NULL become one. */
function fitDecimals(
  args: readonly DataType[],
  combine: (a: DecimalType, b: DecimalType) => DecimalFit | undefined,
): (Fit & { limited: boolean }) | undefined {
  const [a, b] = args;
  if (args.length !== 2 || (a!.kind !== 'decimal' && b!.kind !== 'decimal')) return undefined;
  const da = operandType(a!, b!);
  const db = operandType(b!, a!);
  if (da === undefined || db === undefined) return undefined;
  const found = combine(da, db);
  if (found === undefined) return undefined;
  return { ...found, cost: implicitCost(a!) + implicitCost(b!) };
}

/** NULL and string literals take the other side's type. */
function operandType(type: DataType, other: DataType): DecimalType | undefined {
  if (type.kind === 'decimal' || type.kind === 'int') return asDecimal(type);
  return other.kind === 'decimal' && implicitCastCost(type, other) !== undefined ? other : undefined;
}

const implicitCost = (type: DataType): number =>
  type.kind === 'decimal' ? 0 : (implicitCastCost(type, decimal(18, 3)) ?? 105);

function fitSum(a: DecimalType, b: DecimalType): DecimalFit {
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1;
  const type = decimal(Math.min(MAX_PRECISION, precision), scale);
  return { args: [type, type], returns: type, limited: precision > MAX_PRECISION };
}

function fitProduct(a: DecimalType, b: DecimalType): DecimalFit {
  const scale = a.scale + b.scale;
  if (scale > MAX_PRECISION) {
    throw new RayexecError(
      'overflow',
      `the product of ${typeName(a)} and ${typeName(b)} needs ${scale} decimal places; 38 is the most`,
      {
        hint: 'cast an operand to a DECIMAL with a smaller scale',
      },
    );
  }
  const precision = a.precision + b.precision;
  const most = a.precision <= MAX_DECIMAL64 && b.precision <= MAX_DECIMAL64 ? MAX_DECIMAL64 : MAX_PRECISION;
  const cut = Math.min(precision, most);
  const kept = Math.max(cut, scale);
  const args = [decimal(kept, a.scale), decimal(kept, b.scale)];
  return { args, returns: decimal(kept, scale), limited: precision > kept };
}

function fitRemainder(a: DecimalType, b: DecimalType): DecimalFit | undefined {
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  // Beyond 38 digits the overload for DOUBLE takes over.
  if (precision > MAX_PRECISION) return undefined;
  const type = decimal(precision, scale);
  return { args: [type, type], returns: type, limited: false };
}

/** Runs the kernel of the arguments' physical type. @throws RayexecError `overflow`, `division-by-zero` */
export function runArithmetic(ctx: EvalContext, op: Arithmetic, call: ScalarCall): Vector {
  const [a, b] = call.args as readonly [Vector, Vector];
  const { count } = call.rows;
  const out = ctx.arena.alloc(count * widthOf(a.physical));
  const operands = [a.data, maskOf(a), b.data, maskOf(b)] as const;
  const status = onValidRows(ctx, call, ({ selection, selected }) =>
    runKernel(ctx.kernels, op, call, operands, [selection, selected, out]),
  );
  if (status < 0) failAt(ctx, op, call, -1 - status);
  return Vector.flat(call.type, count, out, call.validity);
}

type Operands = readonly [a: number, am: number, b: number, bm: number];
type Target = readonly [selection: number, n: number, out: number];

function runKernel(
  kernels: Kernels,
  op: Arithmetic,
  { args, type }: ScalarCall,
  operands: Operands,
  target: Target,
): number {
  const isDecimal = type.kind === 'decimal';
  const { physical } = args[0]!;
  switch (physical) {
    case 'i128':
      return kernels.arith_i128(CODES[op], ...operands, isDecimal ? 1 : 0, ...target);
    case 'i64':
      if (isDecimal && op === '*') return kernels.mul_decimal64(...operands, ...target);
      return kernels.arith_i64(CODES[op], ...operands, ...target);
    case 'i8':
    case 'i16':
    case 'i32':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'u128':
    case 'f32':
    case 'f64':
      return kernels[`arith_${physical}`](CODES[op], ...operands, ...target);
    default:
      throw new RayexecError('internal', `no arithmetic on ${physical}`);
  }
}

/** Says what failed at a position. */
export function failAt({ memory }: EvalContext, op: string, { args, type }: ScalarCall, position: number): never {
  const values = args.map(v => valueReader(memory, v)(position));
  const shown = values.map((v, i) => formatRaw(args[i]!.type, v));
  const term = shown.length === 1 ? `${op}${shown[0]}` : shown.join(` ${op} `);
  const divisor = values.at(-1);
  if ((op === '//' || op === '%') && (divisor === 0 || divisor === 0n)) {
    throw new RayexecError('division-by-zero', `division by zero: ${term}`, {
      hint: 'nullif(divisor, 0) makes the result NULL instead',
    });
  }
  const hint =
    type.kind === 'decimal'
      ? 'cast an operand to a DECIMAL with more digits, or to DOUBLE'
      : `cast an operand to ${type.kind === 'int' && type.bits < 64 ? 'BIGINT' : type.kind === 'int' && type.bits < 128 ? 'HUGEINT' : 'DOUBLE'}`;
  const what = type.kind === 'decimal' ? 'decimal' : 'integer';
  throw new RayexecError('overflow', `${what} overflow: ${term} does not fit ${typeName(type)}`, { hint });
}

import { buildConstant } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { literalInteger } from '../../types/coercion.ts';
import { type DataType, decimal, FLOAT32, FLOAT64, INT32, INT64, INT128 } from '../../types/data-type.ts';
import { MAX_PRECISION, physicalType } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import { failAt, INT_TYPES } from '../arithmetic.ts';
import { findCast } from '../cast.ts';
import { runnableCast } from '../cast-call.ts';
import { ROUNDING, rescaleDecimal } from '../cast-number.ts';
import type { EvalContext, Fit, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed, generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { unaryDouble } from './math.ts';

type Mode = keyof typeof ROUNDING;
type DecimalType = Extract<DataType, { kind: 'decimal' }>;

type DigitMode = Exclude<Mode, 'floor' | 'ceil'>;

const CODES = { floor: 22, ceil: 23, truncate: 24, half: 25 } as const;

/** Runs a cast without a way to fail, between the types of floats. */
function castFloat(ctx: EvalContext, vector: Vector, to: DataType, { rows, validity }: ScalarCall): Vector {
  if (vector.type === to) return vector;
  const cast = runnableCast(findCast(vector.type, to)!, vector.type, to, true);
  return cast.run(ctx, { args: [vector], rows, validity, type: to });
}

/** Floats are rounded as DOUBLE. */
const floatOverloads = (mode: keyof typeof CODES): ScalarOverload[] =>
  [FLOAT32, FLOAT64].map(type =>
    fixed(typeName(type).toLowerCase(), [type], type, (ctx, call) => {
      const wide = castFloat(ctx, call.args[0]!, FLOAT64, call);
      return castFloat(ctx, unaryDouble(ctx, CODES[mode], { ...call, args: [wide] }), type, call).as(type);
    }),
  );

/** round(x, n) and trunc(x, n) of floats. */
const floatDigitOverloads = (mode: 'half' | 'truncate'): ScalarOverload[] =>
  [FLOAT32, FLOAT64].map(type =>
    fixed(`${typeName(type).toLowerCase()}_digits`, [type, INT32], type, (ctx, call) => {
      const x = castFloat(ctx, call.args[0]!, FLOAT64, call);
      const digits = call.args[1]!;
      const { count } = call.rows;
      const out = ctx.arena.alloc(count * 8);
      const truncate = mode === 'truncate' ? 1 : 0;
      ctx.kernels.round_f64(truncate, x.data, maskOf(x), digits.data, maskOf(digits), count, out);
      return castFloat(ctx, Vector.flat(FLOAT64, count, out, call.validity), type, call);
    }),
  );

/** A decimal loses its digits after the point and keeps its precision, so that 99.9 can become 100. */
const decimalOverload = (mode: Mode): ScalarOverload => {
  const fit = (args: readonly DataType[]): Fit | undefined => {
    const [type] = args;
    if (args.length !== 1 || type!.kind !== 'decimal') return undefined;
    return { args: [type!], returns: decimal(type!.precision, 0), cost: 0 };
  };
  return generic('decimal', '(DECIMAL) -> DECIMAL', fit, (ctx, call) => roundDecimal(ctx, call, mode, 0), {
    canFail: true,
  });
};

/** round(x, n) of decimals: n must be a constant, since the result's scale depends on it. */
export const decimalDigitsOverload = (mode: DigitMode): ScalarOverload => {
  const fit = (args: readonly DataType[]): Fit | undefined => {
    const [type, digits] = args;
    if (args.length !== 2 || type!.kind !== 'decimal') return undefined;
    const n = literalInteger(digits!);
    if (n === undefined) return undefined;
    const scale = Math.min(type!.scale, Math.max(0, Number(n)));
    // Rounded to tens, all nines need a digit more, for which digits after the point make room.
    const carries = mode !== 'truncate' && Number(n) < 0 && type!.scale === 0 ? 1 : 0;
    const precision = Math.min(MAX_PRECISION, type!.precision + carries);
    return { args: [type!, INT32], returns: decimal(precision, scale), cost: 0 };
  };
  const run = (ctx: EvalContext, call: ScalarCall): Vector => {
    const digits = valueReader(ctx.memory, call.args[1]!)(firstRow(ctx, call)) as number;
    return roundDecimal(ctx, call, mode, digits);
  };
  return generic('decimal_digits', '(DECIMAL, INTEGER constant) -> DECIMAL', fit, run, { canFail: true });
};

const firstRow = ({ memory }: EvalContext, { rows }: ScalarCall): number =>
  rows.selection === 0 ? 0 : memory.u16[rows.selection >>> 1]!;

function roundDecimal(ctx: EvalContext, call: ScalarCall, mode: Mode, digits: number): Vector {
  const { rows, validity } = call;
  const [x] = call.args as readonly [Vector];
  const from = x.type as DecimalType;
  const to = call.type as DecimalType;
  if (digits >= from.scale) return x.as(to);
  if (digits < 0) return roundWhole(ctx, call, x, from.scale, digits, mode, to);
  const { status, address } = rescaleDecimal(ctx, x, from.scale, to, ROUNDING[mode], rows, 0);
  if (status < 0) failAt(ctx, mode.startsWith('half') ? 'round ' : `${mode} `, call, -1 - status);
  return Vector.flat(to, rows.count, address, validity);
}

/** Rounds before the point: down to tens, hundreds …, and up again. */
function roundWhole(
  ctx: EvalContext,
  call: ScalarCall,
  x: Vector,
  scale: number,
  digits: number,
  mode: Mode,
  to: DataType,
): Vector {
  const { rows, validity } = call;
  const precision = physicalType(to) === 'i128' ? MAX_PRECISION : 18;
  // Beyond the precision nothing is left, and powers of ten end.
  const places = Math.min(-digits, precision - scale);
  const down = { kind: 'decimal', precision, scale: 0 } as const;
  const { address } = rescaleDecimal(ctx, x, scale + places, down, ROUNDING[mode], rows, 0);
  if (-digits > places) {
    const zero = physicalType(to) === 'i128' || physicalType(to) === 'i64' ? 0n : 0;
    return buildConstant(ctx, to, zero, rows.count);
  }
  const rounded = Vector.flat(down, rows.count, address, validity);
  const up = { kind: 'decimal', precision, scale: places } as const;
  const back = rescaleDecimal(ctx, rounded, 0, up, ROUNDING[mode], rows, 0);
  if (back.status < 0) failAt(ctx, 'round ', call, -1 - back.status);
  return Vector.flat(to, rows.count, back.address, validity);
}

/** Integers have no digits to lose after the point. */
const integerOverloads = (mode: DigitMode): ScalarOverload[] =>
  INT_TYPES.map(type => {
    const rounded = roundedType(type, mode);
    return fixed(typeName(type).toLowerCase(), [type], rounded, (ctx, call) =>
      castInteger(ctx, call.args[0]!, rounded, call),
    );
  });

/** Rounded up an unsigned integer may need a bit more: its result is a signed one, as in DuckDB. */
function roundedType(type: DataType, mode: DigitMode): DataType {
  if (mode === 'truncate' || type.kind !== 'int' || type.signed || type.bits === 128) return type;
  return type.bits === 64 ? INT128 : INT64;
}

/** round(x, n) of integers, through decimals that have room for all their digits; none has for those of 128 bits. */
export const integerDigitOverloads = (mode: DigitMode): ScalarOverload[] =>
  INT_TYPES.map(type => {
    const physical = physicalType(type);
    const result = roundedType(type, mode);
    const widest = physical === 'i128' || physical === 'u128';
    const wide = physical === 'u64' || physical === 'i64' ? INT128 : INT64;
    const run = (ctx: EvalContext, call: ScalarCall): Vector => {
      if (widest || call.args[1]!.form !== 'constant') {
        return mapRows(ctx, call, (value, digits) =>
          roundedInteger(value as IntegerValue, digits as number, mode, result),
        );
      }
      const digits = valueReader(ctx.memory, call.args[1]!)(firstRow(ctx, call)) as number;
      if (digits >= 0) return castInteger(ctx, call.args[0]!, result, call);
      const { rows, validity } = call;
      const x = castInteger(ctx, call.args[0]!, wide, call);
      const rounded = roundWhole(ctx, { ...call, type: wide }, x, 0, digits, mode, wide);
      return castInteger(ctx, rounded, result, { ...call, rows, validity });
    };
    return fixed(`${typeName(type).toLowerCase()}_digits`, [type, INT32], result, run, { canFail: true });
  });

type IntegerValue = number | bigint;

/** An integer rounded to tens, hundreds …, for digits that differ from row to row. @throws RayexecError `overflow` */
function roundedInteger(value: IntegerValue, digits: number, mode: DigitMode, type: DataType): IntegerValue {
  const { bits, signed } = type as Extract<DataType, { kind: 'int' }>;
  const of = (n: bigint): IntegerValue => (bits > 32 ? n : Number(n));
  if (digits >= 0) return of(BigInt(value));
  const unit = 10n ** BigInt(Math.min(-digits, MAX_PRECISION + 1));
  const n = BigInt(value);
  const size = n < 0n ? -n : n;
  const half = unit / 2n;
  const isTie = size % unit === half && (size / unit) % 2n === 0n;
  const added = mode === 'truncate' || (mode === 'halfEven' && isTie) ? 0n : half;
  const rounded = ((size + added) / unit) * unit * (n < 0n ? -1n : 1n);
  if ((signed ? BigInt.asIntN(bits, rounded) : BigInt.asUintN(bits, rounded)) !== rounded) {
    throw new RayexecError('overflow', `round ${value} to ${digits} digits does not fit ${typeName(type)}`);
  }
  return of(rounded);
}

function castInteger(ctx: EvalContext, vector: Vector, to: DataType, { rows, validity }: ScalarCall): Vector {
  if (physicalType(vector.type) === physicalType(to)) return vector.as(to);
  return runnableCast(findCast(vector.type, to)!, vector.type, to, false).run(ctx, {
    args: [vector],
    rows,
    validity,
    type: to,
  });
}

function rounding(
  name: string,
  aliases: readonly string[],
  summary: string,
  args: readonly string[],
  example: readonly [string, string],
  overloads: readonly ScalarOverload[],
): ScalarFunction {
  return { name, aliases, doc: { summary, args, examples: [example], category: 'numeric' }, overloads };
}

export const roundings: readonly ScalarFunction[] = [
  rounding(
    'round',
    [],
    'The number rounded to n digits after the point (0 when left out), halves away from zero.',
    ['x', 'n'],
    ['round(42.4332, 2)', '42.43'],
    [
      ...integerOverloads('half'),
      ...floatOverloads('half'),
      decimalOverload('half'),
      ...integerDigitOverloads('half'),
      ...floatDigitOverloads('half'),
      decimalDigitsOverload('half'),
    ],
  ),
  rounding(
    'trunc',
    [],
    'The number cut to n digits after the point (0 when left out).',
    ['x', 'n'],
    ['trunc(-2.7)', '-2'],
    [
      ...integerOverloads('truncate'),
      ...floatOverloads('truncate'),
      decimalOverload('truncate'),
      ...integerDigitOverloads('truncate'),
      ...floatDigitOverloads('truncate'),
      decimalDigitsOverload('truncate'),
    ],
  ),
  rounding(
    'floor',
    [],
    'The greatest integer that is not above the number.',
    ['x'],
    ['floor(-2.5)', '-3'],
    [...floatOverloads('floor'), decimalOverload('floor')],
  ),
  rounding(
    'ceil',
    ['ceiling'],
    'The least integer that is not below the number.',
    ['x'],
    ['ceil(2.1)', '3'],
    [...floatOverloads('ceil'), decimalOverload('ceil')],
  ),
];

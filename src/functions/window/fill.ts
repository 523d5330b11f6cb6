import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { NO_ROW } from '../../kernels/vectors.ts';
import { plainType } from '../../types/coercion.ts';
import type { DataType, TypeKind } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { EvalContext, WindowCall, WindowFunction } from '../function.ts';
import { windowDoc } from './documented.ts';

/** What can be subtracted, and multiplied with a share of the way. */
const MEASURED: readonly TypeKind[] = ['int', 'float', 'decimal', 'date', 'time', 'timestamp'];

type Numeric = number | bigint;

/** Two rows with values that a line goes through, by position: NO_ROW for both where there is no row with a value. */
type Lines = { readonly first: number; readonly second: number; readonly isInside: readonly boolean[] };

/** The neighbours of each row that have values: one on each side, or the two nearest, or the only one. */
function linesOf({ arena, memory }: EvalContext, call: WindowCall): Lines {
  const { count, from, places, nonNulls } = call;
  const [first, second] = [arena.alloc(count * 4), arena.alloc(count * 4)];
  const { u32 } = memory;
  const isInside: boolean[] = [];
  for (let k = 0; k < count; k++) {
    const before = (row: number): number => u32[(nonNulls!.before >>> 2) + row]!;
    const start = before(u32[(places.partitionStart >>> 2) + k]!);
    const end = before(u32[(places.partitionEnd >>> 2) + k]!);
    const next = before(from + k);
    const at = (index: number): number => (start < end ? u32[(nonNulls!.rows >>> 2) + index]! : NO_ROW);
    isInside.push(next > start && next < end);
    const low = Math.max(start, Math.min(next - 1, end - 2));
    u32[(first >>> 2) + k] = at(low);
    u32[(second >>> 2) + k] = at(Math.min(low + 1, end - 1));
  }
  return { first, second, isInside };
}

function run(ctx: EvalContext, call: WindowCall): Vector {
  const { count, type } = call;
  const values = call.arg(0);
  // Without a NULL in any row there is nothing to fill.
  if (call.nonNulls === undefined) return values;
  const { first, second, isInside } = linesOf(ctx, call);
  const vectors = [
    values,
    call.arg(1),
    call.gather(first),
    call.gather(second),
    call.gather(first, 1),
    call.gather(second, 1),
  ];
  const [value, key, y0, y1, x0, x1] = vectors.map(v => valueReader(ctx.memory, v) as (k: number) => Numeric | null);
  const filled = Array.from({ length: count }, (_, k): RawValue => {
    const known = value!(k);
    const x = key!(k);
    const [low, high] = [y0!(k), y1!(k)];
    if (known !== null || x === null || low === null || high === null) return known;
    const [from, to] = [x0!(k)!, x1!(k)!];
    if (from === to) return low;
    return onLine(low, high, Number(minus(x, from)) / Number(minus(to, from)), isInside[k]!, type);
  });
  return buildVector(ctx, type, filled);
}

const minus = (a: Numeric, b: Numeric): Numeric =>
  typeof a === 'bigint' ? a - (b as bigint) : (a as number) - (b as number);

/** As in DuckDB, values between two others end towards zero, and those beyond at the nearest; NULL outside of the type. */
function onLine(low: Numeric, high: Numeric, share: number, isInside: boolean, type: DataType): RawValue {
  if (type.kind === 'float') return (low as number) * (1 - share) + (high as number) * share;
  const [least, way, part] = low <= high ? [low, minus(high, low), share] : [high, minus(low, high), 1 - share];
  const step = Number(way) * part;
  const isWide = (type.kind === 'int' && type.bits === 128) || (type.kind === 'decimal' && type.precision > 18);
  const found = BigInt(least) + (isInside || isWide ? towardsZero(BigInt(least), step) : BigInt(nearestEven(step)));
  const [min, max] = limitsOf(type);
  if (found < min || found > max) return null;
  return typeof low === 'bigint' ? found : Number(found);
}

/** What to add to a whole number so that its sum with a step ends towards zero. */
function towardsZero(from: bigint, step: number): bigint {
  const down = Math.floor(step);
  const isBelowZero = from + BigInt(down) < 0n;
  return BigInt(isBelowZero && step !== down ? down + 1 : down);
}

function nearestEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

const DAY_MICROS = 86_400_000_000n;

function limitsOf(type: DataType): readonly [bigint, bigint] {
  switch (type.kind) {
    case 'int': {
      const half = 1n << BigInt(type.bits - 1);
      return type.signed ? [-half, half - 1n] : [0n, 2n * half - 1n];
    }
    case 'decimal': {
      const end = 10n ** BigInt(type.precision);
      return [1n - end, end - 1n];
    }
    case 'date':
      return [-(1n << 31n) + 2n, (1n << 31n) - 2n];
    case 'time':
      return [0n, DAY_MICROS];
    default:
      return [-(1n << 63n) + 2n, (1n << 63n) - 2n];
  }
}

/** `fill(x)`: puts values where `x` is NULL, on a line through their neighbours. */
export const fill: WindowFunction = {
  name: 'fill',
  takesSortKey: true,
  doc: windowDoc(
    'The value; where it is NULL, one on a line through the values of the nearest rows that have one, by the one key of the window’s ORDER BY.',
    ['value'],
    [
      '(SELECT list(y ORDER BY x) FROM (SELECT x, fill(v) OVER (ORDER BY x) AS y FROM (VALUES (1, 10), (2, NULL), (4, 40), (5, NULL)) t(x, v)))',
      '[10, 20, 40, 50]',
    ],
  ),
  overloads: [
    {
      key: 'any',
      signature: '(ANY) -> ANY',
      fit: ([value, key, ...rest]) => {
        if (value === undefined || key === undefined || rest.length > 0) return undefined;
        if (!MEASURED.includes(value.kind) || !MEASURED.includes(key.kind)) return undefined;
        return { args: [plainType(value), plainType(key)], returns: plainType(value), cost: 0 };
      },
      nullable: true,
      run,
    },
  ],
};

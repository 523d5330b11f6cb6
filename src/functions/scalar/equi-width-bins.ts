import { RayexecError } from '../../common/errors.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, FLOAT64, INT64, list, TIMESTAMP } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

const MOST_BINS = 1_000_000n;

/** Ends of integer bins are computed with three more digits. */
const FACTOR = 1000n;

/** Ends of bins of one width from the greatest down; with nice numbers up to twice as many as asked for. */
function integerEnds(low: bigint, high: bigint, bins: bigint, isNice: boolean): readonly bigint[] {
  const from = low * FACTOR;
  let end = high * FACTOR;
  let step = (end - from) / bins;
  if (isNice && step > 0n) {
    const nice = niceStep(step);
    const last = ((end + nice - 1n) / nice) * nice;
    if (nice > 0n && last !== from) [step, end] = [nice, last];
  }
  const most = isNice ? 2n * bins : bins;
  const ends: bigint[] = [];
  for (; end > from && step > 0n; end -= step) {
    const next = end / FACTOR;
    if (ends.length > 0 && (next < low || BigInt(ends.length) >= most)) break;
    if (ends.at(-1) !== next) ends.push(next);
  }
  return ends;
}

/** The nearest multiple of what 2 or 5 times the power of ten below is. */
function niceStep(step: bigint): bigint {
  let power = 1n;
  while (power < step) power *= 10n;
  power /= 10n;
  if (power === 0n) return step;
  const [two, five] = [3n * power <= step ? 10n * power : 2n * power, 2n * power <= step ? 5n * power : power];
  const nearest = (unit: bigint): bigint => ((step + unit / 2n) / unit) * unit;
  const away = (x: bigint): bigint => (x > step ? x - step : step - x);
  return away(nearest(two)) < away(nearest(five)) ? nearest(two) : nearest(five);
}

function doubleEnds(low: number, high: number, bins: number, isNice: boolean): readonly number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new RayexecError('invalid-argument', 'bins of equal width have finite ends');
  const span = high - low;
  let step = Number.isFinite(span) ? span / bins : high / bins - low / bins;
  if (step === 0) return low === high ? [high] : [];
  const digits = 10 / powerBelow(step);
  let end = high;
  if (isNice) {
    step = niceWidth(step);
    const last = Math.ceil(high / step) * step;
    if (Number.isFinite(last)) end = last;
  }
  const most = isNice ? 2 * bins : bins;
  const ends: number[] = [];
  for (; end > low; end -= step) {
    const next = isNice ? Math.round(end * digits) / digits : end;
    if (ends.length >= most || next <= low) break;
    if (ends.at(-1) !== next) ends.push(next);
    if (end - step === end) break;
  }
  return ends;
}

function powerBelow(step: number): number {
  let power = 1;
  if (step < 1) {
    while (power > step) power /= 10;
    return power;
  }
  while (power < step) power *= 10;
  return power / 10;
}

function niceWidth(step: number): number {
  const power = powerBelow(step);
  const [two, five] = [3 * power <= step ? 10 * power : 2 * power, 2 * power <= step ? 5 * power : power];
  const nearest = (unit: number): number => Math.round(step / unit) * unit;
  const away = (unit: number): number => Math.abs(step - nearest(unit));
  return nearest(away(two) < away(five) ? two : five) || step;
}

/** Bins of a range, computed over `over`; their ends have the type of the range's end. */
const ofRange = (
  key: string,
  over: DataType,
  takes: (type: DataType) => boolean,
  ends: (low: RawValue, high: RawValue, bins: bigint, isNice: boolean) => readonly RawValue[],
): ScalarOverload =>
  generic(
    key,
    `(${key.toUpperCase()}, ${key.toUpperCase()}, BIGINT, BOOLEAN) -> ANY[]`,
    ([low, high, bins, nice, ...rest]) => {
      if (low === undefined || high === undefined || bins === undefined || nice === undefined) return undefined;
      if (rest.length > 0 || !takes(plainType(high))) return undefined;
      const wanted = [over, over, INT64, BOOLEAN] as const;
      const costs = [low, high, bins, nice].map((type, i) => implicitCastCost(type, wanted[i]!));
      if (costs.includes(undefined)) return undefined;
      return { args: wanted, returns: list(over), cost: costs.reduce<number>((sum, c) => sum + c!, 0) };
    },
    (ctx, call) =>
      mapRows(ctx, call, (low, high, bins, nice) => {
        const count = bins as bigint;
        if (high! < low!)
          throw new RayexecError(
            'invalid-argument',
            'bins end above where they begin: the second argument is the greater',
          );
        if (count <= 0n || count > MOST_BINS)
          throw new RayexecError('invalid-argument', `there are 1 to ${MOST_BINS} bins, not ${count}`);
        return [...ends(low!, high!, count, nice as boolean)].reverse();
      }),
    { canFail: true },
  );

/** `equi_width_bins(min, max, count, nice)`. */
export const equiWidthBins: ScalarFunction = {
  name: 'equi_width_bins',
  doc: listDoc(
    'The ends of bins of one width between two values, for histogram; round ones when the last argument is true, then there may be more or fewer.',
    ['min', 'max', 'bins', 'nice'],
    ['equi_width_bins(0, 10, 2, true)', '[5, 10]'],
  ),
  overloads: [
    ofRange(
      'bigint',
      INT64,
      t => t.kind === 'int',
      (low, high, bins, isNice) => (low === high ? [high] : integerEnds(low as bigint, high as bigint, bins, isNice)),
    ),
    ofRange(
      'double',
      FLOAT64,
      t => t.kind === 'float' || t.kind === 'decimal',
      (low, high, bins, isNice) => doubleEnds(low as number, high as number, Number(bins), isNice),
    ),
    ofRange(
      'timestamp',
      TIMESTAMP,
      t => t.kind === 'timestamp' || t.kind === 'date',
      (low, high, bins, isNice) => {
        if (!isNice) return low === high ? [high] : integerEnds(low as bigint, high as bigint, bins, false);
        throw new RayexecError('unsupported', 'bins of times have no round ends here', {
          hint: 'the last argument false gives bins of one width',
        });
      },
    ),
  ],
};

import { RayexecError } from '../../common/errors.ts';
import { addInterval, directionOf, isInfinite } from '../../types/add-interval.ts';
import { commonTypeOf } from '../../types/coercion.ts';
import { type DataType, INT64, INTERVAL, list, NULL, TIMESTAMP, TIMESTAMPTZ, UTF8 } from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import { TimeZone } from '../../types/time-zone.ts';
import { moveInstant } from '../date/zoned-interval.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { valueLists } from '../nested/joined-lists.ts';
import { listOverload } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { fixed, generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

/** The longest list that a function makes of short ones. */
const MAX_LENGTH = 10_000_000;

function checkedLength(length: bigint): number {
  if (length <= BigInt(MAX_LENGTH)) return Number(length);
  throw new RayexecError('invalid-argument', `a list of ${length} elements is too long`);
}

const listValue: ScalarOverload = generic(
  'any',
  '(T, ...) -> T[]',
  args => {
    const element = args.length === 0 ? NULL : commonTypeOf(args);
    return element && { args: args.map(() => element), returns: list(element), cost: 0 };
  },
  valueLists,
  { nulls: 'handles' },
);

function numbers(inclusive: boolean): readonly ScalarOverload[] {
  const of = (start: bigint, stop: bigint, step = 1n): RawValue => {
    if (step === 0n) return [];
    const distance = (stop - start) * (step > 0n ? 1n : -1n);
    const stride = step > 0n ? step : -step;
    const count = distance < 0n ? 0n : inclusive ? distance / stride + 1n : (distance + stride - 1n) / stride;
    return Array.from({ length: checkedLength(count) }, (_, i) => start + BigInt(i) * step);
  };
  const overload = (key: string, count: number, compute: (...args: bigint[]) => RawValue) =>
    fixed(
      key,
      Array.from({ length: count }, () => INT64),
      list(INT64),
      (ctx, call) => mapRows(ctx, call, compute as (...args: RawValue[]) => RawValue),
      {
        canFail: true,
      },
    );
  const instants = (key: string, type: DataType) =>
    fixed(
      key,
      [type, type, INTERVAL],
      list(type),
      (ctx, call) =>
        mapRows(ctx, call, (start, stop, step) =>
          between(start as bigint, stop as bigint, step as RawInterval, inclusive),
        ),
      { canFail: true },
    );
  return [
    instants('timestamps', TIMESTAMP),
    instants('instants', TIMESTAMPTZ),
    fixed(
      'zone',
      [TIMESTAMPTZ, TIMESTAMPTZ, INTERVAL, UTF8],
      list(TIMESTAMPTZ),
      (ctx, call) =>
        mapRows(ctx, call, (start, stop, step, name) => {
          const zone = TimeZone.named(name as string);
          const next = (at: bigint) => moveInstant(at, step as RawInterval, zone);
          return between(start as bigint, stop as bigint, step as RawInterval, inclusive, next);
        }),
      { canFail: true },
    ),
    overload('stop', 1, stop => of(0n, stop!)),
    overload('from', 2, (start, stop) => of(start!, stop!)),
    overload('step', 3, (start, stop, step) => of(start!, stop!, step)),
  ];
}

/** The timestamps from a start to a stop. @throws RayexecError `invalid-argument` for a step that goes both ways */
function between(
  start: bigint,
  stop: bigint,
  step: RawInterval,
  inclusive: boolean,
  next = (at: bigint) => addInterval(at, step),
): RawValue {
  const direction = directionOf(step);
  if (direction === undefined) throw new RayexecError('invalid-argument', 'the interval of a series goes both ways');
  if (isInfinite(start) || isInfinite(stop))
    throw new RayexecError('invalid-argument', 'a series of timestamps starts and stops at finite ones');
  const found: bigint[] = [];
  if (direction === 0) return found;
  const isInside = (at: bigint) => (direction > 0 ? at < stop : at > stop) || (inclusive && at === stop);
  for (let at = start; isInside(at); at = next(at)) {
    checkedLength(BigInt(found.length));
    found.push(at);
  }
  return found;
}

function resized(values: readonly RawValue[], size: bigint | null, filler: RawValue): RawValue {
  const length = checkedLength(size === null || size < 0n ? 0n : size);
  return Array.from({ length }, (_, i) => (i < values.length ? values[i]! : filler));
}

/** Making lists. */
export const listMakers: readonly ScalarFunction[] = [
  {
    name: 'list_value',
    aliases: ['list_pack', 'make_array'],
    doc: listDoc('A list of the values; [1, 2] means this.', ['value', '…'], ['list_value(1, 2)', '[1, 2]']),
    overloads: [listValue],
  },
  {
    name: 'array_value',
    doc: listDoc('An array of the values: a list of a fixed length.', ['value', '…'], ['array_value(1, 2)', '[1, 2]']),
    overloads: [
      generic(
        'any',
        '(T, ...) -> T[n]',
        args => {
          const element = args.length === 0 ? undefined : commonTypeOf(args);
          if (element === undefined) return undefined;
          return { args: args.map(() => element), returns: { kind: 'array', element, length: args.length }, cost: 0 };
        },
        valueLists,
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'range',
    doc: listDoc(
      'The whole numbers from a start (or 0) to before a stop, in steps.',
      ['start', 'stop', 'step'],
      ['range(1, 6, 2)', '[1, 3, 5]'],
    ),
    overloads: numbers(false),
  },
  {
    name: 'generate_series',
    doc: listDoc(
      'The whole numbers from a start (or 0) to a stop, in steps.',
      ['start', 'stop', 'step'],
      ['generate_series(1, 3)', '[1, 2, 3]'],
    ),
    overloads: numbers(true),
  },
  {
    name: 'list_resize',
    aliases: ['array_resize'],
    doc: listDoc(
      'The list cut, or filled with a value, to a length.',
      ['list', 'length', 'value'],
      ['list_resize([1, 2, 3], 5, 0)', '[1, 2, 3, 0, 0]'],
    ),
    overloads: [
      listOverload(
        'list',
        ['list', INT64],
        'list',
        () => (values: readonly RawValue[] | null, size: bigint | null) => values && resized(values, size, null),
        { nulls: 'handles', canFail: true },
      ),
      listOverload(
        'filled',
        ['list', INT64, 'element'],
        'list',
        () => (values: readonly RawValue[] | null, size: bigint | null, filler: RawValue) =>
          values && resized(values, size, filler),
        { nulls: 'handles', canFail: true },
      ),
    ],
  },
  {
    name: 'repeat',
    doc: listDoc('The list so many times.', ['list', 'count'], ['repeat([1, 2], 2)', '[1, 2, 1, 2]']),
    overloads: [
      listOverload(
        'list',
        ['list', INT64],
        'list',
        () => (values: readonly RawValue[], count: bigint) => {
          checkedLength(BigInt(values.length) * count);
          return Array.from({ length: Math.max(0, Number(count)) }, () => values).flat();
        },
        { canFail: true },
      ),
    ],
  },
];

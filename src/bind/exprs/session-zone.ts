import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { isUtc } from '../../types/time-zone.ts';
import type { Binder } from '../binder.ts';
import { textLiteral } from '../constant.ts';

/** Functions of instants that mean the session's time zone unless a last argument names one, and how many arguments come before it. */
const ZONED: ReadonlyMap<string, number> = new Map([
  ...[
    'year',
    'month',
    'day',
    'decade',
    'century',
    'millennium',
    'quarter',
    'week',
    'isoyear',
    'yearweek',
    'dayofweek',
    'isodow',
    'dayofyear',
    'era',
    'hour',
    'minute',
    'second',
    'millisecond',
    'microsecond',
    'julian',
    'timezone_offset',
    'timezone_hour',
    'timezone_minute',
    'last_day',
    'dayname',
    'monthname',
  ].map(name => [name, 1] as const),
  ...['date_part', 'date_trunc', 'strftime', 'age', 'date_add'].map(name => [name, 2] as const),
  ...['date_diff', 'date_sub', 'range', 'generate_series'].map(name => [name, 3] as const),
]);

const isInstant = (e: BoundExpr): boolean => {
  const type = typeOf(e);
  return type.kind === 'timestamp' && type.zone;
};
const isInterval = (e: BoundExpr): boolean => typeOf(e).kind === 'interval';

/** A call of instants with the session's time zone as one more argument; undefined where the zone makes no difference. */
export function inSessionZone(
  b: Binder,
  name: string,
  args: readonly BoundExpr[],
): { readonly fn: string; readonly args: readonly BoundExpr[] } | undefined {
  const { timeZone } = b.options.settings;
  if (isUtc(timeZone)) return undefined;
  const zone = textLiteral(timeZone);
  const fn = b.catalog.functions.scalar(name)?.name ?? name;
  if (fn === 'make_timestamptz' && args.length === 6) return { fn, args: [...args, zone] };
  if (!args.some(isInstant)) return undefined;
  if (fn === '+' && args.some(isInterval)) return { fn: 'date_add', args: [...args, zone] };
  if (fn === '-' && args.length === 2 && (isInstant(args[0]!) || isInterval(args[1]!)))
    return { fn: 'date_subtract', args: [...args, zone] };
  return ZONED.get(fn) === args.length ? { fn, args: [...args, zone] } : undefined;
}

import { schemaOf } from '../../catalog/schema-key.ts';
import type { Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import { DATE, list, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ, UTF8 } from '../../types/data-type.ts';
import { isUtc, TimeZone } from '../../types/time-zone.ts';
import { packZonedTime } from '../../types/zoned-time.ts';
import { type Binder, bindError } from '../binder.ts';
import { literal, NULL_LITERAL, textLiteral } from '../constant.ts';
import { bindSequenceCall } from '../statements/bind-sequence.ts';

const DAY_MICROS = 86_400_000_000n;

/** Calls whose answer is a constant of the statement: the time it began, the schema it runs in. */
export function bindSystemCall(
  b: Binder,
  fn: string,
  args: readonly BoundExpr[],
  span: Span | undefined,
): BoundExpr | undefined {
  const sequence = bindSequenceCall(b, fn, args, span);
  if (sequence !== undefined) return sequence;
  if (fn === 'getvariable') return variable(b, args, span);
  if (fn === 'current_setting') return setting(b, args, span);
  if (fn === 'current_schemas' && args.length === 1)
    return literal({
      type: list(UTF8),
      value: [...new Set([schemaOf(b.catalog.currentSchema), 'main', 'pg_catalog'])],
    });
  const constant = systemConstant(b, fn);
  if (constant === undefined) return undefined;
  if (args.length > 0) throw bindError(`${fn} takes no arguments`, span);
  return constant;
}

/** The value of SET VARIABLE; NULL when there is none. */
function variable(b: Binder, [name, ...rest]: readonly BoundExpr[], span: Span | undefined): BoundExpr {
  if (name?.kind !== 'literal' || name.value.type.kind !== 'utf8' || rest.length > 0)
    throw bindError("getvariable takes the name of a variable: getvariable('x')", span);
  const known = b.options.variables ?? {};
  const key = String(name.value.value).toLowerCase();
  return Object.hasOwn(known, key) ? literal(known[key]!) : NULL_LITERAL;
}

/** The value of a setting, as text. */
function setting(b: Binder, [name, ...rest]: readonly BoundExpr[], span: Span | undefined): BoundExpr {
  if (name?.kind !== 'literal' || name.value.type.kind !== 'utf8' || rest.length > 0)
    throw bindError("current_setting takes the name of a setting: current_setting('threads')", span);
  const known = b.options.settingValues ?? {};
  const key = String(name.value.value).toLowerCase();
  if (Object.hasOwn(known, key)) return textLiteral(known[key]!);
  throw bindError(`unrecognized configuration parameter "${key}"`, span, didYouMean(key, Object.keys(known)));
}

function systemConstant(b: Binder, fn: string): BoundExpr | undefined {
  switch (fn) {
    case 'now':
    case 'current_timestamp':
    case 'transaction_timestamp':
    case 'get_current_timestamp':
      return literal({ type: TIMESTAMPTZ, value: String(b.options.now) });
    case 'localtimestamp':
    case 'current_localtimestamp':
      return literal({ type: TIMESTAMP, value: String(localNow(b)) });
    case 'current_date':
    case 'today':
      return literal({ type: DATE, value: Number(floorDiv(localNow(b), DAY_MICROS)) });
    case 'current_time':
    case 'get_current_time': {
      const offset = Number((localNow(b) - b.options.now) / 1_000_000n);
      return literal({ type: TIMETZ, value: String(packZonedTime({ micros: timeNow(b), offset })) });
    }
    case 'localtime':
    case 'current_localtime':
      return literal({ type: TIME, value: String(timeNow(b)) });
    case 'current_schema':
      return textLiteral(schemaOf(b.catalog.currentSchema));
    case 'current_database':
    case 'current_catalog':
      return textLiteral(b.catalog.currentCatalog);
    case 'version':
      return textLiteral('rayexec');
    case 'current_query':
      return textLiteral(b.options.source ?? '');
    case 'current_user':
    case 'current_role':
    case 'session_user':
    case 'user':
      return textLiteral('rayexec');
    default:
      return undefined;
  }
}

/** The statement's start as a wall clock in the session's time zone shows it, in microseconds. */
function localNow(b: Binder): bigint {
  const { now, settings } = b.options;
  return isUtc(settings.timeZone) ? now : TimeZone.named(settings.timeZone).toClock(now);
}

function timeNow(b: Binder): bigint {
  const now = localNow(b);
  return now - floorDiv(now, DAY_MICROS) * DAY_MICROS;
}

const floorDiv = (a: bigint, c: bigint): bigint => (a >= 0n || a % c === 0n ? a / c : a / c - 1n);

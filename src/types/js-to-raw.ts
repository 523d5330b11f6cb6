import { RayexecError } from '../common/errors.ts';
import type { DataType } from './data-type.ts';
import type { RawValue } from './raw-value.ts';
import { typeName } from './type-name.ts';
import { MAX_OFFSET_SECONDS, packZonedTime } from './zoned-time.ts';

const MICROS = { s: 1_000_000n, ms: 1_000n, us: 1n } as const;

/**
 * A JavaScript value as the raw value of a SQL type (see `RawValue`). Nothing is rounded silently.
 * @throws RayexecError `conversion` that names the column
 */
export function jsToRaw(column: string, type: DataType, value: unknown): RawValue {
  if (value === null || value === undefined) return null;
  const refuse = (): never => {
    const shown = typeof value === 'string' ? `'${value}'` : String(value);
    throw new RayexecError('conversion', `column '${column}': ${shown} (${typeof value}) is no ${typeName(type)}`);
  };
  switch (type.kind) {
    case 'null':
      return refuse();
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse();
    case 'float':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : refuse();
    case 'int': {
      if (typeof value === 'number' ? !Number.isInteger(value) : typeof value !== 'bigint') return refuse();
      const integer = BigInt(value as number | bigint);
      const fits = type.signed ? BigInt.asIntN(type.bits, integer) : BigInt.asUintN(type.bits, integer);
      if (fits !== integer) return refuse();
      return type.bits <= 32 ? Number(integer) : integer;
    }
    case 'decimal':
      return unscaled(typeof value === 'string' ? value : exactText(value as number | bigint), type.scale) ?? refuse();
    case 'utf8':
    case 'enum':
    case 'uuid':
      return typeof value === 'string' ? value : refuse();
    case 'json':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'binary':
      return value instanceof Uint8Array ? value : refuse();
    case 'date': {
      const days = value instanceof Date ? value.getTime() / 86_400_000 : Date.parse(String(value)) / 86_400_000;
      return Number.isNaN(days) ? refuse() : Math.floor(days);
    }
    case 'timestamp': {
      const ms = value instanceof Date ? value.getTime() : Date.parse(typeof value === 'string' ? utc(value) : '');
      if (Number.isNaN(ms)) return refuse();
      const micros = BigInt(Math.floor(ms)) * 1000n;
      return type.unit === 'ns' ? micros * 1000n : micros / MICROS[type.unit];
    }
    case 'time':
      return typeof value === 'bigint' ? value : (timeMicros(value) ?? refuse());
    case 'bit':
      return typeof value === 'string' && /^[01]+$/.test(value) ? value : refuse();
    case 'timetz':
      return zonedTime(value) ?? refuse();
    case 'interval': {
      const {
        months = 0,
        days = 0,
        micros = 0,
      } = value as { months?: number; days?: number; micros?: number | bigint };
      return { months, days, micros: BigInt(micros) };
    }
    case 'list':
    case 'array':
      if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return refuse();
      return Array.from(value as unknown as ArrayLike<unknown>, v => jsToRaw(column, type.element, v));
    case 'struct':
      return type.fields.map(f => jsToRaw(column, f.type, (value as Record<string, unknown>)[f.name]));
    case 'map': {
      const entries = value instanceof Map ? [...value] : Object.entries(value as object);
      return entries.map(([k, v]) => [jsToRaw(column, type.key, k), jsToRaw(column, type.value, v)]);
    }
    case 'union':
      return refuse();
  }
}

/** Microseconds of `HH:MM:SS.ffffff`. */
function timeMicros(value: unknown): bigint | undefined {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(String(value));
  if (match === null) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const fits = Number(minutes) < 60 && Number(seconds) < 60 && whole <= 86_400;
  return fits ? BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0')) : undefined;
}

/** Digits without exponent. */
function exactText(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString();
  const text = String(value);
  if (!/e/i.test(text)) return text;
  return value.toFixed(20).replace(/0+$/, '');
}

/** The unscaled integer of decimal digits; undefined when digits beyond the scale would be lost. */
function unscaled(text: string, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > scale && /[1-9]/.test(fraction.slice(scale))) return undefined;
  const digits = BigInt(`${whole}${fraction.slice(0, scale).padEnd(scale, '0')}` || '0');
  return sign === '-' ? -digits : digits;
}

/** A timestamp text without zone is read as UTC, which is how wall-clock times are stored. */
function utc(text: string): string {
  return /[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`;
}

/** The time of `'12:34:56+02'`, with or without minutes and seconds of the offset. */
function zonedTime(value: unknown): bigint | undefined {
  const [, time, sign, hours, minutes = '0', seconds = '0'] =
    typeof value === 'string' ? (/^(.*)([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/.exec(value) ?? []) : [];
  const micros = timeMicros(time);
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (micros === undefined || size > MAX_OFFSET_SECONDS) return undefined;
  return packZonedTime({ micros, offset: sign === '-' ? -size : size });
}

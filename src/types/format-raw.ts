import type { DataType } from './data-type.ts';
import { unscaledText } from './explain-scalar.ts';
import { dateText, intervalText, timestampText, timeText, zonedTimeText } from './instant-text.ts';
import type { RawInterval, RawValue } from './raw-value.ts';
import type { TimeZone } from './time-zone.ts';

/**
 * A value as the text that CAST to VARCHAR gives it; NULL as `NULL`, which only nested values show.
 * @param zone whose clocks show instants; without one, UTC
 */
export function formatRaw(type: DataType, value: RawValue, zone?: TimeZone): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'decimal':
      return unscaledText(String(value), type.scale);
    case 'float':
      return formatFloat(value as number, type.bits);
    case 'binary':
      return formatBlob(value as Uint8Array);
    case 'date':
      return dateText(value as number);
    case 'time':
      return timeText(value as bigint);
    case 'timetz':
      return zonedTimeText(value as bigint);
    case 'timestamp':
      return timestampText(value as bigint, type.unit, type.zone, zone);
    case 'interval':
      return intervalText(value as RawInterval);
    case 'list':
      // A list of JSON is itself JSON.
      if (type.element.kind === 'json') return `[${(value as readonly RawValue[]).map(v => v ?? 'NULL').join(', ')}]`;
      return formatElements(type.element, value as readonly RawValue[], zone);
    case 'array':
      return formatElements(type.element, value as readonly RawValue[], zone);
    case 'struct': {
      const fields = value as readonly RawValue[];
      const shown = type.fields.map((f, i) => `${quote(f.name)}: ${formatElement(f.type, fields[i]!, zone)}`);
      return `{${shown.join(', ')}}`;
    }
    case 'map': {
      const entries = value as readonly (readonly [RawValue, RawValue])[];
      const shown = entries.map(
        ([k, v]) => `${formatElement(type.key, k, zone)}=${formatElement(type.value, v, zone)}`,
      );
      return `{${shown.join(', ')}}`;
    }
    case 'union': {
      const [member, v] = value as readonly [number, RawValue];
      return formatRaw(type.members[member]!.type, v, zone);
    }
    default:
      return String(value);
  }
}

function formatElements(type: DataType, values: readonly RawValue[], zone: TimeZone | undefined): string {
  return `[${values.map(v => formatElement(type, v, zone)).join(', ')}]`;
}

/** Inside nested values a text is quoted where it could be misread. */
function formatElement(type: DataType, value: RawValue, zone: TimeZone | undefined): string {
  const text = formatRaw(type, value, zone);
  if (value === null || NESTED.has(type.kind)) return text;
  return text === '' || MISREAD.test(text) ? quote(text) : text;
}

const NESTED: ReadonlySet<string> = new Set(['list', 'array', 'struct', 'map', 'union']);
const MISREAD = /["'(),:=[\\\]{}]|^[ \t-\r]|[ \t-\r]$|^null$/i;

const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** The shortest text that reads back as the same number: `1.0`, `0.1`, `1e+20`, `1e-05`, `nan`, `inf`. */
export function formatFloat(value: number, bits: 32 | 64): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, exponentText] = shortest(Math.abs(value), bits).split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const magnitude = Math.abs(exponent).toString().padStart(2, '0');
    return `${sign}${digits[0]}${tail}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

function shortest(value: number, bits: 32 | 64): string {
  if (bits === 64) return value.toExponential();
  // Nine digits tell any two floats apart; most need fewer.
  for (let digits = 0; digits < 8; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

/** Printable ASCII as it is, other bytes as `\xAB`. */
function formatBlob(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) {
    const isPlain = b >= 32 && b < 127 && b !== 0x5c && b !== 0x27 && b !== 0x22;
    text += isPlain ? String.fromCharCode(b) : `\\x${b.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

import { RayexecError } from '../../common/errors.ts';
import type { RawValue } from '../../types/raw-value.ts';

/** How a value is written: [[fill]align][sign][#][0][width][,][.precision][type]. */
type Spec = {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly width: number;
  readonly grouped: boolean;
  readonly precision: number | undefined;
  readonly type: string;
};

/** A value with its plain text. */
export type Formatted = { readonly value: RawValue; readonly text: string };

const bad = (reason: string): RayexecError => new RayexecError('invalid-argument', reason);

/** Python's and fmt's `{}`, `{0}`, `{:>5.2f}`. @throws RayexecError `invalid-argument` for a bad format */
export function formatBraces(format: string, args: readonly Formatted[]): string {
  let next = 0;
  return format.replace(/\{\{|\}\}|\{(\d*)(?::([^{}]*))?\}|[{}]/g, (text, index?: string, spec?: string) => {
    if (text === '{{') return '{';
    if (text === '}}') return '}';
    if (text.length === 1) throw bad(`the format "${format}" has a lone ${text}`);
    const arg = args[index === undefined || index === '' ? next++ : Number(index)];
    if (arg === undefined) throw bad(`the format "${format}" has more places than arguments`);
    return writeValue(parseSpec(spec ?? '', format), arg);
  });
}

/** C's `%d`, `%5.2f`, `%-8s`, `%%`. @throws RayexecError `invalid-argument` for a bad format */
export function formatPercent(format: string, args: readonly Formatted[]): string {
  let next = 0;
  return format.replace(
    /%(%|([-+ 0#,]*)(\d*)(?:\.(\d+))?(?:hh|h|ll|l|z)?([a-zA-Z])|)/g,
    (text, what: string, flags = '', width = '', precision?: string, type = '') => {
      if (what === '%') return '%';
      if (type === '') throw bad(`the format "${format}" has a % without a type`);
      const arg = args[next++];
      if (arg === undefined) throw bad(`the format "${format}" has more places than arguments`);
      const isNumber = typeof arg.value === 'number' || typeof arg.value === 'bigint';
      const zero = flags.includes('0') && !flags.includes('-') && isNumber;
      return writeValue(
        {
          fill: zero ? '0' : ' ',
          align: flags.includes('-') ? '<' : zero ? '=' : '>',
          sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '',
          width: Number(width),
          grouped: flags.includes(','),
          precision: precision === undefined ? undefined : Number(precision),
          type: type === 'i' || type === 'u' ? 'd' : type,
        },
        arg,
        text,
      );
    },
  );
}

/** Like toFixed, with halves rounded to even digits as C does. */
function fixedDigits(value: number, precision: number): string {
  const rounded = value.toFixed(precision);
  if (precision >= 50 || !Number.isFinite(value)) return rounded;
  // toFixed is exact: a half shows as a 5 and zeros, and was rounded away from zero.
  const rest = value
    .toFixed(precision + 50)
    .replace(/^-?\d+\./, '')
    .slice(precision);
  if (!/^50+$/.test(rest) || !/[13579]$/.test(rounded)) return rounded;
  const unit = 10 ** -precision;
  return (value < 0 ? value + unit / 2 : value - unit / 2).toFixed(precision);
}

function parseSpec(spec: string, format: string): Spec {
  const match = /^(?:(.)?([<>^=]))?([-+ ])?#?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u.exec(spec);
  if (match === null) throw bad(`"${spec}" in the format "${format}" can't be read`);
  const [, fill, align, sign, zero, width, group, precision, type] = match;
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero === undefined ? '' : '='),
    sign: sign === '-' ? '' : (sign ?? ''),
    width: Number(width ?? 0),
    grouped: group !== undefined,
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
}

function writeValue(spec: Spec, { value, text }: Formatted, shown = spec.type): string {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  let written = text;
  if (isNumber) written = writeNumber(spec, value, text);
  else if (spec.type !== '' && spec.type !== 's') throw bad(`"${shown}" can't format ${text}: it is no number`);
  else if (spec.precision !== undefined) written = [...text].slice(0, spec.precision).join('');
  const missing = spec.width - [...written].length;
  if (missing <= 0) return written;
  switch (spec.align === '' ? (isNumber ? '>' : '<') : spec.align) {
    case '<':
      return written + spec.fill.repeat(missing);
    case '^':
      return spec.fill.repeat(missing >> 1) + written + spec.fill.repeat(missing - (missing >> 1));
    case '=': {
      const sign = /^[-+ ]?/.exec(written)![0];
      return sign + spec.fill.repeat(missing) + written.slice(sign.length);
    }
    default:
      return spec.fill.repeat(missing) + written;
  }
}

function writeNumber({ type, precision, sign, grouped }: Spec, value: number | bigint, text: string): string {
  const isNegative = value < 0 || Object.is(value, -0);
  let digits: string;
  switch (type) {
    case 'd':
      if (typeof value === 'number' && !Number.isInteger(value))
        throw bad(`"d" can't format ${text}: it is no integer`);
      digits = String(value);
      break;
    case 'x':
      digits = value.toString(16);
      break;
    case 'X':
      digits = value.toString(16).toUpperCase();
      break;
    case 'o':
      digits = value.toString(8);
      break;
    case 'b':
      digits = value.toString(2);
      break;
    case 'f':
    case 'F':
      digits = fixedDigits(Number(value), precision ?? 6);
      break;
    case 'e':
    case 'E': {
      digits = Number(value)
        .toExponential(precision ?? 6)
        .replace(/e([-+])(\d)$/, 'e$10$2');
      if (type === 'E') digits = digits.toUpperCase();
      break;
    }
    case 'g':
    case 'G':
      digits = String(Number(Number(value).toPrecision(precision === 0 ? 1 : (precision ?? 6))));
      break;
    case 's':
    case '':
      digits = precision === undefined ? text : String(Number(Number(value).toPrecision(Math.max(1, precision))));
      break;
    default:
      throw bad(`"${type}" is no type of a format`);
  }
  digits = digits.replace(/^-/, '');
  if (grouped) digits = digits.replace(/^\d+/, whole => whole.replace(/\B(?=(\d{3})+$)/g, ','));
  return (isNegative ? '-' : sign) + digits;
}

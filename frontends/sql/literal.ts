import { type DataType, UTF8 } from '../../src/types/data-type.ts';
import { dateText, timestampText, timeText } from '../../src/types/instant-text.ts';
import type { Scalar, ScalarValue } from '../../src/types/scalar.ts';
import { typeName } from '../../src/types/type-name.ts';
import { numberLiteral } from './literal-number.ts';
import { readDate, readInterval, readTime, readTimestamp, writeInterval } from './literal-time.ts';

/** A function-like spelling for constants that have no other: `typed_literal('INTEGER[]', '[1,2]')`, the value as JSON. */
export const TYPED_LITERAL = 'typed_literal';

/** A VARCHAR constant. */
export const textLiteral = (value: string): Scalar => ({ type: UTF8, value });

/**
 * The constant `TYPE 'text'`, when the text is the type's plain form; undefined for other texts: those are casts,
 * so that reading them, and its errors, stay with the engine.
 */
export function typedLiteral(type: DataType, text: string): Scalar | undefined {
  const value = readText(type, text);
  return value === undefined ? undefined : { type, value };
}

function readText(type: DataType, text: string): ScalarValue | undefined {
  switch (type.kind) {
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
    case 'int':
      return readInt(text, type.bits, type.signed);
    case 'float':
      return readFloat(text, type.bits);
    case 'decimal':
      return readDecimal(text, type.precision, type.scale);
    case 'utf8':
      return text;
    case 'date':
      return readDate(text);
    case 'time':
      return readTime(text)?.toString();
    case 'timestamp':
      return readTimestamp(text, type.unit, type.zone);
    case 'interval':
      return readInterval(text);
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : undefined;
    case 'bit':
      return /^[01]+$/.test(text) ? text : undefined;
    case 'json':
      return isJson(text) ? text : undefined;
    default:
      return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readInt(text: string, bits: number, signed: boolean): ScalarValue | undefined {
  if (!/^-?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text);
  const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  return !fits ? undefined : bits <= 32 ? Number(value) : String(value);
}

function readFloat(text: string, bits: number): ScalarValue | undefined {
  const special = ['NaN', 'Infinity', '-Infinity'].find(name => name.toLowerCase() === text.toLowerCase());
  if (special !== undefined) return special;
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = bits === 32 ? Math.fround(Number(text)) : Number(text);
  return !Number.isFinite(value) ? undefined : Object.is(value, -0) ? '-0' : value;
}

function readDecimal(text: string, precision: number, scale: number): ScalarValue | undefined {
  const found = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (found === null || !/\d/.test(text)) return undefined;
  const [, sign, whole = '', fraction = ''] = found;
  if (fraction.length > scale) return undefined;
  const unscaled = BigInt(whole + fraction.padEnd(scale, '0'));
  if (String(unscaled).length > precision && unscaled !== 0n) return undefined;
  return String(sign === '-' ? -unscaled : unscaled);
}

/** The constant as SQL that reads back as exactly this type and value. */
export function literalText({ type, value }: Scalar): string {
  if (value === null) return type.kind === 'null' ? 'NULL' : fallback(type, value);
  if (type.kind === 'utf8') return quoteText(value as string);
  if (type.kind === 'boolean') return value === true ? 'TRUE' : 'FALSE';
  const bare = bareText(type, value);
  if (bare !== undefined) return bare;
  const text = plainText(type, value);
  if (text === undefined || JSON.stringify(readText(type, text)) !== JSON.stringify(value))
    return fallback(type, value);
  return `${typeName(type)} ${quoteText(text)}`;
}

/** A string constant: in quotes, with quotes inside doubled. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const fallback = (type: DataType, value: ScalarValue): string =>
  `${TYPED_LITERAL}(${quoteText(typeName(type))}, ${quoteText(JSON.stringify(value))})`;

/** A number's or blob's own literal, when there is one of this type. */
function bareText(type: DataType, value: ScalarValue): string | undefined {
  if (type.kind === 'binary') return `X'${hexOf(value as string)}'`;
  let texts: readonly string[];
  if (type.kind === 'int') texts = [String(value)];
  else if (type.kind === 'decimal')
    texts = [decimalText(value as string, type.scale, 1), decimalText(value as string, type.scale, 0)];
  else if (type.kind === 'float' && type.bits === 64 && typeof value === 'number') texts = [doubleText(value)];
  else return undefined;
  const wanted = JSON.stringify({ type, value });
  return texts.find(text => {
    const negative = text.startsWith('-');
    return JSON.stringify(numberLiteral(negative ? text.slice(1) : text, negative)) === wanted;
  });
}

function doubleText(value: number): string {
  const text = String(value);
  return text.includes('e') ? text : `${text}e0`;
}

/** Digits with a point and at least `whole` digits before it: 0.25 is a DECIMAL(3,2), .25 a DECIMAL(2,2). */
function decimalText(unscaled: string, scale: number, whole: 0 | 1): string {
  const negative = unscaled.startsWith('-');
  const digits = (negative ? unscaled.slice(1) : unscaled).padStart(scale + whole, '0');
  const point = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function plainText(type: DataType, value: ScalarValue): string | undefined {
  switch (type.kind) {
    case 'decimal':
      return decimalText(value as string, type.scale, 1);
    case 'date':
      return dateText(value as number);
    case 'time':
      return timeText(BigInt(value as string));
    case 'timestamp':
      return timestampText(BigInt(value as string), type.unit, type.zone);
    case 'interval':
      return writeInterval(value as Extract<ScalarValue, { readonly months: number }>);
    case 'int':
    case 'float':
    case 'uuid':
    case 'bit':
    case 'json':
      return String(value);
    default:
      return undefined;
  }
}

const hexOf = (base64: string): string =>
  Array.from(atob(base64), c => c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()).join('');

/** Base64 of a blob literal's hexadecimal digits. */
export const base64Of = (hex: string): string =>
  btoa((hex.match(/../g) ?? []).map(pair => String.fromCharCode(Number.parseInt(pair, 16))).join(''));

import { parseRaw } from '../../batch/parse-raw.ts';
import { tryParseTimestamp } from '../../functions/date/strptime.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  FLOAT64,
  INT64,
  INT128,
  sameType,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UTF8,
} from '../../types/data-type.ts';
import { ALL_ORDERS, type DateOrder, dateOrders, ORDERS } from './date-order.ts';

/** What text in a column looks like, and how its dates are written. */
export type SniffedType = {
  readonly type: DataType;
  readonly order?: DateOrder | undefined;
  readonly separator?: string | undefined;
  /** The format that was asked for. */
  readonly format?: string | undefined;
};

export type SniffSettings = {
  readonly nullTexts: readonly string[];
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly decimalSeparator: '.' | ',';
  readonly candidates: readonly DataType[] | undefined;
};

// One bit a type, in the order of preference.
const IS_BOOLEAN = 1;
const IS_INT64 = 2;
const IS_INT128 = 4;
const IS_FLOAT = 8;
const IS_TIME = 16;
const IS_DATE = 32;
const IS_TIMESTAMP = 64;
const IS_INSTANT = 128;
const ANY = 255;
const TYPES: readonly DataType[] = [BOOLEAN, INT64, INT128, FLOAT64, TIME, DATE, TIMESTAMP, TIMESTAMPTZ];

/** Finds the type of a column, text by text: the most special one that all its texts have. */
export class TypeSniffer {
  readonly #settings: SniffSettings;
  #possible = ANY;
  #orders = ALL_ORDERS;
  #separator: string | undefined;
  #isEmpty = true;

  constructor(settings: SniffSettings) {
    this.#settings = settings;
    const { candidates } = settings;
    if (candidates !== undefined) {
      this.#possible = TYPES.reduce((mask, t, i) => (candidates.some(c => sameType(c, t)) ? mask | (1 << i) : mask), 0);
    }
  }

  add(text: string): void {
    if (this.#possible === 0 || this.#settings.nullTexts.includes(text)) return;
    this.#isEmpty = false;
    // Many texts are short integers, which fit every type of numbers.
    if ((this.#possible & ~(IS_INT64 | IS_INT128 | IS_FLOAT)) === 0 && isPlainInteger(text)) return;
    this.#possible &= this.#kindsOf(text);
  }

  get found(): SniffedType {
    if (this.#isEmpty || this.#possible === 0) return { type: UTF8 };
    const type = TYPES[31 - Math.clz32(this.#possible & -this.#possible)]!;
    const { dateFormat, timestampFormat } = this.#settings;
    if (type.kind === 'date' && dateFormat !== undefined) return { type, format: dateFormat };
    if (type.kind === 'timestamp' && timestampFormat !== undefined) return { type, format: timestampFormat };
    if (type.kind !== 'date' && type.kind !== 'timestamp') return { type };
    const order = ORDERS.find(o => (this.#orders & o.bit) !== 0)!;
    return { type, order: order.order, separator: this.#separator ?? '-' };
  }

  /** Whether a text can be read as the type that was found; NULL can. */
  fits(text: string): boolean {
    const { type } = this.found;
    if (type.kind === 'utf8' || this.#settings.nullTexts.includes(text)) return true;
    const probe = new TypeSniffer(this.#settings);
    probe.add(text);
    return (probe.#possible & (1 << TYPES.indexOf(type))) !== 0;
  }

  #kindsOf(text: string): number {
    const { dateFormat, timestampFormat, decimalSeparator } = this.#settings;
    if (dateFormat !== undefined && tryParseTimestamp(dateFormat, text) !== undefined) return IS_DATE | IS_TIMESTAMP;
    if (timestampFormat !== undefined && tryParseTimestamp(timestampFormat, text) !== undefined) return IS_TIMESTAMP;
    const trimmed = text.trim();
    const number = numberKinds(decimalSeparator === ',' ? trimmed.replace(',', '.') : trimmed);
    if (number !== 0) return decimalSeparator === ',' && trimmed.includes('.') ? 0 : number;
    if (/^(?:true|false|t|f)$/i.test(text)) return IS_BOOLEAN;
    if (/^\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$/.test(trimmed)) return parseRaw(TIME, trimmed) === undefined ? 0 : IS_TIME;
    return this.#dateKinds(trimmed);
  }

  #dateKinds(text: string): number {
    const { dateFormat, timestampFormat } = this.#settings;
    const date = dateOrders(text);
    if (date === undefined || (this.#separator !== undefined && date.separator !== this.#separator)) return 0;
    const rest = text.slice(date.length);
    if (rest === '') {
      if (dateFormat !== undefined || (this.#orders & date.orders) === 0) return 0;
      this.#orders &= date.orders;
      this.#separator = date.separator;
      return IS_DATE | IS_TIMESTAMP | IS_INSTANT;
    }
    const isYearFirst = (date.orders & ORDERS[0]!.bit & this.#orders) !== 0;
    if (!isYearFirst || timestampFormat !== undefined || parseRaw(TIMESTAMP, text) === undefined) return 0;
    this.#orders = ORDERS[0]!.bit;
    this.#separator = date.separator;
    return /[+-]\d\d(?::?\d\d)?$|(?:z|utc)$/i.test(rest) ? IS_INSTANT : IS_TIMESTAMP | IS_INSTANT;
  }
}

/** Up to 15 digits without leading zeros. */
function isPlainInteger(text: string): boolean {
  if (text.length > 15 || text.length === 0 || (text.length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  return true;
}

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const MAX_INT128 = (1n << 127n) - 1n;

function numberKinds(text: string): number {
  const c = text.charCodeAt(0);
  const mayBe = (c >= 48 && c <= 57) || c === 45 || c === 46;
  if (!mayBe) return /^-?(?:nan|inf|infinity)$/i.test(text) ? IS_FLOAT : 0;
  if (!NUMBER.test(text)) return 0;
  const digits = c === 45 ? text.slice(1) : text;
  // Leading zeros mean something: a code, not a number.
  if (digits.length > 1 && digits[0] === '0' && digits.charCodeAt(1) >= 48 && digits.charCodeAt(1) <= 57) return 0;
  if (!/^\d+$/.test(digits)) return IS_FLOAT;
  if (digits.length <= 18) return IS_INT64 | IS_INT128 | IS_FLOAT;
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) === value) return IS_INT64 | IS_INT128 | IS_FLOAT;
  return value <= MAX_INT128 && value >= -MAX_INT128 ? IS_INT128 | IS_FLOAT : IS_FLOAT;
}

import { MICROS_PER_DAY } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes } from '../types/physical.ts';
import type { RawInterval, RawValue } from '../types/raw-value.ts';
import { uuidFromText } from '../types/uuid-text.ts';

/**
 * The order of two values of a type: negative, 0 or positive. NaN is the greatest number, text goes bytewise; inside
 * lists and structs (element by element) NULL is a value greater than all others.
 */
export function compareRaw(type: DataType, a: RawValue, b: RawValue): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  switch (type.kind) {
    case 'float':
      return compareFloats(a as number, b as number);
    case 'utf8':
    case 'json':
    case 'bit':
      return compareText(a as string, b as string);
    case 'binary':
      return compareBytes(a as Uint8Array, b as Uint8Array);
    case 'uuid':
      return order(uuidFromText(a as string)!, uuidFromText(b as string)!);
    case 'enum':
      return type.values.indexOf(a as string) - type.values.indexOf(b as string);
    case 'interval':
      return order(intervalLength(a as RawInterval), intervalLength(b as RawInterval));
    case 'list':
    case 'array':
      return compareLists(() => type.element, a as readonly RawValue[], b as readonly RawValue[]);
    case 'map': {
      const entry = childTypes(type)[0]!;
      return compareLists(() => entry, a as readonly RawValue[], b as readonly RawValue[]);
    }
    case 'struct':
      return compareLists(i => type.fields[i]!.type, a as readonly RawValue[], b as readonly RawValue[]);
    case 'union': {
      const [x, y] = [a, b] as unknown as [readonly [number, RawValue], readonly [number, RawValue]];
      return x[0] - y[0] || compareRaw(type.members[x[0]]!.type, x[1], y[1]);
    }
    default:
      return order(a as number | bigint | boolean, b as number | bigint | boolean);
  }
}

const order = <T extends number | bigint | boolean>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return order(a, b);
}

const encoder = new TextEncoder();

const compareText = (a: string, b: string): number =>
  a === b ? 0 : compareBytes(encoder.encode(a), encoder.encode(b));

/** Bytes in the order of unsigned numbers; what goes on is greater. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}

/** Micros, with months of 30 days. */
export function intervalLength({ months, days, micros }: RawInterval): bigint {
  return (BigInt(months) * 30n + BigInt(days)) * MICROS_PER_DAY + micros;
}

function compareLists(typeAt: (i: number) => DataType, a: readonly RawValue[], b: readonly RawValue[]): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const c = compareRaw(typeAt(i), a[i]!, b[i]!);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

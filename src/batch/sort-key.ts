import { invariant } from '../common/errors.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes } from '../types/physical.ts';
import type { RawInterval, RawValue } from '../types/raw-value.ts';
import { uuidFromText } from '../types/uuid-text.ts';
import { intervalLength } from './compare-raw.ts';

/** Bytes that stand before a value, before a NULL (which is greater than all values), and behind a list. */
const VALUE = 1;
const NULL_VALUE = 2;
const END = 0;

/** Bytes of a value that is not NULL, whose bytewise order is that of `compareRaw`. */
export function sortKey(type: DataType, value: RawValue): Uint8Array {
  const out: number[] = [];
  put(out, type, value);
  return Uint8Array.from(out);
}

function put(out: number[], type: DataType, value: RawValue): void {
  switch (type.kind) {
    case 'float':
      putInteger(out, floatOrder(value as number), 8);
      break;
    case 'utf8':
    case 'json':
    case 'bit':
      putBytes(out, encoder.encode(value as string));
      break;
    case 'binary':
      putBytes(out, value as Uint8Array);
      break;
    case 'uuid':
      putInteger(out, uuidFromText(value as string)!, 17);
      break;
    case 'enum':
      putInteger(out, BigInt(type.values.indexOf(value as string)), 5);
      break;
    case 'interval':
      putInteger(out, intervalLength(value as RawInterval), 16);
      break;
    case 'list':
    case 'array':
    case 'map': {
      const element = childTypes(type)[0]!;
      for (const v of value as readonly RawValue[]) putNullable(out, element, v);
      out.push(END);
      break;
    }
    case 'struct':
      for (const [i, field] of type.fields.entries()) putNullable(out, field.type, (value as readonly RawValue[])[i]!);
      break;
    case 'union': {
      const [member, v] = value as unknown as readonly [number, RawValue];
      out.push(member);
      putNullable(out, type.members[member]!.type, v);
      break;
    }
    default:
      invariant(typeof value !== 'object' && typeof value !== 'string', `${type.kind} has no order of integers`);
      putInteger(out, BigInt(value), 17);
  }
}

function putNullable(out: number[], type: DataType, value: RawValue): void {
  out.push(value === null ? NULL_VALUE : VALUE);
  if (value !== null) put(out, type, value);
}

/** Big-endian, with the sign turned so that negative numbers come first. */
function putInteger(out: number[], value: bigint, bytes: number): void {
  const biased = BigInt.asUintN(bytes * 8, value + (1n << BigInt(bytes * 8 - 1)));
  for (let shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push(Number((biased >> BigInt(shift)) & 255n));
}

/** Bytes with an end that is smaller than any byte: a zero among them is followed by a one. */
function putBytes(out: number[], bytes: Uint8Array): void {
  for (const byte of bytes) {
    out.push(byte);
    if (byte === 0) out.push(1);
  }
  out.push(END, END);
}

const encoder = new TextEncoder();
const float = new DataView(new ArrayBuffer(8));

/** An integer for a double that is ordered as doubles are: zeros are one, NaN is the greatest. */
function floatOrder(value: number): bigint {
  float.setFloat64(0, value === 0 ? 0 : Math.abs(value));
  const magnitude = float.getBigInt64(0);
  return value < 0 ? -magnitude : magnitude;
}

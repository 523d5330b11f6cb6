import { invariant } from '../common/errors.ts';
import type { DataType } from './data-type.ts';
import type { Scalar, ScalarValue } from './scalar.ts';

/**
 * One value at the edge of the engine, with nothing lost:
 * boolean → boolean; ints ≤ 32 bits, floats, DATE (days) → number; 64- and 128-bit ints, DECIMAL (unscaled), TIME (µs),
 * TIMESTAMP (its unit), TIMETZ (`packZonedTime`) → bigint; text, JSON, ENUM, UUID (canonical text), BIT ('0' and '1') → string; BLOB → Uint8Array; INTERVAL → its parts;
 * LIST, ARRAY → elements; STRUCT → fields in order; MAP → [key, value] pairs; UNION → [member index, value].
 */
export type RawValue = null | boolean | number | bigint | string | Uint8Array | RawInterval | readonly RawValue[];

/** An interval's parts, which do not carry over: a month has no fixed days, a day no fixed hours. */
export type RawInterval = { readonly months: number; readonly days: number; readonly micros: bigint };

/** The raw value of a constant. */
export function scalarToRaw({ type, value }: Scalar): RawValue {
  if (value === null) return null;
  switch (type.kind) {
    case 'int':
      return type.bits <= 32 ? Number(value) : BigInt(value as string);
    case 'float':
      return Number(value);
    case 'decimal':
    case 'time':
    case 'timetz':
    case 'timestamp':
      return BigInt(value as string);
    case 'binary':
      return bytesFromBase64(value as string);
    case 'interval': {
      const { months, days, micros } = value as { months: number; days: number; micros: string };
      return { months, days, micros: BigInt(micros) };
    }
    case 'list':
    case 'array':
      return (value as readonly ScalarValue[]).map(v => scalarToRaw({ type: type.element, value: v }));
    case 'struct':
      return (value as readonly ScalarValue[]).map((v, i) => scalarToRaw({ type: type.fields[i]!.type, value: v }));
    case 'map':
      return (value as readonly (readonly [ScalarValue, ScalarValue])[]).map(([k, v]) => [
        scalarToRaw({ type: type.key, value: k }),
        scalarToRaw({ type: type.value, value: v }),
      ]);
    case 'union': {
      const [member, v] = value as readonly [number, ScalarValue];
      return [member, scalarToRaw({ type: type.members[member]!.type, value: v })];
    }
    default:
      return value as boolean | number | string;
  }
}

/** The constant of a raw value; inverse of `scalarToRaw`. */
export function rawToScalar(type: DataType, raw: RawValue): Scalar {
  return { type, value: toScalarValue(type, raw) };
}

function toScalarValue(type: DataType, raw: RawValue): ScalarValue {
  if (raw === null) return null;
  switch (type.kind) {
    case 'float':
      return Number.isFinite(raw) && !Object.is(raw, -0) ? (raw as number) : Object.is(raw, -0) ? '-0' : String(raw);
    case 'binary':
      return base64FromBytes(raw as Uint8Array);
    case 'interval': {
      const { months, days, micros } = raw as RawInterval;
      return { months, days, micros: micros.toString() };
    }
    case 'list':
    case 'array':
      return (raw as readonly RawValue[]).map(v => toScalarValue(type.element, v));
    case 'struct':
      return (raw as readonly RawValue[]).map((v, i) => toScalarValue(type.fields[i]!.type, v));
    case 'map':
      return (raw as readonly (readonly [RawValue, RawValue])[]).map(([k, v]) => [
        toScalarValue(type.key, k),
        toScalarValue(type.value, v),
      ]);
    case 'union': {
      const [member, v] = raw as readonly [number, RawValue];
      return [member, toScalarValue(type.members[member]!.type, v)];
    }
    default:
      if (typeof raw === 'bigint') return raw.toString();
      invariant(typeof raw === 'boolean' || typeof raw === 'number' || typeof raw === 'string', `not a ${type.kind}`);
      return raw;
  }
}

function bytesFromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), c => c.charCodeAt(0));
}

function base64FromBytes(bytes: Uint8Array): string {
  let binary = '';
  for (const b of bytes) binary += String.fromCharCode(b);
  return btoa(binary);
}

import type { ColumnRange } from '../../plan/logical-plan.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Scalar, ScalarValue } from '../../types/scalar.ts';
import type { LeafLayout } from './column-layout.ts';
import type { ChunkStatistics } from './file-metadata.ts';

/**
 * What a chunk's statistics say of its values: bounds, which need not occur (writers shorten long text).
 * Floats have no upper bound: statistics leave out NaN, which the engine orders above all numbers.
 */
export function columnRange(leaf: LeafLayout, statistics: ChunkStatistics): ColumnRange {
  const useSigned =
    leaf.conversion.kind !== 'bytes' && leaf.stored !== 'BYTE_ARRAY' && leaf.stored !== 'FIXED_LEN_BYTE_ARRAY';
  const isUnsigned = leaf.type.kind === 'int' && !leaf.type.signed;
  const min = statistics.min ?? (useSigned && !isUnsigned ? statistics.signedMin : undefined);
  const max = statistics.max ?? (useSigned && !isUnsigned ? statistics.signedMax : undefined);
  return {
    min: min && bound(leaf, min, 'min'),
    max: max && leaf.type.kind !== 'float' ? bound(leaf, max, 'max') : undefined,
    nullCount: statistics.nulls,
  };
}

/** A bound as the value that it stands for; undefined when that is not known. */
export function bound(leaf: LeafLayout, bytes: Uint8Array, side: 'min' | 'max'): Scalar | undefined {
  const value = decode(leaf, bytes, side);
  return value === undefined ? undefined : { type: leaf.type, value };
}

function decode(leaf: LeafLayout, bytes: Uint8Array, side: 'min' | 'max'): ScalarValue | undefined {
  const { type, stored, conversion } = leaf;
  switch (conversion.kind) {
    case 'bits':
      return bytes.length === 1 ? bytes[0] === 1 : undefined;
    case 'big-endian':
      return bytes.length > 0 ? String(bigEndian(bytes)) : undefined;
    case 'bytes':
      return type.kind === 'utf8' ? textBound(bytes, side) : undefined;
    case 'copy':
    case 'narrow':
    case 'widen':
    case 'wide':
    case 'double':
    case 'scale': {
      const number = storedNumber(leaf, bytes);
      if (number === undefined) return undefined;
      if (stored === 'FLOAT' || stored === 'DOUBLE') return floatBound(Number(number));
      return scaled(type, BigInt(number), conversion.kind === 'scale' ? conversion.factor : 1);
    }
    default:
      return undefined;
  }
}

function storedNumber({ stored, type, conversion }: LeafLayout, bytes: Uint8Array): number | bigint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isUnsigned = 'signed' in conversion ? !conversion.signed : type.kind === 'int' && !type.signed;
  if (bytes.length === 4 && stored === 'INT32') return isUnsigned ? view.getUint32(0, true) : view.getInt32(0, true);
  if (bytes.length === 4 && stored === 'FLOAT') return view.getFloat32(0, true);
  if (bytes.length === 8 && stored === 'INT64')
    return isUnsigned ? view.getBigUint64(0, true) : view.getBigInt64(0, true);
  if (bytes.length === 8 && stored === 'DOUBLE') return view.getFloat64(0, true);
  return undefined;
}

/** A lower bound of 0 may stand for -0. */
function floatBound(value: number): ScalarValue | undefined {
  if (Number.isNaN(value)) return undefined;
  if (value === 0) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function scaled(type: DataType, value: bigint, factor: number): ScalarValue {
  const result = factor > 0 ? value * BigInt(factor) : floorDivide(value, BigInt(-factor));
  if (type.kind === 'float') return Number(result);
  return type.kind === 'date' || (type.kind === 'int' && type.bits <= 32) ? Number(result) : String(result);
}

const floorDivide = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;

function bigEndian(bytes: Uint8Array): bigint {
  let value = BigInt((bytes[0]! << 24) >> 24);
  for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte);
  return value;
}

/** Text that was cut inside of a character: a minimum loses the piece, for a maximum nothing is known. */
function textBound(bytes: Uint8Array, side: 'min' | 'max'): string | undefined {
  for (let cut = 0; cut < 4 && cut <= bytes.length; cut++) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, bytes.length - cut));
    } catch {
      if (side === 'max') return undefined;
    }
  }
  return undefined;
}

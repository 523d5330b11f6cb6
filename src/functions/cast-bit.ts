import type { DataType } from '../types/data-type.ts';
import type { RawValue } from '../types/raw-value.ts';
import { byValue, type Cast } from './cast-call.ts';

/** Numbers, booleans and blobs as the bits that they consist of, the highest first, and back; undefined for other types. */
export function castBit(from: DataType, to: DataType): Cast | undefined {
  const other = from.kind === 'bit' ? to : from;
  if (other.kind === 'binary') return from.kind === 'bit' ? bitsToBlob : blobToBits;
  const width = widthOf(other);
  if (width === undefined) return undefined;
  if (to.kind === 'bit') return byValue(false, value => bitText(numberBits(other, value), width));
  return byValue(true, value => {
    const text = value as string;
    // Shorter ones are what the lowest bits are; bytes that are not used may be there, as in DuckDB.
    return Math.ceil(text.length / 8) * 8 > width ? undefined : numberOf(other, BigInt(`0b${text}`), width);
  });
}

/** Bits of a number or boolean; undefined for types without a fixed number of them. */
function widthOf(type: DataType): number | undefined {
  if (type.kind === 'boolean') return 8;
  return type.kind === 'int' || type.kind === 'float' ? type.bits : undefined;
}

const bitText = (bits: bigint, width: number): string => BigInt.asUintN(width, bits).toString(2).padStart(width, '0');

const view = new DataView(new ArrayBuffer(8));

function numberBits(type: DataType, value: RawValue): bigint {
  if (type.kind !== 'float') return BigInt(value as boolean | number | bigint);
  if (type.bits === 32) {
    view.setFloat32(0, value as number);
    return BigInt(view.getUint32(0));
  }
  view.setFloat64(0, value as number);
  return view.getBigUint64(0);
}

function numberOf(type: DataType, bits: bigint, width: number): RawValue {
  if (type.kind === 'boolean') return bits !== 0n;
  if (type.kind === 'float') {
    if (width === 32) {
      view.setUint32(0, Number(bits));
      return view.getFloat32(0);
    }
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  }
  const value = type.kind === 'int' && type.signed ? BigInt.asIntN(width, bits) : bits;
  return width <= 32 ? Number(value) : value;
}

/** Bytes whose unused first bits are 0. */
const bitsToBlob = byValue(false, value => {
  const text = value as string;
  const padded = text.padStart(Math.ceil(text.length / 8) * 8, '0');
  return Uint8Array.from({ length: padded.length / 8 }, (_, i) => Number.parseInt(padded.slice(8 * i, 8 * i + 8), 2));
});

/** No bytes are no bits, which is no bit string. */
const blobToBits = byValue(true, value => {
  const bytes = value as Uint8Array;
  return bytes.length === 0 ? undefined : Array.from(bytes, b => b.toString(2).padStart(8, '0')).join('');
});

import { compareBytes } from '../../batch/compare-raw.ts';
import { STORED_ORDERS, type StoredType } from './stored-type.ts';

/** How numbers are read, by the order that they have. */
const READERS = ['getInt32', 'getUint32', 'getBigInt64', 'getBigUint64', 'getFloat32', 'getFloat64'] as const;

/** The order of two stored values, neither of them NaN: negative, 0 or positive. */
export function compareStored(order: StoredType['order'], a: Uint8Array, b: Uint8Array): number {
  const reader = typeof order === 'number' ? READERS[order] : undefined;
  // The first byte of long integers has their sign.
  if (reader === undefined)
    return (order === STORED_ORDERS.bigEndian && signed(a[0]!) - signed(b[0]!)) || compareBytes(a, b);
  const [x, y] = [a, b].map(bytes => new DataView(bytes.buffer, bytes.byteOffset)[reader](0, true));
  return x! < y! ? -1 : Number(x! > y!);
}

const signed = (byte: number): number => (byte << 24) >> 24;

import { compareBytes } from '../../batch/compare-raw.ts';
import { STORED_ORDERS, type StoredType } from './stored-type.ts';

/** The order of two stored values, neither of them NaN: negative, 0 or positive. */
export function compareStored(order: StoredType['order'], a: Uint8Array, b: Uint8Array): number {
  const [x, y] = [a, b].map(bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)) as [
    DataView,
    DataView,
  ];
  switch (order) {
    case STORED_ORDERS.i32:
      return x.getInt32(0, true) - y.getInt32(0, true);
    case STORED_ORDERS.u32:
      return x.getUint32(0, true) - y.getUint32(0, true);
    case STORED_ORDERS.f32:
      return sign(x.getFloat32(0, true), y.getFloat32(0, true));
    case STORED_ORDERS.f64:
      return sign(x.getFloat64(0, true), y.getFloat64(0, true));
    case STORED_ORDERS.i64:
      return sign(x.getBigInt64(0, true), y.getBigInt64(0, true));
    case STORED_ORDERS.u64:
      return sign(x.getBigUint64(0, true), y.getBigUint64(0, true));
    case STORED_ORDERS.bigEndian:
      return x.getInt8(0) - y.getInt8(0) || compareBytes(a, b);
    default:
      return compareBytes(a, b);
  }
}

const sign = <T extends number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

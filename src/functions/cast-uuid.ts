import type { DataType } from '../types/data-type.ts';
import { uuidFromText, uuidToText } from '../types/uuid-text.ts';
import { byValue, type Cast } from './cast-call.ts';

const BYTES = 16;

/** UUIDs as their 128 bits, a number or bytes of which the first is the highest, and back; undefined for other types. */
export function castUuid(from: DataType, to: DataType): Cast | undefined {
  const other = from.kind === 'uuid' ? to : from;
  const isBits = other.kind === 'int' && other.bits === 128 && !other.signed;
  if (from.kind === 'uuid' && isBits) return uuidToBits;
  if (from.kind === 'uuid' && other.kind === 'binary') return uuidToBytes;
  if (to.kind === 'uuid' && isBits) return bitsToUuid;
  return to.kind === 'uuid' && other.kind === 'binary' ? bytesToUuid : undefined;
}

const uuidToBits = byValue(false, value => uuidFromText(value as string)!);

const bitsToUuid = byValue(false, value => uuidToText(value as bigint));

const uuidToBytes = byValue(false, value => {
  const bits = uuidFromText(value as string)!;
  return Uint8Array.from({ length: BYTES }, (_, i) => Number((bits >> BigInt(8 * (BYTES - 1 - i))) & 0xffn));
});

const bytesToUuid = byValue(true, value => {
  const bytes = value as Uint8Array;
  return bytes.length === BYTES ? uuidToText(bytes.reduce((bits, b) => (bits << 8n) | BigInt(b), 0n)) : undefined;
});

import { RayexecError } from '../../common/errors.ts';

/** A struct of Thrift's compact protocol by field id. Integers are numbers, exact up to 2^53. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/** The input ended inside a value: with more bytes it may be whole. */
export class ShortInput extends Error {}

const MAX_DEPTH = 24;
const decoder = new TextDecoder();

const NO_BYTES = new Uint8Array(0);

/**
 * Reads one struct that starts at `offset`; binary values are views of `bytes`, or empty when they are not kept.
 * @throws ShortInput when the bytes end early; RayexecError `format` when they can't be Thrift
 */
export function readStruct(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  keepsBinary = true,
): { readonly value: ThriftStruct; readonly end: number } {
  const reader = new Reader(bytes, offset, end, keepsBinary);
  const value = reader.struct(0);
  return { value, end: reader.at };
}

class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly keepsBinary: boolean;
  at: number;

  constructor(bytes: Uint8Array, offset: number, end: number, keepsBinary: boolean) {
    this.bytes = bytes;
    this.end = end;
    this.keepsBinary = keepsBinary;
    this.at = offset;
  }

  struct(depth: number): ThriftStruct {
    if (depth > MAX_DEPTH) throw new RayexecError('format', 'damaged metadata: nested too deep');
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ; ) {
      const header = this.byte();
      if (header === 0) return fields;
      id = header >> 4 === 0 ? this.zigzag() : id + (header >> 4);
      fields.set(id, this.value(header & 15, depth + 1, false));
    }
  }

  value(type: number, depth: number, inList: boolean): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        // A field's type says true or false; in a list each has a byte.
        return inList ? this.byte() === 1 : type === 1;
      case 3:
        return (this.byte() << 24) >> 24;
      case 4:
      case 5:
      case 6:
        return this.zigzag();
      case 7: {
        const at = this.skip(8);
        return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, 8).getFloat64(0, true);
      }
      case 8: {
        const length = this.varint();
        const at = this.skip(length);
        return this.keepsBinary ? this.bytes.subarray(at, at + length) : NO_BYTES;
      }
      case 9:
      case 10:
        return this.list(depth);
      case 12:
        return this.struct(depth);
      default:
        throw new RayexecError('format', `damaged metadata: type ${type} at byte ${this.at}`);
    }
  }

  list(depth: number): readonly ThriftValue[] {
    const header = this.byte();
    const count = header >> 4 === 15 ? this.varint() : header >> 4;
    // Every element takes a byte at least.
    if (count > this.end - this.at) throw new ShortInput();
    if (depth > MAX_DEPTH) throw new RayexecError('format', 'damaged metadata: nested too deep');
    const list: ThriftValue[] = [];
    for (let i = 0; i < count; i++) list.push(this.value(header & 15, depth + 1, true));
    return list;
  }

  byte(): number {
    if (this.at >= this.end) throw new ShortInput();
    return this.bytes[this.at++]!;
  }

  skip(length: number): number {
    const at = this.at;
    if (length > this.end - at) throw new ShortInput();
    this.at += length;
    return at;
  }

  varint(): number {
    let value = this.byte();
    if (value < 128) return value;
    value &= 127;
    for (let unit = 128, n = 1; n < 10; n++, unit *= 128) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
    throw new RayexecError('format', `damaged metadata: endless number at byte ${this.at}`);
  }

  zigzag(): number {
    const value = this.varint();
    if (value < 2 ** 31) return (value >> 1) ^ -(value & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

// Typed access to fields; a field of another type is damage.

/** A number, or undefined when the field is absent. */
export function numberAt(struct: ThriftStruct, id: number): number | undefined {
  const value = struct.get(id);
  if (value === undefined || typeof value === 'number') return value;
  return wrongType(id);
}

/** A number that must be there. */
export function requiredNumber(struct: ThriftStruct, id: number): number {
  return numberAt(struct, id) ?? wrongType(id);
}

export function booleanAt(struct: ThriftStruct, id: number): boolean | undefined {
  const value = struct.get(id);
  if (value === undefined || typeof value === 'boolean') return value;
  return wrongType(id);
}

export function bytesAt(struct: ThriftStruct, id: number): Uint8Array | undefined {
  const value = struct.get(id);
  if (value === undefined || value instanceof Uint8Array) return value;
  return wrongType(id);
}

export function textAt(struct: ThriftStruct, id: number): string | undefined {
  const bytes = bytesAt(struct, id);
  return bytes === undefined ? undefined : decoder.decode(bytes);
}

export function structAt(struct: ThriftStruct, id: number): ThriftStruct | undefined {
  const value = struct.get(id);
  if (value === undefined || value instanceof Map) return value as ThriftStruct | undefined;
  return wrongType(id);
}

export function requiredStruct(struct: ThriftStruct, id: number): ThriftStruct {
  return structAt(struct, id) ?? wrongType(id);
}

/** The structs of a list; none when the field is absent. */
export function structsAt(struct: ThriftStruct, id: number): readonly ThriftStruct[] {
  const value = struct.get(id) ?? [];
  if (!Array.isArray(value)) return wrongType(id);
  return value.map(v => (v instanceof Map ? (v as ThriftStruct) : wrongType(id)));
}

/** The values of a list; undefined when the field is absent. */
export function listAt(struct: ThriftStruct, id: number): readonly ThriftValue[] | undefined {
  const list = struct.get(id);
  return list === undefined || Array.isArray(list) ? list : wrongType(id);
}

/** The texts of a list; none when the field is absent. */
export function textsAt(struct: ThriftStruct, id: number): readonly string[] {
  const value = struct.get(id) ?? [];
  if (!Array.isArray(value)) return wrongType(id);
  return value.map(v => (v instanceof Uint8Array ? decoder.decode(v) : wrongType(id)));
}

function wrongType(id: number): never {
  throw new RayexecError('format', `damaged metadata: field ${id} is missing or of another type`);
}

import { assertNever } from '../common/errors.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { RawValue } from '../types/raw-value.ts';
import { uuidToText } from '../types/uuid-text.ts';
import type { Rows } from './batch.ts';
import type { Vector } from './vector.ts';

const decoder = new TextDecoder();

/** The values of the selected rows, copied out of the memory. */
export function readColumn(memory: LinearMemory, vector: Vector, rows: Rows): RawValue[] {
  const read = columnReader(memory, vector, rows);
  if (rows.selection === 0) return Array.from({ length: rows.count }, (_, i) => read(i));
  const from = rows.selection >>> 1;
  return Array.from({ length: rows.selected }, (_, j) => read(memory.u16[from + j]!));
}

/** Reads a vector at the positions of rows: as `valueReader` does, and texts that lie side by side at once. */
export function columnReader(memory: LinearMemory, vector: Vector, rows: Rows): (position: number) => RawValue {
  const isText = vector.physical === 'ref' && vector.type.kind !== 'binary';
  if (!isText || vector.form === 'constant') return valueReader(memory, vector);
  if (vector.form === 'dictionary') return dictionaryTextReader(memory, vector);
  return adjoiningTextReader(memory, vector, rows) ?? valueReader(memory, vector);
}

/** Makes each text of a dictionary once. */
function dictionaryTextReader(memory: LinearMemory, vector: Vector): (position: number) => RawValue {
  const read = valueReader(memory, vector.dictionary!);
  const { validity, data } = vector;
  const known = new Map<number, RawValue>();
  return i => {
    if (isNullAt(memory, validity, i)) return null;
    const code = memory.u32[(data >>> 2) + i]!;
    let text = known.get(code);
    if (text === undefined) {
      text = read(code);
      known.set(code, text);
    }
    return text;
  };
}

/** Decodes all texts at once and cuts them out, if they are ASCII and lie in a stretch that holds little else. */
function adjoiningTextReader(
  memory: LinearMemory,
  { validity, data }: Vector,
  { selection, selected }: Rows,
): ((position: number) => RawValue) | undefined {
  const { u8, u16, u32 } = memory;
  let [from, to, bytes] = [Number.POSITIVE_INFINITY, 0, 0];
  for (let j = 0; j < selected; j++) {
    const i = selection === 0 ? j : u16[(selection >>> 1) + j]!;
    const length = u32[(data >>> 2) + 2 * i + 1]!;
    if (length === 0 || isNullAt(memory, validity, i)) continue;
    const address = u32[(data >>> 2) + 2 * i]!;
    if (address < from) from = address;
    if (address + length > to) to = address + length;
    bytes += length;
  }
  if (bytes === 0 || to - from > 2 * bytes) return undefined;
  const all = decoder.decode(u8.slice(from, to));
  if (all.length !== to - from) return undefined;
  return i => {
    if (isNullAt(memory, validity, i)) return null;
    const start = memory.u32[(data >>> 2) + 2 * i]! - from;
    return all.substring(start, start + memory.u32[(data >>> 2) + 2 * i + 1]!);
  };
}

const isNullAt = ({ u8 }: LinearMemory, validity: number, i: number): boolean =>
  validity !== 0 && ((u8[validity + (i >> 3)]! >> (i & 7)) & 1) === 0;

/** Reads a vector by position, any form and type. */
export function valueReader(memory: LinearMemory, vector: Vector): (position: number) => RawValue {
  const { validity, data } = vector;
  const isNull = (i: number): boolean => isNullAt(memory, validity, i);
  if (vector.form === 'dictionary') {
    const read = valueReader(memory, vector.dictionary!);
    return i => (isNull(i) ? null : read(memory.u32[(data >>> 2) + i]!));
  }
  const read = storedReader(memory, vector);
  if (vector.form === 'constant') return () => (isNull(0) ? null : read(0));
  return i => (isNull(i) ? null : read(i));
}

/** Reads what is stored at a position that is not NULL. */
function storedReader(memory: LinearMemory, vector: Vector): (at: number) => RawValue {
  const { type, data, children } = vector;
  if (type.kind === 'null') return () => null;
  switch (vector.physical) {
    case 'bool':
      return i => memory.u8[data + i] !== 0;
    case 'i8':
      return i => memory.i8[data + i]!;
    case 'u8':
      return i => memory.u8[data + i]!;
    case 'i16':
      return i => memory.i16[(data >>> 1) + i]!;
    case 'u16':
      return i => memory.u16[(data >>> 1) + i]!;
    case 'i32':
      return i => memory.i32[(data >>> 2) + i]!;
    case 'u32':
      if (type.kind === 'enum') return i => type.values[memory.u32[(data >>> 2) + i]!]!;
      return i => memory.u32[(data >>> 2) + i]!;
    case 'f32':
      return i => memory.f32[(data >>> 2) + i]!;
    case 'f64':
      return i => memory.f64[(data >>> 3) + i]!;
    case 'i64':
      return i => memory.i64[(data >>> 3) + i]!;
    case 'u64':
      return i => memory.u64[(data >>> 3) + i]!;
    case 'i128':
      return i => (memory.i64[(data >>> 3) + 2 * i + 1]! << 64n) | memory.u64[(data >>> 3) + 2 * i]!;
    case 'u128': {
      const bits = (i: number): bigint =>
        (memory.u64[(data >>> 3) + 2 * i + 1]! << 64n) | memory.u64[(data >>> 3) + 2 * i]!;
      return type.kind === 'uuid' ? i => uuidToText(bits(i)) : bits;
    }
    case 'interval':
      return i => ({
        months: memory.i32[(data >>> 2) + 4 * i]!,
        days: memory.i32[(data >>> 2) + 4 * i + 1]!,
        micros: memory.i64[(data >>> 3) + 2 * i + 1]!,
      });
    case 'ref': {
      const bytes = (i: number): [number, number] => [
        memory.u32[(data >>> 2) + 2 * i]!,
        memory.u32[(data >>> 2) + 2 * i + 1]!,
      ];
      if (type.kind === 'binary') return i => readBytes(memory, ...bytes(i));
      return i => readText(memory, ...bytes(i));
    }
    case 'list': {
      const element = valueReader(memory, children[0]!);
      return i => {
        const offset = memory.u32[(data >>> 2) + 2 * i]!;
        return Array.from({ length: memory.u32[(data >>> 2) + 2 * i + 1]! }, (_, k) => element(offset + k));
      };
    }
    case 'struct': {
      const fields = children.map(c => valueReader(memory, c));
      if (type.kind !== 'union') return i => fields.map(f => f(i));
      return i => {
        const member = fields[0]!(i) as number;
        return [member, fields[member + 1]!(i)];
      };
    }
    default:
      return assertNever(vector.physical);
  }
}

/** The text of UTF-8 bytes in the memory. */
export function readText(memory: LinearMemory, address: number, length: number): string {
  const u8 = memory.u8;
  // Short text is most often ASCII, where a loop beats the decoder; which takes no shared memory in browsers: copy.
  if (length <= 24) {
    let text = '';
    for (let i = address; i < address + length; i++) {
      const c = u8[i]!;
      if (c >= 128) return decoder.decode(u8.slice(address, address + length));
      text += String.fromCharCode(c);
    }
    return text;
  }
  return decoder.decode(u8.slice(address, address + length));
}

function readBytes(memory: LinearMemory, address: number, length: number): Uint8Array {
  return memory.u8.slice(address, address + length);
}

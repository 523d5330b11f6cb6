import { invariant } from '../common/errors.ts';
import type { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes, physicalType, widthOf } from '../types/physical.ts';
import type { RawInterval, RawValue } from '../types/raw-value.ts';
import { uuidFromText } from '../types/uuid-text.ts';
import { Vector } from './vector.ts';

/** Where a vector is built: what it takes belongs to `arena`. */
export type BuildContext = { readonly memory: LinearMemory; readonly arena: Arena };

/** A flat vector of JavaScript values; for the edges of the engine, not for hot paths. */
export function buildVector(ctx: BuildContext, type: DataType, values: readonly RawValue[]): Vector {
  const validity = buildValidity(ctx, values);
  const physical = physicalType(type);
  if (physical === 'struct') return buildStruct(ctx, type, values, validity);
  if (physical === 'list') return buildList(ctx, type, values, validity);
  const data = ctx.arena.allocZeroed(values.length * widthOf(physical));
  if (physical === 'ref') writeRefs(ctx, data, values);
  else writeValues(ctx, type, data, values);
  return Vector.flat(type, values.length, data, validity);
}

/** A constant vector of `length` positions. */
export function buildConstant(ctx: BuildContext, type: DataType, value: RawValue, length: number): Vector {
  return asConstant(buildVector(ctx, type, [value]), length);
}

/** The first value of a flat vector as a constant for `length` positions. */
export function asConstant(vector: Vector, length: number): Vector {
  if (vector.form === 'constant') return vector.slice(0, length);
  invariant(vector.form === 'flat', 'a code without its dictionary is no constant');
  const children = vector.physical === 'struct' ? vector.children.map(c => asConstant(c, length)) : vector.children;
  return Vector.constant(vector.type, length, vector.data, vector.validity, children);
}

function buildValidity({ memory, arena }: BuildContext, values: readonly RawValue[]): number {
  if (!values.includes(null)) return 0;
  const address = arena.allocZeroed(((values.length + 127) >> 7) << 4);
  const u8 = memory.u8;
  values.forEach((v, i) => {
    if (v !== null) u8[address + (i >> 3)]! |= 1 << (i & 7);
  });
  return address;
}

function buildStruct(ctx: BuildContext, type: DataType, values: readonly RawValue[], validity: number): Vector {
  const types = childTypes(type);
  const rows = values as readonly (readonly RawValue[] | null)[];
  const children = types.map((child, i) => {
    if (type.kind !== 'union')
      return buildVector(
        ctx,
        child,
        rows.map(r => r?.[i] ?? null),
      );
    if (i === 0)
      return buildVector(
        ctx,
        child,
        rows.map(r => r?.[0] ?? null),
      );
    return buildVector(
      ctx,
      child,
      rows.map(r => (r !== null && r[0] === i - 1 ? r[1]! : null)),
    );
  });
  return Vector.flat(type, values.length, 0, validity, children);
}

function buildList(ctx: BuildContext, type: DataType, values: readonly RawValue[], validity: number): Vector {
  const data = ctx.arena.allocZeroed(values.length * 8);
  const elements: RawValue[] = [];
  values.forEach((v, i) => {
    if (v === null) return;
    const items = v as readonly RawValue[];
    ctx.memory.u32[(data >> 2) + 2 * i] = elements.length;
    ctx.memory.u32[(data >> 2) + 2 * i + 1] = items.length;
    for (const item of items) elements.push(item);
  });
  return Vector.flat(type, values.length, data, validity, [buildVector(ctx, childTypes(type)[0]!, elements)]);
}

const encoder = new TextEncoder();

/** Up to this length a loop over ASCII beats the encoder. */
const SHORT = 64;

function isShortAscii(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function writeRefs({ memory, arena }: BuildContext, data: number, values: readonly RawValue[]): void {
  // As long as their bytes: texts that are to be written as they are, and bytes.
  const encoded = values.map(v =>
    typeof v === 'string' ? (isShortAscii(v) ? v : encoder.encode(v)) : (v as Uint8Array | null),
  );
  let next = arena.alloc(encoded.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0));
  const { u8, u32 } = memory;
  encoded.forEach((bytes, i) => {
    if (bytes === null) return;
    if (typeof bytes !== 'string') u8.set(bytes, next);
    else for (let k = 0; k < bytes.length; k++) u8[next + k] = bytes.charCodeAt(k);
    u32[(data >>> 2) + 2 * i] = next;
    u32[(data >>> 2) + 2 * i + 1] = bytes.length;
    next += bytes.length;
  });
}

function writeValues({ memory }: BuildContext, type: DataType, data: number, values: readonly RawValue[]): void {
  const enumCodes = type.kind === 'enum' ? new Map(type.values.map((v, i) => [v, i])) : undefined;
  const at = (i: number, width: number): number => data / width + i;
  const physical = physicalType(type);
  values.forEach((v, i) => {
    if (v === null) return;
    switch (physical) {
      case 'bool':
        memory.u8[at(i, 1)] = v === true ? 1 : 0;
        break;
      case 'i8':
      case 'u8':
        memory.u8[at(i, 1)] = v as number;
        break;
      case 'i16':
      case 'u16':
        memory.u16[at(i, 2)] = v as number;
        break;
      case 'u32': {
        const code = enumCodes === undefined ? (v as number) : enumCodes.get(v as string);
        invariant(code !== undefined, `${String(v)} is not a value of the enum`);
        memory.u32[at(i, 4)] = code;
        break;
      }
      case 'i32':
        memory.i32[at(i, 4)] = v as number;
        break;
      case 'f32':
        memory.f32[at(i, 4)] = v as number;
        break;
      case 'f64':
        memory.f64[at(i, 8)] = v as number;
        break;
      case 'i64':
      case 'u64':
        memory.i64[at(i, 8)] = v as bigint;
        break;
      case 'i128':
      case 'u128': {
        const bits = typeof v === 'string' ? uuidFromText(v) : (v as bigint);
        invariant(bits !== undefined, `${String(v)} is not a UUID`);
        memory.i64[at(2 * i, 8)] = bits;
        memory.i64[at(2 * i + 1, 8)] = bits >> 64n;
        break;
      }
      case 'interval': {
        const { months, days, micros } = v as RawInterval;
        memory.i32[at(4 * i, 4)] = months;
        memory.i32[at(4 * i + 1, 4)] = days;
        memory.i64[at(2 * i + 1, 8)] = micros;
        break;
      }
      default:
        invariant(false, `values of ${physical} are built from their parts`);
    }
  });
}

// Values of any type, nested ones too, as bytes whose bytewise order is the values' order; equal values give equal bytes.
// A vector is named by its description: u32 words {form, length, data, validity, children …} (see src/batch/describe-vector.ts), a
// type by a tree of u32 words {physical, number of children, children …}.
import { refAddress, refLength } from './bytes';
import { at, check, checkOptional, isValid } from './memory';

// Physical types; the order of src/batch/describe-type.ts.
const BOOL: u32 = 0;
const I8: u32 = 1;
const I16: u32 = 2;
const I32: u32 = 3;
const I64: u32 = 4;
const I128: u32 = 5;
const U8: u32 = 6;
const U16: u32 = 7;
const U32: u32 = 8;
const U64: u32 = 9;
const U128: u32 = 10;
const F32: u32 = 11;
const F64: u32 = 12;
const INTERVAL: u32 = 13;
const REF: u32 = 14;
const LIST: u32 = 15;

const DICTIONARY: u32 = 2;

/** What comes before a value: no more elements, a value, NULL (which is last, as lists and structs compare). */
const END: u8 = 0;
const VALUE: u8 = 1;
const NULL: u8 = 2;

// @ts-ignore: decorator
@inline function put8(out: usize, write: bool, v: u8): usize {
  if (write) store<u8>(out, v);
  return out + 1;
}

// @ts-ignore: decorator
@inline function put32(out: usize, write: bool, v: u32): usize {
  if (write) store<u32>(out, bswap<u32>(v));
  return out + 4;
}

// @ts-ignore: decorator
@inline function put64(out: usize, write: bool, v: u64): usize {
  if (write) store<u64>(out, bswap<u64>(v));
  return out + 8;
}

/** Floats by their bits: negative ones reversed, -0 as 0, NaN above all. */
// @ts-ignore: decorator
@inline export function orderedF64(v: f64): u64 {
  if (v != v) return u64.MAX_VALUE;
  const bits = reinterpret<u64>(v + 0.0);
  return bits >> 63 != 0 ? ~bits : bits | (<u64>1 << 63);
}

// @ts-ignore: decorator
@inline export function orderedF32(v: f32): u32 {
  if (v != v) return u32.MAX_VALUE;
  const bits = reinterpret<u32>(v + <f32>0);
  return bits >> 31 != 0 ? ~bits : bits | (<u32>1 << 31);
}

const DAY: i64 = 86_400_000_000;

/** Text with 0 as {0, 255}, ended by {0, 0}. */
function putText(out: usize, write: bool, p: usize, length: usize): usize {
  for (let i: usize = 0; i < length; i++) {
    const c = load<u8>(p + i);
    out = put8(out, write, c);
    if (c == 0) out = put8(out, write, 255);
  }
  out = put8(out, write, 0);
  return put8(out, write, 0);
}

/** Encodes position `i`; with `write` false only moves `out`. Returns where the next bytes go. */
function encode(type: usize, vector: usize, i: usize, out: usize, write: bool): usize {
  const form = load<u32>(vector);
  if (form == 1) i = 0;
  if (!isValid(<usize>load<u32>(vector, 12), i)) return put8(out, write, NULL);
  const data = <usize>load<u32>(vector, 8);
  if (form == DICTIONARY) return encode(type, <usize>load<u32>(vector, 16), <usize>load<u32>(data + (i << 2)), out, write);
  out = put8(out, write, VALUE);
  const physical = load<u32>(type);
  switch (physical) {
    case BOOL:
    case U8:
      return put8(out, write, load<u8>(data + i));
    case I8:
      return put8(out, write, load<u8>(data + i) ^ 0x80);
    case I16:
      return put32(out, write, <u32>(<i32>load<i16>(data + (i << 1)) ^ 0x80000000));
    case U16:
      return put32(out, write, <u32>load<u16>(data + (i << 1)));
    case I32:
      return put32(out, write, load<u32>(data + (i << 2)) ^ 0x80000000);
    case U32:
      return put32(out, write, load<u32>(data + (i << 2)));
    case F32:
      return put32(out, write, orderedF32(load<f32>(data + (i << 2))));
    case I64:
      return put64(out, write, load<u64>(data + (i << 3)) ^ (<u64>1 << 63));
    case U64:
      return put64(out, write, load<u64>(data + (i << 3)));
    case F64:
      return put64(out, write, orderedF64(load<f64>(data + (i << 3))));
    case I128:
    case U128: {
      const high = load<u64>(data + (i << 4), 8);
      out = put64(out, write, physical == I128 ? high ^ (<u64>1 << 63) : high);
      return put64(out, write, load<u64>(data + (i << 4)));
    }
    case INTERVAL: {
      const p = data + (i << 4);
      const micros = load<i64>(p, 8);
      let days = <i64>load<i32>(p) * 30 + <i64>load<i32>(p, 4) + micros / DAY;
      let rest = micros % DAY;
      if (rest < 0) {
        rest += DAY;
        days--;
      }
      out = put64(out, write, <u64>days ^ (<u64>1 << 63));
      return put64(out, write, <u64>rest);
    }
    case REF:
      return putText(out, write, refAddress(data + (i << 3)), refLength(data + (i << 3)));
    case LIST: {
      const from = <usize>load<u32>(data + (i << 3));
      const length = <usize>load<u32>(data + (i << 3), 4);
      const child = <usize>load<u32>(vector, 16);
      for (let e: usize = 0; e < length; e++) out = encode(<usize>load<u32>(type, 8), child, from + e, out, write);
      return put8(out, write, END);
    }
    default: {
      const children = <usize>load<u32>(type, 4);
      for (let c: usize = 0; c < children; c++) {
        out = encode(<usize>load<u32>(type + 8 + (c << 2)), <usize>load<u32>(vector + 16 + (c << 2)), i, out, write);
      }
      return out;
    }
  }
}

/** Bytes that the rows' values take. NULL rows take one. */
export function nested_bytes(type: usize, vector: usize, sel: usize, n: usize): usize {
  check(type, 8);
  check(vector, 16);
  checkOptional(sel, n << 1);
  let out: usize = 0;
  for (let j: usize = 0; j < n; j++) out = encode(type, vector, at(sel, j), out, false);
  return out;
}

/** Writes the rows' values to `heap`, and refs to them to the rows' positions of `refs`. */
export function nested_encode(type: usize, vector: usize, sel: usize, n: usize, heap: usize, refs: usize): void {
  let out = heap;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const end = encode(type, vector, i, out, true);
    store<u32>(refs + (i << 3), <u32>out);
    store<u32>(refs + (i << 3), <u32>(end - out), 4);
    out = end;
  }
}

// Is it UTF-8? Sources of text check once, so that all other kernels can rely on it.
import { check } from './memory';

/** 1 when no byte of the range is above 127: then any part of it is valid UTF-8. */
export function ascii_only(p: usize, length: usize): i32 {
  check(p, length);
  const end = p + length;
  let high = i8x16.splat(0);
  while (p + 64 <= end) {
    high = v128.or(high, v128.or(v128.or(v128.load(p), v128.load(p, 16)), v128.or(v128.load(p, 32), v128.load(p, 48))));
    p += 64;
  }
  let rest: u8 = 0;
  for (; p < end; p++) rest |= load<u8>(p);
  return i8x16.bitmask(high) == 0 && rest < 128 ? 1 : 0;
}

/** The index of the first of `n` references whose bytes are not valid UTF-8, or -1. Reads up to 15 bytes behind texts. */
export function invalid_utf8_ref(refs: usize, n: usize): i32 {
  check(refs, n << 3);
  for (let i: usize = 0; i < n; i++) {
    const p = <usize>load<u32>(refs + (i << 3));
    const length = <usize>load<u32>(refs + (i << 3), 4);
    if (!isAscii(p, length) && !isUtf8(p, length)) return <i32>i;
  }
  return -1;
}

/** From byte 16 - k on: k bytes to keep, then zeros. */
const KEEP: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** The last bytes of a text, fewer than 16, followed by zeros. */
// @ts-ignore: decorator
@inline function tail(p: usize, bytes: usize): v128 {
  return v128.and(v128.load(p), v128.load(KEEP + 16 - bytes));
}

// @ts-ignore: decorator
@inline function isAscii(p: usize, length: usize): bool {
  const whole = p + (length & ~15);
  let high = i8x16.splat(0);
  for (; p < whole; p += 16) high = v128.or(high, v128.load(p));
  return i8x16.bitmask(v128.or(high, tail(p, length & 15))) == 0;
}

// What two neighbouring bytes may be a mistake of, a bit each, by the half bytes that tell: a mistake is what all three
// tables say. From "Validating UTF-8 in less than one instruction per byte" (Keiser, Lemire, 2020). Bits: 1 too short,
// 2 too long, 4 overlong of 3 bytes, 8 too large, 16 surrogate, 32 overlong of 2, 64 overlong of 4 or much too large,
// 128 two continuations (a mistake unless a longer form wants them).
const FIRST_HIGH: usize = memory.data<u8>([2, 2, 2, 2, 2, 2, 2, 2, 128, 128, 128, 128, 33, 1, 21, 73]);
const FIRST_LOW: usize = memory.data<u8>([231, 163, 131, 131, 139, 203, 203, 203, 203, 203, 203, 203, 203, 219, 203, 203]);
const SECOND_HIGH: usize = memory.data<u8>([1, 1, 1, 1, 1, 1, 1, 1, 230, 174, 186, 186, 1, 1, 1, 1]);

/** Bits where `input`, which comes after `before`, is no UTF-8. */
// @ts-ignore: decorator
@inline function mistakes(before: v128, input: v128): v128 {
  const one = v128.shuffle<u8>(before, input, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const two = v128.shuffle<u8>(before, input, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const three = v128.shuffle<u8>(before, input, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const pairs = v128.and(
    v128.and(
      i8x16.swizzle(v128.load(FIRST_HIGH), i8x16.shr_u(one, 4)),
      i8x16.swizzle(v128.load(FIRST_LOW), v128.and(one, i8x16.splat(15))),
    ),
    i8x16.swizzle(v128.load(SECOND_HIGH), i8x16.shr_u(input, 4)),
  );
  // Third bytes of three, third and fourth of four: these must be second continuations, and nothing else may.
  const continued = v128.or(
    i8x16.sub_sat_u(two, i8x16.splat(<i8>0x60)),
    i8x16.sub_sat_u(three, i8x16.splat(<i8>0x70)),
  );
  return v128.xor(v128.and(continued, i8x16.splat(<i8>0x80)), pairs);
}

function isUtf8(p: usize, length: usize): bool {
  const whole = p + (length & ~15);
  let before = i8x16.splat(0);
  let wrong = i8x16.splat(0);
  for (; p < whole; p += 16) {
    const input = v128.load(p);
    wrong = v128.or(wrong, mistakes(before, input));
    before = input;
  }
  // Always one more vector: the zero after the text ends what is incomplete.
  return !v128.any_true(v128.or(wrong, mistakes(before, tail(p, length & 15))));
}

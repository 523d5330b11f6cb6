// 128-bit integers in memory: {lo u64, hi u64}, two's complement. Functions take addresses; `out` may be an input.
// For the other kernels; nothing here is exported to the host.

// @ts-ignore: decorator
@inline export function lo(p: usize): u64 {
  return load<u64>(p);
}

// @ts-ignore: decorator
@inline export function hi(p: usize): i64 {
  return load<i64>(p, 8);
}

// @ts-ignore: decorator
@inline export function store128(p: usize, l: u64, h: i64): void {
  store<u64>(p, l);
  store<i64>(p, h, 8);
}

/** High 64 bits of a product of unsigned numbers. */
export function umulh(a: u64, b: u64): u64 {
  const al = a & 0xffffffff;
  const ah = a >> 32;
  const bl = b & 0xffffffff;
  const bh = b >> 32;
  const t = ah * bl + ((al * bl) >> 32);
  return ah * bh + (t >> 32) + (((t & 0xffffffff) + al * bh) >> 32);
}

/** Order of signed values: -1, 0, 1. */
// @ts-ignore: decorator
@inline export function compare128(a: usize, b: usize): i32 {
  const ah = hi(a);
  const bh = hi(b);
  if (ah != bh) return ah < bh ? -1 : 1;
  const al = lo(a);
  const bl = lo(b);
  return <i32>(al > bl) - <i32>(al < bl);
}

/** Order of unsigned values: -1, 0, 1. */
// @ts-ignore: decorator
@inline export function compareU128(a: usize, b: usize): i32 {
  const ah = <u64>hi(a);
  const bh = <u64>hi(b);
  if (ah != bh) return ah < bh ? -1 : 1;
  const al = lo(a);
  const bl = lo(b);
  return <i32>(al > bl) - <i32>(al < bl);
}

/** out = a + b; returns whether the signed sum overflows. */
// @ts-ignore: decorator
@inline export function add128(a: usize, b: usize, out: usize): bool {
  const ah = hi(a);
  const bh = hi(b);
  const l = lo(a) + lo(b);
  const h = ah + bh + <i64>(l < lo(a));
  store128(out, l, h);
  return ((ah ^ h) & (bh ^ h)) < 0;
}

/** out = a - b; returns whether the signed difference overflows. */
// @ts-ignore: decorator
@inline export function sub128(a: usize, b: usize, out: usize): bool {
  const ah = hi(a);
  const bh = hi(b);
  const borrow = lo(a) < lo(b);
  const l = lo(a) - lo(b);
  const h = ah - bh - <i64>borrow;
  store128(out, l, h);
  return ((ah ^ bh) & (ah ^ h)) < 0;
}

/** out = -a. */
// @ts-ignore: decorator
@inline export function negate128(a: usize, out: usize): void {
  const l = lo(a);
  store128(out, 0 - l, <i64>(~(<u64>hi(a)) + <u64>(l == 0)));
}

/** out = a × b of unsigned values; returns whether the product overflows 128 bits. */
export function mulU128(al: u64, ah: u64, bl: u64, bh: u64, out: usize): bool {
  const top = umulh(al, bl);
  const cross = ah * bl + al * bh;
  const h = top + cross;
  store128(out, al * bl, <i64>h);
  if ((ah | bh) == 0) return false;
  if (ah != 0 && bh != 0) return true;
  // One high half is 0, so one of the two cross products is the whole.
  return umulh(ah, bl) != 0 || umulh(al, bh) != 0 || h < top;
}

/** out = a × b; returns whether the signed product overflows. `out` must not be an input. */
export function mul128(a: usize, b: usize, out: usize): bool {
  let al = lo(a);
  let ah = <u64>hi(a);
  let bl = lo(b);
  let bh = <u64>hi(b);
  const negative = (<i64>(ah ^ bh)) < 0;
  if (<i64>ah < 0) {
    ah = ~ah + <u64>(al == 0);
    al = 0 - al;
  }
  if (<i64>bh < 0) {
    bh = ~bh + <u64>(bl == 0);
    bl = 0 - bl;
  }
  const overflow = mulU128(al, ah, bl, bh, out);
  if (negative) {
    negate128(out, out);
    return overflow || (hi(out) >= 0 && (lo(out) | <u64>hi(out)) != 0);
  }
  return overflow || hi(out) < 0;
}

/** out = the quotient (or else the remainder) of unsigned values; the divisor is not 0. */
export function divU128(al: u64, ah: u64, bl: u64, bh: u64, quotient: bool, out: usize): void {
  if ((ah | bh) == 0) {
    store128(out, quotient ? al / bl : al % bl, 0);
    return;
  }
  if (bh == 0 && bl <= 0xffffffff) {
    // Long division by 32-bit digits.
    const qh = ah / bl;
    let rest = ah % bl;
    let d = (rest << 32) | (al >> 32);
    const q1 = d / bl;
    rest = d % bl;
    d = (rest << 32) | (al & 0xffffffff);
    if (quotient) store128(out, (q1 << 32) | (d / bl), <i64>qh);
    else store128(out, d % bl, 0);
    return;
  }
  let ql: u64 = 0;
  let qh: u64 = 0;
  let rl: u64 = 0;
  let rh: u64 = 0;
  // Leading zeros bring no digits.
  let bits: i32 = ah != 0 ? 128 - <i32>clz<u64>(ah) : 64 - <i32>clz<u64>(al);
  if (ah == 0) {
    al = bits == 64 ? al : al << <u64>(64 - bits);
    ah = al;
    al = 0;
  } else if (bits < 128) {
    const s = <u64>(128 - bits);
    ah = (ah << s) | (al >> (64 - s));
    al <<= s;
  }
  for (; bits > 0; bits--) {
    const carry = rh >> 63;
    rh = (rh << 1) | (rl >> 63);
    rl = (rl << 1) | (ah >> 63);
    ah = (ah << 1) | (al >> 63);
    al <<= 1;
    qh = (qh << 1) | (ql >> 63);
    ql <<= 1;
    if (carry != 0 || rh > bh || (rh == bh && rl >= bl)) {
      const borrow = <u64>(rl < bl);
      rl -= bl;
      rh = rh - bh - borrow;
      ql |= 1;
    }
  }
  if (quotient) store128(out, ql, <i64>qh);
  else store128(out, rl, <i64>rh);
}

/** out = the quotient, truncated (or else the remainder, with the dividend's sign); the divisor is not 0. */
export function div128(a: usize, b: usize, quotient: bool, out: usize): void {
  let al = lo(a);
  let ah = <u64>hi(a);
  let bl = lo(b);
  let bh = <u64>hi(b);
  const negativeA = <i64>ah < 0;
  const negativeB = <i64>bh < 0;
  if (negativeA) {
    ah = ~ah + <u64>(al == 0);
    al = 0 - al;
  }
  if (negativeB) {
    bh = ~bh + <u64>(bl == 0);
    bl = 0 - bl;
  }
  divU128(al, ah, bl, bh, quotient, out);
  if (quotient ? negativeA != negativeB : negativeA) negate128(out, out);
}

/** The nearest double of a signed value. */
export function toF64(p: usize): f64 {
  const h = hi(p);
  const l = lo(p);
  if (h == 0) return <f64>l;
  if (h == -1 && l >> 63 != 0) return <f64>(<i64>l);
  if (h < 0) return -(<f64>(<u64>(~h) + <u64>(l == 0)) * 18446744073709551616.0 + <f64>(~l + 1));
  return <f64>h * 18446744073709551616.0 + <f64>l;
}

/** The nearest double of an unsigned value. */
export function toF64U(p: usize): f64 {
  return <f64>(<u64>hi(p)) * 18446744073709551616.0 + <f64>lo(p);
}

/** Stores a whole number of magnitude below 2^127 (2^128 when not negative), exactly. */
export function fromF64(x: f64, out: usize): void {
  // By magnitude: adding 2^64 to a small negative number would cost its low digits.
  const m = abs<f64>(x);
  const top = Math.floor(m / 18446744073709551616.0);
  store128(out, <u64>(m - top * 18446744073709551616.0), <i64>(<u64>top));
  if (x < 0) negate128(out, out);
}

/** 10^38 as {lo, hi}. */
export const TEN38_LO: u64 = 687399551400673280;
export const TEN38_HI: u64 = 5421010862427522170;

/** Whether |a| ≥ 10^38: more than a DECIMAL can hold. */
export function beyondDecimal(a: usize): bool {
  let l = lo(a);
  let h = <u64>hi(a);
  if (<i64>h < 0) {
    h = ~h + <u64>(l == 0);
    l = 0 - l;
  }
  return h > TEN38_HI || (h == TEN38_HI && l >= TEN38_LO);
}

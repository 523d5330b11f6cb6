// Sine, cosine and tangent. The standard library's reduction of large arguments looks up bits of 2/π in a table, and for
// 2^20 … 2^22 (exponents below its first entry) reads what stands before that table: signs came out wrong. For these
// arguments the reduction is done here, in the way of the C library's for smaller ones (fdlibm, Cody and Waite).

const PIO2_1 = reinterpret<f64>(0x3FF921FB54400000); // the first 33 bits of π/2
const PIO2_1T = reinterpret<f64>(0x3DD0B4611A626331); // π/2 - PIO2_1
const PIO2_2 = reinterpret<f64>(0x3DD0B4611A600000); // the next 33 bits
const PIO2_2T = reinterpret<f64>(0x3BA3198A2E037073);
const PIO2_3 = reinterpret<f64>(0x3BA3198A2E000000); // and the next
const PIO2_3T = reinterpret<f64>(0x397B839A252049C1);
const INV_PIO2 = reinterpret<f64>(0x3FE45F306DC9C883);

const FROM: f64 = 1647099;
const TO: f64 = 4194304;

/** What is left of the last argument that was reduced: y0 + y1, between -π/4 and π/4. */
let y0: f64 = 0;
let y1: f64 = 0;

// @ts-ignore: decorator
@inline function exponent(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 52) & 0x7ff;
}

/** Takes the nearest multiple of π/2 off; returns which. */
function reduced(x: f64): i32 {
  const q = nearest<f64>(x * INV_PIO2);
  // Products of 20 bits and 33 are exact: the multiple's lowest two bits are taken off by themselves.
  const some = q - trunc<f64>(q / 4) * 4;
  const r = x - (q - some) * PIO2_1 - some * PIO2_1;
  let rest = r;
  let w = q * PIO2_1T;
  y0 = rest - w;
  if (exponent(x) - exponent(y0) > 16) {
    const t = rest;
    w = q * PIO2_2;
    rest = t - w;
    w = q * PIO2_2T - (t - rest - w);
    y0 = rest - w;
    if (exponent(x) - exponent(y0) > 49) {
      const u = rest;
      w = q * PIO2_3;
      rest = u - w;
      w = q * PIO2_3T - (u - rest - w);
      y0 = rest - w;
    }
  }
  y1 = rest - y0 - w;
  return <i32>q;
}

// @ts-ignore: decorator
@inline function isReducedHere(x: f64): bool {
  const size = abs<f64>(x);
  return size >= FROM && size < TO;
}

// What is below y0's last bit counts by the derivative.

// @ts-ignore: decorator
@inline function sinOfRest(): f64 {
  return Math.sin(y0) + y1 * Math.cos(y0);
}

// @ts-ignore: decorator
@inline function cosOfRest(): f64 {
  return Math.cos(y0) - y1 * Math.sin(y0);
}

export function sin(x: f64): f64 {
  if (!isReducedHere(x)) return Math.sin(x);
  const q = reduced(x);
  const s = (q & 1) != 0 ? cosOfRest() : sinOfRest();
  return (q & 2) != 0 ? -s : s;
}

export function cos(x: f64): f64 {
  if (!isReducedHere(x)) return Math.cos(x);
  const q = reduced(x);
  const c = (q & 1) != 0 ? sinOfRest() : cosOfRest();
  return ((q + 1) & 2) != 0 ? -c : c;
}

export function tan(x: f64): f64 {
  if (!isReducedHere(x)) return Math.tan(x);
  const q = reduced(x);
  const t = Math.tan(y0);
  const sum = t + y1 * (1 + t * t);
  return (q & 1) != 0 ? -1 / sum : sum;
}

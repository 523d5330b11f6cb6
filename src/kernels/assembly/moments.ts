// Statistics of doubles: variances and covariances by Welford's updates, higher moments, products, compensated sums; and
// bitwise aggregates. States are listed with each kernel.
import { at, checkOptional, value } from './memory';
import { stateOf } from './state';

/** {n u64, mean f64, m2 f64}: the sum of squared distances from the mean. */
export function agg_variance(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const x = value<f64>(a, i, am);
    const count = load<u64>(s) + 1;
    const mean = load<f64>(s, 8);
    const d = x - mean;
    const next = mean + d / <f64>count;
    store<u64>(s, count);
    store<f64>(s, next, 8);
    store<f64>(s, load<f64>(s, 16) + d * (x - next), 16);
  }
}

/** Pairwise, states of `agg_variance`. */
export function merge_variance(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const s = stateOf(sources, -1, offset, k);
    const nt = <f64>load<u64>(t);
    const ns = <f64>load<u64>(s);
    if (ns == 0) continue;
    const d = load<f64>(s, 8) - load<f64>(t, 8);
    const n = nt + ns;
    store<u64>(t, load<u64>(t) + load<u64>(s));
    store<f64>(t, nt == 0 ? load<f64>(s, 8) : load<f64>(t, 8) + (d * ns) / n, 8);
    store<f64>(t, load<f64>(t, 16) + load<f64>(s, 16) + (nt == 0 ? 0 : (d * d * nt * ns) / n), 16);
  }
}

/** {n u64, mean x, mean y, m2 x, m2 y, co-moment: f64}. */
export function agg_covariance(y: usize, ym: usize, x: usize, xm: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const xv = value<f64>(x, i, xm);
    const yv = value<f64>(y, i, ym);
    const count = load<u64>(s) + 1;
    const dx = xv - load<f64>(s, 8);
    const dy = yv - load<f64>(s, 16);
    const mx = load<f64>(s, 8) + dx / <f64>count;
    const my = load<f64>(s, 16) + dy / <f64>count;
    store<u64>(s, count);
    store<f64>(s, mx, 8);
    store<f64>(s, my, 16);
    store<f64>(s, load<f64>(s, 24) + dx * (xv - mx), 24);
    store<f64>(s, load<f64>(s, 32) + dy * (yv - my), 32);
    store<f64>(s, load<f64>(s, 40) + dx * (yv - my), 40);
  }
}

/** Pairwise, states of `agg_covariance`. */
export function merge_covariance(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const s = stateOf(sources, -1, offset, k);
    const nt = <f64>load<u64>(t);
    const ns = <f64>load<u64>(s);
    if (ns == 0) continue;
    const n = nt + ns;
    const dx = load<f64>(s, 8) - load<f64>(t, 8);
    const dy = load<f64>(s, 16) - load<f64>(t, 16);
    const weight = nt == 0 ? 0 : (nt * ns) / n;
    store<u64>(t, load<u64>(t) + load<u64>(s));
    store<f64>(t, nt == 0 ? load<f64>(s, 8) : load<f64>(t, 8) + (dx * ns) / n, 8);
    store<f64>(t, nt == 0 ? load<f64>(s, 16) : load<f64>(t, 16) + (dy * ns) / n, 16);
    store<f64>(t, load<f64>(t, 24) + load<f64>(s, 24) + dx * dx * weight, 24);
    store<f64>(t, load<f64>(t, 32) + load<f64>(s, 32) + dy * dy * weight, 32);
    store<f64>(t, load<f64>(t, 40) + load<f64>(s, 40) + dx * dy * weight, 40);
  }
}

/** {n u64, mean, sums of distances from the mean to the 2nd, 3rd and 4th power: f64} (Pébay, SAND2008-6212). */
export function agg_moments(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const before = <f64>load<u64>(s);
    const count = before + 1;
    const mean = load<f64>(s, 8);
    const m2 = load<f64>(s, 16);
    const m3 = load<f64>(s, 24);
    const d = value<f64>(a, i, am) - mean;
    const share = d / count;
    const term = d * share * before;
    store<u64>(s, load<u64>(s) + 1);
    store<f64>(s, mean + share, 8);
    store<f64>(s, m2 + term, 16);
    store<f64>(s, m3 + term * share * (count - 2) - 3 * share * m2, 24);
    const fourth = term * share * share * (count * count - 3 * count + 3);
    store<f64>(s, load<f64>(s, 32) + fourth + 6 * share * share * m2 - 4 * share * m3, 32);
  }
}

/** Pairwise, states of `agg_moments`. */
export function merge_moments(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const s = stateOf(sources, -1, offset, k);
    const ns = <f64>load<u64>(s);
    if (ns == 0) continue;
    const nt = <f64>load<u64>(t);
    if (nt == 0) {
      memory.copy(t, s, 40);
      continue;
    }
    const n = nt + ns;
    const d = load<f64>(s, 8) - load<f64>(t, 8);
    const st = ns / n;
    const ss = nt / n;
    const t2 = load<f64>(t, 16);
    const s2 = load<f64>(s, 16);
    const t3 = load<f64>(t, 24);
    const s3 = load<f64>(s, 24);
    const between = d * d * nt * st;
    store<u64>(t, load<u64>(t) + load<u64>(s));
    store<f64>(t, load<f64>(t, 8) + d * st, 8);
    store<f64>(t, t2 + s2 + between, 16);
    store<f64>(t, t3 + s3 + between * d * (ss - st) + 3 * d * (ss * s2 - st * t2), 24);
    const fourth = between * d * d * (ss * ss - ss * st + st * st);
    const mixed = 6 * d * d * (ss * ss * s2 + st * st * t2) + 4 * d * (ss * s3 - st * t3);
    store<f64>(t, load<f64>(t, 32) + load<f64>(s, 32) + fourth + mixed, 32);
  }
}

/** {product f64, n u64}. */
export function agg_product(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const x = value<f64>(a, i, am);
    const count = load<u64>(s, 8);
    store<f64>(s, count == 0 ? x : load<f64>(s) * x);
    store<u64>(s, count + 1, 8);
  }
}

/** {sum f64, n u64, what rounding lost f64} (Kahan). */
export function agg_kahan(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const sum = load<f64>(s);
    const x = value<f64>(a, i, am) - load<f64>(s, 16);
    const next = sum + x;
    store<f64>(s, next);
    store<u64>(s, load<u64>(s, 8) + 1, 8);
    // An infinite sum loses nothing.
    store<f64>(s, isFinite(next) ? next - sum - x : 0, 16);
  }
}

/** {bits 16 bytes, seen u64}. @param op 0 = and, 1 = or, 2 = xor; values of `width` bytes */
export function agg_bits(op: i32, width: usize, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const p = a + (i & am) * width;
    // Wider loads take bytes of the neighbours along: only `width` bytes of the state are ever read.
    const x = v128.load(p);
    const old = v128.load(s);
    let next = x;
    if (load<u64>(s, 16) != 0) next = op == 0 ? v128.and(old, x) : op == 1 ? v128.or(old, x) : v128.xor(old, x);
    v128.store(s, next);
    store<u64>(s, 1, 16);
  }
}

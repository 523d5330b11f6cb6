// Quickselect of numbers without branches that depend on them; nothing here is exported to the host.

/** So few are sorted. */
const FEW: usize = 16;

// @ts-ignore: decorator
@inline function swap<T>(a: usize, b: usize): void {
  const x = load<T>(a);
  store<T>(a, load<T>(b));
  store<T>(b, x);
}

/** Moves NaNs, which are greatest, behind the others. Returns where they begin. */
// @ts-ignore: decorator
@inline function beforeNaNs<T>(p: usize, end: usize): usize {
  let j = p;
  while (j < end) {
    const v = load<T>(j);
    if (v == v) j += sizeof<T>();
    else {
      end -= sizeof<T>();
      swap<T>(j, end);
    }
  }
  return end;
}

/** Moves the least (max = 0) or greatest of some numbers to `to`, which is the place of one of them. */
// @ts-ignore: decorator
@inline function moveBest<T>(max: i32, p: usize, end: usize, to: usize): void {
  let best = to;
  for (let j = p; j < end; j += sizeof<T>()) {
    const isBetter = max ? load<T>(j) > load<T>(best) : load<T>(j) < load<T>(best);
    if (isBetter) best = j;
  }
  swap<T>(best, to);
}

/** Moves the numbers before `pivot`, or not behind it, to the front. Returns where the others begin. */
// @ts-ignore: decorator
@inline function part<T>(orEqual: i32, low: usize, high: usize, pivot: T): usize {
  let i = low;
  for (let j = low; j < high; j += sizeof<T>()) {
    const v = load<T>(j);
    store<T>(j, load<T>(i));
    store<T>(i, v);
    i += <usize>(orEqual ? v <= pivot : v < pivot) * sizeof<T>();
  }
  return i;
}

/** Moves number k in order to its place among the `n` at `p`, smaller ones before it. */
// @ts-ignore: decorator
@inline export function selectNumber<T>(p: usize, n: usize, k: usize): void {
  const target = p + k * sizeof<T>();
  let low = p;
  let high = p + n * sizeof<T>();
  if (isFloat<T>()) {
    high = beforeNaNs<T>(low, high);
    if (target >= high) return;
  }
  if (target == low) return moveBest<T>(0, low, high, low);
  if (target == high - sizeof<T>()) return moveBest<T>(1, low, high, target);
  while (high - low > FEW * sizeof<T>()) {
    const a = load<T>(low);
    const b = load<T>(low + ((high - low) / sizeof<T>() / 2) * sizeof<T>());
    const pivot = max<T>(min<T>(a, b), min<T>(max<T>(a, b), load<T>(high - sizeof<T>())));
    let middle = part<T>(0, low, high, pivot);
    if (middle == low) {
      // None comes before the pivot: those that equal it are the first.
      middle = part<T>(1, low, high, pivot);
      if (target < middle) return;
    }
    if (target < middle) high = middle;
    else low = middle;
  }
  for (let j = low + sizeof<T>(); j < high; j += sizeof<T>()) {
    const v = load<T>(j);
    let i = j;
    for (; i > low && v < load<T>(i - sizeof<T>()); i -= sizeof<T>()) store<T>(i, load<T>(i - sizeof<T>()));
    store<T>(i, v);
  }
}

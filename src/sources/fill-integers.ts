/**
 * Writes `count` integers below 2^53 as two words each, from word `at` on: no bigint per row.
 */
export function fillSafeIntegers(words: Int32Array, at: number, count: number, first: number, step: number): void {
  for (let i = 0; i < count; i++) {
    const n = first + i * step;
    words[at + 2 * i] = n | 0;
    words[at + 2 * i + 1] = Math.floor(n / 4_294_967_296);
  }
}

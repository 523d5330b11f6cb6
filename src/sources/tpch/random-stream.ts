/** The modulus of the reference generator's random numbers: the Mersenne prime 2³¹ − 1. */
const MODULUS = 2147483647;
const MULTIPLIER = 16807;

/**
 * The number after `seed` in the reference generator's sequence: `seed · 16807 mod 2³¹ − 1`.
 * `seed` and the result lie in 1 … 2³¹ − 2. Modulo a Mersenne prime, the bits above the 31st are worth as much as the
 * same bits added below; the `| 0`s keep the compiler from leaving 32-bit integers (six times as fast as doubles).
 */
export function nextSeed(seed: number): number {
  const high = Math.imul(seed >>> 16, MULTIPLIER);
  const sum = (Math.imul(seed & 0xffff, MULTIPLIER) + ((high & 0x7fff) << 16) + (high >>> 15)) | 0;
  return ((sum & MODULUS) + (sum >>> 31)) | 0;
}

/** Maps a seed onto 0 … range − 1 exactly as the reference does (the order of the operations decides the rounding). */
export function drawBelow(seed: number, range: number): number {
  return ((seed / MODULUS) * range) | 0;
}

/** `a · b mod 2³¹ − 1`, exact for both below 2³¹: products are split so that no term passes 2⁵³. */
export function multiplyModulo(a: number, b: number): number {
  const high = fold(a * (b >>> 16));
  return fold(high * 65536 + a * (b & 0xffff));
}

function fold(value: number): number {
  const sum = Math.floor(value / 2147483648) + (value & MODULUS);
  return sum >= MODULUS ? sum - MODULUS : sum;
}

/** What a seed has to be multiplied with to move it `draws` numbers forward; `draws` is a whole number below 2⁵³. */
export function jumpFactor(draws: number): number {
  let factor = 1;
  let square = MULTIPLIER;
  for (let rest = draws; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) factor = multiplyModulo(factor, square);
    square = multiplyModulo(square, square);
  }
  return factor;
}

/**
 * One of the generator's random streams. Every unit of a table (a part, an order, …) owns `drawsPerUnit` numbers of
 * the stream, however many it uses: so a unit's numbers are found by a jump, without generating the units before it.
 */
export class RandomStream {
  /** The number before the first one of the current unit. */
  seed: number;
  readonly #unitJump: number;
  readonly #single: boolean;

  /** A stream that stands before unit `fromUnit`; `seed` is the stream's own constant in the reference. */
  constructor(seed: number, drawsPerUnit: number, fromUnit: number) {
    this.seed = multiplyModulo(seed, jumpFactor(drawsPerUnit * fromUnit));
    this.#unitJump = jumpFactor(drawsPerUnit);
    this.#single = drawsPerUnit === 1;
  }

  /** Moves to the next unit. */
  nextUnit(): void {
    this.seed = this.#single ? nextSeed(this.seed) : multiplyModulo(this.seed, this.#unitJump);
  }
}

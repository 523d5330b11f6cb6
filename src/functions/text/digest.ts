// MD5, SHA-1 and SHA-256 over bytes: synchronous and the same on every platform, which no host's own functions are.

/** The hexadecimal digits of a text's or blob's digest. */
export type Digest = (bytes: Uint8Array) => string;

const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const rotateRight = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** The message with its padding and length, as 32-bit words in blocks of 16. */
function words(bytes: Uint8Array, littleEndian: boolean): Uint32Array {
  const size = ((bytes.length + 8) >>> 6) * 64 + 64;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n, littleEndian);
  return Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(i * 4, littleEndian));
}

function hexOf(state: Uint32Array, littleEndian: boolean): string {
  const view = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, i) => {
    view.setUint32(i * 4, word, littleEndian);
  });
  return Array.from(new Uint8Array(view.buffer), b => b.toString(16).padStart(2, '0')).join('');
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_CONSTANTS = Uint32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

export const md5: Digest = bytes => {
  const message = words(bytes, true);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < message.length; block += 16) {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >>> 4;
      const [mixed, at] =
        round === 0
          ? [(b & c) | (~b & d), i]
          : round === 1
            ? [(d & b) | (~d & c), (5 * i + 1) & 15]
            : round === 2
              ? [b ^ c ^ d, (3 * i + 5) & 15]
              : [c ^ (b | ~d), (7 * i) & 15];
      const sum = (a + mixed + MD5_CONSTANTS[i]! + message[block + at]!) | 0;
      [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, MD5_SHIFTS[round * 4 + (i & 3)]!)) | 0];
    }
    state.set([a, b, c, d].map((x, i) => x + state[i]!));
  }
  return hexOf(state, true);
};

export const sha1: Digest = bytes => {
  const message = words(bytes, false);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const w = new Uint32Array(80);
  for (let block = 0; block < message.length; block += 16) {
    w.set(message.subarray(block, block + 16));
    for (let i = 16; i < 80; i++) w[i] = rotateLeft(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const [mixed, constant] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const sum = (rotateLeft(a, 5) + mixed + e + constant + w[i]!) | 0;
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, sum];
    }
    state.set([a, b, c, d, e].map((x, i) => x + state[i]!));
  }
  return hexOf(state, false);
};

const PRIMES = primes(64);
/** The first 32 bits of the fractions of roots of the first primes. */
const SHA_CONSTANTS = Uint32Array.from(PRIMES, p => fraction(Math.cbrt(p)));
const SHA_START = Uint32Array.from(PRIMES.slice(0, 8), p => fraction(Math.sqrt(p)));

function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32);
}

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every(p => n % p !== 0)) found.push(n);
  return found;
}

export const sha256: Digest = bytes => {
  const message = words(bytes, false);
  const state = SHA_START.slice();
  const w = new Uint32Array(64);
  for (let block = 0; block < message.length; block += 16) {
    w.set(message.subarray(block, block + 16));
    for (let i = 16; i < 64; i++) {
      const [x, y] = [w[i - 15]!, w[i - 2]!];
      const low = rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
      const high = rotateRight(y, 17) ^ rotateRight(y, 19) ^ (y >>> 10);
      w[i] = w[i - 16]! + low + w[i - 7]! + high;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const high = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
      const first = (h + high + ((e & f) ^ (~e & g)) + SHA_CONSTANTS[i]! + w[i]!) | 0;
      const low = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
      const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    state.set([a, b, c, d, e, f, g, h].map((x, i) => x + state[i]!));
  }
  return hexOf(state, false);
};

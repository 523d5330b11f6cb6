const MAGIC = 0x184d2204;

/** Inflates an LZ4 frame, as Arrow compresses its buffers; undefined when it is damaged. */
export function inflateLz4Frame(data: Uint8Array): Uint8Array | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 7 || view.getUint32(0, true) !== MAGIC) return undefined;
  const flags = data[4]!;
  const hasSize = (flags & 8) !== 0;
  const blockChecksum = (flags & 16) !== 0 ? 4 : 0;
  let at = 6 + (hasSize ? 8 : 0) + ((flags & 1) !== 0 ? 4 : 0) + 1;
  const out = new Output();
  while (at + 4 <= data.length) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.bytes;
    const size = word & 0x7fffffff;
    if (at + size > data.length) return undefined;
    const block = data.subarray(at, at + size);
    if (word >>> 31 === 1) out.append(block);
    else if (!inflateBlock(block, out)) return undefined;
    at += size + blockChecksum;
  }
  return undefined;
}

/** Bytes that grow. */
class Output {
  #buffer = new Uint8Array(1 << 16);
  length = 0;

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  append(part: Uint8Array): void {
    this.#reserve(part.length);
    this.#buffer.set(part, this.length);
    this.length += part.length;
  }

  /** Repeats `length` bytes from `distance` back, which may overlap what is written. */
  repeat(distance: number, length: number): void {
    this.#reserve(length);
    const buffer = this.#buffer;
    for (let i = 0; i < length; i++, this.length++) buffer[this.length] = buffer[this.length - distance]!;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.#buffer.length * 2));
    grown.set(this.bytes);
    this.#buffer = grown;
  }
}

function inflateBlock(block: Uint8Array, out: Output): boolean {
  let at = 0;
  const more = (length: number): number => {
    if (length !== 15) return length;
    let total = length;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) return -1;
      total += byte;
      if (byte !== 255) return total;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = more(token >> 4);
    if (literals < 0 || at + literals > block.length) return false;
    out.append(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return true;
    if (at + 2 > block.length) return false;
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const length = more(token & 15);
    if (length < 0 || distance === 0 || distance > out.length) return false;
    out.repeat(distance, length + 4);
  }
  return true;
}

import { RayexecError } from '../../common/errors.ts';

/** What stands in the slots of a FlatBuffers table that lead elsewhere; other slots hold numbers. */
type Table = { readonly [slot: number]: Part };
/** A text, a vector of elements of so many bytes, a table, a vector of tables, or a table by the type in the slot before. */
type Part =
  | { readonly kind: 'vector'; readonly bytes: number }
  | { readonly kind: 'table'; readonly table: () => Table }
  | { readonly kind: 'tables'; readonly table: () => Table }
  | { readonly kind: 'union'; readonly tables: Readonly<Record<number, () => Table>> };

const vector = (bytes: number): Part => ({ kind: 'vector', bytes });
const text = vector(1);
const table = (of: () => Table): Part => ({ kind: 'table', table: of });
const tables = (of: () => Table): Part => ({ kind: 'tables', table: of });
const union = (of: Readonly<Record<number, () => Table>>): Part => ({ kind: 'union', tables: of });

// Arrow's Schema.fbs, Message.fbs and File.fbs, as far as offsets go.
const NUMBERS: Table = {};
const KEY_VALUE: Table = { 0: text, 1: text };
const DICTIONARY: Table = { 1: table(() => NUMBERS) };
const TYPES = { 10: () => ({ 1: text }), 14: () => ({ 1: vector(4) }) };
const FIELD: Table = {
  0: text,
  3: union(TYPES),
  4: table(() => DICTIONARY),
  5: tables(() => FIELD),
  6: tables(() => KEY_VALUE),
};
const SCHEMA: Table = { 1: tables(() => FIELD), 2: tables(() => KEY_VALUE), 3: vector(8) };
const RECORD_BATCH: Table = { 1: vector(16), 2: vector(16), 3: table(() => NUMBERS), 4: vector(8) };
const DICTIONARY_BATCH: Table = { 1: table(() => RECORD_BATCH) };
const HEADERS = { 1: () => SCHEMA, 2: () => DICTIONARY_BATCH, 3: () => RECORD_BATCH };
const MESSAGE: Table = { 2: union(HEADERS), 4: tables(() => KEY_VALUE) };
const BLOCK_BYTES = 24;
const FOOTER: Table = {
  1: table(() => SCHEMA),
  2: vector(BLOCK_BYTES),
  3: vector(BLOCK_BYTES),
  4: tables(() => KEY_VALUE),
};

const MAGIC = 'ARROW1';
const DEEPEST = 64;
const CONTINUATION = 0xffffffff;

/**
 * Checks that all offsets and lengths in the metadata of Arrow IPC data lie within it: the library follows them blindly,
 * and runs out of memory over damaged ones.
 * @throws RayexecError `format`
 */
export function checkMetadata(bytes: Uint8Array): void {
  const isFile = bytes.length >= 20 && ascii(bytes, 0) === MAGIC;
  if (isFile) checkFile(bytes);
  else checkStream(bytes, 0);
}

const ascii = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + MAGIC.length));

function checkFile(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  if (ascii(bytes, bytes.length - MAGIC.length) !== MAGIC) fail('the file has no end');
  const length = view.getInt32(bytes.length - 10, true);
  const start = bytes.length - 10 - length;
  if (length <= 0 || start < 8) fail('the footer is not in the file');
  const footer = bytes.subarray(start, start + length);
  const check = new MetadataCheck(footer);
  check.root(FOOTER);
  for (const slot of [2, 3]) {
    for (const at of check.elements(slot, BLOCK_BYTES)) {
      const block = viewOf(footer);
      const offset = Number(block.getBigInt64(at, true));
      if (offset < 8 || offset >= start) fail('a block is not in the file');
      checkMessage(bytes, offset);
    }
  }
}

function checkStream(bytes: Uint8Array, from: number): void {
  for (let at = from; at < bytes.length; ) {
    const next = checkMessage(bytes, at);
    if (next === undefined) return;
    at = next;
  }
}

/** Returns where the next message is; undefined behind the last. */
function checkMessage(bytes: Uint8Array, from: number): number | undefined {
  const view = viewOf(bytes);
  let at = from;
  if (at + 8 > bytes.length) return undefined;
  if (view.getUint32(at, true) === CONTINUATION) at += 4;
  const length = view.getInt32(at, true);
  at += 4;
  if (length === 0) return undefined;
  if (length < 0 || at + length > bytes.length) fail('a message is longer than the data');
  const check = new MetadataCheck(bytes.subarray(at, at + length));
  check.root(MESSAGE);
  const bodyLength = check.long(3);
  if (bodyLength < 0 || at + length + bodyLength > bytes.length) fail('a message is longer than the data');
  return at + length + bodyLength;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fail(problem: string): never {
  throw new RayexecError('format', `not Arrow IPC data, or damaged: ${problem}`);
}

class MetadataCheck {
  readonly #view: DataView;
  /** Tables may be shared, but not so often that following them takes long. */
  #left: number;
  #root = 0;

  constructor(bytes: Uint8Array) {
    this.#view = viewOf(bytes);
    this.#left = 16 + bytes.length;
  }

  root(shape: Table): void {
    this.#root = this.#u32(0);
    this.#table(this.#root, shape, 0);
  }

  /** The 64-bit number in a slot of the root; 0 when it is left out. */
  long(slot: number): number {
    const at = this.#field(this.#root, slot);
    return at === 0 ? 0 : Number(this.#view.getBigInt64(this.#range(at, 8), true));
  }

  /** Where the elements of a vector in a slot of the root are. */
  elements(slot: number, bytes: number): number[] {
    const at = this.#field(this.#root, slot);
    if (at === 0) return [];
    const start = at + this.#u32(at);
    return Array.from({ length: this.#u32(start) }, (_, i) => start + 4 + i * bytes);
  }

  #table(at: number, shape: Table, depth: number): void {
    if (depth > DEEPEST || this.#left-- <= 0) fail('the metadata is nested too deeply');
    this.#vtable(at);
    for (let slot = 0; slot < 8; slot++) {
      const part = shape[slot];
      const field = part === undefined ? 0 : this.#field(at, slot);
      if (field !== 0) this.#part(at, slot, field, part!, depth);
    }
  }

  #part(at: number, slot: number, field: number, part: Part, depth: number): void {
    const target = field + this.#u32(field);
    switch (part.kind) {
      case 'vector':
        this.#range(target + 4, this.#u32(target) * part.bytes);
        break;
      case 'table':
        this.#table(target, part.table(), depth + 1);
        break;
      case 'tables': {
        const count = this.#u32(target);
        this.#range(target + 4, count * 4);
        for (let i = 0; i < count; i++) {
          const element = target + 4 + 4 * i;
          this.#table(element + this.#u32(element), part.table(), depth + 1);
        }
        break;
      }
      case 'union': {
        const tag = this.#field(at, slot - 1);
        const shape = part.tables[tag === 0 ? 0 : this.#view.getUint8(this.#range(tag, 1))];
        this.#table(target, shape?.() ?? NUMBERS, depth + 1);
      }
    }
  }

  /** The address of a slot's content, 0 when it is left out. */
  #field(at: number, slot: number): number {
    const entry = 4 + 2 * slot;
    const vtable = this.#vtable(at);
    if (entry + 2 > this.#view.getUint16(vtable, true)) return 0;
    const offset = this.#view.getUint16(vtable + entry, true);
    if (offset === 0) return 0;
    // Numbers have 8 bytes at most; where fewer are left, offsets are checked when they are followed.
    this.#range(at + offset, 1);
    return at + offset;
  }

  #vtable(at: number): number {
    const vtable = at - this.#view.getInt32(this.#range(at, 4), true);
    this.#range(vtable, 4);
    const bytes = this.#view.getUint16(vtable, true);
    if (bytes < 4) fail('a table is broken');
    this.#range(vtable, bytes);
    this.#range(at, this.#view.getUint16(vtable + 2, true));
    return vtable;
  }

  #u32(at: number): number {
    return this.#view.getUint32(this.#range(at, 4), true);
  }

  #range(at: number, bytes: number): number {
    if (at < 0 || at + bytes > this.#view.byteLength) fail('an offset leads out of the metadata');
    return at;
  }
}

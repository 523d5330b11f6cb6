const TRUE = 1;
const FALSE = 2;
const I8 = 3;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const encoder = new TextEncoder();

/** Writes one struct in Thrift's compact protocol; fields in the order of their ids. */
export class ThriftWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #last = 0;

  i8(id: number, value: number): void {
    this.#field(id, I8);
    this.#byte(value);
  }

  i32(id: number, value: number): void {
    this.#field(id, I32);
    this.#zigzag(value);
  }

  /** @param value exact up to 2^53 */
  i64(id: number, value: number): void {
    this.#field(id, I64);
    this.#zigzag(value);
  }

  boolean(id: number, value: boolean): void {
    this.#field(id, value ? TRUE : FALSE);
  }

  text(id: number, value: string): void {
    this.bytes(id, encoder.encode(value));
  }

  bytes(id: number, value: Uint8Array): void {
    this.#field(id, BINARY);
    this.#binary(value);
  }

  struct(id: number, write: () => void): void {
    this.#field(id, STRUCT);
    this.#struct(write);
  }

  i32List(id: number, values: readonly number[]): void {
    this.#list(id, I32, values.length);
    for (const value of values) this.#zigzag(value);
  }

  i64List(id: number, values: readonly number[]): void {
    this.#list(id, I64, values.length);
    for (const value of values) this.#zigzag(value);
  }

  booleanList(id: number, values: readonly boolean[]): void {
    this.#list(id, TRUE, values.length);
    for (const value of values) this.#byte(value ? TRUE : FALSE);
  }

  textList(id: number, values: readonly string[]): void {
    this.bytesList(
      id,
      values.map(value => encoder.encode(value)),
    );
  }

  bytesList(id: number, values: readonly Uint8Array[]): void {
    this.#list(id, BINARY, values.length);
    for (const value of values) this.#binary(value);
  }

  structList<T>(id: number, values: readonly T[], write: (value: T) => void): void {
    this.#list(id, STRUCT, values.length);
    for (const value of values) this.#struct(() => write(value));
  }

  /** Ends the struct. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#byte(0);
    return this.#bytes.slice(0, this.#length);
  }

  #struct(write: () => void): void {
    const outer = this.#last;
    this.#last = 0;
    write();
    this.#byte(0);
    this.#last = outer;
  }

  #field(id: number, type: number): void {
    const delta = id - this.#last;
    if (delta > 0 && delta < 16) this.#byte((delta << 4) | type);
    else {
      this.#byte(type);
      this.#zigzag(id);
    }
    this.#last = id;
  }

  #list(id: number, type: number, length: number): void {
    this.#field(id, LIST);
    this.#byte((Math.min(length, 15) << 4) | type);
    if (length >= 15) this.#varint(length);
  }

  #binary(value: Uint8Array): void {
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #zigzag(value: number): void {
    this.#varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte((rest % 128) | 128);
    this.#byte(rest);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

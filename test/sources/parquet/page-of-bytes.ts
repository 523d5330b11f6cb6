/** A Thrift struct by field number: numbers are i32, bigints i64; in the compact protocol. */
export type Thrift = {
  readonly [field: number]: number | bigint | boolean | string | Thrift | readonly (Thrift | number | string)[];
};

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

const zigzag = (n: number | bigint): number[] => varint(BigInt(n) >= 0n ? BigInt(n) * 2n : BigInt(n) * -2n - 1n);

function encoded(value: Thrift[number]): [type: number, bytes: number[]] {
  if (typeof value === 'number') return [5, zigzag(value)];
  if (typeof value === 'bigint') return [6, zigzag(value)];
  if (typeof value === 'boolean') return [value ? 1 : 2, []];
  if (typeof value === 'string') return [8, [...varint(BigInt(value.length)), ...new TextEncoder().encode(value)]];
  if (!Array.isArray(value)) return [12, thriftBytes(value as Thrift)];
  const items = value.map(v => encoded(v));
  return [9, [(items.length << 4) | items[0]![0], ...items.flatMap(i => i[1])]];
}

/** The struct's bytes; fields must be less than 15 apart. */
export function thriftBytes(struct: Thrift): number[] {
  let last = 0;
  const fields = Object.keys(struct)
    .map(Number)
    .sort((a, b) => a - b);
  const bytes = fields.flatMap(field => {
    const [type, value] = encoded(struct[field]!);
    const head = ((field - last) << 4) | type;
    last = field;
    return [head, ...value];
  });
  return [...bytes, 0];
}

export type PageOfBytes = {
  readonly values: number;
  readonly nulls: number;
  readonly encoding: number;
  readonly repetition?: readonly number[];
  readonly definition: readonly number[];
  /** As stored, and how many they are without compression. */
  readonly body: readonly number[];
  readonly uncompressed: number;
  readonly isCompressed?: boolean;
};

/** A file with one column `x` of data pages of version 2. @param codec 0: none, 1: snappy; @param type as in the format */
export function parquetOfPages(
  type: number,
  isOptional: boolean,
  codec: number,
  pages: readonly PageOfBytes[],
): Uint8Array {
  const magic = [...new TextEncoder().encode('PAR1')];
  let plain = 0;
  const chunk = pages.flatMap(p => {
    const levels = [...(p.repetition ?? []), ...p.definition];
    const version2: Thrift = {
      1: p.values,
      2: p.nulls,
      3: p.values,
      4: p.encoding,
      5: p.definition.length,
      6: p.repetition?.length ?? 0,
      7: p.isCompressed ?? true,
    };
    const header = thriftBytes({
      1: 3,
      2: levels.length + p.uncompressed,
      3: levels.length + p.body.length,
      8: version2,
    });
    plain += header.length + levels.length + p.uncompressed;
    return [...header, ...levels, ...p.body];
  });
  const rows = BigInt(pages.reduce((sum, p) => sum + p.values, 0));
  const column: Thrift = {
    1: type,
    2: [...new Set(pages.map(p => p.encoding))],
    3: ['x'],
    4: codec,
    5: rows,
    6: BigInt(plain),
    7: BigInt(chunk.length),
    9: 4n,
  };
  const footer = thriftBytes({
    1: 2,
    2: [
      { 4: 'schema', 5: 1 },
      { 1: type, 3: isOptional ? 1 : 0, 4: 'x' },
    ],
    3: rows,
    4: [{ 1: [{ 2: 4n, 3: column }], 2: BigInt(plain), 3: rows }],
  });
  const length = [0, 8, 16, 24].map(shift => (footer.length >> shift) & 255);
  return Uint8Array.from([...magic, ...chunk, ...footer, ...length, ...magic]);
}

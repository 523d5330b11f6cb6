import { RayexecError } from '../../common/errors.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { ChunkInput } from './chunk-input.ts';
import { damaged } from './read-environment.ts';
import {
  booleanAt,
  numberAt,
  readStruct,
  requiredNumber,
  requiredStruct,
  ShortInput,
  type ThriftStruct,
} from './thrift.ts';

export type PageHeader = {
  /** `other`: index pages and what the future brings; to be passed over. */
  readonly kind: 'data' | 'dictionary' | 'other';
  /** Bytes of the page without and with compression; with version 2, including the levels, which are not compressed. */
  readonly uncompressed: number;
  readonly compressed: number;
  /** Values including NULLs. */
  readonly values: number;
  readonly encoding: number;
  readonly isVersion2: boolean;
  readonly isCompressed: boolean;
  readonly levelEncoding: number;
  /** Version 2: bytes of the levels. */
  readonly defBytes: number;
  readonly repBytes: number;
};

const FIRST_LOOK = 512;
/** Headers hold statistics, whose bounds may be long. */
const LONGEST = 16 << 20;
const RLE = 3;
/** By number in the format. */
const KINDS = ['data', 'other', 'dictionary', 'data'] as const;

/** Reads the header at the input's position and passes over it. */
export function readPageHeader(memory: LinearMemory, input: ChunkInput, where: string): PageHeader {
  for (let look = FIRST_LOOK; ; look *= 8) {
    const bytes = Math.min(look, input.left);
    const address = input.peek(bytes);
    try {
      const { value, end } = readStruct(memory.u8, address, address + bytes, false);
      const header = pageHeader(value);
      input.advance(end - address);
      checkHeader(header, input.left, where);
      return header;
    } catch (e) {
      if (e instanceof RayexecError && e.where === undefined) throw new RayexecError(e.code, e.summary, { where });
      if (!(e instanceof ShortInput)) throw e;
      if (bytes === input.left || look >= LONGEST) throw damaged(where, 'a page header ends too early');
    }
  }
}

function pageHeader(struct: ThriftStruct): PageHeader {
  const kind = KINDS[requiredNumber(struct, 1)] ?? 'other';
  const isVersion2 = struct.has(8);
  const common = { kind, isVersion2, uncompressed: requiredNumber(struct, 2), compressed: requiredNumber(struct, 3) };
  const none = { values: 0, encoding: 0, isCompressed: true, levelEncoding: RLE, defBytes: 0, repBytes: 0 };
  if (kind === 'other') return { ...common, ...none };
  const body = requiredStruct(struct, kind === 'dictionary' ? 7 : isVersion2 ? 8 : 5);
  const values = requiredNumber(body, 1);
  if (kind === 'dictionary') return { ...common, ...none, values, encoding: requiredNumber(body, 2) };
  if (!isVersion2)
    return { ...common, ...none, values, encoding: requiredNumber(body, 2), levelEncoding: requiredNumber(body, 3) };
  return {
    ...common,
    values,
    encoding: requiredNumber(body, 4),
    isCompressed: booleanAt(body, 7) ?? true,
    levelEncoding: RLE,
    defBytes: numberAt(body, 5) ?? 0,
    repBytes: numberAt(body, 6) ?? 0,
  };
}

function checkHeader(header: PageHeader, left: number, where: string): void {
  const { compressed, uncompressed, values, defBytes, repBytes } = header;
  const areCounts =
    isCount(compressed) && isCount(uncompressed) && isCount(values) && isCount(defBytes) && isCount(repBytes);
  const levels = defBytes + repBytes;
  if (!areCounts || compressed > left || levels > compressed || levels > uncompressed) {
    throw damaged(where, `a page of ${compressed} bytes (${uncompressed} uncompressed) with ${left} bytes left`);
  }
}

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0 && n < 2 ** 31;

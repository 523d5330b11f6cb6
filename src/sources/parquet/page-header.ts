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

/** `other`: index pages and what the future brings; to be passed over. */
export const PAGE_KINDS = ['data', 'dictionary', 'other'] as const;

export type PageHeader = {
  readonly kind: (typeof PAGE_KINDS)[number];
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
      const { value, end } = readStruct(memory.u8.subarray(address, address + bytes), 0, bytes, false);
      const header = pageHeader(value);
      input.advance(end);
      checkHeader(header, input.left, where);
      return header;
    } catch (e) {
      if (e instanceof RayexecError && e.where === undefined)
        throw new RayexecError(e.code, `page header at byte ${input.at}: ${e.summary}`, { where });
      if (!(e instanceof ShortInput)) throw e;
      if (bytes === input.left || look >= LONGEST) throw damaged(where, 'a page header ends too early');
    }
  }
}

function pageHeader(struct: ThriftStruct): PageHeader {
  const kind = KINDS[requiredNumber(struct, 1)] ?? 'other';
  const isVersion2 = struct.has(8);
  const isData = kind === 'data';
  const body = kind === 'other' ? undefined : requiredStruct(struct, isData ? (isVersion2 ? 8 : 5) : 7);
  const version2 = isData && isVersion2 ? body : undefined;
  // One literal, as there are thousands of pages.
  return {
    kind,
    isVersion2,
    uncompressed: requiredNumber(struct, 2),
    compressed: requiredNumber(struct, 3),
    values: body === undefined ? 0 : requiredNumber(body, 1),
    encoding: body === undefined ? 0 : requiredNumber(body, version2 === undefined ? 2 : 4),
    isCompressed: version2 === undefined || (booleanAt(version2, 7) ?? true),
    levelEncoding: isData && !isVersion2 ? requiredNumber(body!, 3) : RLE,
    defBytes: version2 === undefined ? 0 : (numberAt(version2, 5) ?? 0),
    repBytes: version2 === undefined ? 0 : (numberAt(version2, 6) ?? 0),
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

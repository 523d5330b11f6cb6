import { ENTRY_BYTES } from '../../memory/cached-pages.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { PAGE_KINDS, type PageHeader } from './page-header.ts';

/** Words of an entry that describe its page. */
const HEADER_BYTES = 4;
const KIND = 5;
const UNCOMPRESSED = 6;
const COMPRESSED = 7;
const VALUES = 8;
const ENCODING = 9;
const FLAGS = 10;
const LEVEL_ENCODING = 11;
const DEF_BYTES = 12;
const REP_BYTES = 13;
/** 1 once the texts of the page are known to be UTF-8. */
const CHECKED = 14;

const VERSION_2 = 1;
const IS_COMPRESSED = 2;
const HAS_BODY = 4;

/** A page's header and how many bytes it has in the file. */
export type SizedHeader = { readonly header: PageHeader; readonly bytes: number };

/** Writes what is known of a page into its entry. @param hasBody the page's bytes, without compression, are in the entry */
export function describePage(
  { u32 }: LinearMemory,
  entry: number,
  { header, bytes }: SizedHeader,
  hasBody: boolean,
): void {
  const word = entry >>> 2;
  u32[word + HEADER_BYTES] = bytes;
  u32[word + KIND] = PAGE_KINDS.indexOf(header.kind);
  u32[word + UNCOMPRESSED] = header.uncompressed;
  u32[word + COMPRESSED] = header.compressed;
  u32[word + VALUES] = header.values;
  u32[word + ENCODING] = header.encoding;
  u32[word + FLAGS] =
    (header.isVersion2 ? VERSION_2 : 0) | (header.isCompressed ? IS_COMPRESSED : 0) | (hasBody ? HAS_BODY : 0);
  u32[word + LEVEL_ENCODING] = header.levelEncoding;
  u32[word + DEF_BYTES] = header.defBytes;
  u32[word + REP_BYTES] = header.repBytes;
  u32[word + CHECKED] = 0;
}

/** What `describePage` has written. */
export function describedPage({ u32 }: LinearMemory, entry: number): SizedHeader {
  const word = entry >>> 2;
  const flags = u32[word + FLAGS]!;
  const header: PageHeader = {
    kind: PAGE_KINDS[u32[word + KIND]!]!,
    isVersion2: (flags & VERSION_2) !== 0,
    uncompressed: u32[word + UNCOMPRESSED]!,
    compressed: u32[word + COMPRESSED]!,
    values: u32[word + VALUES]!,
    encoding: u32[word + ENCODING]!,
    isCompressed: (flags & IS_COMPRESSED) !== 0,
    levelEncoding: u32[word + LEVEL_ENCODING]!,
    defBytes: u32[word + DEF_BYTES]!,
    repBytes: u32[word + REP_BYTES]!,
  };
  return { header, bytes: u32[word + HEADER_BYTES]! };
}

export const hasBody = ({ u32 }: LinearMemory, entry: number): boolean =>
  (u32[(entry >>> 2) + FLAGS]! & HAS_BODY) !== 0;

/** Where an entry's page begins. */
export const bodyOf = (entry: number): number => entry + ENTRY_BYTES;

export const isChecked = ({ u32 }: LinearMemory, entry: number): boolean => u32[(entry >>> 2) + CHECKED] === 1;

/** Notes that the page's texts were checked, for all who read it later. */
export function noteChecked({ u32 }: LinearMemory, entry: number): void {
  u32[(entry >>> 2) + CHECKED] = 1;
}

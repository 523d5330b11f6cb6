/** The unit of allocation, and WebAssembly's page size. */
export const BLOCK_BYTES = 65536;
/** 4 GiB of blocks. */
export const MAX_BLOCKS = 65536;

/**
 * The first bytes of the linear memory, the same for every thread.
 *
 * | from | what |
 * |---|---|
 * | 0 | never used: address 0 means "none" |
 * | 1,024 | the kernels' constant tables, written alike by each instance |
 * | 48 KiB | lock and counters of the block allocator |
 * | 56 KiB | lock and counters of the page cache |
 * | 64 KiB | u32 per block: owner of an allocation's first block, 0 = free |
 * | 320 KiB | u32 per block: number of blocks of the allocation that starts here, 0 = none starts here |
 * | 576 KiB | {owner u32, its parent u32} of owners that have one |
 * | 640 KiB | the first block that can be allocated |
 */
export const LAYOUT = {
  kernelTables: 1024,
  lock: 48 * 1024,
  usedBlocks: 48 * 1024 + 4,
  nextBlock: 48 * 1024 + 8,
  peakBlocks: 48 * 1024 + 12,
  nextOwner: 48 * 1024 + 16,
  limitBlocks: 48 * 1024 + 20,
  maxBlocks: 48 * 1024 + 40,
  /** All blocks before this one are in use. */
  firstFree: 48 * 1024 + 48,
  /** Blocks that the memory has by now. */
  sizeBlocks: 48 * 1024 + 44,
  /** Blocks of the page cache; among the used ones. */
  cachedBlocks: 48 * 1024 + 52,
  /** How many owners have a parent. */
  childCount: 48 * 1024 + 24,
  pageCache: 56 * 1024,
  nextSpillFile: 48 * 1024 + 28,
  /** Bytes in temporary files, a u64. */
  spilledBytes: 48 * 1024 + 32,
  children: 64 * 1024 + 8 * MAX_BLOCKS,
  maxChildren: BLOCK_BYTES / 8,
  owners: 64 * 1024,
  lengths: 64 * 1024 + 4 * MAX_BLOCKS,
  firstBlock: (64 * 1024 + 8 * MAX_BLOCKS) / BLOCK_BYTES + 1,
} as const;

/** Bytes after each buffer that may be read (never written) beyond its end: kernels load 16 bytes at a time. */
export const PADDING = 16;

/** Who owns what may be dropped when others need its room: the page cache. */
export const CACHE_OWNER = 0xffffffff;

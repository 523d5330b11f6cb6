import type { ByteSource } from '../platform/platform.ts';
import { blockBoundaries } from './block-boundaries.ts';

const WINDOW = 65_536;

/** Cuts a file into blocks of whole lines: offsets, from `start` to the file's size. */
export function lineBoundaries(source: ByteSource, start: number): Promise<readonly number[]> {
  return blockBoundaries(source, start, { windowBytes: WINDOW, startIn: behindLine });
}

function behindLine(bytes: Uint8Array): number | undefined {
  const newline = bytes.indexOf(10);
  return newline < 0 ? undefined : newline + 1;
}

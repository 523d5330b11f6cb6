import { crc32 } from 'node:zlib';
import { invariant } from '../../common/errors.ts';

/**
 * What client, gateway, workers and file servers send each other: six u32 (kind, three numbers, checksum, length), then so
 * many bytes.
 * - `block`: rows as Arrow IPC, of the numbers {stage, task, receiver} or, from a worker, {receiver}; its checksum goes along
 *   from who made it to who reads it.
 * - `run`: JSON of what to do; to a worker, what the `task` frames that follow have in common.
 * - `done`: JSON of what was done; all has been sent.
 * - `error`: JSON of a `SerializedError`.
 * - `progress`: {tasks that are done, all tasks}.
 * - `read`: asks for what {stage, task} sent to {receiver}: blocks, then `end`.
 * - `end`: all of {stage, task} has been sent.
 * - `lost`: what tasks of {stage} sent can't be read; JSON of their numbers.
 * - `task`: JSON of one task to run.
 */
export type Frame = {
  readonly kind: FrameKind;
  readonly numbers: readonly [number, number, number];
  readonly bytes: Uint8Array;
  /** The bytes are those that the checksum was made of; true for all but blocks. */
  readonly isIntact: boolean;
};

const KINDS = ['block', 'run', 'done', 'error', 'progress', 'read', 'end', 'lost', 'task'] as const;
export type FrameKind = (typeof KINDS)[number];

export const HEADER_BYTES = 24;
const NONE = new Uint8Array(0);

/** A frame of at most so many bytes is one part: each part that is written costs more than to copy it. */
const SMALL_BYTES = 16 * 2 ** 10;

/** A frame as one part, or its header and bytes. @param checksum of a block that was read; default: of these bytes */
export function encodeFrame(
  kind: FrameKind,
  numbers: readonly [number, number, number] = [0, 0, 0],
  bytes: Uint8Array = NONE,
  checksum = kind === 'block' ? crc32(bytes) : 0,
): readonly Uint8Array[] {
  const isSmall = bytes.length <= SMALL_BYTES;
  const first = new Uint8Array(HEADER_BYTES + (isSmall ? bytes.length : 0));
  const header = new DataView(first.buffer);
  [KINDS.indexOf(kind) + 1, ...numbers, checksum, bytes.length].forEach((word, i) => {
    header.setUint32(4 * i, word, true);
  });
  if (!isSmall) return [first, bytes];
  first.set(bytes, HEADER_BYTES);
  return [first];
}

export const encodeJson = (
  kind: 'run' | 'done' | 'error' | 'lost' | 'task',
  value: unknown,
  stage = 0,
): readonly Uint8Array[] => encodeFrame(kind, [stage, 0, 0], new TextEncoder().encode(JSON.stringify(value)));

export const decodeJson = ({ bytes }: Frame): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** The frames of a stream of bytes, which may be cut anywhere. */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, undefined> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let needed = HEADER_BYTES;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    bytes += chunk.length;
    while (bytes >= needed) {
      const joined = join(waiting, bytes);
      const view = new DataView(joined.buffer, joined.byteOffset, joined.length);
      const end = HEADER_BYTES + view.getUint32(20, true);
      waiting = [joined];
      if (bytes < end) {
        needed = end;
        break;
      }
      yield decodeFrame(view, joined.subarray(HEADER_BYTES, end));
      waiting = [joined.subarray(end)];
      bytes -= end;
      needed = HEADER_BYTES;
    }
  }
}

/** A frame of its header and its bytes. */
export function decodeFrame(header: DataView, bytes: Uint8Array): Frame {
  const kind = KINDS[header.getUint32(0, true) - 1];
  invariant(kind !== undefined, 'a frame of an unknown kind');
  const numbers = [header.getUint32(4, true), header.getUint32(8, true), header.getUint32(12, true)] as const;
  return { kind, numbers, bytes, isIntact: kind !== 'block' || crc32(bytes) === header.getUint32(16, true) };
}

function join(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

import { invariant } from '../../common/errors.ts';

/**
 * What client, gateway and workers send each other: five u32 (kind, three numbers, length), then so many bytes.
 * - `block`: rows as Arrow IPC, of the numbers {stage, task, receiver}; those that do not matter are 0.
 * - `run`: JSON of what to do; for a worker after the blocks that it reads.
 * - `done`: all has been sent.
 * - `error`: JSON of a `SerializedError`.
 */
export type Frame = {
  readonly kind: FrameKind;
  readonly numbers: readonly [number, number, number];
  readonly bytes: Uint8Array;
};

const KINDS = ['block', 'run', 'done', 'error'] as const;
export type FrameKind = (typeof KINDS)[number];

const HEADER_BYTES = 20;
const NONE = new Uint8Array(0);

export function encodeFrame(
  kind: FrameKind,
  numbers: readonly [number, number, number] = [0, 0, 0],
  bytes: Uint8Array = NONE,
): readonly Uint8Array[] {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  [KINDS.indexOf(kind) + 1, ...numbers, bytes.length].forEach((word, i) => {
    header.setUint32(4 * i, word, true);
  });
  return [new Uint8Array(header.buffer), bytes];
}

export const encodeJson = (kind: 'run' | 'error', value: unknown): readonly Uint8Array[] =>
  encodeFrame(kind, [0, 0, 0], new TextEncoder().encode(JSON.stringify(value)));

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
      const end = HEADER_BYTES + view.getUint32(16, true);
      waiting = [joined];
      if (bytes < end) {
        needed = end;
        break;
      }
      const kind = KINDS[view.getUint32(0, true) - 1];
      invariant(kind !== undefined, 'a frame of an unknown kind');
      const numbers = [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)] as const;
      yield { kind, numbers: [...numbers], bytes: joined.subarray(HEADER_BYTES, end) };
      waiting = [joined.subarray(end)];
      bytes -= end;
      needed = HEADER_BYTES;
    }
  }
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

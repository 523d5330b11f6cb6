import { Vector } from '../../batch/vector.ts';
import { UUID } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';

export const uuid: ScalarFunction = {
  name: 'uuid',
  aliases: ['gen_random_uuid', 'uuidv4'],
  doc: {
    summary: 'A random UUID (version 4), another for each row.',
    args: [],
    examples: [['length(uuid()::VARCHAR) || substr(uuid()::VARCHAR, 15, 1)', '364']],
    category: 'text',
  },
  overloads: [fixed('', [], UUID, randomUuids, { volatile: true })],
};

/** The most that one call of `getRandomValues` fills. */
const MOST_BYTES = 65_536;

function randomUuids({ memory, arena }: EvalContext, { rows }: ScalarCall): Vector {
  const bytes = rows.count * 16;
  const out = arena.alloc(bytes);
  // Random bytes are not written to shared memory directly.
  const random = new Uint8Array(Math.min(bytes, MOST_BYTES));
  const { u8 } = memory;
  for (let at = 0; at < bytes; at += MOST_BYTES) {
    const part = random.subarray(0, Math.min(MOST_BYTES, bytes - at));
    crypto.getRandomValues(part);
    // The number is stored with its lowest byte first: version and variant are the text's digits 12 and 16.
    for (let i = 0; i < part.length; i += 16) {
      part[i + 9] = (part[i + 9]! & 0x0f) | 0x40;
      part[i + 7] = (part[i + 7]! & 0x3f) | 0x80;
    }
    u8.set(part, out + at);
  }
  return Vector.flat(UUID, rows.count, out);
}

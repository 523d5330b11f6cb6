import { RayexecError } from '../../common/errors.ts';
import { TIMESTAMPTZ, UINT32, UUID } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';
import { rowOverload } from './row-overload.ts';

const versionOf = (uuid: string): number => Number.parseInt(uuid[14]!, 16);

function timeOf(uuid: string): bigint {
  if (versionOf(uuid) !== 7)
    throw new RayexecError('invalid-argument', `a UUID of version ${versionOf(uuid)} has no time: version 7 has`);
  return BigInt(`0x${uuid.replaceAll('-', '').slice(0, 12)}`) * 1000n;
}

/** The last time that a UUID was made for, and how many: those of one millisecond follow each other. */
const last = { millis: 0, count: 0 };

function nextUuid(): string {
  const now = Date.now();
  if (now > last.millis) {
    last.millis = now;
    last.count = 0;
  } else if (++last.count > 0xfff) {
    last.millis++;
    last.count = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const tail = Array.from(random, b => b.toString(16).padStart(2, '0')).join('');
  const time = last.millis.toString(16).padStart(12, '0');
  const count = last.count.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** UUIDs with a time, and what they say. */
export const uuidParts: readonly ScalarFunction[] = [
  {
    name: 'uuidv7',
    doc: textDoc(
      'A UUID of version 7, later ones after earlier ones; another for each row.',
      [],
      ['uuid_extract_version(uuidv7())', '7'],
    ),
    overloads: [fixed('', [], UUID, (ctx, call) => mapRows(ctx, call, nextUuid), { volatile: true })],
  },
  {
    name: 'uuid_extract_version',
    doc: textDoc(
      'The version of a UUID.',
      ['uuid'],
      ["uuid_extract_version('5dd6ad8e-f2f1-4ea2-bd1d-a0ccc2f8e9f6'::UUID)", '4'],
    ),
    overloads: [rowOverload('uuid', [UUID], UINT32, versionOf)],
  },
  {
    name: 'uuid_extract_timestamp',
    doc: textDoc(
      'The time of a UUID of version 7.',
      ['uuid'],
      ["uuid_extract_timestamp('019a0b1c-f2f1-7ea2-bd1d-a0ccc2f8e9f6'::UUID)", '2025-10-22 08:50:37.937+00'],
    ),
    overloads: [rowOverload('uuid', [UUID], TIMESTAMPTZ, timeOf)],
  },
];

import { BINARY, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';
import { type Digest, md5, sha1, sha256 } from '../text/digest.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';

const encoder = new TextEncoder();

function digest(name: string, of: Digest, example: string): ScalarFunction {
  return {
    name,
    doc: textDoc(
      `The ${name.toUpperCase()} digest of a text or blob, in hexadecimal digits.`,
      ['value'],
      [`${name}('')`, example],
    ),
    overloads: [
      fixed('text', [UTF8], UTF8, (ctx, call) => mapRows(ctx, call, text => of(encoder.encode(text as string)))),
      fixed('blob', [BINARY], UTF8, (ctx, call) => mapRows(ctx, call, bytes => of(bytes as Uint8Array))),
    ],
  };
}

/** Digests, for comparing contents; MD5 and SHA-1 are no protection against anybody. */
export const digests: readonly ScalarFunction[] = [
  digest('md5', md5, 'd41d8cd98f00b204e9800998ecf8427e'),
  digest('sha1', sha1, 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
  digest('sha256', sha256, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
];

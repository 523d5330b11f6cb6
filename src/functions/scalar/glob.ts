import { RayexecError } from '../../common/errors.ts';
import { BOOLEAN, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { textDoc } from '../text/documented.ts';
import { rowOverload } from './row-overload.ts';

const patterns = new Map<string, RegExp>();

/** `*` is any text, `?` any character, `[a-c]` and `[!a-c]` one of some, `\` takes the next as it is. */
function globPattern(glob: string): RegExp {
  let pattern = patterns.get(glob);
  if (pattern !== undefined) return pattern;
  let source = '';
  for (const [part, set] of glob.matchAll(/\\.|\[(!?\]?[^\]]*)\]|./gsu)) {
    if (part === '*') source += '.*';
    else if (part === '?') source += '.';
    else if (set !== undefined) source += `[${set.startsWith('!') ? '^' : ''}${classOf(set.replace(/^!/, ''))}]`;
    else if (part === '[') throw new RayexecError('invalid-argument', `the pattern '${glob}' has a [ without ]`);
    else source += escaped(part.length > 1 && part.startsWith('\\') ? part.slice(1) : part);
  }
  pattern = new RegExp(`^${source}$`, 'su');
  if (patterns.size > 100) patterns.clear();
  patterns.set(glob, pattern);
  return pattern;
}

const classOf = (set: string): string => set.replace(/[\\\]^[]/g, '\\$&');
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** `text GLOB pattern`. */
export const glob: ScalarFunction = {
  name: 'glob',
  aliases: ['~~~'],
  doc: textDoc(
    'Whether the text matches: * is any text, ? any character, [a-c] and [!a-c] one of some.',
    ['text', 'pattern'],
    ["'abc' GLOB 'a[bx]*'", 'true'],
  ),
  overloads: [rowOverload('pattern', [UTF8, UTF8], BOOLEAN, (text: string, by: string) => globPattern(by).test(text))],
};

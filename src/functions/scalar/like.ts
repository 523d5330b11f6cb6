import type { ScalarFunction } from '../function.ts';
import { textDoc } from '../text/documented.ts';
import { likeOverloads } from '../text/like.ts';

const args = ['text', 'pattern', 'escape'];

/** `LIKE` and its forms; PostgreSQL's operators are other names of them. */
export const likeFunctions: readonly ScalarFunction[] = [
  {
    name: 'like',
    aliases: ['~~', 'like_escape'],
    doc: textDoc('Whether the text matches: % is any text, _ any character.', args, ["'hello' LIKE 'h%l_'", 'true']),
    overloads: likeOverloads({ negated: false, ignoresCase: false }),
  },
  {
    name: 'not like',
    aliases: ['!~~', 'not_like_escape'],
    doc: textDoc('Whether the text does not match.', args, ["'hello' NOT LIKE 'h%'", 'false']),
    overloads: likeOverloads({ negated: true, ignoresCase: false }),
  },
  {
    name: 'ilike',
    aliases: ['~~*', 'ilike_escape'],
    doc: textDoc('Whether the text matches, in any case.', args, ["'Hello' ILIKE 'h%'", 'true']),
    overloads: likeOverloads({ negated: false, ignoresCase: true }),
  },
  {
    name: 'not ilike',
    aliases: ['!~~*', 'not_ilike_escape'],
    doc: textDoc('Whether the text does not match in any case.', args, ["'Hello' NOT ILIKE 'h%'", 'false']),
    overloads: likeOverloads({ negated: true, ignoresCase: true }),
  },
];

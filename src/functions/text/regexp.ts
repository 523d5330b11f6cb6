import { RayexecError } from '../../common/errors.ts';

// Regular expressions run on the platform's RegExp. Patterns are RE2's: they are translated, and what RE2 does not know
// (lookaround, back references) is refused, so that a query means the same everywhere. Unlike RE2, matching may take
// time exponential in the text for nested repetitions.

/** A compiled pattern: to be tried anywhere, at the whole text, or everywhere. */
export type CompiledRegexp = {
  readonly search: RegExp;
  readonly whole: RegExp;
  readonly all: RegExp;
  readonly isGlobal: boolean;
};

const CACHE_SIZE = 200;
const cache = new Map<string, CompiledRegexp>();
/** What was compiled last: most often all rows want the same. */
let last: { readonly pattern: string; readonly options: string; readonly compiled: CompiledRegexp } | undefined;

/**
 * Compiles an RE2 pattern. @param options letters: i ignores case, c does not, s lets . match a newline, g replaces
 * everywhere, l takes the pattern as text, m n p are the default
 * @throws RayexecError `invalid-argument` for a bad pattern or option
 */
export function compileRegexp(pattern: string, options = ''): CompiledRegexp {
  if (last?.pattern === pattern && last.options === options) return last.compiled;
  const key = `${options}/${pattern}`;
  let compiled = cache.get(key);
  if (compiled === undefined) {
    compiled = compile(pattern, options);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(key, compiled);
  }
  last = { pattern, options, compiled };
  return compiled;
}

function compile(pattern: string, options: string): CompiledRegexp {
  let flags = 'u';
  let isLiteral = false;
  for (const option of options) {
    if (option === 'i') flags = 'iu';
    else if (option === 'c') flags = flags.replace('i', '');
    else if (option === 's') flags = flags.includes('s') ? flags : `s${flags}`;
    else if (option === 'l') isLiteral = true;
    else if (!'gmnp'.includes(option)) {
      throw new RayexecError('invalid-argument', `"${option}" is no option of regular expressions`, {
        hint: 'options are i, c, s, g and l',
      });
    }
  }
  const inline = isLiteral ? null : /^\(\?([ims]+)\)/.exec(pattern);
  for (const flag of inline?.[1] ?? '') if (!flags.includes(flag)) flags += flag;
  const body = inline === null ? pattern : pattern.slice(inline[0].length);
  const source = isLiteral ? escapeRegexp(body) : new Translator(pattern, body, flags.includes('s')).translate();
  try {
    return {
      search: new RegExp(source, flags),
      whole: new RegExp(`^(?:${source})$`, flags.replace('m', '')),
      all: new RegExp(source, `g${flags}`),
      isGlobal: options.includes('g'),
    };
  } catch (cause) {
    throw badPattern(pattern, (cause as Error).message.replace(/^.*\/[a-z]*: /, ''));
  }
}

/** The text as a pattern that matches just it. */
export const escapeRegexp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const badPattern = (pattern: string, reason: string): RayexecError =>
  new RayexecError('invalid-argument', `the regular expression "${pattern}" can't be used: ${reason}`);

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A piece of the new pattern, and how many characters of the old one it stands for. */
type Rewritten = readonly [text: string, taken: number];

/** Rewrites RE2 syntax as that of RegExp with the flag u, which refuses needless escapes and lone brackets. */
class Translator {
  readonly #pattern: string;
  readonly #source: string;
  readonly #dotAll: boolean;
  #at = 0;
  #out = '';
  #inClass = false;

  constructor(pattern: string, source: string, dotAll: boolean) {
    this.#pattern = pattern;
    this.#source = source;
    this.#dotAll = dotAll;
  }

  translate(): string {
    while (this.#at < this.#source.length) this.#next();
    if (this.#inClass) throw badPattern(this.#pattern, 'missing ]');
    return this.#out;
  }

  #next(): void {
    const c = this.#source[this.#at]!;
    if (c === '\\') this.#emit(...this.#escape());
    else if (this.#inClass) this.#inBrackets(c);
    else if (c === '[') this.#openClass();
    else if (c === '(') this.#emit(...this.#openGroup());
    else if (c === '.') this.#emit(this.#dotAll ? '.' : '[^\\n]', 1);
    else if (c === ']' || c === '}') this.#emit(`\\${c}`, 1);
    else if (c === '{') {
      const quantifier = /^\{\d+(?:,\d*)?\}/.exec(this.#source.slice(this.#at))?.[0];
      this.#emit(quantifier ?? '\\{', quantifier?.length ?? 1);
    } else this.#emit(c, 1);
  }

  #emit(text: string, taken: number): void {
    this.#out += text;
    this.#at += taken;
  }

  #openClass(): void {
    const [start] = /^\[\^?\]?/.exec(this.#source.slice(this.#at))!;
    this.#inClass = true;
    // A bracket right after the start stands for itself.
    this.#emit(start.endsWith(']') ? `${start.slice(0, -1)}\\]` : start, start.length);
  }

  #inBrackets(c: string): void {
    const named = /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at));
    if (named !== null) {
      const members = CLASSES[named[2]!];
      if (members === undefined || named[1] !== '')
        throw badPattern(this.#pattern, `${named[0]} is no character class`);
      this.#emit(members, named[0].length);
      return;
    }
    if (c === ']') this.#inClass = false;
    this.#emit(c === '[' ? '\\[' : c, 1);
  }

  #openGroup(): Rewritten {
    const rest = this.#source.slice(this.#at);
    const special = /^\(\?(P?<(?![=!])|:)?/.exec(rest);
    if (special === null) return ['(', 1];
    if (special[1] === undefined) throw badPattern(this.#pattern, `${rest.slice(0, 3)} is not supported`);
    return [special[1] === ':' ? '(?:' : '(?<', special[0].length];
  }

  #escape(): Rewritten {
    const c = this.#source[this.#at + 1];
    if (c === undefined) throw badPattern(this.#pattern, 'it ends with \\');
    const rest = this.#source.slice(this.#at);
    const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
    if (quoted !== null) return [escapeRegexp(quoted[1]!), quoted[0].length];
    const code = /^\\x\{([0-9A-Fa-f]+)\}/.exec(rest);
    if (code !== null) return [`\\u{${code[1]}}`, code[0].length];
    const property = /^\\([pP])([A-Z])/.exec(rest);
    if (property !== null) return [`\\${property[1]}{${property[2]}}`, property[0].length];
    if (/[1-9]/.test(c)) throw badPattern(this.#pattern, `\\${c}: back references are not supported`);
    if (c === 's') return [this.#inClass ? '\\t\\n\\f\\r ' : '[\\t\\n\\f\\r ]', 2];
    if (c === 'S' && !this.#inClass) return ['[^\\t\\n\\f\\r ]', 2];
    if (c === 'A') return ['^', 2];
    if (c === 'z') return ['$', 2];
    if (c === 'a') return ['\\x07', 2];
    const isKept = /[dDwWSbBpPfnrtvx0^$\\.*+?()[\]{}|/]/.test(c) || (c === '-' && this.#inClass);
    if (!isKept && /[A-Za-z]/.test(c)) throw badPattern(this.#pattern, `\\${c} is not supported`);
    return [isKept ? `\\${c}` : c, 2];
  }
}

/** Text as it is, the number of a group, or what names none. */
type ReplacementPart = string | number | { readonly wrong: string };

let lastReplacement: { readonly text: string; readonly parts: readonly ReplacementPart[] } | undefined;

/** What a replacement's `\0` … `\9` and `\\` stand for. @throws RayexecError `invalid-argument` */
export function expandReplacement(replacement: string, groups: readonly (string | undefined)[]): string {
  if (lastReplacement?.text !== replacement) {
    lastReplacement = { text: replacement, parts: replacementParts(replacement) };
  }
  let expanded = '';
  for (const part of lastReplacement.parts) {
    if (typeof part === 'string') expanded += part;
    else if (typeof part === 'number' && part < groups.length) expanded += groups[part] ?? '';
    else throw noGroup(typeof part === 'number' ? `\\${part}` : part.wrong);
  }
  return expanded;
}

function replacementParts(replacement: string): ReplacementPart[] {
  const pieces = replacement.match(/\\.?|[^\\]+/gsu) ?? [];
  return pieces.map((piece): ReplacementPart => {
    if (!piece.startsWith('\\')) return piece;
    if (piece === '\\\\') return '\\';
    return /^\\[0-9]$/.test(piece) ? Number(piece[1]) : { wrong: piece };
  });
}

const noGroup = (found: string): RayexecError =>
  new RayexecError('invalid-argument', `"${found}" in a replacement names no group of the regular expression`);

import { RayexecError } from '../common/errors.ts';
import type { Json } from '../common/json.ts';
import { didYouMean } from '../common/suggest.ts';

const UNITS = ['b', 'kb', 'mb', 'gb', 'tb'];

/** The options of a COPY … TO, read with their types checked. All methods throw RayexecError `bind`. */
export class WriterOptions {
  readonly #what: string;
  readonly #values: ReadonlyMap<string, Json>;

  /** @param names that the format has; a synonym maps to the name it stands for */
  constructor(format: string, options: Readonly<Record<string, Json>>, names: Readonly<Record<string, string>>) {
    this.#what = `writing ${format}`;
    const values = new Map<string, Json>();
    for (const [given, value] of Object.entries(options)) {
      const key = given.toLowerCase();
      if (!Object.hasOwn(names, key)) {
        throw new RayexecError('bind', `${this.#what} has no option '${given}'`, {
          hint: didYouMean(given, Object.keys(names)) ?? `it has ${[...new Set(Object.values(names))].join(', ')}`,
        });
      }
      values.set(names[key]!, value);
    }
    this.#values = values;
  }

  boolean(name: string): boolean | undefined {
    const value = this.#values.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    // An option without a value is switched on.
    if (value === null || value === '' || value === 1 || value === '1') return true;
    if (value === 0 || value === '0') return false;
    const text = String(value).toLowerCase();
    if (text === 'true' || text === 'false') return text === 'true';
    throw this.wrong(name, 'true or false');
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrong(name, 'a text');
  }

  /** A number of bytes, or a text such as '10MB' (a million each) or '10MiB'. */
  bytes(name: string): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const [, digits, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(value)) ?? [];
    const word = unit.toLowerCase();
    const power = word === '' ? 0 : UNITS.indexOf(word.replace('ib', 'b'));
    const bytes = Number(digits) * (word.includes('i') ? 1024 : 1000) ** power;
    if (power >= 0 && bytes >= 1) return bytes;
    throw this.wrong(name, "a number of bytes, such as 1000000 or '1MB'");
  }

  /** A text of one ASCII character, or '' for none. */
  character(name: string): string | undefined {
    const text = this.text(name);
    if (text === '\\t') return '\t';
    if (text === undefined || text === '' || (text.length === 1 && text.charCodeAt(0) < 128)) return text;
    throw this.wrong(name, 'one ASCII character');
  }

  /** A text of up to `most` ASCII characters. */
  characters(name: string, most: number): string | undefined {
    const text = this.text(name)?.replaceAll('\\t', '\t');
    if (text === undefined || (text.length <= most && /^[\0-\x7f]*$/.test(text))) return text;
    throw this.wrong(name, `up to ${most} ASCII characters`);
  }

  /** Names of columns; `*` for all. */
  columns(name: string, all: readonly string[]): readonly string[] {
    const value = this.#values.get(name);
    if (value === undefined || value === false) return [];
    if (value === null || value === true || value === '*') return all;
    const given = Array.isArray(value) ? value : [value];
    return given.map(column => {
      if (typeof column !== 'string') throw this.wrong(name, 'a list of columns, or *');
      if (column === '*') return column;
      const found = all.find(a => a.toLowerCase() === column.toLowerCase());
      if (found !== undefined) return found;
      throw new RayexecError('bind', `${this.#what}: ${name} names a column '${column}', which there is not`, {
        hint: didYouMean(column, all),
      });
    });
  }

  /** Whether the file is compressed: as asked, or as its name says. */
  isGzip(path: string): boolean {
    const text = this.text('compression')?.toLowerCase() ?? 'auto';
    if (text === 'gzip') return true;
    if (text === 'none' || text === 'uncompressed') return false;
    if (text === 'auto' || text === 'auto_detect') return /\.gz$/i.test(path);
    if (text === 'zstd')
      throw new RayexecError('unsupported', `${this.#what}: zstd is not supported`, { hint: 'gzip is' });
    throw this.wrong('compression', `'none', 'gzip' or 'auto'`);
  }

  /** The option's value as it was given. */
  value(name: string): Json | undefined {
    return this.#values.get(name);
  }

  wrong(name: string, wanted: string): RayexecError {
    return new RayexecError(
      'bind',
      `${this.#what}: ${name} is ${wanted}, not ${JSON.stringify(this.#values.get(name))}`,
    );
  }
}

/** Names as `WriterOptions` takes them. */
export const optionNames = (
  names: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({ ...synonyms, ...Object.fromEntries(names.map(n => [n, n])) });

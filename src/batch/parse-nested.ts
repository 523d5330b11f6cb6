import type { DataType, StructField } from '../types/data-type.ts';
import type { RawValue } from '../types/raw-value.ts';

/** Reads a text as a value of a type that is not nested. */
type ParseFlat = (type: DataType, text: string) => RawValue | undefined;

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

/**
 * Reads `[1, 2]` as a list, `{a: 1}` as a struct, `{k=1}` as a map, as casts to text write them; undefined when the
 * text is none. Elements with brackets, commas or quotes in them stand in quotes, `\` before a quote keeps it.
 * @param nulls whether elements, values and fields that can't be read become NULL, as TRY_CAST wants it
 */
export function parseNested(type: DataType, text: string, parseFlat: ParseFlat, nulls: boolean): RawValue | undefined {
  const parse = (t: DataType, part: string): RawValue | undefined => {
    if (/^null$/i.test(part)) return null;
    return isNested(t) ? parseNested(t, part, parseFlat, nulls) : parseFlat(t, unquoted(part));
  };
  const parseValue = (t: DataType, part: string): RawValue | undefined => {
    const value = parse(t, part);
    return value === undefined && nulls ? null : value;
  };
  const trimmed = text.trim();
  switch (type.kind) {
    case 'list':
    case 'array': {
      const parts = partsOf(trimmed, '[');
      if (parts === undefined || (type.kind === 'array' && parts.length !== type.length)) return undefined;
      return all(parts.map(p => parseValue(type.element, p)));
    }
    case 'map':
      return all(entriesOf(trimmed, '=')?.map(([k, v]) => all([keyOf(parse(type.key, k)), parseValue(type.value, v)])));
    case 'struct': {
      if (trimmed.startsWith('(')) {
        const parts = partsOf(trimmed, '(');
        if (parts?.length !== type.fields.length) return undefined;
        return all(parts.map((p, i) => parseValue(type.fields[i]!.type, p)));
      }
      const entries = entriesOf(trimmed, ':');
      return entries === undefined ? undefined : structOf(type.fields, entries, parseValue);
    }
    default:
      return undefined;
  }
}

const isNested = ({ kind }: DataType): boolean =>
  kind === 'list' || kind === 'array' || kind === 'map' || kind === 'struct';

/** No key is NULL. */
const keyOf = (value: RawValue | undefined): RawValue | undefined => value ?? undefined;

type Entry = readonly [name: string, value: string];

/** Fields by name, each once; those that the text leaves out are NULL. */
function structOf(fields: readonly StructField[], entries: readonly Entry[], parse: ParseFlat): RawValue | undefined {
  const values: (RawValue | undefined)[] = fields.map(() => null);
  const met = new Set<number>();
  for (const [name, value] of entries) {
    const wanted = unquoted(name).toLowerCase();
    const at = fields.findIndex(f => f.name.toLowerCase() === wanted);
    if (at === -1 || met.has(at)) return undefined;
    met.add(at);
    values[at] = parse(fields[at]!.type, value);
  }
  return all(values);
}

function all(values: readonly (RawValue | undefined)[] | undefined): RawValue | undefined {
  return values === undefined || values.includes(undefined) ? undefined : (values as readonly RawValue[]);
}

/** The text between brackets; undefined where it stands in none. */
function insideOf(text: string, open: string): string | undefined {
  if (!text.startsWith(open) || !text.endsWith(CLOSING[open]!) || text.length < 2) return undefined;
  return text.slice(1, -1);
}

/** The parts between brackets, split at commas; undefined when brackets or quotes don't match. */
function partsOf(text: string, open: string): readonly string[] | undefined {
  const inside = insideOf(text, open);
  if (inside === undefined || inside.trim() === '') return inside === undefined ? undefined : [];
  const parts: string[] = [];
  for (let from = 0; ; ) {
    const end = endOfPart(inside, from, ',');
    if (end === -1) return undefined;
    parts.push(inside.slice(from, end).trim());
    if (end === inside.length) return parts;
    from = end + 1;
  }
}

/** `{name: value, …}`: a name ends at the first separator, a value at the next comma. */
function entriesOf(text: string, separator: string): readonly Entry[] | undefined {
  const inside = insideOf(text, '{');
  if (inside === undefined || inside.trim() === '') return inside === undefined ? undefined : [];
  const entries: Entry[] = [];
  for (let from = 0; ; ) {
    const middle = endOfPart(inside, from, separator);
    if (middle === -1 || middle === inside.length) return undefined;
    const end = endOfPart(inside, middle + 1, ',');
    if (end === -1) return undefined;
    entries.push([inside.slice(from, middle).trim(), inside.slice(middle + 1, end).trim()]);
    if (end === inside.length) return entries;
    from = end + 1;
  }
}

/** Where a separator stands next that is in no brackets and quotes, or the end; -1 when those don't match. */
function endOfPart(text: string, from: number, separator: string): number {
  const open: string[] = [];
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (isEscapedQuote(text, i)) i++;
    else if (c === "'" || c === '"') {
      i = endOfQuote(text, i);
      if (i === -1) return -1;
    } else if (c in CLOSING) open.push(CLOSING[c]!);
    else if (c === ']' || c === '}' || c === ')') {
      if (open.pop() !== c) return -1;
    } else if (c === separator && open.length === 0) return i;
  }
  return open.length === 0 ? text.length : -1;
}

const isEscapedQuote = (text: string, i: number): boolean =>
  text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === "'");

/** Where the quote that opens at `start` closes, or -1. */
function endOfQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[start]) return i;
  }
  return -1;
}

/** A text without the quotes around its parts; what is in brackets stays as it is. */
function unquoted(text: string): string {
  if (!/['"]/.test(text)) return text;
  let plain = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c in CLOSING) depth++;
    else if (c === ']' || c === '}' || c === ')') depth--;
    if (isEscapedQuote(text, i)) plain += depth === 0 ? text[++i] : c + text[++i];
    else if (c === "'" || c === '"') {
      const end = endOfQuote(text, i);
      plain += depth === 0 ? text.slice(i + 1, end).replace(/\\(.)/gs, '$1') : text.slice(i, end + 1);
      i = end;
    } else plain += c;
  }
  return plain;
}

import type { DataType, StructField } from '../types/data-type.ts';
import type { RawValue } from '../types/raw-value.ts';

/** Reads a text as a value of a type that is not nested. */
type ParseFlat = (type: DataType, text: string) => RawValue | undefined;

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

/**
 * Reads `[1, 2]` as a list, `{a: 1}` as a struct, `{k=1}` as a map, as casts to text write them; undefined when the
 * text is none. Elements with brackets, commas or quotes in them stand in quotes, `\` before a quote keeps it.
 */
export function parseNested(type: DataType, text: string, parseFlat: ParseFlat): RawValue | undefined {
  const parse = (t: DataType, part: string): RawValue | undefined => {
    if (/^null$/i.test(part)) return null;
    return isNested(t) ? parseNested(t, part, parseFlat) : parseFlat(t, unquoted(part));
  };
  const trimmed = text.trim();
  switch (type.kind) {
    case 'list':
    case 'array': {
      const parts = insideOf(trimmed, '[');
      if (parts === undefined || (type.kind === 'array' && parts.length !== type.length)) return undefined;
      return all(parts.map(p => parse(type.element, p)));
    }
    case 'map': {
      const entries = insideOf(trimmed, '{')?.map(p => splitTop(p, '='));
      if (entries === undefined || entries.some(e => e.length !== 2)) return undefined;
      return all(entries.map(([k, v]) => all([parse(type.key, k!), parse(type.value, v!)])));
    }
    case 'struct': {
      if (trimmed.startsWith('(')) {
        const parts = insideOf(trimmed, '(');
        if (parts?.length !== type.fields.length) return undefined;
        return all(parts.map((p, i) => parse(type.fields[i]!.type, p)));
      }
      const entries = insideOf(trimmed, '{')?.map(p => splitTop(p, ':'));
      return entries === undefined ? undefined : structOf(type.fields, entries, parse);
    }
    default:
      return undefined;
  }
}

const isNested = ({ kind }: DataType): boolean =>
  kind === 'list' || kind === 'array' || kind === 'map' || kind === 'struct';

/** Fields by name; those that the text leaves out are NULL. */
function structOf(
  fields: readonly StructField[],
  entries: readonly (readonly string[])[],
  parse: ParseFlat,
): RawValue | undefined {
  const values: (RawValue | undefined)[] = fields.map(() => null);
  for (const [name, value] of entries) {
    if (value === undefined) return undefined;
    const at = fields.findIndex(f => f.name.toLowerCase() === unquoted(name!).toLowerCase());
    if (at === -1) return undefined;
    values[at] = parse(fields[at]!.type, value);
  }
  return all(values);
}

function all(values: readonly (RawValue | undefined)[]): RawValue | undefined {
  return values.includes(undefined) ? undefined : (values as readonly RawValue[]);
}

/** The parts between brackets, split at commas; undefined when brackets or quotes don't match. */
function insideOf(text: string, open: string): readonly string[] | undefined {
  if (!text.startsWith(open) || !text.endsWith(CLOSING[open]!) || text.length < 2) return undefined;
  const inside = text.slice(1, -1);
  if (inside.trim() === '') return [];
  const parts = splitTop(inside, ',');
  return parts.length === 0 ? undefined : parts;
}

/** Splits at a separator that is in no brackets and quotes, and trims; nothing when those don't match. */
function splitTop(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "'" || c === '"') {
      i = endOfQuote(text, i);
      if (i === -1) return [];
    } else if (c in CLOSING) open.push(CLOSING[c]!);
    else if (c === ']' || c === '}' || c === ')') {
      if (open.pop() !== c) return [];
    } else if (c === separator && open.length === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return open.length === 0 ? parts : [];
}

/** Where the quote that opens at `start` closes, or -1. */
function endOfQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[start]) return i;
  }
  return -1;
}

function unquoted(text: string): string {
  const quote = text[0];
  if ((quote !== "'" && quote !== '"') || endOfQuote(text, 0) !== text.length - 1) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

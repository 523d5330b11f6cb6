import { macroFunctions } from '../../src/bind/exprs/macro-functions.ts';
import { specialFunctions } from '../../src/bind/exprs/special-functions.ts';
import type { FunctionCategory, FunctionDoc } from '../../src/functions/function.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { tableFunctions } from '../../src/sources/index.ts';

/** What the page says of one function. */
export type Entry = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly signatures: readonly string[];
  readonly doc: FunctionDoc;
};

const GROUPS: readonly (readonly [FunctionCategory, string])[] = [
  ['comparison', 'Comparison'],
  ['logic', 'Logic and NULL'],
  ['conversion', 'Types and casts'],
  ['numeric', 'Numbers'],
  ['bit', 'Bits'],
  ['text', 'Text'],
  ['blob', 'Blobs, digests and encodings'],
  ['date', 'Date and time'],
  ['list', 'Lists'],
  ['struct', 'Structs'],
  ['map', 'Maps'],
  ['union', 'Unions'],
  ['enum', 'Enums'],
  ['json', 'JSON'],
  ['aggregate', 'Aggregates'],
  ['window', 'Window functions'],
  ['table', 'Table functions'],
  ['system', 'System'],
];

/** Every function once, by what defines it. */
export const entries: readonly Entry[] = [
  ...builtinFunctions.all.map(({ name, aliases = [], doc, overloads }) => ({
    name,
    aliases,
    doc,
    signatures: overloads.map(o => o.signature),
  })),
  ...[...specialFunctions, ...macroFunctions].map(({ name, aliases, doc, signature }) => ({
    name,
    aliases,
    doc,
    signatures: [signature],
  })),
  // Functions of names with an underscore in front are made by the binder alone.
  ...tableFunctions
    .filter(f => !f.name.startsWith('_') && f.name !== 'table_scan')
    .map(({ name, aliases = [], doc }) => ({ name, aliases, doc, signatures: [] })),
];

/** The reference page of all functions, as Markdown. */
export function functionPage(): string {
  const groups = GROUPS.map(([category, title]) => ({
    title,
    entries: uniqueByName(entries.filter(e => e.doc.category === category)),
  })).filter(g => g.entries.length > 0);
  return [
    '# Functions',
    '',
    'Made from the definitions of the functions by `npm run docs:functions`. The examples are run by the tests.',
    'NULL arguments give NULL unless it says otherwise.',
    '',
    ...groups.map(g => `- [${g.title}](#${anchor(g.title)}): ${g.entries.map(e => code(e.name)).join(', ')}`),
    '',
    ...groups.flatMap(g => [`## ${g.title}`, '', ...g.entries.flatMap(describeEntry)]),
  ].join('\n');
}

/** Operators that several files define (+ on numbers, on dates) count as one function. */
function uniqueByName(of: readonly Entry[]): readonly Entry[] {
  const byName = new Map<string, Entry>();
  for (const e of of) if (!byName.has(e.name)) byName.set(e.name, e);
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describeEntry({ name, aliases, signatures, doc }: Entry): string[] {
  const others = aliases.length === 0 ? '' : ` Also: ${aliases.map(code).join(', ')}.`;
  const lines = [`### ${code(title(name, doc.args))}`, '', `${doc.summary}${others}`, ''];
  if (signatures.length > 0) lines.push(unique(signatures).map(code).join(' · '), '');
  if (doc.examples.length > 0) {
    lines.push('```sql', ...doc.examples.map(([sql, result]) => `${sql} -- ${result}`), '```', '');
  }
  return lines;
}

/** `name(a, b)`, and operators between their operands. */
function title(name: string, args: readonly string[]): string {
  const isWord = /^[a-z_]\w*$/i.test(name);
  if (!isWord && args.length === 2) return `${args[0]} ${name.toUpperCase()} ${args[1]}`;
  if (!isWord && args.length === 1)
    return /^is /i.test(name) ? `${args[0]} ${name.toUpperCase()}` : `${name}${args[0]}`;
  return `${name}(${args.join(', ')})`;
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, '')
    .replaceAll(' ', '-');

import type { Result } from '../session/result.ts';

/** The plans that EXPLAIN gave, as text of several lines; undefined for any other result. */
export function planText({ schema, raw, rowCount }: Result): string | undefined {
  if (schema[0]?.name !== 'explain_key' || schema[1]?.name !== 'explain_value') return undefined;
  const [titles, plans] = [raw.column(0), raw.column(1)];
  return Array.from({ length: rowCount }, (_, i) => `${titles[i]}\n${plans[i]}`).join('\n\n');
}

import { RayexecError } from '../../src/common/errors.ts';
import type { Query } from '../../src/query/query.ts';
import { DataFrame } from '../dataframe/index.ts';
import { parameterScalars } from './parameters.ts';
import { queryOfText } from './query-of-text.ts';
import { substituteParameters } from './substitute-parameters.ts';

/** What may stand in a template's holes: values become constants, frames tables, `sql.id` a quoted name, `sql.raw` text. */
export type TemplateValue = unknown;

class SqlFragment {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Helpers for SQL templates. */
export const sql = {
  /** A name, quoted: `sql.id('my column')`. */
  id: (...path: readonly string[]): TemplateValue =>
    new SqlFragment(path.map(p => `"${p.replaceAll('"', '""')}"`).join('.')),
  /** Text that is put in as it is: never from users. */
  raw: (text: string): TemplateValue => new SqlFragment(text),
};

/** The query of a template: holes are never spliced in as text, so there is nothing to escape. */
export function parseTemplate(
  strings: TemplateStringsArray,
  values: readonly TemplateValue[],
): { readonly query: Query; readonly source: string } {
  const frames: { name: string; query: Query }[] = [];
  const parameters: Record<string, unknown> = {};
  let source = strings[0] ?? '';
  values.forEach((value, i) => {
    source += hole(value, i) + (strings[i + 1] ?? '');
  });
  const parsed = substituteParameters(queryOfText(source), parameterScalars(parameters));
  const query: Query = frames.length === 0 ? parsed : { kind: 'with', recursive: false, ctes: frames, input: parsed };
  return { query, source };

  function hole(value: TemplateValue, i: number): string {
    if (value instanceof SqlFragment) return value.text;
    if (value instanceof DataFrame) {
      const name = `$frame_${i + 1}`;
      frames.push({ name, query: value.query });
      return `"${name}"`;
    }
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new RayexecError('invalid-argument', `a ${typeof value} can't stand in a SQL template`);
    }
    parameters[`hole_${i + 1}`] = value;
    return `$hole_${i + 1}`;
  }
}

import { appendFileSync } from 'node:fs';
import type { Mode } from './modes.ts';
import { isFailure, type Verdict } from './verdict.ts';

type Counts = Map<Verdict['kind'], number>;

/** How queries, and the statements of scripts, came out; failures that differ from each other. */
export class Tally {
  readonly #counts = { queries: new Map() as Counts, statements: new Map() as Counts };
  readonly #reasons = new Map<string, number>();
  readonly #failures = new Set<string>();

  get failures(): number {
    return this.#failures.size;
  }

  add(of: 'queries' | 'statements', { kind, detail }: Verdict): void {
    count(this.#counts[of], kind);
    if (kind !== 'same') count(this.#reasons, `${kind}: ${withoutNumbers(detail.split('\n')[0]!).slice(0, 110)}`);
  }

  /** Prints a failure, unless one like it is known. */
  fail(key: string, verdict: Verdict, text: string, mode: Mode, database: number): void {
    if (this.#failures.has(key)) return;
    this.#failures.add(key);
    const settings = [...(mode.threads > 0 ? [`${mode.threads} threads`] : []), ...mode.settings];
    const how = settings.length > 0 ? ` (${settings.join(', ')})` : '';
    console.log(`\n--- ${verdict.kind}${how}, database ${database}\n${text}\n=> ${verdict.detail.slice(0, 2000)}`);
  }

  /** Counts in one line each. */
  text(): string {
    const line = (title: string, counts: Counts): string =>
      `${title} ${total(counts)}: ${[...counts].map(([kind, n]) => `${kind} ${n}`).join(', ') || 'none'}`;
    const { queries, statements } = this.#counts;
    return `${line('queries', queries)}\n${line('statements', statements)}\ndifferent failures ${this.failures}`;
  }

  /** Why queries were not compared, or differed. */
  reasons(): string {
    const all = [...this.#reasons].sort(([, a], [, b]) => b - a).slice(0, 40);
    return all.map(([reason, n]) => `  ${n} × ${reason}`).join('\n');
  }

  /** Adds the counts to a file as a line of JSON. */
  append(file: string, about: Readonly<Record<string, unknown>>): void {
    const { queries, statements } = this.#counts;
    const line = {
      ...about,
      queries: Object.fromEntries(queries),
      statements: Object.fromEntries(statements),
      failures: this.failures,
      reasons: Object.fromEntries(this.#reasons),
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}

/** An error without what differs from query to query. */
export const outline = ({ detail }: Verdict): string =>
  detail
    .split('\n')[0]!
    .replace(/'[^']*'|"[^"]*"|-?\d+/g, '#')
    .slice(0, 60);

/** What tells a failure from others: of wrong rows the text, of errors the message. */
export const failureKey = (verdict: Verdict, text: string): string =>
  `${verdict.kind} ${verdict.kind === 'rows' ? withoutNumbers(text) : outline(verdict)}`;

export const sameFailure = (a: Verdict, b: Verdict): boolean =>
  a.kind === b.kind && (!isFailure(a) || a.kind === 'rows' || outline(a) === outline(b));

const withoutNumbers = (text: string): string => text.replace(/\d+/g, '#');
const total = (counts: Counts): number => [...counts.values()].reduce((sum, n) => sum + n, 0);

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

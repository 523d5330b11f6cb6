import { operatorOf } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { NodeProfile, Profile } from './profile.ts';

/** A physical plan, indented; with a profile, rows and time of each operator over all partitions. */
export function explainPhysical(plan: PhysicalPlan, profile?: Profile): string {
  const lines: string[] = [];
  const visit = (p: PhysicalPlan, depth: number): void => {
    const pad = '  '.repeat(depth);
    lines.push(`${pad}${p.node.kind}${detail(p)}${measured(p, profile)}`);
    for (const input of p.inputs) visit(input, depth + 1);
  };
  visit(plan, 0);
  return lines.join('\n');
}

function detail({ node, estimatedRows }: PhysicalPlan): string {
  const parts =
    operatorOf(node)
      ?.explain(node)
      .map(([label, text]) => `${label}: ${text}`) ?? [];
  if (estimatedRows !== undefined) parts.push(`~${Math.round(estimatedRows)} rows`);
  return parts.length === 0 ? '' : ` [${parts.join('; ')}]`;
}

/** Rows, bytes and time of an operator: over all partitions, then of each when there are several. */
function measured({ id, node }: PhysicalPlan, profile: Profile | undefined): string {
  // What a shared part stored, and what its scans handed on, is recorded under the name that both know.
  const recordedBy = node.kind === 'shared' ? node.shared : node.kind === 'recursive' ? node.recursion : id;
  const records = profile?.nodes.filter(n => n.node === recordedBy) ?? [];
  if (records.length === 0) return '';
  const total = (of: (n: NodeProfile) => number): number => records.reduce((sum, n) => sum + of(n), 0);
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
  const figures = (rows: number, bytes: number, milliseconds: number, spilled: number): string =>
    `${rows} rows, ${kib(bytes)}, ${milliseconds.toFixed(2)} ms${spilled === 0 ? '' : `, ${kib(spilled)} spilled`}`;
  const all = figures(
    total(n => n.rows),
    total(n => n.bytes),
    total(n => n.milliseconds),
    total(n => n.spilled),
  );
  const counted = countedBy(records);
  if (records.length === 1) return ` (${all}${counted})`;
  const each = [...records]
    .sort((a, b) => a.partition - b.partition)
    .map(n => `#${n.partition}: ${figures(n.rows, n.bytes, n.milliseconds, n.spilled)}`);
  return ` (${all}${counted}; ${each.join('; ')})`;
}

/** What else clones have counted, added up. */
function countedBy(records: readonly NodeProfile[]): string {
  const sums = new Map<string, number>();
  for (const { counts } of records)
    for (const [name, n] of Object.entries(counts ?? {})) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums].map(([name, n]) => `; ${name}: ${n}`).join('');
}

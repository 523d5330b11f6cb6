import { Profile } from '../../src/execute/profile.ts';
import { operatorOf } from '../../src/operators/index.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import type { Query } from '../../src/query/query.ts';
import type { QueryOptions, Session } from './session.ts';

/** The plan of a query as text: bound, optimized and physical; after each rule; or with what running it took. */
export async function explain(
  session: Session,
  query: Query,
  mode: 'plan' | 'verbose' | 'analyze',
  options: QueryOptions = {},
): Promise<string> {
  const bound = await session.bind(query, options);
  const sections = [section('Bound', explainPlan(bound.plan))];
  if (mode === 'verbose') {
    const observe: QueryOptions['observe'] = (rule, plan) => sections.push(section(`After ${rule}`, explainPlan(plan)));
    session.optimize(bound, { ...options, observe });
  }
  const optimized = session.optimize(bound, options);
  if (mode !== 'analyze') {
    sections.push(section('Optimized', explainPlan(optimized.plan)));
    sections.push(section('Physical', explainPhysical(session.plan(bound, options))));
    return sections.join('\n\n');
  }
  const plan = session.plan(bound, options);
  const profile = new Profile();
  const start = performance.now();
  const rows = await session.execute(plan, { ...options, profile });
  const total = performance.now() - start;
  rows.release();
  return `${explainPhysical(plan, profile)}\n\n${rows.rowCount} rows in ${total.toFixed(1)} ms`;
}

const section = (title: string, text: string): string => `${title} plan\n${text}`;

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

function measured({ id }: PhysicalPlan, profile: Profile | undefined): string {
  const records = profile?.nodes.filter(n => n.node === id) ?? [];
  if (records.length === 0) return '';
  const rows = records.reduce((sum, n) => sum + n.rows, 0);
  const milliseconds = records.reduce((sum, n) => sum + n.milliseconds, 0);
  const partitions = new Set(records.map(n => n.partition)).size;
  return ` (${rows} rows, ${milliseconds.toFixed(2)} ms, ${partitions} partition${partitions === 1 ? '' : 's'})`;
}

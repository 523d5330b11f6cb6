import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { type NodeProfile, Profile } from '../../src/execute/profile.ts';
import { operatorOf } from '../../src/operators/index.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';
import { outputOf } from '../../src/plan/columns.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import type { BoundQuery } from '../../src/plan/logical-plan.ts';
import type { Query } from '../../src/query/query.ts';
import type { QueryOptions, Session } from './session.ts';

type Mode = 'plan' | 'verbose' | 'analyze';
/** Title and text of the parts of an explanation. */
export type Sections = readonly (readonly [title: string, text: string])[];

/** The plan of a query as text: bound, optimized and physical; after each rule; or with what running it took. */
export async function explain(session: Session, query: Query, mode: Mode, options: QueryOptions = {}): Promise<string> {
  const bound = await session.bind(query, options);
  const sections = await explainQuery(session, bound, mode, options);
  return sections.map(([title, text]) => `${title}\n${text}`).join('\n\n');
}

/** Explains a statement: its query, where it has one. */
export async function explainBound(
  session: Session,
  statement: BoundStatement,
  mode: Mode,
  options: QueryOptions,
): Promise<Sections> {
  if ('query' in statement && statement.query !== undefined)
    return explainQuery(session, queryOf(statement.query), mode, options);
  return [['statement', statement.kind]];
}

/** What is run for a query: the rows below an insert or copy. */
function queryOf(query: BoundQuery): BoundQuery {
  const { plan } = query;
  return plan.kind === 'insert' || plan.kind === 'copy' ? { plan: plan.input, output: outputOf(plan.input) } : query;
}

async function explainQuery(session: Session, bound: BoundQuery, mode: Mode, options: QueryOptions): Promise<Sections> {
  if (mode === 'analyze') return [['analyzed', await analyze(session, bound, options)]];
  const sections: [string, string][] = [['bound', explainPlan(bound.plan)]];
  const observe: QueryOptions['observe'] = (rule, plan) => {
    if (mode === 'verbose') sections.push([`after ${rule}`, explainPlan(plan)]);
  };
  const optimized = session.optimize(bound, { ...options, observe });
  sections.push(['optimized', explainPlan(optimized.plan)]);
  sections.push(['physical', explainPhysical(session.plan(bound, options))]);
  return sections;
}

async function analyze(session: Session, bound: BoundQuery, options: QueryOptions): Promise<string> {
  const plan = session.plan(bound, options);
  const profile = new Profile();
  const start = performance.now();
  const rows = await session.execute(plan, { ...options, profile });
  const total = performance.now() - start;
  rows.release();
  return `${explainPhysical(plan, profile)}\n${rows.rowCount} rows in ${total.toFixed(1)} ms`;
}

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
function measured({ id }: PhysicalPlan, profile: Profile | undefined): string {
  const records = profile?.nodes.filter(n => n.node === id) ?? [];
  if (records.length === 0) return '';
  const total = (of: (n: NodeProfile) => number): number => records.reduce((sum, n) => sum + of(n), 0);
  const figures = (rows: number, bytes: number, milliseconds: number): string =>
    `${rows} rows, ${(bytes / 1024).toFixed(1)} KiB, ${milliseconds.toFixed(2)} ms`;
  const all = figures(
    total(n => n.rows),
    total(n => n.bytes),
    total(n => n.milliseconds),
  );
  if (records.length === 1) return ` (${all})`;
  const each = [...records]
    .sort((a, b) => a.partition - b.partition)
    .map(n => `#${n.partition}: ${figures(n.rows, n.bytes, n.milliseconds)}`);
  return ` (${all}; ${each.join('; ')})`;
}

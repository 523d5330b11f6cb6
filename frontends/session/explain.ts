import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { explainHtml } from '../../src/execute/explain-html.ts';
import { explainJson, explainMermaid } from '../../src/execute/explain-nodes.ts';
import { explainPhysical } from '../../src/execute/explain-physical.ts';
import { explainTasks, traceOfTasks } from '../../src/execute/explain-tasks.ts';
import { Profile } from '../../src/execute/profile.ts';
import { loadOperators } from '../../src/operators/index.ts';
import { nodesOf, type PhysicalPlan } from '../../src/operators/physical-plan.ts';
import { outputOf } from '../../src/plan/columns.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import type { BoundQuery } from '../../src/plan/logical-plan.ts';
import type { Query } from '../../src/query/query.ts';
import type { QueryOptions, Session } from './session.ts';

type Mode = 'plan' | 'verbose' | 'analyze' | 'stages' | 'html' | 'trace';
/** Title and text of the parts of an explanation. */
export type Sections = readonly (readonly [title: string, text: string])[];

/** The plan of a query as text: bound, optimized and physical; after each rule; with what running it took; or in stages. */
export async function explain(session: Session, query: Query, mode: Mode, options: QueryOptions = {}): Promise<string> {
  const bound = await session.bind(query, options);
  if (mode === 'html') return (await analyze(session, bound, options)).html;
  const sections = await explainQuery(session, bound, mode, options);
  // A trace is for programs.
  if (mode === 'trace') return sections[0]![1];
  return sections.map(([title, text]) => `${title}\n${text}`).join('\n\n');
}

/** Explains a statement: its query, where it has one. */
export async function explainBound(
  session: Session,
  statement: BoundStatement,
  mode: Mode,
  options: QueryOptions,
  format?: string | undefined,
): Promise<Sections> {
  if ('query' in statement && statement.query !== undefined) {
    const query = queryOf(statement.query);
    const write = format === 'json' ? explainJson : format === 'mermaid' ? explainMermaid : undefined;
    if (write === undefined) return explainQuery(session, query, mode, options);
    const plan = await explainable(await session.plan(query, options));
    const profile = mode === 'analyze' ? (await profiled(session, plan, options)).profile : undefined;
    return [[mode === 'analyze' ? 'analyzed_plan' : 'physical_plan', write(plan, profile)]];
  }
  return [['statement', statement.kind]];
}

/** What is run for a query: the rows below an insert or copy. */
function queryOf(query: BoundQuery): BoundQuery {
  const { plan } = query;
  return plan.kind === 'insert' || plan.kind === 'copy' ? { plan: plan.input, output: outputOf(plan.input) } : query;
}

async function explainQuery(session: Session, bound: BoundQuery, mode: Mode, options: QueryOptions): Promise<Sections> {
  if (mode === 'stages') return [['stages', await stagesOf(session, bound, options)]];
  if (mode === 'html') return [['html', (await analyze(session, bound, options)).html]];
  if (mode === 'analyze') return [['analyzed', (await analyze(session, bound, options)).text]];
  if (mode === 'trace') return [['trace', await trace(session, bound, options)]];
  const sections: [string, string][] = [['bound', explainPlan(bound.plan)]];
  const observe: QueryOptions['observe'] = (rule, plan) => {
    if (mode === 'verbose') sections.push([`after ${rule}`, explainPlan(plan)]);
  };
  const optimized = await session.optimize(bound, { ...options, observe });
  sections.push(['optimized', explainPlan(optimized.plan)]);
  sections.push(['physical', explainPhysical(await explainable(await session.plan(bound, options)))]);
  return sections;
}

/** A plan whose operators' code, which tells what they do, has been loaded. */
async function explainable(plan: PhysicalPlan): Promise<PhysicalPlan> {
  await loadOperators(nodesOf(plan));
  return plan;
}

async function stagesOf(session: Session, bound: BoundQuery, options: QueryOptions): Promise<string> {
  const { cutStages, explainStages } = await import('./separate-code.ts');
  const stages = cutStages(await session.separatePlan(bound, options));
  await loadOperators(stages.flatMap(({ plan, send }) => [...nodesOf(plan), ...(send === undefined ? [] : [send])]));
  return explainStages(stages);
}

/** Runs a query: what it did, as text and as a page. */
async function analyze(
  session: Session,
  bound: BoundQuery,
  options: QueryOptions,
): Promise<{ readonly text: string; readonly html: string }> {
  const plan = await session.plan(bound, options);
  const { profile, rowCount, milliseconds } = await profiled(session, plan, options);
  const summary = `${rowCount} rows in ${milliseconds.toFixed(1)} ms`;
  return {
    text: [explainPhysical(plan, profile), ...explainTasks(profile.tasks), summary].join('\n'),
    html: explainHtml(plan, profile, milliseconds),
  };
}

async function trace(session: Session, bound: BoundQuery, options: QueryOptions): Promise<string> {
  const { profile } = await profiled(session, await session.plan(bound, options), options);
  return JSON.stringify(traceOfTasks(profile.tasks));
}

async function profiled(session: Session, plan: PhysicalPlan, options: QueryOptions) {
  const profile = new Profile();
  const start = performance.now();
  const rows = await session.execute(plan, { ...options, profile });
  const milliseconds = performance.now() - start;
  rows.release();
  return { profile, rowCount: rows.rowCount, milliseconds };
}

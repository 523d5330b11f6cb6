import { operatorOf } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { Profile } from './profile.ts';

/** An operator of a plan as programs read it: the names are those of DuckDB's plans in JSON. */
type ExplainedNode = {
  readonly name: string;
  readonly extra_info: Readonly<Record<string, string>>;
  readonly estimated_rows?: number | undefined;
  /** What running it took: over all partitions. */
  readonly rows?: number | undefined;
  readonly milliseconds?: number | undefined;
  readonly children: readonly ExplainedNode[];
};

function explained({ id, node, estimatedRows, inputs }: PhysicalPlan, profile: Profile | undefined): ExplainedNode {
  const records = profile?.nodes.filter(n => n.node === id) ?? [];
  const measured =
    records.length === 0
      ? {}
      : {
          rows: records.reduce((sum, n) => sum + n.rows, 0),
          milliseconds: records.reduce((sum, n) => sum + n.milliseconds, 0),
        };
  return {
    name: node.kind,
    extra_info: Object.fromEntries(operatorOf(node)?.explain(node) ?? []),
    ...(estimatedRows === undefined ? {} : { estimated_rows: Math.round(estimatedRows) }),
    ...measured,
    children: inputs.map(input => explained(input, profile)),
  };
}

/** A physical plan as JSON: its root in a list; with a profile, rows and times. */
export const explainJson = (plan: PhysicalPlan, profile?: Profile): string =>
  JSON.stringify([explained(plan, profile)], null, 2);

/** A physical plan as a flow chart of Mermaid, from the scans up. */
export function explainMermaid(plan: PhysicalPlan, profile?: Profile): string {
  const lines = ['flowchart BT'];
  const visit = (node: ExplainedNode): string => {
    const id = `n${lines.length}`;
    const figures = node.rows === undefined ? [] : [`${node.rows} rows, ${node.milliseconds!.toFixed(2)} ms`];
    const parts = [...Object.entries(node.extra_info).map(([label, text]) => `${label}: ${text}`), ...figures];
    lines.push(`  ${id}["${[node.name, ...parts].map(asLabel).join('<br/>')}"]`);
    for (const child of node.children) {
      const below = visit(child);
      lines.push(`  ${below} --> ${id}`);
    }
    return id;
  };
  visit(explained(plan, profile));
  return lines.join('\n');
}

/** Text in which nothing means something to Mermaid. */
const asLabel = (text: string): string => text.replace(/[^\w ,.:=()+*/-]/gu, c => `#${c.codePointAt(0)};`);

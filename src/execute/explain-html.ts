import { operatorOf } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { NodeProfile, Profile } from './profile.ts';

/**
 * A page about a query that ran: its operators as a tree with rows and times, and a time line with a bar for each operator
 * in each partition. Everything is in the page itself; it loads nothing and runs no script.
 * @param milliseconds that the query took
 */
export function explainHtml(plan: PhysicalPlan, profile: Profile, milliseconds: number): string {
  const nodes = nodesOf(plan, profile);
  const longest = Math.max(...nodes.map(n => n.milliseconds), Number.MIN_VALUE);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Query plan</title>
<style>${STYLE}</style>
<h1>${milliseconds.toFixed(1)} ms</h1>
<table>
<thead><tr><th>operator<th class="n">rows<th class="n">expected<th class="n">KiB<th class="n">ms<th>share of time</thead>
<tbody>
${nodes.map(n => rowOf(n, longest)).join('\n')}
</tbody>
</table>
<h2>Time line by partition</h2>
${timeLine(nodes)}
</html>
`;
}

const STYLE = `
body{font:14px/1.4 system-ui,sans-serif;margin:24px;color:#1c2733;background:#fff}
h1{font-size:20px}h2{font-size:16px;margin-top:32px}
table{border-collapse:collapse}th,td{padding:2px 10px;text-align:left;vertical-align:top;border-bottom:1px solid #e3e8ee}
.n{text-align:right;font-variant-numeric:tabular-nums}.detail{color:#5b6b7c;font-size:12px}
.bar{background:#2f6fdb;height:10px;border-radius:2px;margin-top:5px}
svg{font:11px system-ui,sans-serif}rect{fill:#2f6fdb}rect:hover{fill:#d9622b}
@media(prefers-color-scheme:dark){body{color:#dde5ee;background:#14191f}th,td{border-color:#2b3540}.detail{color:#93a3b4}text{fill:#dde5ee}}`;

type Measured = {
  readonly plan: PhysicalPlan;
  readonly depth: number;
  readonly records: readonly NodeProfile[];
  readonly milliseconds: number;
};

/** The operators, each before its inputs. */
function nodesOf(plan: PhysicalPlan, profile: Profile, depth = 0): readonly Measured[] {
  const records = profile.nodes.filter(n => n.node === plan.id);
  const own = { plan, depth, records, milliseconds: sum(records, r => r.milliseconds) };
  return [own, ...plan.inputs.flatMap(input => nodesOf(input, profile, depth + 1))];
}

function rowOf({ plan, depth, records, milliseconds }: Measured, longest: number): string {
  const details = operatorOf(plan.node)?.explain(plan.node) ?? [];
  const spilled = sum(records, r => r.spilled);
  const shown = spilled === 0 ? details : [...details, ['spilled', `${kib(spilled)} KiB`] as const];
  const detail = shown.map(([label, text]) => `${escaped(label)}: ${escaped(text)}`).join('<br>');
  const cells = [
    records.length === 0 ? '' : String(sum(records, r => r.rows)),
    plan.estimatedRows === undefined ? '' : String(Math.round(plan.estimatedRows)),
    records.length === 0 ? '' : kib(sum(records, r => r.bytes)),
    records.length === 0 ? '' : milliseconds.toFixed(2),
  ];
  const bar = `<div class="bar" style="width:${Math.round((200 * milliseconds) / longest)}px"></div>`;
  return `<tr><td style="padding-left:${10 + 20 * depth}px">${escaped(plan.node.kind)}<div class="detail">${detail}</div>${cells.map(c => `<td class="n">${c}`).join('')}<td>${bar}`;
}

const LABEL_WIDTH = 220;
const LINE_WIDTH = 700;
const ROW_HEIGHT = 16;

function timeLine(nodes: readonly Measured[]): string {
  const bars = nodes.flatMap(({ plan, records }) =>
    records.flatMap(r =>
      r.began === undefined || r.ended === undefined
        ? []
        : [{ kind: plan.node.kind, partition: r.partition, began: r.began, ended: r.ended, busy: r.milliseconds }],
    ),
  );
  if (bars.length === 0) return '<p>No operator has run.</p>';
  bars.sort((a, b) => a.partition - b.partition || a.began - b.began);
  const start = Math.min(...bars.map(b => b.began));
  const span = Math.max(...bars.map(b => b.ended)) - start || 1;
  const drawn = bars.map((b, i) => {
    const y = i * ROW_HEIGHT;
    const x = LABEL_WIDTH + ((b.began - start) / span) * LINE_WIDTH;
    const width = Math.max(1, ((b.ended - b.began) / span) * LINE_WIDTH);
    const label = `#${b.partition} ${escaped(b.kind)}`;
    const said = `${label}: ${(b.began - start).toFixed(2)} to ${(b.ended - start).toFixed(2)} ms, busy ${b.busy.toFixed(2)} ms`;
    return `<text x="0" y="${y + 11}">${label}</text><rect x="${x.toFixed(1)}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW_HEIGHT - 5}"><title>${said}</title></rect>`;
  });
  return `<svg width="${LABEL_WIDTH + LINE_WIDTH}" height="${bars.length * ROW_HEIGHT}" role="img" aria-label="time line">
${drawn.join('\n')}
</svg>`;
}

const sum = (records: readonly NodeProfile[], of: (r: NodeProfile) => number): number =>
  records.reduce((total, r) => total + of(r), 0);
const kib = (bytes: number): string => (bytes / 1024).toFixed(1);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, c => ENTITIES[c]!);

import { explainPhysical } from '../execute/explain-physical.ts';
import type { PhysicalNode } from '../operators/index.ts';
import type { Routing } from '../operators/lib/routing.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { SendNode } from '../operators/send.ts';
import type { ReceiveRequest } from '../protocol/exchange-port.ts';
import { tableFunction } from '../sources/index.ts';
import { scanOfRange } from './scan-of-range.ts';
import { stageText } from './stage-text.ts';

/** A part of a plan that runs without exchanges: as some tasks, each with its share of the splits. Plain data. */
export type Stage = {
  /** Its place in the list of stages: a stage reads only earlier ones. */
  readonly id: number;
  readonly plan: PhysicalPlan;
  readonly tasks: number;
  /** Where its rows go; absent for the last stage, whose rows are the result. */
  readonly send?: SendNode | undefined;
  /** The stages whose rows it reads, in rising order. */
  readonly reads: readonly number[];
  /** It reads the memory of the process that asks, and must run there. */
  readonly onClient: boolean;
};

/** Cuts a plan for separate memories at its exchanges, in an order in which the stages can run; the last is the root. */
export function cutStages(plan: PhysicalPlan): readonly Stage[] {
  const cutter = new Cutter();
  const root = cutter.cut(plan);
  return [...cutter.stages, cutter.stage(root, 1)];
}

class Cutter {
  readonly stages: Stage[] = [];
  readonly #shared = new Map<number, Stage>();
  /** By what they do: what two parts of a plan ask for alike is sent once. */
  readonly #known = new Map<string, Stage>();

  /** The plan with what other stages do replaced by what reads it; those stages are listed. */
  cut(plan: PhysicalPlan): PhysicalPlan {
    const { node, inputs } = plan;
    switch (node.kind) {
      case 'exchange': {
        const { to, senders, receivers } = node;
        const stage = this.#sent(inputs[0]!, senders, { kind: 'send', to, receivers, types: plan.types });
        return received(plan, node.received, stage);
      }
      case 'shared': {
        const [definition, input] = inputs;
        if (definition!.node.kind !== 'exchange') break;
        const { to, senders, receivers } = definition!.node;
        const send: SendNode = { kind: 'send', to, receivers, types: definition!.types };
        this.#shared.set(node.shared, this.#sent(definition!.inputs[0]!, senders, send));
        return this.cut(input!);
      }
      case 'materialized-scan': {
        const stage = this.#shared.get(node.shared);
        if (stage === undefined) break;
        const { types, columns } = node;
        return { ...plan, node: { kind: 'receive', ...requestOf(stage), types, columns } };
      }
      default:
        break;
    }
    // A join's stored side runs first: its stages come first.
    const stored = node.kind === 'union-all' || node.kind === 'shared' ? undefined : inputs[1];
    if (stored === undefined) return { ...plan, inputs: inputs.map(i => this.cut(i)) };
    const second = this.cut(stored);
    return { ...plan, inputs: [this.cut(inputs[0]!), second] };
  }

  /** The next stage. */
  stage(plan: PhysicalPlan, tasks: number, send?: SendNode): Stage {
    const nodes = [...nodesOf(plan)];
    const received = nodes.flatMap(n => (n.kind === 'receive' ? [n] : []));
    const scans = nodes.flatMap(n => (n.kind === 'scan' ? [n.source] : []));
    // A task without splits has nothing to do, but where rows are sent to its number, or tasks have ranges.
    const isDealt =
      received.some(r => r.part !== 'first') || nodes.some(n => n.kind === 'scan' && n.ranges !== undefined);
    const dealt = nodes.flatMap(n => (n.kind === 'scan' && n.isWhole !== true ? [n.source.splits.length] : []));
    const splits = Math.max(1, ...dealt);
    return {
      id: this.stages.length,
      plan,
      tasks: isDealt ? tasks : Math.min(tasks, splits),
      send,
      reads: [...new Set(received.map(r => r.stage))].sort((a, b) => a - b),
      onClient: scans.some(s => tableFunction(s.fn).readsMemory === true),
    };
  }

  #sent(plan: PhysicalPlan, tasks: number, send: SendNode): Stage {
    const cut = this.cut(plan);
    const text = stageText(cut, tasks, send);
    const known = text === undefined ? undefined : this.#known.get(text);
    if (known !== undefined) return known;
    const stage = this.stage(cut, tasks, send);
    this.stages.push(stage);
    if (text !== undefined) this.#known.set(text, stage);
    return stage;
  }
}

/** What stands in a plan for an exchange that was cut: a reader, and a merge above it where the rows have an order. */
function received({ id, types, estimatedRows }: PhysicalPlan, below: number, stage: Stage): PhysicalPlan {
  const { to } = stage.send!;
  const node: PhysicalNode = { kind: 'receive', ...requestOf(stage), types };
  if (to.kind !== 'gather' || to.order === undefined || stage.tasks === 1) {
    return { id, node, inputs: [], types, estimatedRows };
  }
  const rows: PhysicalPlan = { id: below, node, inputs: [], types, estimatedRows };
  return { id, node: { kind: 'merge', keys: to.order, types }, inputs: [rows], types, estimatedRows };
}

/** How a task reads what a stage sends. */
function requestOf({ id, tasks, send }: Stage): ReceiveRequest {
  return { stage: id, senders: tasks, part: partOf(send!.to) };
}

function partOf(to: Routing): ReceiveRequest['part'] {
  switch (to.kind) {
    case 'hash':
    case 'range':
    case 'round-robin':
      return 'own';
    case 'broadcast':
    case 'gather':
      return 'first';
    case 'forward':
      return 'same';
  }
}

/** What one task of a stage runs: the stage's plan with a share of each scan's splits, one after another, or its range. */
export function planOfTask({ plan, tasks }: Stage, task: number): PhysicalPlan {
  return tasks === 1 ? plan : withShare(plan, tasks, task);
}

function withShare(plan: PhysicalPlan, tasks: number, task: number): PhysicalPlan {
  const { node, inputs } = plan;
  if (node.kind !== 'scan') return { ...plan, inputs: inputs.map(i => withShare(i, tasks, task)) };
  if (node.isWhole === true) return plan;
  if (node.ranges !== undefined) return { ...plan, node: scanOfRange(node, node.ranges, task) };
  const { splits } = node.source;
  const weights = splits.map(s => Math.max(1, s.rows ?? 1));
  const total = weights.reduce((sum, w) => sum + w, 0);
  let before = 0;
  const own = splits.filter((_, i) => {
    const middle = before + weights[i]! / 2;
    before += weights[i]!;
    return Math.min(tasks - 1, Math.floor((middle * tasks) / total)) === task;
  });
  return { ...plan, node: { ...node, source: { ...node.source, splits: own } } };
}

/** Stages as text: what each runs, as how many tasks, and where its rows go. */
export function explainStages(stages: readonly Stage[]): string {
  return stages.map(explainStage).join('\n\n');
}

function explainStage({ id, plan, tasks, send, onClient }: Stage): string {
  const place = onClient ? ', on the client' : '';
  const title = `Query Stage #${id} (${tasks} -> ${send?.receivers ?? 1}${place})`;
  if (send === undefined) return `${title}\n${explainPhysical(plan)}`;
  return `${title}\n${explainPhysical({ id: -1, node: send, inputs: [plan], types: plan.types })}`;
}

function* nodesOf(plan: PhysicalPlan): Generator<PhysicalNode> {
  yield plan.node;
  for (const input of plan.inputs) yield* nodesOf(input);
}

import type { HashJoinNode } from '../operators/hash-join.ts';
import { joinShape } from '../operators/lib/joins/join-shape.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { sameType } from '../types/data-type.ts';

/** A column that a scan reads, by its position among these. */
export type Origin = { readonly scan: PhysicalPlan; readonly column: number };

/** Where the values of a plan's columns come from, if they are those of a scan. */
type Origins = readonly (Origin | undefined)[];

/** Columns of scans that joins compare with each other, one with the next, and whether rows are grouped by one. */
export type KeyClass = { readonly origins: readonly Origin[]; readonly isGrouped: boolean };

/** Finds the columns of scans that a plan joins and groups by. */
export class KeyOrigins {
  readonly #shared = new Map<number, Origins>();
  readonly #known = new Map<string, Origin>();
  /** What each column was joined with last; the others of a class lead there. */
  readonly #parents = new Map<string, string>();
  readonly #grouped = new Set<string>();

  constructor(plan: PhysicalPlan) {
    this.#visit(plan);
  }

  get classes(): readonly KeyClass[] {
    const classes = new Map<string, { origins: Origin[]; isGrouped: boolean }>();
    for (const [name, origin] of this.#known) {
      const root = this.#rootOf(name);
      const own = classes.get(root) ?? { origins: [], isGrouped: false };
      own.origins.push(origin);
      own.isGrouped ||= this.#grouped.has(name);
      classes.set(root, own);
    }
    return [...classes.values()];
  }

  #visit(plan: PhysicalPlan): Origins {
    const { node } = plan;
    const inputs = plan.inputs.length === 0 || node.kind === 'shared' ? [] : plan.inputs.map(i => this.#visit(i));
    const [first = [], second = []] = inputs;
    const of = (expr: PhysicalExpr | undefined): Origin | undefined =>
      expr?.kind === 'input' ? first[expr.index] : undefined;
    switch (node.kind) {
      case 'scan':
        return plan.types.map((_, column) => ({ scan: plan, column }));
      case 'filter':
      case 'repeat':
      case 'sort':
      case 'top-k':
      case 'limit':
        return first;
      case 'project':
        return node.exprs.map(of);
      case 'unnest':
        return node.keeps.map(i => first[i]);
      case 'hash-aggregate':
        if (node.groupingSets === undefined) this.#group(node.keys.map(of));
        return node.keys.map(of);
      case 'distinct-on':
        this.#group(node.on.map(of));
        return first;
      case 'window':
        this.#group(node.partitionBy.map(of));
        return node.columns.map(i => first[i]);
      case 'hash-join':
        return this.#join(node, first, second);
      case 'nested-loop-join':
        return node.leftTypes.map((_, i) => first[i]);
      case 'shared':
        this.#shared.set(node.shared, this.#visit(plan.inputs[0]!));
        return this.#visit(plan.inputs[1]!);
      case 'materialized-scan': {
        const origins = this.#shared.get(node.shared) ?? [];
        return node.columns === undefined ? origins : node.columns.map(i => origins[i]);
      }
      default:
        return [];
    }
  }

  #join(node: HashJoinNode, probe: Origins, build: Origins): Origins {
    node.probeKeys.forEach((key, i) => {
      const other = node.buildKeys[i]!;
      if (key.kind !== 'input' || other.kind !== 'input' || !sameType(key.type, other.type)) return;
      this.#link(probe[key.index], build[other.index]);
    });
    const width = node.probeTypes.length;
    const base = node.buildSideKept === true ? 0 : width;
    return joinShape(node).output.map(i => (i < base ? probe[i] : build[i - base]));
  }

  #link(a: Origin | undefined, b: Origin | undefined): void {
    if (a === undefined || b === undefined) return;
    const [from, to] = [this.#rootOf(this.#nameOf(a)), this.#rootOf(this.#nameOf(b))];
    if (from !== to) this.#parents.set(from, to);
  }

  #group(origins: Origins): void {
    for (const origin of origins) if (origin !== undefined) this.#grouped.add(this.#nameOf(origin));
  }

  #nameOf(origin: Origin): string {
    const name = `${origin.scan.id}.${origin.column}`;
    if (!this.#known.has(name)) this.#known.set(name, origin);
    return name;
  }

  #rootOf(name: string): string {
    const parent = this.#parents.get(name);
    return parent === undefined ? name : this.#rootOf(parent);
  }
}

import { exprsOf, outputOf } from '../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import { exprKey } from '../plan/expr-key.ts';
import type { BoundSource, LogicalPlan } from '../plan/logical-plan.ts';
import { inputsOf, substitute } from '../plan/rewrite.ts';
import type { Effects } from './effects.ts';

/** Numbers plans so that those which compute the same, column by column, have the same number, whatever their ids. */
export class Fingerprints {
  readonly #effects: Effects;
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<LogicalPlan, number | undefined>();
  readonly #sources = new Map<BoundSource, number>();

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** Undefined for plans that give other rows each time, do something, or read shared subplans. */
  of(plan: LogicalPlan): number | undefined {
    if (this.#known.has(plan)) return this.#known.get(plan);
    const key = this.#key(plan);
    let number: number | undefined;
    if (key !== undefined) {
      number = this.#numbers.get(key) ?? this.#numbers.size;
      this.#numbers.set(key, number);
    }
    this.#known.set(plan, number);
    return number;
  }

  #key(plan: LogicalPlan): string | undefined {
    const inputs = inputsOf(plan).map(i => this.of(i));
    const exprs = exprsOf(plan);
    if (inputs.includes(undefined) || exprs.some(e => this.#effects.isVolatile(e))) return undefined;
    const positions = positionsOf(plan);
    const shown = exprs.map(e => exprKey(substitute(e, positions))).join(';');
    const own = this.#own(plan);
    return own === undefined ? undefined : `${plan.kind} ${own} [${shown}] ${inputs.join(',')}`;
  }

  /** What a node says beside its expressions. */
  #own(plan: LogicalPlan): string | undefined {
    switch (plan.kind) {
      case 'scan':
        return `${this.#source(plan.source)} ${plan.columns.map(c => c.index)} ${plan.limit}`;
      case 'values':
        return `${plan.rows.length} ${JSON.stringify(plan.columns.map(c => c.type))}`;
      case 'empty':
        return JSON.stringify(plan.columns.map(c => c.type));
      case 'filter':
      case 'project':
        return '';
      case 'aggregate':
        return JSON.stringify([
          plan.keys.length,
          plan.groupingSets,
          plan.groupingId !== undefined,
          plan.aggregates.map(({ aggregate: a }) => [
            a.fn,
            a.overload,
            a.distinct,
            a.filter !== undefined,
            a.args.length,
            sorted(a.orderBy),
          ]),
        ]);
      case 'join':
        return plan.type;
      case 'asof-join':
        return `${plan.type} ${plan.match.op} ${plan.keys.map(k => k.nullsEqual).join()}`;
      case 'sort':
        return sorted(plan.keys);
      case 'top-k':
        return `${sorted(plan.keys)} ${plan.count} ${plan.offset}`;
      case 'limit':
        return `${plan.count} ${plan.offset}`;
      case 'limit-by':
        return `${plan.percent} ${plan.count !== undefined} ${plan.offset !== undefined}`;
      case 'distinct-on':
        return `${plan.on.length} ${sorted(plan.orderBy)}`;
      case 'unnest':
        return `${plan.keepsEmpty} ${plan.ordinality !== undefined}`;
      case 'window':
        return JSON.stringify([
          plan.partitionBy.length,
          sorted(plan.orderBy),
          plan.limit,
          plan.functions.map(({ call: c }) => [
            c.fn,
            c.overload,
            c.distinct,
            c.ignoreNulls,
            c.filter !== undefined,
            c.args.length,
            sorted(c.orderBy),
            c.frame.unit,
            c.frame.start.kind,
            c.frame.end.kind,
            c.frame.exclude,
          ]),
        ]);
      case 'set-op':
        return `${plan.op} ${plan.all}`;
      default:
        return undefined;
    }
  }

  #source(source: BoundSource): number {
    const number = this.#sources.get(source) ?? this.#sources.size;
    this.#sources.set(source, number);
    return number;
  }
}

const sorted = (keys: readonly { readonly descending: boolean; readonly nullsFirst: boolean }[] = []): string =>
  keys.map(k => `${k.descending}/${k.nullsFirst}`).join(',');

/** A node's input columns by where they stand: the same for plans that differ in ids only. */
function positionsOf(plan: LogicalPlan): ReadonlyMap<ColumnId, BoundExpr> {
  const columns = plan.kind === 'scan' ? outputOf(plan) : inputsOf(plan).flatMap(i => outputOf(i));
  return new Map(columns.map((c, i) => [c.id, { kind: 'column', id: i as ColumnId, type: c.type }]));
}

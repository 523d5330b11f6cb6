import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { ExprEvaluator } from '../../../functions/evaluate.ts';
import { flatten } from '../../../kernels/vectors.ts';
import { typeOf } from '../../../plan/expr.ts';
import type { ColumnRange, Split } from '../../../plan/logical-plan.ts';
import { inputIndexes } from '../../../plan/physical-expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { type DataType, sameType } from '../../../types/data-type.ts';
import type { Scalar } from '../../../types/scalar.ts';
import { bitsOf, type IntegerKey, integerKey } from '../rows/integer-key.ts';
import { type AppliedFilter, FILTER_SLOT, type FilterForm, filterForm } from './filter-slot.ts';
import { selectWithin } from './moving-bound.ts';

/** After so many batches it is looked at whether a filter is worth its time. */
const TRIAL_BATCHES = 4;
/** It is not when it keeps more than this part of the rows. */
const KEPT_OF_USELESS = 0.9;
/** Then so many batches go by without it, and each time in a row twice as many. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 256;

/** What other operators have found out by now, for the rows of a scan. One partition's. */
export class ScanFilters {
  readonly #filters: readonly ScanFilter[];

  constructor(filters: readonly AppliedFilter[], ctx: OpenContext) {
    this.#filters = filters.map(f => new ScanFilter(f, ctx)).filter(f => f.isThere);
  }

  /** Leave the rows within the bounds that move: almost none, once these have moved. */
  get bounds(): readonly ScanFilter[] {
    return this.#filters.filter(f => f.isMoving);
  }

  /** Leave the rows whose keys may be among those that were stored. */
  get lookups(): readonly ScanFilter[] {
    return this.#filters.filter(f => !f.isMoving);
  }

  /** The positions of all columns that are looked at. */
  get columns(): readonly number[] {
    return this.#filters.flatMap(f => f.columns);
  }

  /** Whether no row can pass, by what is known of its values. */
  excludes(rangeOf: (position: number) => ColumnRange | undefined, rows: number): boolean {
    return this.#filters.some(f => f.excludes(rangeOf, rows));
  }

  /** Whether no row of a split can pass, by what is known of its values. @param columnAt the source's column at a position */
  skips(split: Split, columnAt: (position: number) => number): boolean {
    return this.#filters.some(f => f.skips(split, columnAt));
  }

  /** For EXPLAIN ANALYZE. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#filters.flatMap(f => f.counts));
  }

  close(): void {
    for (const f of this.#filters) f.close();
  }
}

class ScanFilter {
  /** Positions of the columns that are read. */
  readonly columns: readonly number[];
  readonly #id: number;
  readonly #ctx: OpenContext;
  readonly #slot: number;
  readonly #keeps: '<=' | '>=' | undefined;
  readonly #type: DataType;
  readonly #key: IntegerKey;
  readonly #evaluator: ExprEvaluator;
  readonly #all = { seen: 0, kept: 0, splits: 0 };
  /** Since the filter was last judged. */
  readonly #trial = { batches: 0, seen: 0, kept: 0 };
  #toPause = 0;
  #pause = FIRST_PAUSE;

  constructor({ id, key, keeps }: AppliedFilter, ctx: OpenContext) {
    this.#id = id;
    this.#ctx = ctx;
    this.#slot = ctx.filterSlot(id);
    this.#keeps = keeps;
    this.#type = typeOf(key);
    this.#key = integerKey([this.#type])!;
    this.#evaluator = new ExprEvaluator(key, ctx);
    this.columns = [...inputIndexes([key])];
  }

  /** Whether there is something to go by, or will be. */
  get isThere(): boolean {
    return this.#slot !== 0 && (this.isMoving || this.#form !== 'absent');
  }

  get isMoving(): boolean {
    return this.#keeps !== undefined;
  }

  get #form(): FilterForm {
    return filterForm(this.#ctx.memory, this.#slot);
  }

  skips({ ranges, rows }: Split, columnAt: (position: number) => number): boolean {
    const isSkipped = this.excludes(position => ranges?.[columnAt(position)], rows);
    if (isSkipped) this.#all.splits++;
    return isSkipped;
  }

  excludes(rangeOf: (position: number) => ColumnRange | undefined, rows: number | undefined): boolean {
    const form = this.#form;
    if (form === 'nothing' || form === 'absent') return form === 'nothing';
    const [column, ...others] = this.columns;
    const range = column === undefined || others.length > 0 ? undefined : rangeOf(column);
    return range !== undefined && this.#excludes(range, rows);
  }

  select(columns: readonly (Vector | undefined)[], rows: Rows): Rows {
    if (this.#toPause > 0) {
      this.#toPause--;
      return rows;
    }
    const form = this.#form;
    if (form === 'absent') return rows;
    const kept = form === 'nothing' ? { ...rows, selected: 0 } : this.#lookUp(form, columns, rows);
    this.#judge(rows.selected, kept.selected);
    return kept;
  }

  get counts(): readonly (readonly [string, number])[] {
    const { seen, kept, splits } = this.#all;
    return [
      [`rows for filter ${this.#id}`, seen],
      ['kept', kept],
      ['splits skipped', splits],
    ].map(([name, n], i) => [i === 0 ? name : `${name} by filter ${this.#id}`, n] as [string, number]);
  }

  close(): void {
    this.#evaluator.close();
  }

  #lookUp(filter: FilterForm, columns: readonly (Vector | undefined)[], rows: Rows): Rows {
    const { kernels, arena } = this.#ctx;
    const evaluated = this.#evaluator.evaluate(columns, rows);
    const value = evaluated.form === 'dictionary' ? flatten(this.#ctx, evaluated, rows) : evaluated;
    if (this.#keeps !== undefined) return selectWithin(this.#ctx, this.#slot, this.#keeps, value, rows);
    const { data, form } = value;
    const selection = arena.alloc((rows.selected + 1) * 2);
    const bits = bitsOf(this.#key);
    const select = filter === 'bitmap' ? kernels[`sparse_select_${bits}`] : kernels[`bloom_select_${bits as 32 | 64}`];
    const mask = form === 'constant' ? 0 : -1;
    const selected = select(this.#slot, data, mask, rows.selection, rows.selected, selection);
    return { count: rows.count, selection, selected };
  }

  /** Gives a filter that keeps most rows a pause: rows may come in an order in which it is of use later. */
  #judge(seen: number, kept: number): void {
    this.#all.seen += seen;
    this.#all.kept += kept;
    const trial = this.#trial;
    trial.batches++;
    trial.seen += seen;
    trial.kept += kept;
    if (trial.batches < TRIAL_BATCHES) return;
    if (trial.kept > KEPT_OF_USELESS * trial.seen) {
      this.#toPause = this.#pause;
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    } else {
      this.#pause = FIRST_PAUSE;
    }
    trial.batches = 0;
    trial.seen = 0;
    trial.kept = 0;
  }

  /** Whether no value of a column's range was stored. */
  #excludes({ min, max, nullCount }: ColumnRange, rows: number | undefined): boolean {
    if (rows !== undefined && rows > 0 && nullCount === rows) return true;
    const { memory, kernels } = this.#ctx;
    const [least, greatest] = [this.#integerOf(min), this.#integerOf(max)];
    const at = (offset: number): bigint => this.#value(memory.i64[(this.#slot + offset) >>> 3]!);
    if (this.#keeps === '<=') return least !== undefined && least > at(FILTER_SLOT.least);
    if (this.#keeps === '>=') return greatest !== undefined && greatest < at(FILTER_SLOT.least);
    const [low, high] = [at(FILTER_SLOT.least), at(FILTER_SLOT.greatest)];
    if ((least !== undefined && least > high) || (greatest !== undefined && greatest < low)) return true;
    if (this.#form !== 'bitmap' || least === undefined || greatest === undefined) return false;
    const from = least > low ? Number(least - low) : 0;
    const to = Number(greatest < high ? greatest - low : high - low);
    if (to < from) return false;
    return kernels.bits_count(memory.u32[(this.#slot + FILTER_SLOT.bits) >>> 2]!, from, to - from + 1) === 0;
  }

  #value(word: bigint): bigint {
    return this.#key.startsWith('i') ? word : BigInt.asUintN(64, word);
  }

  /** A bound as the integer that stands for it in memory. */
  #integerOf(bound: Scalar | undefined): bigint | undefined {
    if (bound === undefined || !BOUNDED.includes(bound.type.kind)) return undefined;
    const isComparable = bound.type.kind === 'int' ? this.#type.kind === 'int' : sameType(bound.type, this.#type);
    const { value } = bound;
    return isComparable && (typeof value === 'number' || typeof value === 'string') ? BigInt(value) : undefined;
  }
}

/** Types whose constants are integers, or their digits. */
const BOUNDED: readonly DataType['kind'][] = ['int', 'decimal', 'date', 'time', 'timestamp'];

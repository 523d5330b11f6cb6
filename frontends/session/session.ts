import type { Batch } from '../../src/batch/batch.ts';
import { bindQuery, withPlace } from '../../src/bind/bind.ts';
import type { BindOptions } from '../../src/bind/binder.ts';
import { expandMacros } from '../../src/bind/exprs/expand-macros.ts';
import { type ResolveContext, resolve } from '../../src/bind/resolve.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { SequenceEntry, TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { RootStage } from '../../src/distribute/local/run-stages.ts';
import { collectRows, type QueryRows } from '../../src/execute/collect-rows.ts';
import { InlineRuntime } from '../../src/execute/inline.ts';
import { Profile } from '../../src/execute/profile.ts';
import type { Machine, RunOptions, Runtime } from '../../src/execute/runtime.ts';
import { streamRows } from '../../src/execute/stream-rows.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { loadModules } from '../../src/functions/user/user-code.ts';
import { programFunction, userFunctionsIn } from '../../src/functions/user/user-function.ts';
import { lower } from '../../src/lower/lower.ts';
import type { Owner } from '../../src/memory/linear-memory.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';
import { optimizerRules } from '../../src/optimize/rule-names.ts';
import { runSteps } from '../../src/optimize/run-steps.ts';
import { isSimple, simpleSteps } from '../../src/optimize/simple-steps.ts';
import type { BoundQuery } from '../../src/plan/logical-plan.ts';
import type { Query } from '../../src/query/query.ts';
import type { Statement } from '../../src/query/statement.ts';
import type { Schema } from '../../src/types/data-type.ts';
import { rawToScalar } from '../../src/types/raw-value.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { KEYWORDS, printStatement } from '../sql/index.ts';
import { constantEvaluator } from './constant-evaluator.ts';
import { evaluateConstant } from './evaluate-constant.ts';
import { expandTableCalls } from './expand-table-calls.ts';
import type { Host } from './host.ts';
import type { KeyIndexes } from './key-indexes.ts';
import { placed, placedItems } from './placed.ts';
import { operatorProfiles, QueryLog, StopWatch } from './query-log.ts';
import { takeResult } from './result-set.ts';
import { type Settings, settingValues } from './settings.ts';
import { Store } from './store.ts';
import { takesNumbers } from './takes-numbers.ts';
import { beginTransaction, type Transaction } from './transaction.ts';
import { Turns } from './turns.ts';
import { compareResults } from './verify-plan.ts';

/** What a query is asked with. */
export type QueryOptions = {
  readonly parameters?: Readonly<Record<string, Scalar>> | undefined;
  /** The SQL text that spans point into. */
  readonly source?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly profile?: Profile | undefined;
  /** Told now and then how much of the query's input has been started, from 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
  readonly resultOwner?: Owner | undefined;
  /** Told of the plan after each optimizer rule that changed it. */
  readonly observe?: ((rule: string, plan: BoundQuery['plan']) => void) | undefined;
};

/** The engine's phases put together over one host: catalogue and settings, and five lines that run a query. */
export class Session {
  readonly host: Host;
  readonly store: Store;
  settings: Settings;
  /** What the database was opened with. */
  readonly initialSettings: Settings;
  /** Values of SET VARIABLE, by name in lower case. */
  variables: Readonly<Record<string, Scalar>> = {};
  /** Statements of PREPARE, by name in lower case. */
  readonly prepared: Map<string, { readonly statement: Statement; readonly source: string | undefined }> = new Map();
  /** Present between BEGIN and its end. */
  transaction: Transaction | undefined;
  /** The session is of one transaction, which a function runs in: it has ended when there is none. */
  readonly #isScoped: boolean;
  readonly #turns = new Turns();
  readonly #log = new QueryLog();

  constructor(host: Host, settings: Settings, store: Store = new Store(), transaction?: Transaction) {
    this.host = host;
    this.settings = settings;
    this.initialSettings = settings;
    this.store = store;
    this.transaction = transaction;
    this.#isScoped = transaction !== undefined;
  }

  /** A session of the same database in a transaction of its own. */
  inTransaction(): Session {
    return new Session(this.host, this.settings, this.store, beginTransaction(this.store));
  }

  get isScoped(): boolean {
    return this.#isScoped;
  }

  /** What names mean now: the transaction's state, or the committed one. @throws RayexecError `closed` */
  get catalog(): Catalog {
    if (this.transaction !== undefined) return this.store.catalog.withSchemasOf(this.transaction.catalog);
    if (this.#isScoped) throw new RayexecError('closed', 'the transaction has ended');
    return this.store.catalog;
  }

  set catalog(catalog: Catalog) {
    if (this.transaction !== undefined) this.transaction.catalog = catalog;
    else this.store.catalog = catalog;
  }

  get keys(): KeyIndexes {
    return this.store.keys;
  }

  /** Adds a table to the catalog, or a new state of it; the rows of what was there before go when nobody reads them. */
  putTable(table: TableEntry): void {
    const before = this.catalog.at(table);
    table.rows.retain();
    this.catalog = this.catalog.withRelation(table);
    if (before?.kind !== 'table') return;
    if (before.id !== table.id) this.keys.drop(before.id);
    this.retire(before);
  }

  /** Adds a sequence, which has given no number yet. */
  createSequence(sequence: Omit<SequenceEntry, 'state'>): void {
    const state = this.store.newSequence(this.host.readyMachine.memory);
    this.catalog = this.catalog.withSequence({ ...sequence, state });
  }

  /** Forgets an entry's rows, once no query reads them any more. */
  retire(table: TableEntry): void {
    this.store.retire(table);
  }

  /** Looks up, binds, optimizes, lowers and runs a query. */
  async run(query: Query, options: QueryOptions = {}): Promise<{ readonly rows: QueryRows; readonly schema: Schema }> {
    return placed(options, () =>
      this.during(async () => {
        const bound = await this.bind(query, options);
        return { rows: await this.runBound(bound, options), schema: bound.output };
      }),
    );
  }

  /** Optimizes, lowers and runs a bound query; with `verify_optimized_plan` as it was bound too, and compares. */
  async runBound(bound: BoundQuery, options: QueryOptions = {}): Promise<QueryRows> {
    const rows = this.settings.enable_profiling
      ? await this.#profiled(bound, options)
      : await this.execute(await this.plan(bound, options), options);
    if (!this.settings.verify_optimized_plan) return rows;
    try {
      const plain = await this.execute(lower(bound), options);
      try {
        compareResults(this.host.readyMachine.memory, bound.output, rows.batches, plain.batches);
      } finally {
        plain.release();
      }
      return rows;
    } catch (error) {
      rows.release();
      throw error;
    }
  }

  /** Plans and runs a bound query, and remembers what that took. */
  async #profiled(bound: BoundQuery, options: QueryOptions): Promise<QueryRows> {
    const watch = new StopWatch();
    const ruleWatch = new StopWatch();
    const rules: { rule: string; milliseconds: number }[] = [];
    const observe: QueryOptions['observe'] = (rule, plan) => {
      rules.push({ rule, milliseconds: ruleWatch.lap() });
      options.observe?.(rule, plan);
    };
    const plan = await this.plan(bound, { ...options, observe });
    const planned = watch.lap();
    const profile = options.profile ?? new Profile();
    const rows = await this.execute(plan, { ...options, profile });
    const steps = [
      { step: 'plan', milliseconds: planned },
      { step: 'execute', milliseconds: watch.lap() },
    ];
    const operators = operatorProfiles(plan, profile);
    this.#log.add({ source: options.source, rows: rows.rowCount, steps, rules, operators });
    return rows;
  }

  /** Runs statements that change the database one after the other. */
  writing<T>(run: () => Promise<T>): Promise<T> {
    return (this.transaction === undefined ? this.store.writes : this.#turns).run(run);
  }

  /** Runs something that reads tables: their rows stay meanwhile. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    const leave = this.store.reclaimer.enter();
    try {
      return await run();
    } finally {
      leave();
    }
  }

  async bind(query: Query, options: QueryOptions): Promise<BoundQuery> {
    await this.host.machine();
    await loadModules(this.store.provided.functions);
    const { resolving, binding } = this.contexts(options);
    const expanded = withPlace(options, () => expandTableCalls(expandMacros(query, this.catalog), resolving));
    return bindQuery(expanded, await resolve(expanded, resolving), binding);
  }

  async plan(bound: BoundQuery, options: QueryOptions = {}): Promise<PhysicalPlan> {
    return this.settings.separate_memory && !takesNumbers(bound.plan)
      ? this.separatePlan(bound, options)
      : lower(await this.optimize(bound, options));
  }

  /** The plan for tasks that share no memory. */
  async separatePlan(bound: BoundQuery, options: QueryOptions = {}): Promise<PhysicalPlan> {
    const { lowerSeparate } = await import('./separate-code.ts');
    const { partitions, broadcast_rows: broadcastRows } = this.settings;
    return lowerSeparate(await this.optimize(bound, options), { partitions, broadcastRows });
  }

  async optimize(bound: BoundQuery, options: QueryOptions = {}): Promise<BoundQuery> {
    if (!this.settings.enable_optimizer) return bound;
    const disabledRules = new Set(this.settings.disabled_optimizers.split(',').map(rule => rule.trim()));
    const machine = this.host.readyMachine;
    const steps = isSimple(bound.plan) ? simpleSteps : (await import('../../src/optimize/steps.ts')).defaultSteps;
    return runSteps(bound, {
      functions: builtinFunctions,
      steps,
      disabledRules,
      observe: options.observe,
      verify: this.settings.verify_optimized_plan || options.observe !== undefined,
      evaluate: expr => evaluateConstant(expr, machine),
    });
  }

  async execute(plan: PhysicalPlan, options: QueryOptions = {}): Promise<QueryRows> {
    const { runtime, root, options: given } = await this.#place(plan, this.#runOptions(options));
    try {
      const rows = await collectRows(runtime, root.plan, given, options.resultOwner);
      try {
        await root.finish?.();
      } catch (error) {
        rows.release();
        throw error;
      }
      return rows;
    } finally {
      root.close?.();
    }
  }

  /** Like `run`, handing on rows while the query runs. */
  async stream(query: Query, options: QueryOptions = {}): Promise<RowStream> {
    const leave = this.store.reclaimer.enter();
    try {
      const bound = await this.bind(query, options);
      return {
        batches: placedItems(options, ending(await this.streamPlan(await this.plan(bound, options), options), leave)),
        schema: bound.output,
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async streamPlan(plan: PhysicalPlan, options: QueryOptions): Promise<AsyncIterable<Batch>> {
    const { runtime, root, options: given } = await this.#place(plan, this.#runOptions(options));
    return ending(streamRows(runtime, root.plan, given), () => root.close?.());
  }

  /** Where a plan runs; of a plan for separate memories, the last stage: the others have run or do so meanwhile. */
  async #place(
    plan: PhysicalPlan,
    options: RunOptions,
  ): Promise<{
    readonly runtime: Runtime;
    readonly root: Omit<RootStage, 'exchange'>;
    readonly options: RunOptions;
  }> {
    const functions = this.store.provided.functions.length === 0 ? [] : userFunctionsIn(plan);
    const local = functions.find(f => f.code.kind === 'local');
    if (!this.settings.separate_memory) {
      const settings = local === undefined ? this.settings : { ...this.settings, threads: 0 };
      return { runtime: await this.host.runtime(plan, settings), root: { plan }, options: { ...options, functions } };
    }
    const client = await this.host.machine();
    const { MemoryTransport, cutStages, runStages } = await import('./separate-code.ts');
    const stages = cutStages(plan);
    const cluster = await this.host.cluster();
    if (cluster !== undefined && local !== undefined) throw programFunction(local.name);
    const machineOf = (task: number): Promise<Machine> => this.host.taskMachine(task);
    const root =
      cluster === undefined
        ? await runStages(stages, { transport: new MemoryTransport(), client, machineOf, options })
        : await cluster.run(stages, client, {
            ...options,
            functions: this.store.provided.functions,
            shuffle: this.settings.shuffle,
          });
    const { onProgress: _, ...rest } = options;
    return { runtime: new InlineRuntime(client), root, options: { ...rest, exchange: root.exchange } };
  }

  #runOptions({ signal, profile, onProgress }: QueryOptions): RunOptions {
    const { closed } = this.host;
    const stopped = AbortSignal.any(signal === undefined ? [closed] : [signal, closed]);
    const { batch_size, temp_directory, max_temp_directory_size, debug_force_external } = this.settings;
    const parent = temp_directory === '' ? undefined : temp_directory;
    this.host.removeOrphans(parent);
    const spill = {
      parent,
      maxBytes: Number.isFinite(max_temp_directory_size) ? max_temp_directory_size : undefined,
      forced: debug_force_external,
    };
    return { batchRows: batch_size, signal: stopped, profile, onProgress, spill };
  }

  /** What one statement is resolved and bound with. */
  contexts(options: QueryOptions): { readonly resolving: ResolveContext; readonly binding: BindOptions } {
    const { parameters = {} } = options;
    const given = this.#bindOptions(options);
    const evaluate = constantEvaluator(this.catalog, given, this.host.readyMachine);
    return {
      resolving: {
        catalog: this.catalog,
        platform: this.host.platform,
        splitRows: SPLIT_ROWS,
        parameters,
        evaluate,
        valuesOf: query => this.#valuesOf(query, options),
      },
      binding: { ...given, evaluate },
    };
  }

  /** The rows of a query, few ones, as constants. */
  async #valuesOf(query: Query, options: QueryOptions): Promise<readonly (readonly Scalar[])[]> {
    const { schema, rows } = await this.run(query, { ...options, profile: undefined, resultOwner: undefined });
    const result = await takeResult(this, schema, rows, options.signal);
    return Array.from({ length: result.rowCount }, (_, r) =>
      schema.map((f, c) => rawToScalar(f.type, result.column(c)[r] ?? null)),
    );
  }

  #bindOptions({ parameters = {}, source }: QueryOptions): BindOptions {
    const { integer_division, default_null_order, default_order, values_column_names, timezone } = this.settings;
    return {
      settings: {
        integerDivision: integer_division,
        defaultNullOrder: default_null_order,
        defaultOrder: default_order,
        valuesColumnNames: values_column_names,
        timeZone: timezone,
      },
      now: BigInt(Date.now()) * 1000n,
      parameters,
      source,
      settingValues: settingValues(this.settings),
      prepared: () => Object.fromEntries([...this.prepared].map(([name, p]) => [name, printStatement(p.statement)])),
      keywords: KEYWORDS,
      queryProfiles: () => this.#log.queries,
      optimizerRules,
      variables: this.variables,
    };
  }
}

/** Rows as they come, and what they are. */
export type RowStream = { readonly batches: AsyncIterable<Batch>; readonly schema: Schema };

/** The same items; calls `end` when they are through, or nobody wants more. */
async function* ending<T>(items: AsyncIterable<T>, end: () => void): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } finally {
    end();
  }
}

/** Rows of a split that a source without natural splits aims at. */
const SPLIT_ROWS = 122_880;

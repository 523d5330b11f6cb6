import { RayexecError, type Span } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { isStringLiteral } from '../types/coercion.ts';
import { type DataType, sameType } from '../types/data-type.ts';
import { typeName } from '../types/type-name.ts';
import { aggregateFunctions } from './aggregate/index.ts';
import type {
  AggregateFunction,
  AggregateOverload,
  Fit,
  FunctionDoc,
  ScalarFunction,
  ScalarOverload,
  WindowFunction,
  WindowOverload,
} from './function.ts';
import { scalarFunctions } from './scalar/index.ts';
import { userOverload } from './user/user-overload.ts';
import { windowFunctions } from './window/index.ts';

/** A call's overload, and how the arguments fit it. */
export type ResolvedCall<Overload> = { readonly overload: Overload; readonly fit: Fit };

type AnyOverload = Pick<ScalarOverload, 'key' | 'signature' | 'fit'>;

/** The functions that calls can name. Immutable. */
export class FunctionRegistry {
  readonly #given: {
    readonly scalars: readonly ScalarFunction[];
    readonly aggregates: readonly AggregateFunction[];
    readonly windows: readonly WindowFunction[];
  };
  readonly #scalars: ReadonlyMap<string, ScalarFunction>;
  readonly #aggregates: ReadonlyMap<string, AggregateFunction>;
  readonly #windows: ReadonlyMap<string, WindowFunction>;

  constructor(
    scalars: readonly ScalarFunction[],
    aggregates: readonly AggregateFunction[],
    windows: readonly WindowFunction[] = [],
  ) {
    this.#given = { scalars, aggregates, windows };
    this.#scalars = byName(scalars);
    this.#aggregates = byName(aggregates);
    this.#windows = byName(windows);
  }

  /** The function of a name or alias, in any case. */
  scalar(name: string): ScalarFunction | undefined {
    return this.#scalars.get(name) ?? this.#scalars.get(name.toLowerCase());
  }

  aggregate(name: string): AggregateFunction | undefined {
    return this.#aggregates.get(name) ?? this.#aggregates.get(name.toLowerCase());
  }

  /** A function that needs OVER. */
  window(name: string): WindowFunction | undefined {
    return this.#windows.get(name) ?? this.#windows.get(name.toLowerCase());
  }

  /** Every function once, for documentation. */
  get all(): readonly (ScalarFunction | AggregateFunction | WindowFunction)[] {
    const maps = [this.#scalars, this.#aggregates, this.#windows];
    return [...new Set<ScalarFunction | AggregateFunction | WindowFunction>(maps.flatMap(m => [...m.values()]))];
  }

  /** With a function of the program, in the place of one of that name that the program gave before. */
  withUserFunction(fn: ScalarFunction): FunctionRegistry {
    const { scalars, aggregates, windows } = this.#given;
    return new FunctionRegistry([...scalars.filter(s => s.name !== fn.name), fn], aggregates, windows);
  }

  /** The overload that a plan names; those of the program are found by the key alone. @throws RayexecError `internal` when there is none */
  scalarOverload(name: string, key: string): ScalarOverload {
    const own = userOverload(key);
    if (own !== undefined) return own;
    return this.#overload(this.scalar(name), name, key);
  }

  aggregateOverload(name: string, key: string): AggregateOverload {
    return this.#overload(this.aggregate(name), name, key);
  }

  windowOverload(name: string, key: string): WindowOverload {
    return this.#overload(this.window(name), name, key);
  }

  /**
   * The overload of a scalar function for arguments of these types (literals as `literalType` gives them): the one
   * whose implicit casts cost least.
   * @throws RayexecError `bind` when there is no such function, or none of its overloads fits
   */
  resolveCall(name: string, args: readonly DataType[], span?: Span): ResolvedCall<ScalarOverload> {
    return resolve(this.scalar(name) ?? this.#unknown(name, args, span), name, args, span);
  }

  /** Like `resolveCall`, for an aggregate. */
  resolveAggregate(name: string, args: readonly DataType[], span?: Span): ResolvedCall<AggregateOverload> {
    return resolve(this.aggregate(name) ?? this.#unknown(name, args, span), name, args, span);
  }

  /** Like `resolveCall`, for a window function. */
  resolveWindow(name: string, args: readonly DataType[], span?: Span): ResolvedCall<WindowOverload> {
    return resolve(this.window(name) ?? this.#unknown(name, args, span), name, args, span);
  }

  #overload<O extends AnyOverload>(fn: { overloads: readonly O[] } | undefined, name: string, key: string): O {
    const overload = fn?.overloads.find(o => o.key === key);
    if (overload === undefined) throw new RayexecError('internal', `a plan names the unknown overload ${name}#${key}`);
    return overload;
  }

  #unknown(name: string, args: readonly DataType[], span: Span | undefined): never {
    const known = [...this.#scalars.keys(), ...this.#aggregates.keys(), ...this.#windows.keys()];
    const hint = didYouMean(name, known) ?? 'list_functions() has all: SELECT * FROM list_functions()';
    throw new RayexecError('bind', `there is no function ${name}(${args.map(typeName).join(', ')})`, { hint, span });
  }
}

/**
 * Functions by name and alias. What several files define under one name (+ on numbers and on dates, ~ on integers and
 * on texts) counts as one function with all their overloads; the first gives the documentation.
 */
function byName<O extends AnyOverload, F extends Named<O>>(functions: readonly F[]): ReadonlyMap<string, F> {
  const map = new Map<string, F>();
  for (const f of functions) {
    for (const name of [f.name, ...(f.aliases ?? [])]) {
      const first = map.get(name);
      const overloads = first === undefined ? f.overloads : [...first.overloads, ...f.overloads];
      if (new Set(overloads.map(o => o.key)).size < overloads.length) {
        throw new RayexecError('internal', `two overloads of ${name} have one key`);
      }
      if (first === undefined) map.set(name, f);
      // Under one alias of several functions there are more overloads than under their names.
      else
        map.set(name, {
          ...first,
          name: first.name === f.name ? f.name : name,
          overloads,
          doc: withExamples(first.doc, f.doc),
        });
    }
  }
  return map;
}

type Named<O> = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly doc: FunctionDoc;
  readonly overloads: readonly O[];
};

const withExamples = (doc: FunctionDoc, more: FunctionDoc): FunctionDoc =>
  doc.category === more.category ? { ...doc, examples: [...doc.examples, ...more.examples] } : doc;

function resolve<O extends AnyOverload>(
  fn: { readonly overloads: readonly O[] },
  name: string,
  args: readonly DataType[],
  span: Span | undefined,
): ResolvedCall<O> {
  let best: ResolvedCall<O> | undefined;
  let rival: ResolvedCall<O> | undefined;
  for (const overload of fn.overloads) {
    const fit = overload.fit(args);
    if (fit === undefined) continue;
    if (best === undefined || fit.cost < best.fit.cost) {
      best = { overload, fit };
      rival = undefined;
    } else if (fit.cost === best.fit.cost) rival ??= { overload, fit };
  }
  if (best !== undefined) {
    if (rival !== undefined) refuseToGuess(name, args, best.fit, rival.fit, span);
    return best;
  }
  const shown = args.map(a => (isStringLiteral(a) ? 'VARCHAR' : typeName(a)));
  throw new RayexecError('bind', `no function matches ${showCall(name, shown)}`, {
    span,
    hint: candidates(fn, name, shown),
  });
}

/** Text without a type of its own must not be read as whatever comes first: `abs('5')`. */
function refuseToGuess(name: string, args: readonly DataType[], a: Fit, b: Fit, span: Span | undefined): void {
  const at = args.findIndex((arg, i) => isStringLiteral(arg) && !sameType(a.args[i]!, b.args[i]!));
  if (at === -1) return;
  throw new RayexecError(
    'bind',
    `${name} could take argument ${at + 1} as ${typeName(a.args[at]!)} or as ${typeName(b.args[at]!)}`,
    {
      span,
      hint: 'say what the text means: CAST(… AS …)',
    },
  );
}

/** Overloads by how many of their arguments are of the types given, of equals those that take as many. */
function candidates(
  fn: { readonly overloads: readonly AnyOverload[] },
  name: string,
  given: readonly string[],
): string {
  const closeness = ({ signature }: AnyOverload): number => {
    const wanted = argumentTypes(signature);
    const shared = given.filter((type, i) => wanted[i] === type).length;
    return 2 * shared + (wanted.length === given.length ? 1 : 0);
  };
  const ranked = fn.overloads.map(o => ({ o, rank: closeness(o) })).sort((a, b) => b.rank - a.rank);
  const shown = ranked.slice(0, 8).map(({ o }) => `${name}${o.signature}`);
  if (ranked.length > shown.length) shown.push(`and ${ranked.length - shown.length} more`);
  return `candidates are ${shown.join('; ')}`;
}

/** The types in the brackets of `(VARCHAR, DECIMAL(3, 1)) -> …`. */
function argumentTypes(signature: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const c of signature) {
    if (c === ')' && depth === 1) break;
    if (c === ',' && depth === 1) parts.push('');
    else if (depth > 0) parts[parts.length - 1] += c;
    depth += c === '(' ? 1 : c === ')' ? -1 : 0;
  }
  return parts.map(p => p.trim()).filter(p => p !== '');
}

/** `foo(VARCHAR)`, and operators between their operands: `VARCHAR + DATE`. */
function showCall(name: string, types: readonly string[]): string {
  if (types.length === 2 && /^[^\w]+$/.test(name)) return `${types[0]} ${name} ${types[1]}`;
  return `${name}(${types.join(', ')})`;
}

/** The functions that come with the engine. */
export const builtinFunctions: FunctionRegistry = new FunctionRegistry(
  scalarFunctions,
  aggregateFunctions,
  windowFunctions,
);

import { commonType, implicitCastCost, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, list, NULL } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { Fit, ScalarOverload } from '../function.ts';
import { generic, type OverloadOptions } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

/**
 * What a parameter takes, in terms of the one element type T of a call:
 * `list` is T[], `element` is T, `lists` is T[][]; a type is that type.
 */
export type Parameter = 'list' | 'element' | 'lists' | DataType;
type Returns = 'list' | 'element' | 'boolean' | DataType;

/** The element type of a list or array; NULL's is NULL. */
export function elementOf(type: DataType): DataType | undefined {
  if (type.kind === 'null') return NULL;
  return type.kind === 'list' || type.kind === 'array' ? plainType(type.element) : undefined;
}

/** Computes a row of the call; `T` is the element type that its lists met in. */
export type ListCompute = (element: DataType) => (...args: never[]) => RawValue;

/** An overload over lists of one element type, row by row. NULLs propagate unless `options` say otherwise. */
export function listOverload(
  key: string,
  parameters: readonly Parameter[],
  returns: Returns,
  compute: ListCompute,
  options: OverloadOptions = {},
): ScalarOverload {
  const run: ScalarOverload['run'] = (ctx, call) => {
    const element = elementIn(
      parameters,
      call.args.map(a => a.type),
    );
    return mapRows(ctx, call, compute(element) as (...args: RawValue[]) => RawValue);
  };
  return listKernel(key, parameters, returns, run, options);
}

/** An overload over lists of one element type. NULLs propagate unless `options` say otherwise. */
export function listKernel(
  key: string,
  parameters: readonly Parameter[],
  returns: Returns,
  run: ScalarOverload['run'],
  options: OverloadOptions = {},
): ScalarOverload {
  return generic(
    key,
    `(${parameters.map(shown).join(', ')}) -> ${shown(returns)}`,
    args => fitLists(args, parameters, returns, options.nulls === 'handles'),
    run,
    options,
  );
}

const shown = (p: Parameter | Returns): string =>
  p === 'list'
    ? 'T[]'
    : p === 'element'
      ? 'T'
      : p === 'lists'
        ? 'T[][]'
        : p === 'boolean'
          ? 'BOOLEAN'
          : p.kind.toUpperCase();

/** T as the cast arguments have it. */
function elementIn(parameters: readonly Parameter[], types: readonly DataType[]): DataType {
  const at = parameters.findIndex(p => p === 'list' || p === 'lists');
  const element = elementOf(types[at]!)!;
  return parameters[at] === 'lists' ? elementOf(element)! : element;
}

function fitLists(
  args: readonly DataType[],
  parameters: readonly Parameter[],
  returns: Returns,
  handlesNulls: boolean,
): Fit | undefined {
  if (args.length !== parameters.length) return undefined;
  let element: DataType = NULL;
  let cost = 0;
  let lists = 0;
  for (const [i, parameter] of parameters.entries()) {
    const arg = args[i]!;
    if (typeof parameter === 'object') {
      const cast = implicitCastCost(arg, parameter);
      if (cast === undefined) return undefined;
      cost += cast;
      continue;
    }
    const own = ownElement(arg, parameter);
    const common = own === undefined ? undefined : commonType(element, own);
    if (common === undefined) return undefined;
    if (parameter !== 'element' && arg.kind !== 'null') lists++;
    element = common;
  }
  // NULL for every list says nothing of what is meant: other functions of the name come first.
  if (lists === 0) cost += 1000;
  const typeOf = (p: Parameter | Returns): DataType =>
    p === 'list'
      ? list(element)
      : p === 'lists'
        ? list(list(element))
        : p === 'element'
          ? element
          : p === 'boolean'
            ? BOOLEAN
            : p;
  const nothing =
    !handlesNulls && lists === 0 && element.kind === 'null' && returns !== 'boolean' && typeof returns !== 'object';
  return { args: parameters.map(typeOf), returns: nothing ? NULL : typeOf(returns), cost };
}

function ownElement(arg: DataType, parameter: 'list' | 'element' | 'lists'): DataType | undefined {
  if (parameter === 'element') return arg;
  const element = elementOf(arg);
  return parameter === 'list' || element === undefined ? element : elementOf(element);
}

import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { implicitCastCost, literalText } from '../../types/coercion.ts';
import { type DataType, INT64, JSON_TYPE, list, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { typeName } from '../../types/type-name.ts';
import type { EvalContext, Fit, ScalarCall, ScalarOverload } from '../function.ts';
import { fitTypes, generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { type JsonNode, parseJson } from './json-node.ts';
import { indexPath, type JsonPath, jsonPath, nodeAt, nodesAt } from './json-path.ts';
import { type JsonValues, valuesAt } from './json-values.ts';

/** The result for all rows of a batch from the values at one path in them. */
export type AtOnePath = (ctx: EvalContext, call: ScalarCall, values: JsonValues) => Vector;

const WHOLE: JsonPath = { steps: [], isWild: false };

/** What a value that JSON is wanted of is cast to: texts are read as JSON, all else is written as JSON. */
export const jsonArgument = (type: DataType): DataType =>
  implicitCastCost(type, UTF8) === undefined ? JSON_TYPE : UTF8;

/** Being written as JSON is less likely to be meant than anything else. */
const costOf = (type: DataType): number => implicitCastCost(type, UTF8) ?? 200;

/** A JSON value before arguments of fixed types. */
export function fitJson(
  [json, ...types]: readonly DataType[],
  wanted: readonly DataType[],
  returns: DataType,
): Fit | undefined {
  const fit = json && fitTypes(types, wanted, returns);
  return fit && { ...fit, args: [jsonArgument(json), ...fit.args], cost: costOf(json) + fit.cost };
}

/** An overload of one JSON value. */
export const ofJson = (
  returns: DataType,
  compute: (node: JsonNode) => RawValue,
  vectorised?: AtOnePath,
): ScalarOverload =>
  generic(
    'json',
    `(JSON) -> ${typeName(returns)}`,
    args => fitJson(args, [], returns),
    (ctx, call) =>
      vectorised === undefined
        ? mapRows(ctx, call, text => compute(parseJson(text as string)))
        : vectorised(ctx, call, valuesAt(ctx, call, call.args[0]!, WHOLE)),
    { canFail: true },
  );

/** Overloads of a JSON value and a path in it: a text, the number of an element, or a list of texts. */
export function atPath(
  returns: DataType,
  compute: (node: JsonNode | undefined) => RawValue,
  vectorised?: AtOnePath,
): readonly ScalarOverload[] {
  const find = (text: RawValue | undefined, path: JsonPath): RawValue => {
    const root = parseJson(text as string);
    return path.isWild ? nodesAt(root, path).map(compute) : compute(nodeAt(root, path));
  };
  return [
    generic(
      'path',
      `(JSON, VARCHAR) -> ${typeName(returns)}`,
      ([json, path, ...rest]) => {
        if (json === undefined || path === undefined || rest.length > 0 || path.kind === 'int') return undefined;
        const cost = implicitCastCost(path, UTF8);
        if (cost === undefined) return undefined;
        const text = literalText(path);
        const isWild = text !== undefined && jsonPath(text).isWild;
        const args = [jsonArgument(json), UTF8];
        return { args, returns: isWild ? list(returns) : returns, cost: cost + costOf(json) };
      },
      (ctx, call) => {
        const [json, path] = call.args as readonly [Vector, Vector];
        if (vectorised !== undefined && path.form === 'constant' && call.type.kind !== 'list') {
          if (path.isNullConstant(ctx.memory)) return mapRows(ctx, call, () => null);
          const single = singlePath(jsonPath(valueReader(ctx.memory, path)(0) as string), false);
          return vectorised(ctx, call, valuesAt(ctx, call, json, single));
        }
        return mapRows(ctx, call, (text, p) =>
          find(text, singlePath(jsonPath(p as string), call.type.kind === 'list')),
        );
      },
      { canFail: true },
    ),
    generic(
      'index',
      `(JSON, BIGINT) -> ${typeName(returns)}`,
      args => fitJson(args, [INT64], returns),
      (ctx, call) => {
        const [json, index] = call.args as readonly [Vector, Vector];
        if (vectorised === undefined || index.form !== 'constant' || index.isNullConstant(ctx.memory))
          return mapRows(ctx, call, (text, i) => find(text, indexPath(i as bigint)));
        const path = indexPath(valueReader(ctx.memory, index)(0) as bigint);
        return vectorised(ctx, call, valuesAt(ctx, call, json, path));
      },
      { canFail: true },
    ),
    generic(
      'paths',
      `(JSON, VARCHAR[]) -> ${typeName(returns)}[]`,
      args => fitJson(args, [list(UTF8)], list(returns)),
      (ctx, call) =>
        mapRows(ctx, call, (json, paths) => {
          const root = parseJson(json as string);
          return (paths as readonly (string | null)[]).map(p =>
            p === null ? null : compute(nodeAt(root, singlePath(jsonPath(p), false))),
          );
        }),
      { canFail: true },
    ),
  ];
}

/** @throws RayexecError `invalid-argument` for a path with wildcards where one value is wanted */
function singlePath(path: JsonPath, allowsWild: boolean): JsonPath {
  if (!path.isWild || allowsWild) return path;
  throw new RayexecError('invalid-argument', 'a JSON path with wildcards must be a constant');
}

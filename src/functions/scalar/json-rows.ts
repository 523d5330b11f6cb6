import { implicitCastCost } from '../../types/coercion.ts';
import { list, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { documentType, jsonReader } from '../json/json-argument.ts';
import { jsonDoc } from '../json/json-doc.ts';
import type { JsonNode } from '../json/json-node.ts';
import { JSON_ROW, type JsonRow, type RowsPath, rowsOfEach, rowsOfTree, rowsPath } from '../json/json-rows.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

function rowsOf(
  name: string,
  rows: (root: JsonNode, path: RowsPath) => readonly JsonRow[],
  summary: string,
  examples: readonly (readonly [string, string])[],
): ScalarFunction {
  return {
    name,
    doc: jsonDoc(summary, ['json', 'path'], ...examples),
    overloads: [
      generic(
        'json',
        '(JSON[, VARCHAR]) -> STRUCT[]',
        ([document, path, ...rest]) => {
          const json = documentType(document);
          if (json === undefined || rest.length > 0) return undefined;
          if (path === undefined) return { args: [json], returns: list(JSON_ROW), cost: 0 };
          const cost = implicitCastCost(path, UTF8);
          return cost === undefined ? undefined : { args: [json, UTF8], returns: list(JSON_ROW), cost };
        },
        (ctx, call) => {
          const read = jsonReader(call.args[0]!.type);
          return mapRows(ctx, call, (json, path = '$') => rows(read(json!), rowsPath(path as string)));
        },
        { canFail: true },
      ),
    ],
  };
}

/** The values in a JSON document as rows: in FROM, `json_each` and `json_tree` give these, a row each. */
export const jsonRows: readonly ScalarFunction[] = [
  rowsOf(
    'json_each',
    rowsOfEach,
    'The members or elements of a JSON value. In FROM a table: key, value, type, atom, id, parent, fullkey, path (and rowid).',
    [[`json_each('{"a": 1, "b": [2]}')[2].fullkey`, '$.b']],
  ),
  rowsOf(
    'json_tree',
    rowsOfTree,
    'A JSON value and all that is in it, at any depth. In FROM a table with the columns of `json_each`.',
    [[`len(json_tree('{"a": [1, [2]]}', '$.a'))`, '4']],
  ),
];

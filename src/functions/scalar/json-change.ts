import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { JSON_TYPE, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { documentType, jsonReader } from '../json/json-argument.ts';
import { type Change, changedAt, removedAt } from '../json/json-change.ts';
import { jsonDoc } from '../json/json-doc.ts';
import { writeJson } from '../json/json-node.ts';
import { jsonPath } from '../json/json-path.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

function changing(name: string, change: Change, summary: string, example: readonly [string, string]): ScalarFunction {
  return {
    name,
    doc: jsonDoc(`${summary} A VARCHAR is read as JSON.`, ['json', 'path', 'value'], example),
    overloads: [
      generic(
        'json',
        '(JSON, VARCHAR, JSON) -> JSON',
        ([document, path, value, ...rest]) => {
          const json = documentType(document);
          if (json === undefined || path === undefined || value === undefined || rest.length > 0) return undefined;
          const cost = implicitCastCost(path, UTF8);
          return cost === undefined ? undefined : { args: [json, UTF8, plainType(value)], returns: JSON_TYPE, cost };
        },
        (ctx, call) => {
          const document = jsonReader(call.args[0]!.type);
          const value = jsonReader(call.args[2]!.type);
          return mapRows(ctx, call, (json, path, v) =>
            writeJson(changedAt(document(json!), jsonPath(path as string), value(v!), change)),
          );
        },
        { canFail: true },
      ),
    ],
  };
}

/** JSON values with another value at one place. */
export const jsonChanges: readonly ScalarFunction[] = [
  changing(
    'json_set',
    'set',
    'Puts a value at a path, whether there is one or not; objects on the way are made, arrays grow by one element.',
    [`json_set('{"a": 1}', '$.b.c', '2')`, '{"a":1,"b":{"c":2}}'],
  ),
  changing('json_insert', 'insert', 'Puts a value at a path where there is none.', [
    `json_insert('[1]', '$[#]', '2')`,
    '[1,2]',
  ]),
  changing('json_replace', 'replace', 'Puts a value at a path in place of the one that is there.', [
    `json_replace('{"a": 1}', '$.a', '[]')`,
    '{"a":[]}',
  ]),
  {
    name: 'json_remove',
    doc: jsonDoc(
      'Takes out what is at a path; NULL when that is all.',
      ['json', 'path'],
      [`json_remove('{"a": [1, 2]}', '$.a[0]')`, '{"a":[2]}'],
    ),
    overloads: [
      generic(
        'json',
        '(JSON, VARCHAR) -> JSON',
        ([document, path, ...rest]) => {
          const json = documentType(document);
          if (json === undefined || path === undefined || rest.length > 0) return undefined;
          const cost = implicitCastCost(path, UTF8);
          return cost === undefined ? undefined : { args: [json, UTF8], returns: JSON_TYPE, cost };
        },
        (ctx, call) => {
          const document = jsonReader(call.args[0]!.type);
          return mapRows(ctx, call, (json, path) => {
            const left = removedAt(document(json!), jsonPath(path as string));
            return left === undefined ? null : writeJson(left);
          });
        },
        { canFail: true },
      ),
    ],
  },
];

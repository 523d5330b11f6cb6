import type { SpecialFunction } from './special-functions.ts';

type Category = SpecialFunction['doc']['category'];

const macro = (
  category: Category,
  call: readonly [name: string, signature: string, ...args: string[]],
  summary: string,
  example: readonly [string, string],
  aliases: readonly string[] = [],
): SpecialFunction => {
  const [name, signature, ...args] = call;
  return { name, aliases, signature, doc: { summary, args, examples: [example], category } };
};

/** What the reference page and the catalogue say of the functions in `builtin-macros.ts`. */
export const macroFunctions: readonly SpecialFunction[] = [
  macro(
    'logic',
    ['assert_true', '(BOOLEAN, VARCHAR) -> NULL', 'condition', 'message'],
    'Fails with a message, which may be left out, unless the condition is true.',
    ['assert_true(2 > 1)', 'NULL'],
  ),
  macro(
    'logic',
    ['switch', '(K, MAP(K, V), V) -> V', 'key', 'map', 'otherwise'],
    "The value of the key in a MAP literal, else the last argument or NULL; without a key, that of the map's first key that is true.",
    ["switch(2, MAP {1: 'one', 2: 'two'}, 'many')", 'two'],
  ),
  ...(['true', 'false'] as const).flatMap(value => [
    macro(
      'logic',
      [`is_${value}`, '(BOOLEAN) -> BOOLEAN', 'condition'],
      `Whether the condition is ${value}, and not NULL.`,
      [`is_${value}(NULL)`, 'false'],
    ),
    macro(
      'logic',
      [`is_not_${value}`, '(BOOLEAN) -> BOOLEAN', 'condition'],
      `Whether the condition is not ${value}, perhaps NULL.`,
      [`is_not_${value}(NULL)`, 'true'],
    ),
  ]),
  macro('conversion', ['alias', '(ANY) -> VARCHAR', 'value'], 'The name that a column of the expression has.', [
    'alias(1 + 2)',
    '(1 + 2)',
  ]),
  macro('date', ['ago', '(INTERVAL) -> TIMESTAMPTZ', 'interval'], 'The time so long before the statement began.', [
    'ago(INTERVAL 1 DAY) < now()',
    'true',
  ]),
  macro(
    'list',
    ['generate_subscripts', '(ANY[], BIGINT) -> BIGINT', 'list', 'dimension'],
    'A row for each index of a list, from 1 on.',
    ['(SELECT max(i) FROM (SELECT generate_subscripts([4, 5], 1) AS i))', '2'],
  ),
  macro(
    'aggregate',
    ['geomean', '(DOUBLE) -> DOUBLE', 'arg'],
    'The geometric mean.',
    ['(SELECT round(geomean(x), 6) FROM (VALUES (1), (4)) t(x))', '2.0'],
    ['geometric_mean'],
  ),
  macro(
    'aggregate',
    ['weighted_avg', '(ANY, ANY) -> DOUBLE', 'arg', 'weight'],
    'The average of values that count as often as their weights say.',
    ['(SELECT weighted_avg(x, w) FROM (VALUES (1, 3), (5, 1)) t(x, w))', '2.0'],
    ['wavg'],
  ),
  macro('aggregate', ['json_group_array', '(ANY) -> JSON', 'arg'], 'A JSON array of all values.', [
    '(SELECT json_group_array(x) FROM (VALUES (1), (NULL)) t(x))',
    '[1,null]',
  ]),
  macro('aggregate', ['json_group_object', '(ANY, ANY) -> JSON', 'key', 'value'], 'A JSON object of keys and values.', [
    "(SELECT json_group_object(k, v) FROM (VALUES ('a', 1)) t(k, v))",
    '{"a":1}',
  ]),
  macro(
    'aggregate',
    ['json_group_structure', '(JSON) -> JSON', 'json'],
    'The structure that all JSON values have together.',
    [`(SELECT json_group_structure(j) FROM (VALUES ('{"a": 1}')) t(j))`, '{"a":"UBIGINT"}'],
  ),
];

import type { FunctionDoc } from '../../functions/function.ts';

/** A call that the binder makes something else of: a CASE, a constant, a join. It has no overloads. */
export type SpecialFunction = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** `(ANY, …) -> ANY` */
  readonly signature: string;
  readonly doc: FunctionDoc;
};

function special(
  category: FunctionDoc['category'],
  name: string,
  signature: string,
  args: readonly string[],
  summary: string,
  examples: FunctionDoc['examples'],
  aliases: readonly string[] = [],
): SpecialFunction {
  return { name, aliases, signature, doc: { summary, args, examples, category } };
}

/** What the reference page and the catalogue say of such calls. */
export const specialFunctions: readonly SpecialFunction[] = [
  special('logic', 'coalesce', '(ANY, …) -> ANY', ['value', '…'], 'The first of the values that is not NULL.', [
    ['coalesce(NULL, 1, 2)', '1'],
  ]),
  special('logic', 'ifnull', '(ANY, ANY) -> ANY', ['value', 'otherwise'], 'The value, or the other one for NULL.', [
    ['ifnull(NULL, 0)', '0'],
  ]),
  special('logic', 'nullif', '(ANY, ANY) -> ANY', ['value', 'other'], 'NULL when the two are equal, else the value.', [
    ['nullif(5, 0)', '5'],
  ]),
  special(
    'logic',
    'if',
    '(BOOLEAN, ANY, ANY) -> ANY',
    ['condition', 'then', 'otherwise'],
    'The second argument when the condition is true, else the third.',
    [['if(2 > 1, 10, 20)', '10']],
    ['iff'],
  ),
  special('conversion', 'typeof', '(ANY) -> VARCHAR', ['value'], 'The name of the type of an expression.', [
    ['typeof(1.5)', 'DECIMAL(2,1)'],
  ]),
  special(
    'conversion',
    'cast_to_type',
    '(ANY, ANY) -> ANY',
    ['value', 'like'],
    'The value as the type of another one.',
    [["cast_to_type('1', 2)", '1']],
  ),
  special(
    'date',
    'now',
    '() -> TIMESTAMPTZ',
    [],
    'When the statement began. `current_timestamp` may stand without brackets.',
    [['now() = current_timestamp', 'true']],
    ['current_timestamp', 'transaction_timestamp', 'get_current_timestamp'],
  ),
  special(
    'date',
    'localtimestamp',
    '() -> TIMESTAMP',
    [],
    "Clock and calendar in the session's time zone.",
    [['typeof(localtimestamp)', 'TIMESTAMP']],
    ['current_localtimestamp'],
  ),
  special(
    'date',
    'current_date',
    '() -> DATE',
    [],
    "The day in the session's time zone.",
    [['today() = current_date', 'true']],
    ['today'],
  ),
  special(
    'date',
    'current_time',
    '() -> TIMETZ',
    [],
    "The time of day in the session's time zone, with its offset.",
    [['typeof(current_time)', 'TIME WITH TIME ZONE']],
    ['get_current_time'],
  ),
  special(
    'date',
    'localtime',
    '() -> TIME',
    [],
    "The time of day in the session's time zone.",
    [['typeof(localtime)', 'TIME']],
    ['current_localtime'],
  ),
  special('system', 'current_schema', '() -> VARCHAR', [], 'The schema that names without one mean.', [
    ['current_schema()', 'main'],
  ]),
  special(
    'system',
    'current_database',
    '() -> VARCHAR',
    [],
    'The name of the database.',
    [['typeof(current_database())', 'VARCHAR']],
    ['current_catalog'],
  ),
  special(
    'system',
    'current_user',
    '() -> VARCHAR',
    [],
    'The name of the user.',
    [['current_user', 'rayexec']],
    ['session_user', 'user', 'current_role'],
  ),
  special('system', 'getvariable', '(VARCHAR) -> ANY', ['name'], 'What SET VARIABLE gave a name; NULL for others.', [
    ["getvariable('nothing')", 'NULL'],
  ]),
  special('list', 'unnest', '(T[]) -> T', ['list'], 'One row for each element; a column for each field of a struct.', [
    ['(SELECT sum(x) FROM (SELECT unnest([1, 2, 3]) AS x))', '6'],
  ]),
  special(
    'text',
    'regexp_split_to_table',
    '(VARCHAR, VARCHAR) -> VARCHAR',
    ['text', 'pattern'],
    'One row for each part between matches of a regular expression.',
    [["(SELECT count(*) FROM (SELECT regexp_split_to_table('a1b2c', '[0-9]')))", '3']],
  ),
  special(
    'aggregate',
    'grouping',
    '(ANY, …) -> BIGINT',
    ['key', '…'],
    'A bit for each key: 1 where it is not among the keys of the grouping set.',
    [['(SELECT max(g) FROM (SELECT grouping(x) AS g FROM (VALUES (1)) t(x) GROUP BY ROLLUP (x)))', '1']],
    ['grouping_id'],
  ),
];

import { BATCH_ROWS } from '../../src/batch/batch.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { didYouMean } from '../../src/common/suggest.ts';
import { TimeZone } from '../../src/types/time-zone.ts';
import { formatByteSize, parseByteSize } from './byte-size.ts';

/** What SET changes, and what SHOW prints. */
export type Settings = {
  readonly integer_division: boolean;
  readonly default_null_order:
    | 'nulls_last'
    | 'nulls_first'
    | 'nulls_first_on_asc_last_on_desc'
    | 'nulls_last_on_asc_first_on_desc';
  readonly default_order: 'asc' | 'desc';
  /** What the columns of VALUES are called: DuckDB's col0, col1, … or PostgreSQL's column1, column2, … */
  readonly values_column_names: 'col0' | 'column1';
  readonly timezone: string;
  /** 0: on the calling thread. */
  readonly threads: number;
  /** A query that reads fewer rows runs on the calling thread: waking workers would cost more than they save. */
  readonly inline_rows: number;
  /** Clones of each pipeline when running on the calling thread; tasks of a stage where memories are separate. */
  readonly partitions: number;
  /** Runs queries as stages of tasks that share no memory, as a cluster does, in this process. */
  readonly separate_memory: boolean;
  /** Sides of joins of at most so many rows may be sent to all tasks of a stage; 0: never. */
  readonly broadcast_rows: number;
  /** On a cluster, how rows go between tasks: through its object store, or through files of its nodes. */
  readonly shuffle: 'auto' | 'store' | 'files';
  /** Rows of a batch at most. */
  readonly batch_size: number;
  readonly enable_optimizer: boolean;
  /** Runs every query optimized and not, and compares. */
  readonly verify_optimized_plan: boolean;
  /** Measures queries whose rows are collected: see `query_info()`. */
  readonly enable_profiling: boolean;
  /** Optimizer rules that are left out, separated by commas. */
  readonly disabled_optimizers: string;
  /** Bytes that tables and queries of the database may take in memory. */
  readonly memory_limit: number;
  /** Bytes of files' pages that are kept in memory for later queries, as long as nothing else needs the room. */
  readonly page_cache_limit: number;
  /** Where temporary files go: into a folder of this process below this one. Empty: the system's temporary folder. */
  readonly temp_directory: string;
  /** Bytes that temporary files may take. */
  readonly max_temp_directory_size: number;
  /** Rows come in the order of what they are read from, whatever this says: for scripts written for DuckDB. */
  readonly preserve_insertion_order: boolean;
  /** Nothing is drawn by the engine; programs ask for progress by `onProgress`. */
  readonly enable_progress_bar: boolean;
  /** Queries use temporary files at every opportunity: for tests. */
  readonly debug_force_external: boolean;
};

const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (text: string): T | undefined =>
    allowed.find(a => a === text.toLowerCase());

const flag = (text: string): boolean | undefined =>
  /^(true|on|1|t|yes)$/i.test(text) ? true : /^(false|off|0|f|no)$/i.test(text) ? false : undefined;

const integer =
  (min: number, max: number) =>
  (text: string): number | undefined =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;

/** DuckDB's short spellings of the null orders mean these. */
const NULL_ORDERS: Readonly<Record<string, Settings['default_null_order']>> = {
  last: 'nulls_last',
  first: 'nulls_first',
  sqlite: 'nulls_first_on_asc_last_on_desc',
  postgres: 'nulls_last_on_asc_first_on_desc',
  'nulls last': 'nulls_last',
  'nulls first': 'nulls_first',
};

type Definition<T> = {
  readonly parse: (text: string) => T | undefined;
  readonly expected: string;
  readonly print?: ((value: T) => string) | undefined;
};

const byteSize: Definition<number> = {
  parse: parseByteSize,
  expected: "a size such as '512MB' or '2GiB', or 'unlimited'",
  print: formatByteSize,
};

const definitions: { readonly [K in keyof Settings]: Definition<Settings[K]> } = {
  integer_division: { parse: flag, expected: 'true or false' },
  default_null_order: {
    parse: text =>
      NULL_ORDERS[text.toLowerCase()] ??
      oneOf('nulls_last', 'nulls_first', 'nulls_first_on_asc_last_on_desc', 'nulls_last_on_asc_first_on_desc')(text),
    expected: 'nulls_last, nulls_first, nulls_first_on_asc_last_on_desc or nulls_last_on_asc_first_on_desc',
  },
  default_order: {
    parse: text => oneOf('asc', 'desc')(text.replace(/^(asc|desc)ending$/i, '$1')),
    expected: 'asc or desc',
  },
  values_column_names: { parse: oneOf('col0', 'column1'), expected: 'col0 or column1' },
  timezone: {
    parse: text => (TimeZone.find(text) === undefined ? undefined : text),
    expected: "a time zone such as 'Europe/Berlin'",
  },
  threads: { parse: integer(0, 256), expected: 'a number of threads up to 256, or 0 for the calling thread' },
  inline_rows: { parse: integer(0, Number.MAX_SAFE_INTEGER), expected: 'a number of rows' },
  partitions: { parse: integer(1, 1024), expected: 'a number of partitions from 1 to 1024' },
  separate_memory: { parse: flag, expected: 'true or false' },
  broadcast_rows: { parse: integer(0, Number.MAX_SAFE_INTEGER), expected: 'a number of rows, or 0 for never' },
  shuffle: { parse: oneOf('auto', 'store', 'files'), expected: 'auto, store or files' },
  batch_size: { parse: integer(1, 65_536), expected: 'a number of rows from 1 to 65536' },
  enable_optimizer: { parse: flag, expected: 'true or false' },
  verify_optimized_plan: { parse: flag, expected: 'true or false' },
  enable_profiling: { parse: flag, expected: 'true or false' },
  disabled_optimizers: { parse: text => text, expected: 'names of rules, separated by commas' },
  memory_limit: byteSize,
  page_cache_limit: byteSize,
  temp_directory: { parse: text => text, expected: 'a folder' },
  max_temp_directory_size: byteSize,
  preserve_insertion_order: { parse: flag, expected: 'true or false' },
  enable_progress_bar: { parse: flag, expected: 'true or false' },
  debug_force_external: { parse: flag, expected: 'true or false' },
};

/** The page cache's part of the memory limit, where nothing else is said. */
export const PAGE_CACHE_PART = 0.25;

/** The settings that a database starts with. */
export const defaultSettings = (threads: number, memoryLimit: number = Number.POSITIVE_INFINITY): Settings => ({
  integer_division: false,
  default_null_order: 'nulls_last',
  default_order: 'asc',
  values_column_names: 'col0',
  timezone: 'UTC',
  threads,
  inline_rows: 100_000,
  partitions: 1,
  separate_memory: false,
  broadcast_rows: 2_000_000,
  shuffle: 'auto',
  batch_size: BATCH_ROWS,
  enable_optimizer: true,
  verify_optimized_plan: false,
  enable_profiling: false,
  disabled_optimizers: '',
  memory_limit: memoryLimit,
  page_cache_limit: memoryLimit * PAGE_CACHE_PART,
  temp_directory: '',
  max_temp_directory_size: Number.POSITIVE_INFINITY,
  preserve_insertion_order: true,
  enable_progress_bar: false,
  debug_force_external: false,
});

/** The setting of a name, in any case and with DuckDB's other spellings. @throws RayexecError `settings` */
export function settingName(name: string): keyof Settings {
  const wanted = name.toLowerCase();
  const known = ALIASES[wanted] ?? wanted;
  if (Object.hasOwn(definitions, known)) return known as keyof Settings;
  throw new RayexecError('settings', `there is no setting '${name}'`, {
    hint: didYouMean(name, Object.keys(definitions)),
  });
}

const ALIASES: Readonly<Record<string, keyof Settings>> = {
  null_order: 'default_null_order',
  worker_threads: 'threads',
  max_memory: 'memory_limit',
  'time zone': 'timezone',
};

/** Settings with one changed. @throws RayexecError `settings` for an unknown name or a value that it does not take */
export function withSetting(settings: Settings, name: string, text: string): Settings {
  const key = settingName(name);
  const { parse, expected } = definitions[key];
  const value = parse(text);
  if (value === undefined) throw new RayexecError('settings', `setting '${key}' takes ${expected}, not '${text}'`);
  return { ...settings, [key]: value };
}

/** All settings as text, by name. */
export function settingValues(settings: Settings): Readonly<Record<string, string>> {
  const print = <K extends keyof Settings>(name: K): string =>
    definitions[name].print?.(settings[name]) ?? String(settings[name]);
  return Object.fromEntries(Object.keys(settings).map(name => [name, print(name as keyof Settings)]));
}

import { RayexecError } from '../../src/common/errors.ts';
import { choices } from '../../src/common/suggest.ts';

/** The options of `connect` everywhere. */
const OPTIONS = ['threads', 'memoryLimit', 'workerUrl', 'wasm', 'schema', 'values'];

/**
 * What the compiler would say, for programs that it does not see.
 * @param more the options of this platform
 * @throws RayexecError `invalid-argument`
 */
export function checkConnectOptions(options: unknown, more: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new RayexecError('invalid-argument', `connect() takes an object of options, not ${JSON.stringify(options)}`, {
      hint: "tables are in memory, and queries name their files: connect(), then db.parquet('a.parquet')",
    });
  }
  const known = [...OPTIONS, ...more];
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const hint = choices(name, known, 'options');
    throw new RayexecError('invalid-argument', `connect() has no option '${name}'`, { hint });
  }
  const { threads, memoryLimit } = options as { readonly threads?: unknown; readonly memoryLimit?: unknown };
  if (threads !== undefined && !(Number.isSafeInteger(threads) && (threads as number) >= 0)) {
    throw new RayexecError('invalid-argument', `connect({ threads: ${threads} }): it is a number of threads, or 0`);
  }
  if (memoryLimit !== undefined && !(typeof memoryLimit === 'number' && memoryLimit > 0)) {
    throw new RayexecError('invalid-argument', `connect({ memoryLimit: ${memoryLimit} }): it is a number of bytes`);
  }
}

import { RayexecError } from '../../common/errors.ts';
import type { UserCode, UserFunction } from './user-function.ts';

/** What a user has written. */
// biome-ignore lint/complexity/noBannedTypes: its parameters are what the plan's types say, which the compiler does not know
export type Code = Function;

/** Code that this thread has: given by the program, or loaded from modules. */
const local = new Map<number, Code>();
const loaded = new Map<string, Code>();
let nextId = 1;

/** Keeps a function of the program; plans name it by the id. */
export function keepCode(code: Code): number {
  local.set(nextId, code);
  return nextId++;
}

/** Forgets a function of the program. */
export function forgetCode(id: number): void {
  local.delete(id);
}

const moduleKey = ({ url, export: name }: Extract<UserCode, { kind: 'module' }>): string => `${url}#${name}`;

/**
 * Loads the modules of functions on this thread.
 * @param urlOf where a function's module is
 * @throws RayexecError `io` for a module that does not load, `invalid-argument` for one without the function
 */
export async function loadModules(
  functions: readonly UserFunction[],
  urlOf = (fn: UserFunction): string => (fn.code as { readonly url: string }).url,
): Promise<void> {
  for (const fn of functions) {
    const { name, code } = fn;
    if (code.kind !== 'module' || loaded.has(moduleKey(code))) continue;
    const found = (await importModule(name, urlOf(fn)))[code.export];
    if (typeof found !== 'function') {
      throw new RayexecError('invalid-argument', `${name}: '${code.url}' exports no function '${code.export}'`);
    }
    loaded.set(moduleKey(code), found);
  }
}

async function importModule(name: string, url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
  } catch (cause) {
    throw new RayexecError('io', `${name}: can't load '${url}': ${(cause as Error).message}`, { cause });
  }
}

/** The code of a function. @throws RayexecError `closed` when the program's function is gone */
export function codeOf({ name, code }: UserFunction): Code {
  const found = code.kind === 'local' ? local.get(code.id) : loaded.get(moduleKey(code));
  if (found === undefined) throw new RayexecError('closed', `the function ${name} is not there any more`);
  return found;
}

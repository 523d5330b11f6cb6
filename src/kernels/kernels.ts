import { RayexecError } from '../common/errors.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import { type KernelExports, wasmBytes } from './generated/exports.ts';
import { unpackBytes } from './packed-bytes.ts';

/**
 * The kernels over one linear memory: raw exports, called with byte addresses (conventions in assembly/memory.ts).
 * One instance per thread; instances hold no state.
 */
export type Kernels = KernelExports;

let compiled: WebAssembly.Module | undefined;

/** Instantiates the kernel module. @param module one that was compiled elsewhere: by another thread, or the checked build */
export function loadKernels(memory: LinearMemory, module: WebAssembly.Module): Kernels {
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory: memory.memory,
      abort: (_message: number, _file: number, line: number, column: number) => {
        throw new RayexecError('internal', `a kernel's check failed at ${line}:${column}`);
      },
    },
  });
  return instance.exports as unknown as KernelExports;
}

/**
 * The released kernel module, compiled once per thread.
 * @param file the kernels as a file has them, if there is one: of another release it is passed over
 */
export async function compileKernels(file?: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  if (compiled === undefined && file?.length === wasmBytes) compiled = new WebAssembly.Module(file);
  if (compiled === undefined) {
    const { wasm } = await import('./generated/kernels.ts');
    // In CommonJS it is the file's bytes, or the text's promise: platform/node-kernels.cjs.
    const found = await (wasm as string | Uint8Array<ArrayBuffer> | Promise<string>);
    compiled = new WebAssembly.Module(typeof found === 'string' ? unpackBytes(found) : found);
  }
  return compiled;
}

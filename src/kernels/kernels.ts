import { RayexecError } from '../common/errors.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import { type KernelExports, wasmBytes } from './generated/exports.ts';

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
    const { wasmBase64 } = await import('./generated/kernels.ts');
    // In CommonJS it may be a promise: platform/node-kernels.cjs.
    compiled = new WebAssembly.Module(decodeBase64(await wasmBase64));
  }
  return compiled;
}

/** What decodes base64 fastest: new runtimes' own method, or Node's. */
type Decoders = {
  readonly Uint8Array: { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  readonly Buffer?: { readonly from: (text: string, encoding: 'base64') => Uint8Array<ArrayBuffer> };
};

/** The bytes of base64 text, in any runtime. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const { Uint8Array: arrays, Buffer: buffers } = globalThis as unknown as Decoders;
  if (arrays.fromBase64 !== undefined) return arrays.fromBase64(text);
  if (buffers !== undefined) return buffers.from(text, 'base64');
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

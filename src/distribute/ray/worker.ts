import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { compileKernels, loadKernels } from '../../kernels/kernels.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import { nodePlatform } from '../../platform/node.ts';
import { readPipe } from './read-pipe.ts';
import { removeFolder } from './remove-folder.ts';
import { portOf, serveFiles } from './serve-files.ts';
import { serveTasks } from './serve-tasks.ts';

/** All tasks of a gateway that has ended have been killed after that time. */
const LINGER_MILLISECONDS = 3000;

/** Bytes that wait for the parent to read them before a task waits too. */
const WAITING_BYTES = 2 * 2 ** 20;

const [mode, folder, host] = process.argv.slice(2);
if (mode === 'serve') {
  // The server of a node's shuffle files: tells its port, and serves until whoever started it ends.
  const server = await serveFiles(folder!, host!, process.env['RAYEXEC_TOKEN']!);
  console.log(JSON.stringify({ port: portOf(server) }));
  // Whoever reads that may have ended.
  process.stdout.on('error', () => undefined);
  process.stdin.once('end', () => {
    removeFolder(folder!);
    console.log('removed');
    // Tasks that were being killed may have written since.
    setTimeout(() => {
      removeFolder(folder!);
      process.exit(0);
    }, LINGER_MILLISECONDS);
  });
  process.stdin.resume();
} else {
  // The Node child of a Ray worker: frames on its standard input and output, until its parent ends.
  const memory = LinearMemory.create();
  const machine = {
    memory,
    kernels: loadKernels(memory, await compileKernels(nodePlatform.kernels?.())),
    platform: nodePlatform,
  };
  const modules = process.env['RAYEXEC_MODULES'] ?? fileURLToPath(new URL('modules', import.meta.url));
  // Writing must not wait for the parent, which may be writing too, and reads nothing meanwhile.
  const output = new Socket({ fd: 1, readable: false, writable: true, writableHighWaterMark: WAITING_BYTES } as object);
  // What users' functions print must not come between frames.
  globalThis.console = new console.Console(process.stderr);
  await serveTasks(machine, readPipe(0), output, modules);
}

import { compileKernels, loadKernels } from '../../kernels/kernels.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import { nodePlatform } from '../../platform/node.ts';
import { portOf, serveFiles } from './serve-files.ts';
import { serveTasks } from './serve-tasks.ts';

const [mode, folder, host] = process.argv.slice(2);
if (mode === 'serve') {
  // The server of a node's shuffle files: tells its port, and serves until its parent ends.
  const server = await serveFiles(folder!, host!, process.env['RAYEXEC_TOKEN']!);
  console.log(JSON.stringify({ port: portOf(server) }));
  process.stdin.once('end', () => process.exit(0)).resume();
} else {
  // The Node child of a Ray worker: frames on its standard input and output, until its parent ends.
  const memory = LinearMemory.create();
  const machine = { memory, kernels: loadKernels(memory, await compileKernels()), platform: nodePlatform };
  await serveTasks(machine, process.stdin, process.stdout);
}

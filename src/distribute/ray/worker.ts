import { compileKernels, loadKernels } from '../../kernels/kernels.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import { nodePlatform } from '../../platform/node.ts';
import { serveTasks } from './serve-tasks.ts';

// The Node child of a Ray worker: frames on its standard input and output, until its parent ends.
const memory = LinearMemory.create();
const machine = { memory, kernels: loadKernels(memory, await compileKernels()), platform: nodePlatform };
await serveTasks(machine, process.stdin, process.stdout);

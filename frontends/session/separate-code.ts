// What queries in separate memories take: loaded with the first of them.
export { runStages } from '../../src/distribute/local/run-stages.ts';
export { cutStages, explainStages } from '../../src/distribute/stage.ts';
export { MemoryTransport } from '../../src/distribute/transports/memory-transport.ts';
export { lowerSeparate } from '../../src/lower/lower-separate.ts';

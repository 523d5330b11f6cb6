// A worker of workerd: WebAssembly comes by import only, and nothing runs outside of requests.
import * as library from 'rayexec';
import kernels from './kernels.wasm';
import parquet from './names.parquet';
import { SMOKE_CSV, smoke } from './smoke.js';

// biome-ignore lint/style/noDefaultExport: workerd wants one
export default {
  async fetch() {
    const files = new Map([
      ['rain.csv', new Blob([SMOKE_CSV])],
      ['names.parquet', new Blob([parquet])],
    ]);
    const options = { files, wasm: kernels, threads: 0 };
    const place = { options, csv: 'rain.csv', parquet: 'names.parquet', timers: false };
    const lines = await smoke(library, place);
    return new Response(lines.join('\n'));
  },
};

// Bundled for a page, which tells the server that it came from what it found.
import * as library from 'rayexec';
import { SMOKE_CSV, smoke } from './smoke.js';

const found = [];
try {
  const threads = new URLSearchParams(location.search).get('threads');
  const parquet = await (await fetch('/names.parquet')).blob();
  const files = new Map([
    ['rain.csv', new File([SMOKE_CSV], 'rain.csv')],
    ['names.parquet', parquet],
  ]);
  found.push(`isolated: ${crossOriginIsolated}, threads: ${threads ?? 'default'}`);
  const options = { files, ...(threads === null ? {} : { threads: Number(threads) }) };
  found.push('- files', ...(await smoke(library, { options, csv: 'rain.csv', parquet: 'names.parquet' })));
  found.push(
    '- URLs',
    ...(await smoke(library, {
      options: { ...options, files: new Map() },
      csv: '/rain.csv',
      parquet: '/names.parquet',
    })),
  );
} catch (error) {
  found.push(`FAILED ${error?.stack ?? error}`);
}
await fetch('/result', { method: 'POST', body: found.join('\n') });

// Files in and out: read one format, write another, read several at once.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, count, desc } from 'rayexec';
import { dataset, type Flights } from './dataset.ts';

await using db = connect();
const folder = mkdtempSync(join(tmpdir(), 'rayexec-'));
const flights = db.parquet<Flights>(dataset('flights-3m.parquet'));

// One Parquet file a quarter …
for (const quarter of [1, 2]) {
  const rows = await flights
    .filter(t => t.date.quarter().eq(quarter))
    .writeParquet(join(folder, `q${quarter}.parquet`), { compression: 'zstd' });
  console.log(`q${quarter}.parquet: ${rows} rows`);
}

// … read together by a glob; `filename` tells where a row comes from.
const half = db.sql<{ quarter: 'string'; flights: 'int64' }>`
  SELECT regexp_extract(filename, '(q[0-9])[.]parquet', 1) AS quarter, count(*) AS flights
  FROM read_parquet(${join(folder, 'q*.parquet')}, filename = true) GROUP BY quarter ORDER BY quarter`;
await half.show();

// A summary as CSV and as JSON lines. SQL's way is COPY (query) TO 'file'.
const airports = flights
  .groupBy('origin')
  .agg(() => ({ flights: count() }))
  .sort(desc('flights'), 'origin')
  .limit(3);
await airports.writeCsv(join(folder, 'airports.csv'));
await airports.writeJson(join(folder, 'airports.json'));
console.log(readFileSync(join(folder, 'airports.csv'), 'utf8').trim());
console.log(readFileSync(join(folder, 'airports.json'), 'utf8').trim());

const sum = await db
  .csv<{ flights: 'int64' }>(join(folder, 'airports.csv'))
  .agg(t => ({ sum: t.flights.sum() }))
  .one();
console.log(`The CSV file, read again: ${sum.sum} flights.`);
rmSync(folder, { recursive: true });

// Streaming: batches while the query runs, an early end, and giving up.
import { connect } from 'rayexec';
import { dataset, type Flights } from './dataset.ts';

await using db = connect();
const flights = db.parquet<Flights>(dataset('flights-3m.parquet'));

// Columns arrive as typed arrays: nothing is kept but the running sums.
let rows = 0;
let miles = 0;
for await (const batch of flights.filter(t => t.origin.eq('SEA')).stream()) {
  const { distance } = batch.toColumns();
  rows += batch.rowCount;
  for (const d of distance ?? []) miles += d ?? 0;
}
console.log(`${rows} flights left Seattle for ${miles} miles altogether.`);

// Leaving the loop cancels the rest of the query.
for await (const batch of flights.stream({ batchRows: 1000 })) {
  console.log(`First batch: at most 1000 rows: ${batch.rowCount <= 1000}`);
  console.log(batch.rows()[0]);
  break;
}

// A signal ends a query from outside.
const slow = flights.crossJoin(flights).count({ signal: AbortSignal.timeout(50) });
await slow.catch(error => console.log(`${error.code}: the query was given up`));
console.log(`Still there: ${await flights.count()} flights`);

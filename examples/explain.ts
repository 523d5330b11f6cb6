// What a query does: its plan before it runs, and with rows and times after.
import { connect, count } from 'rayexec';
import { dataset, type Flights } from './dataset.ts';

await using db = connect({ threads: 0 });
const flights = db.parquet<Flights>(dataset('flights-3m.parquet'));
const short = (text: string) => text.replaceAll(dataset(''), '');

const query = flights
  .groupBy('origin', 'destination')
  .agg(t => ({ flights: count(), delay: t.delay.max() }))
  .filter(t => t.origin.eq('SEA'))
  .sort('destination');

// The filter on a key has moved below the groups into the scan; only the columns in use are read.
const [bound, optimized] = short(await query.explain()).split('\n\n');
console.log(`${bound}\n\n${optimized}\n`);

// Names and types without running anything, and the errors that can be found that way.
console.log((await query.schema()).map(f => f.name).join(', '));
const typo = db.sql('SELECT max(dilay) FROM read_parquet($path)', { path: dataset('flights-3m.parquet') });
await typo.check().catch(error => console.log(error.message.split('\n')[0]));

// ANALYZE runs the query.
const analyzed = short(await query.explain({ analyze: true }));
console.log('EXPLAIN ANALYZE tells rows:', /rows/.test(analyzed));

// Both at once: a chain inside SQL inside a chain. A template's frames become tables, its values parameters.
import { connect, count, desc, fn, sql, when } from 'rayexec';
import { dataset, type Flights } from './dataset.ts';

await using db = connect();
const flights = db.parquet<Flights>(dataset('flights-3m.parquet'));

const routes = flights
  .groupBy('origin', 'destination')
  .agg(t => ({ flights: count(), delay: t.delay.avg(), miles: t.distance.max() }));

const least = 3000;
const order = 'delay';
const worst = db.sql<{ origin: 'string'; destination: 'string'; delay: 'float64'; back: 'float64'; miles: 'int64' }>`
  SELECT there.origin, there.destination, there.delay, back.delay AS back, there.miles
  FROM ${routes} AS there
  JOIN ${routes} AS back ON back.origin = there.destination AND back.destination = there.origin
  WHERE there.flights >= ${least}
  ORDER BY there.${sql.id(order)} DESC
  LIMIT 20`;

console.log('Routes that are late one way only:');
await worst
  .withColumns(t => ({
    way: when(t.miles.lt(500), 'short').when(t.miles.lt(1500), 'medium').otherwise('long'),
    gap: t.delay.sub(t.back).round(2),
    delay: t.delay.round(2),
    back: t.back.round(2),
  }))
  .sort(desc('gap'))
  .limit(5)
  .show();

// Functions without a method of their own: fn.<name>(…), whatever SQL calls them.
const spread = await flights.agg(t => ({ r: fn.corr(t.distance, t.delay), modes: t.origin.countDistinct() })).one();
console.log(`Distance and delay correlate by ${Number(spread.r).toFixed(4)} over ${spread.modes} airports.`);

// A chain is a query by names: it prints as SQL.
console.log(
  routes
    .filter(t => t.flights.gt(10))
    .limit(3)
    .toSQL()
    .replace(/'[^']*flights/, "'flights"),
);

// A typed chain: every verb knows the columns that the ones before left, and the rows come out typed.
import { connect, count, desc } from 'rayexec';
import { dataset, type Flights } from './dataset.ts';

await using db = connect();
const flights = db.parquet<Flights>(dataset('flights-3m.parquet'));

console.log('Which airports kept passengers waiting longest?');
const waiting = flights
  .filter(t => t.delay.gt(0))
  .groupBy('origin')
  .agg(t => ({ flights: count(), mean_delay: t.delay.avg().round(1), longest: t.delay.max() }))
  .filter(t => t.flights.gte(20_000))
  .sort(desc('mean_delay'))
  .limit(8);
await waiting.show();

console.log('How late are the hours of the day?');
const hours = await flights
  .groupBy(t => ({ hour: t.date.hour() }))
  .agg(t => ({ flights: count(), mean_delay: t.delay.avg() }))
  .filter(t => t.hour.gte(5))
  .sort('hour')
  .collect();
for (const { hour, mean_delay } of hours) {
  console.log(`${String(hour).padStart(2, '0')}:00  ${'█'.repeat(Math.max(0, Math.round(mean_delay)))}`);
}

// Frames are lazy and plain data: a step is a function, and a frame can be part of another.
const far = (miles: number) => (df: typeof flights) => df.filter(t => t.distance.gt(miles));
const share = (await flights.pipe(far(2000)).count()) / (await flights.count());
console.log(`${(share * 100).toFixed(1)} % of the flights go farther than 2000 miles.`);

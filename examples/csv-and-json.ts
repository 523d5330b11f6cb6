// CSV and JSON: column types are found by looking at the file, and files of different formats join like tables.
import { connect, count, desc } from 'rayexec';
import { type Airports, dataset, type Flights } from './dataset.ts';

await using db = connect();
const flights = db.parquet<Flights>(dataset('flights-3m.parquet'));
const airports = db.csv<Airports>(dataset('airports.csv'));

console.log('From which states do flights leave?');
await flights
  .join(airports, { origin: 'iata' })
  .groupBy('state')
  .agg(t => ({ flights: count(), airports: t.origin.countDistinct() }))
  .sort(desc('flights'))
  .limit(6)
  .show();

console.log('Rainy days in Seattle, by month:');
await db
  .csv<{ date: 'date'; precipitation: 'float64'; weather: 'string' }>(dataset('seattle-weather.csv'))
  .filter(t => t.weather.eq('rain'))
  .groupBy(t => ({ month: t.date.month() }))
  .agg(t => ({ days: count(), mm: t.precipitation.sum().round(1) }))
  .sort(desc('days'), 'month')
  .limit(4)
  .show();

console.log('Genres by what the audience thought:');
await db.sql`SELECT "Major Genre" AS genre, count(*) AS films, round(avg("IMDB Rating"), 2) AS rating
       FROM read_json(${dataset('movies.json')})
       WHERE "IMDB Votes" > 10000 AND "Major Genre" IS NOT NULL
       GROUP BY genre HAVING count(*) >= 20 ORDER BY rating DESC, genre LIMIT 5`.show();

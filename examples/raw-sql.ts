// SQL: statements with `execute`, queries with `sql`. Files stand in FROM like tables.
import { connect } from 'rayexec';
import { dataset } from './dataset.ts';

await using db = connect();
const path = dataset('flights-3m.parquet');

await db.execute(`
  CREATE TABLE late AS
    SELECT origin, destination, delay, date::DATE AS day FROM '${path}' WHERE delay >= 120;
  CREATE VIEW daily AS
    SELECT day, count(*) AS flights, max(delay) AS worst FROM late GROUP BY day;
`);

console.log('The days with most flights late by two hours or more:');
await db.sql('SELECT * FROM daily ORDER BY flights DESC, day LIMIT 5').show();

// Rows are typed when the type is given; parameters are values, never text.
const toHub = await db
  .sql<{ origin: 'string'; late: 'int64' }>(
    `SELECT origin, count(*) AS late FROM late WHERE destination = $hub
     GROUP BY origin HAVING count(*) > $least ORDER BY late DESC, origin LIMIT 5`,
    { hub: 'ORD', least: 100 },
  )
  .collect();
console.log('Late to Chicago:', toHub.map(r => `${r.origin} ${r.late}`).join(', '));

// `execute` runs anything and gives rows in column order, exact in all types.
const result = await db.execute('SELECT sum(delay), avg(delay)::DECIMAL(9, 3), min(day) FROM late');
console.log(result.schema.map(c => c.type).join(' | '));
console.log(result.rows());

// Errors say what was found, where, and what was perhaps meant.
await db.execute('SELECT origni FROM late').catch(error => console.log(error.message));

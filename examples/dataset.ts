import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../node_modules/vega-datasets/data/', import.meta.url));

/** The path of a file of the development dependency vega-datasets. */
export const dataset = (name: string): string => join(folder, name);

/** The columns of flights-3m.parquet: a flight of the United States in 2001 a row. */
export type Flights = {
  date: 'timestamp';
  delay: 'int64';
  distance: 'int64';
  origin: 'string';
  destination: 'string';
};

/** The columns of airports.csv. */
export type Airports = {
  iata: 'string';
  name: 'string';
  city: 'string' | null;
  state: 'string' | null;
  country: 'string';
  latitude: 'float64';
  longitude: 'float64';
};

// The kernels by family; what is exported here is what the engine can call.
export * from './compare';
export * from './strings';
export * from './bitmap';
export * from './gather';
export * from './aggregate';
export * from './extremum';
export * from './keep';
export * from './stored';
export { snappy_decompress } from './snappy';
export * from './lz4';
export * from './parquet-levels';
export * from './parquet-values';
export * from './parquet-convert';
export * from './rows';
export * from './groups';

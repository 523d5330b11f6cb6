// The kernels by family; what is exported here is what the engine can call.
export * from './compare';
export * from './strings';
export * from './bitmap';
export * from './gather';
export * from './aggregate';
export * from './extremum';
export * from './keep';

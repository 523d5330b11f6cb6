import { describe, expect, test } from 'vitest';
import { applyChange } from '../../src/catalog/change.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { testCatalog } from '../support/bind.ts';

const view = (schema: string, name: string) =>
  ({ kind: 'view', schema, name, query: { kind: 'values', rows: [] } }) as const;

describe('catalog', () => {
  test('names ignore case and keep their spelling', () => {
    const catalog = testCatalog.withRelation(view('main', 'MyView'));
    expect(catalog.find(['myview'])?.name).toBe('MyView');
    expect(catalog.find(['main', 'MYVIEW'])?.name).toBe('MyView');
    expect(catalog.find(['memory', 'main', 'myview'])?.name).toBe('MyView');
    expect(catalog.find(['public', 'myview'])?.name).toBe('MyView');
    expect(catalog.find(['memory', 'myview'])?.name).toBe('MyView');
    expect(catalog.find(['other', 'main', 'myview'])).toBeUndefined();
  });

  test('a change makes a new catalog', () => {
    const changed = testCatalog.withSchema('S').withRelation(view('s', 'v'));
    expect(changed.find(['S', 'V'])?.kind).toBe('view');
    expect(testCatalog.hasSchema('s')).toBe(false);
    expect(changed.withoutRelation({ schema: 's', name: 'V' }).find(['s', 'v'])).toBeUndefined();
    expect(changed.withCurrentSchema('s').find(['v'])?.name).toBe('v');
    expect(changed.withCurrentSchema('s').find(['lineitem'])?.name).toBe('lineitem');
  });

  test('changes as data', () => {
    const place = { schema: 'main', name: 'mood' };
    const type = { kind: 'enum', values: ['sad', 'ok'] } as const;
    const catalog = [
      { change: 'create-schema', name: 'x' } as const,
      { change: 'create-view', view: view('x', 'v') } as const,
      { change: 'create-type', type: { ...place, type } } as const,
      { change: 'drop-relation', place: { schema: 'main', name: 't' } } as const,
    ].reduce(applyChange, testCatalog);
    expect(catalog.find(['x', 'v'])?.kind).toBe('view');
    expect(catalog.type(['MOOD'])?.type).toEqual(type);
    expect(catalog.find(['t'])).toBeUndefined();
    expect(applyChange(catalog, { change: 'drop-type', place }).type(['mood'])).toBeUndefined();
    expect(applyChange(catalog, { change: 'drop-schema', name: 'x' }).hasSchema('x')).toBe(false);
    expect(applyChange(catalog, { change: 'use', schema: 'x' }).currentSchema).toBe('x');
  });

  test('what is missing is named, with the nearest name', () => {
    expect(() => testCatalog.table({ path: ['lineitems'] })).toThrow("did you mean 'lineitem'?");
    expect(() => testCatalog.withRelation(view('nowhere', 'v'))).toThrow('Schema with name nowhere does not exist!');
    expect(() => testCatalog.place({ path: ['a', 'b', 'c', 'd'] })).toThrow(RayexecError);
    expect(() => testCatalog.place({ path: ['memry', 'b', 'c'] })).toThrow("did you mean 'memory'?");
  });

  test('readers go by the ending of the name', () => {
    expect(testCatalog.readerOf('data/*.PARQUET')?.name).toBe('read_parquet');
    expect(testCatalog.readerOf('https://host/x.csv.gz?token=1')?.name).toBe('read_csv');
    expect(testCatalog.readerOf('data/x.bin')).toBeUndefined();
  });
});

/** The layers, ground floor first. A folder may import only folders that stand before it. */
const layers = [
  'common',
  'platform',
  'types',
  'memory',
  'batch',
  'query',
  'plan',
  'kernels',
  'functions',
  'protocol',
  'storage',
  'sources',
  'catalog',
  'bind',
  'optimize',
  'operators',
  'lower',
  'execute',
  'distribute',
];
/** Neighbours that must not see each other although one stands above the other. */
const apart = [
  ['operators', ['query', 'bind', 'catalog', 'optimize']],
  ['execute', ['query', 'bind', 'catalog', 'optimize', 'lower']],
  ['distribute', ['query', 'bind', 'catalog', 'optimize']],
  ['lower', ['query', 'bind', 'catalog', 'optimize']],
  ['plan', ['query']],
  ['optimize', ['query', 'bind', 'catalog', 'sources']],
];
const error = 'error';

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: error,
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...layers.map((layer, i) => ({
      name: `${layer}-looks-down`,
      severity: error,
      comment: `src/${layer} may import only: ${layers.slice(0, i).join(', ') || 'nothing'}`,
      from: { path: `^src/${layer}/` },
      to: { path: `^src/(${layers.slice(i + 1).join('|') || '$'})/` },
    })),
    ...apart.map(([from, to]) => ({
      name: `${from}-knows-no-${to[0]}`,
      severity: error,
      from: { path: `^src/${from}/` },
      to: { path: `^src/(${to.join('|')})/` },
    })),
    { name: 'engine-knows-no-frontend', severity: error, from: { path: '^src/' }, to: { path: '^frontends/' } },
    {
      name: 'frontend-writes-queries-only',
      severity: error,
      from: { path: '^frontends/(?!session|cli|testing|index|browser|library)' },
      to: { path: '^src/(?!query|types|common)' },
    },
    {
      name: 'frontends-stand-alone',
      severity: error,
      from: { path: '^frontends/(?!session|cli|testing|index|browser|library)([^/]+)/' },
      to: { path: '^frontends/(?!$1/)' },
    },
    {
      name: 'rules-stand-alone',
      severity: error,
      from: { path: '^src/optimize/rules/(?!index)([^/]+)' },
      to: { path: '^src/optimize/(rules/(?!$1)|optimizer)' },
    },
    {
      name: 'operators-stand-alone',
      severity: error,
      comment: 'an operator knows no other operator; what they share lives in operators/lib',
      from: { path: '^src/operators/(?!index|[a-z]+-code|physical-plan|lib/)([^/]+)' },
      to: { path: '^src/operators/(?!lib/|physical-plan|$1)' },
    },
    {
      name: 'node-only-in-platform-and-distribute',
      severity: error,
      from: { path: '^src/(?!platform/|distribute/)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-test-in-code',
      severity: error,
      from: { path: '^(src|frontends)/' },
      to: { path: '^(test|examples)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/kernels/(assembly|generated)' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};

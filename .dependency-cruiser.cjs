// Import rules: who may see whom. A room is a folder of src/; what is not in its line of `rooms` is forbidden.

/** room → rooms it may import (itself always). */
const rooms = {
  model: [],
  lib: ['model'],
  links: ['model', 'lib'],
  topology: ['model', 'lib', 'nat', 'links'],
  nat: ['model', 'lib'],
  nodes: ['model', 'lib', 'nat'],
  components: ['model', 'lib', 'nat'],
  plan: ['model', 'lib', 'nat', 'nodes', 'components', 'links'],
  probes: ['model', 'lib'],
  evidence: ['model', 'lib'],
  engine: ['model', 'lib'],
  host: ['model', 'lib', 'engine'],
  images: ['model', 'lib', 'engine', 'host'],
  run: ['model', 'lib', 'plan', 'engine', 'evidence', 'links'],
  scenario: ['model', 'lib', 'plan', 'engine', 'probes', 'evidence', 'run', 'links'],
  claims: ['model', 'lib'],
  report: ['model', 'lib', 'claims'],
  bench: ['model', 'lib'],
};

/** Outside package → the one room that imports it, and everything else goes through that; tests may use any. */
const importers = {
  commander: 'src/cli/',
  dockerode: 'src/engine/docker/',
  execa: 'src/host/',
  listr2: 'src/report/',
  'p-limit': 'src/lib/',
  'tar-stream': 'src/engine/docker/',
  yaml: 'src/lib/',
  zod: ['src/topology/', 'src/images/'],
  zx: 'src/scenario/',
  '@hpcc-js/wasm-graphviz': 'src/report/',
};

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `${room} may import only: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^(src|scenarios|test)/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

const importerRules = Object.entries(importers).map(([name, importer]) => ({
  name: `package-${name}`,
  comment: `${name} is imported by ${importer} only`,
  severity: 'error',
  from: { path: '^(src|scenarios)/', pathNot: [importer].flat().map((folder) => `^${escape(folder)}`) },
  to: { path: `^node_modules/(@types/)?${escape(name)}/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...importerRules,
    {
      name: 'engine-interface-only',
      comment: 'which engine it is, is known to cli alone: others take an Engine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(engine|cli)/' },
      to: { path: '^src/engine/(?!engine\\.ts$)' },
    },
    {
      name: 'faces-only',
      comment: 'a room is entered by the file of its own name or its registry; what is heavy to load has a door of its own',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/$1/',
          '^src/(?:model|lib|engine)/',
          '^src/([^/]+)/(\\1|registry)\\.ts$',
          '^src/scenario/runner\\.ts$',
          '^src/report/graph/graph\\.ts$',
        ],
      },
    },
    {
      name: 'pure-core',
      comment: 'the way from a topology to a plan has no effects',
      severity: 'error',
      from: { path: '^src/(model|lib|topology|nat|links|nodes|components|plan|probes|evidence|claims)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|assert|util)$' },
    },
    {
      name: 'processes-in-host',
      comment: 'host is the only room that starts processes of this machine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/host/' },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'scenarios-use-the-api',
      comment: 'a scenario is what a user would write: it knows `edgelab` only',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: { path: '^src/', pathNot: '^src/scenario/scenario\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'not of types either: what two files share is in a third',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared',
      comment: 'what src uses is a dependency that a user gets',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/',
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'], extensions: ['.ts', '.js'] },
  },
};

import test from 'ava';
import { expectPunch, findGridKind, gridKinds, makeGrid, readGrid } from '../../../src/nat/nat.ts';

const kind = (name: string) => findGridKind(name)!;

/** Rows and columns as they were once measured by others with another program; `+` through. */
const measured = {
  names: [
    'open',
    'firewall',
    'full-cone',
    'address-restricted',
    'port-restricted',
    'masquerade',
    'home-behind-cgnat',
    'address-dependent',
    'symmetric',
    'udp-blocked',
  ],
  udp: [
    '+++++++++-',
    '+++++++---',
    '+++++++++-',
    '+++++++++-',
    '+++++++---',
    '+++++++---',
    '+++++++---',
    '+-++------',
    '+-++------',
    '----------',
  ],
  tcp: [
    '++++++++++',
    '+++++++--+',
    '++++++++++',
    '++++++++++',
    '+++++++--+',
    '+++++++--+',
    '+++++++--+',
    '+-++------',
    '+-++------',
    '+++++++--+',
  ],
};

for (const protocol of ['udp', 'tcp'] as const)
  test(`theory expects of ${protocol.toUpperCase()} what was measured elsewhere, and the same from both sides`, (t) => {
    const rows = measured.names.map((a) => measured.names.map((b) => (expectPunch(kind(a), kind(b), protocol) ? '+' : '-')).join(''));
    t.deepEqual(rows, measured[protocol]);
    for (const a of gridKinds) for (const b of gridKinds) t.is(expectPunch(a, b, protocol), expectPunch(b, a, protocol));
  });

test('the whole grid has at least 16 by 16 kinds over both protocols, each cell with ports of its own', (t) => {
  const grid = makeGrid({ kinds: gridKinds, protocols: ['udp', 'tcp'], one: false });
  t.true(gridKinds.length >= 16);
  t.is(grid.cells.length, gridKinds.length ** 2 * 2);
  const jobs = grid.files.filter(({ path }) => path.endsWith('.jobs'));
  const lines = jobs.flatMap(({ content }) => content.trim().split('\n'));
  t.is(lines.length, grid.cells.length * 2);
  t.is(new Set(lines.map((line) => line.split(' ')[2])).size, lines.length);
});

test('one cell has two hosts that are each other’s peers', (t) => {
  const grid = makeGrid({ kinds: [kind('full-cone'), kind('symmetric')], protocols: ['udp'], one: true });
  t.is(grid.cells.length, 1);
  const jobs = grid.files.filter(({ path }) => path.endsWith('.jobs')).map(({ path, content }) => [path.replace(/.*\//, ''), content]);
  t.deepEqual(jobs, [
    ['h0-0.jobs', '0 udp 20000 h1-1\n'],
    ['h1-1.jobs', '0 udp 25000 h0-0\n'],
  ]);
});

test('a punch has worked when both hosts say so', (t) => {
  const grid = makeGrid({ kinds: [kind('open'), kind('cgnat')], protocols: ['udp', 'tcp'], one: true });
  const [udp, tcp] = readGrid(grid, '0 12\n1 300\n0 40\nnoise\n');
  t.like(udp, { a: 'open', b: 'cgnat', seen: true, milliseconds: 40 });
  t.like(tcp, { protocol: 'tcp', seen: false });
  t.false('milliseconds' in tcp!);
});

test('routers come before links, and every namespace of the grid has one place', (t) => {
  const grid = makeGrid({ kinds: gridKinds, protocols: ['udp'], one: false });
  const names = grid.files
    .find(({ path }) => path.endsWith('/namespaces'))!
    .content.trim()
    .split('\n');
  t.is(new Set(names).size, names.length);
  t.is(names.filter((name) => name.startsWith('h')).length, gridKinds.length * 2);
  for (const name of names) t.true(grid.files.some(({ path }) => path.endsWith(`/${name}.net`)));
});

test('kinds are found by their names in the grid and by any preset, and nothing else is', (t) => {
  t.is(findGridKind('none')?.name, 'open');
  t.is(findGridKind('sym')?.name, 'symmetric');
  t.is(findGridKind('masquerade-reject')?.chain.length, 1);
  t.is(findGridKind('home-behind-cgnat')?.chain.length, 2);
  t.is(findGridKind('conical'), undefined);
});

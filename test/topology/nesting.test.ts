import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { outsideAddresses } from '../../src/lib/outside.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readTopology } from '../../src/topology/topology.ts';

const presets = ['full-cone', 'home-router', 'symmetric', 'cgnat', 'masquerade', 'one-to-one', 'firewall', 'none'];
const site = fc.record({
  subnet: fc.constantFrom('192.168.1.0/24', '192.168.1.0/24', '10.0.0.0/24', '100.64.0.0/28', '45.78.0.0/24', '172.16.0.0/30'),
  nat: fc.constantFrom(...presets),
  uplinks: fc.uniqueArray(fc.integer({ min: -1, max: 7 }), { maxLength: 3 }),
  pool: fc.option(
    fc.record({
      addresses: fc.oneof(fc.nat(20), fc.constant(['45.77.0.50', '45.77.0.51'])),
      pooling: fc.constantFrom('paired', 'arbitrary'),
    }),
    { nil: undefined },
  ),
  nodes: fc.nat(4),
  forwards: fc.array(
    fc.record({
      outside: fc.integer({ min: 1, max: 70_000 }),
      length: fc.nat(3),
      nodes: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
});

type AnySite = typeof site extends fc.Arbitrary<infer One> ? One : never;

const write = (sites: AnySite[]): string =>
  JSON.stringify({
    name: 'any',
    sites: {
      public: { nodes: { server: { role: 'host' } } },
      ...Object.fromEntries(
        sites.map(({ subnet, nat, uplinks, pool, nodes, forwards }, index) => [
          `s${index}`,
          {
            ...{ subnet, nat: pool ? { like: nat, ...pool } : nat },
            ...(uplinks.length > 1 && { uplinks: uplinks.map((uplink) => (uplink < 0 ? 'internet' : `s${uplink}`)) }),
            ...(uplinks.length === 1 && uplinks[0]! >= 0 && { uplink: `s${uplinks[0]}` }),
            ...(forwards.length > 0 && {
              forwards: forwards.map(
                ({ outside, length, nodes: targets }) =>
                  `tcp ${outside}-${outside + length} -> ${targets.map((node) => `s${index}-n${node}`).join(', ')}`,
              ),
            }),
            nodes: Object.fromEntries(Array.from({ length: nodes }, (_, node) => [`s${index}-n${node}`, { role: 'host' }])),
          },
        ]),
      ),
    },
  });

testProp(
  'sites behind sites are planned or refused: never thrown at, and no two addresses on a wire are equal',
  [fc.array(site, { maxLength: 8 })],
  (t, sites) => {
    const { lab, diagnostics } = readTopology(write(sites), 'any.yaml');
    if (!lab) return t.true(diagnostics.length > 0);
    const planned = makePlan(lab);
    t.deepEqual(planned.diagnostics, []);
    for (const { lan } of lab.sites)
      for (const { outside, to } of lan?.router.forwards ?? []) {
        t.true(outside[1] <= 65_535);
        t.not(to, '');
      }
    for (const { lan } of lab.sites) {
      const outside = lan ? outsideAddresses(lan.router) : [];
      t.true(outside.every((address) => address !== ''));
    }
    for (const step of planned.plan!.steps.filter(({ id, shown }) => /^(online|nat6?):/.test(id) && !shown))
      t.true(step.needs.includes(`link:${lab.internet.core.name}`));
  },
  { numRuns: 300 },
);

const nested = readTopology(
  `
name: nested
sites:
  public: { nodes: { server: { role: host } } }
  isp: { subnet: 100.64.0.0/24, nat: cgnat, nodes: {} }
  home: { subnet: 192.168.1.0/24, nat: home-router, uplink: isp, nodes: { pc: { role: host } } }
  flat: { subnet: 192.168.2.0/24, nat: none, uplink: home, nodes: { tv: { role: host } } }
  shed: { subnet: 192.168.1.0/24, nat: symmetric, uplink: flat, nodes: { pi: { role: host } } }
`,
  'nested.yaml',
);

test('a router is in the LAN of its uplink, and everything on its way out comes before it', (t) => {
  const { plan } = makePlan(nested.lab!);
  const wan = (name: string) => plan?.containers.find((one) => one.name === name)?.interfaces[0];
  t.deepEqual(wan('isp-router'), { network: 'internet', name: 'wan0', addresses: ['45.77.0.2/24'] });
  t.deepEqual(wan('home-router'), { network: 'isp', name: 'wan0', addresses: ['100.64.0.2/24'] });
  t.deepEqual(wan('shed-router'), { network: 'flat', name: 'wan0', addresses: ['192.168.2.2/24'] });
  t.deepEqual(
    plan?.steps.find(({ id }) => id === 'nat:shed')?.needs.slice(1),
    ['pi', 'shed-router', 'flat-router', 'home-router', 'isp-router', 'internet-core'].map((name) => `link:${name}`),
  );
});

test('a LAN that is routed behind a NAT is known and translated there', (t) => {
  const { plan } = makePlan(nested.lab!);
  const link = plan?.steps.find(({ id }) => id === 'link:home-router')?.action;
  const script = link?.do === 'link' ? link.script : undefined;
  t.regex(JSON.stringify(script?.env?.['EDGELAB_NETWORK']), /route replace 192\.168\.2\.0\/24 via 192\.168\.1\.2 dev lan0/);
  t.regex(script?.stdin ?? '', /oifname "wan0" ip saddr \{ 192\.168\.1\.0\/24, 192\.168\.2\.0\/24 \}/);
});

test('a router that is behind another is known by name on its wire and by its site elsewhere', (t) => {
  const { plan } = makePlan(nested.lab!);
  const hosts = (name: string) => {
    const action = plan?.steps.find(({ id }) => id === `link:${name}`)?.action;
    return action?.do === 'link' ? JSON.stringify(action.script.env?.['EDGELAB_HOSTS']) : '';
  };
  t.regex(hosts('isp-router'), /\\n100\.64\.0\.2 home-router home-router\.isp\\n/);
  t.notRegex(hosts('server'), /home-router/);
});

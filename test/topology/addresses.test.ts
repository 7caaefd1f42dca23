import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { contains, countHosts, parseIpv4, subnetOf } from '../../src/lib/ip.ts';
import { addressesOf, anySample, codesOf, labOf, nodesOf, type Sample } from './sample.ts';

const host = { role: 'host' };
const lan = (nodes: object, subnet = '192.168.1.0/24') => ({ name: 'l', sites: { lan: { subnet, nat: 'symmetric', nodes } } });
const many = (count: number, prefix = 'n') => Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, host]));
const addresses = (topology: object) => nodesOf(labOf(topology)).map(({ address }) => address);

test('public nodes begin at 10, routers at 2, LAN nodes at 11, and each router is the first host', (t) => {
  const site = (third: number, nodes: object) => ({ subnet: `192.168.${third}.0/24`, nat: 'symmetric', nodes });
  const lab = labOf({ name: 'l', sites: { a: site(1, many(2, 'a')), pub: { nodes: many(2, 'p') }, b: site(2, many(1, 'b')) } });
  t.is(lab.internet.subnet, '45.77.0.0/24');
  t.deepEqual(lab.internet.core, { name: 'internet-core', address: '45.77.0.1', otherAddress: '192.0.2.1' });
  t.deepEqual(
    [...addressesOf(lab)],
    [
      ['a0', '192.168.1.11'],
      ['a1', '192.168.1.12'],
      ['p0', '45.77.0.10'],
      ['p1', '45.77.0.11'],
      ['b0', '192.168.2.11'],
      ['a-router wan', '45.77.0.2'],
      ['a-router lan', '192.168.1.1'],
      ['b-router wan', '45.77.0.3'],
      ['b-router lan', '192.168.2.1'],
    ],
  );
});

test('an explicit address is kept, and nodes below it go around', (t) => {
  t.deepEqual(addresses(lan({ a: { ...host, address: '192.168.1.12' }, b: host, c: host })), [
    '192.168.1.12',
    '192.168.1.11',
    '192.168.1.13',
  ]);
});

test('an explicit address never moves a node above it', (t) => {
  t.deepEqual(codesOf(lan({ a: host, b: { ...host, address: '192.168.1.11' } })), ['TOPO027']);
});

test('a router goes around an explicit public address above it', (t) => {
  const sites = {
    pub: { nodes: { p: { ...host, address: '45.77.0.2' } } },
    lan: { subnet: '10.0.0.0/8', nat: 'symmetric', nodes: { a: host } },
  };
  t.is(labOf({ name: 'l', sites }).sites[1]?.lan?.router.wan, '45.77.0.3');
});

test('a small LAN is filled to the last address, and not beyond', (t) => {
  t.deepEqual(
    addresses(lan(many(5), '192.168.1.0/29')),
    ['2', '3', '4', '5', '6'].map((last) => `192.168.1.${last}`),
  );
  t.deepEqual(codesOf(lan(many(6), '192.168.1.0/29')), ['TOPO022']);
  t.is(new Set(addresses(lan(many(253)))).size, 253);
  t.deepEqual(codesOf(lan(many(254))), ['TOPO022']);
});

test('a hundred LANs fit the default internet beside public nodes', (t) => {
  const lans = Array.from({ length: 100 }, (_, n) => [
    `lan${n}`,
    { subnet: '192.168.1.0/24', nat: 'symmetric', nodes: { [`h${n}`]: host } },
  ]);
  const lab = labOf({ name: 'l', sites: { pub: { nodes: many(100) }, ...(Object.fromEntries(lans) as object) } });
  const outside = [
    ...lab.sites.flatMap((site) => (site.lan ? [site.lan.router.wan] : [])),
    ...nodesOf(lab)
      .slice(0, 100)
      .map(({ address }) => address),
  ];
  t.is(new Set(outside).size, 200);
});

test('LANs may have the same subnet and the same addresses', (t) => {
  const site = (nodes: object) => ({ subnet: '192.168.1.0/24', nat: 'symmetric', nodes });
  t.deepEqual(addresses({ name: 'l', sites: { a: site({ x: host }), b: site({ y: host }) } }), ['192.168.1.11', '192.168.1.11']);
});

testProp('addresses of a segment are distinct, inside it, and none of its ends', [anySample], (t, sample) => {
  const lab = labOf(sample);
  const core = lab.internet.core.address;
  const outside = lab.sites.flatMap((site) => (site.lan ? [site.lan.router.wan] : site.nodes.map(({ address }) => address)));
  const segments = [{ subnet: lab.internet.subnet, members: [core, ...outside] }];
  for (const { lan: own, nodes } of lab.sites) {
    if (own) segments.push({ subnet: own.subnet, members: [own.router.lan, ...nodes.map(({ address }) => address)] });
  }
  for (const { subnet, members } of segments) {
    const bounds = subnetOf(subnet);
    const numbers = members.map((address) => parseIpv4(address) ?? -1);
    t.is(new Set(numbers).size, members.length);
    t.true(numbers.every((number) => contains(bounds, number) && number !== bounds.network && number !== bounds.broadcast));
  }
});

/** The names whose address is another one in the second lab. */
const moved = (before: Sample, after: Sample): string[] => {
  const [old, fresh] = [addressesOf(labOf(before)), addressesOf(labOf(after))];
  return [...old].filter(([name, address]) => fresh.get(name) !== address).map(([name]) => name);
};
/** Those who share the segment of a public site and come after it: the only ones an added node may move. */
const publicBelow = ({ sites }: Sample, site: string): string[] => {
  const below = Object.entries(sites).slice(Object.keys(sites).indexOf(site) + 1);
  return sites[site]?.subnet ? [] : below.flatMap(([, { subnet, nodes }]) => (subnet ? [] : Object.keys(nodes)));
};
const withNode = ({ name, sites }: Sample, site: string): Sample => {
  const changed = { ...sites[site], nodes: { ...sites[site]?.nodes, added: host } };
  return { name, sites: { ...sites, [site]: changed } };
};
const hasRoom = (sample: Sample, site: string): boolean => {
  const { subnet, nodes } = sample.sites[site] ?? { nodes: {} };
  return subnet === undefined || Object.keys(nodes).length + 1 < countHosts(subnetOf(subnet));
};
const anySite = (sample: Sample, n: number): string => Object.keys(sample.sites)[n % Object.keys(sample.sites).length] ?? '';

testProp(
  'a node added to a site changes no other address, except of public nodes below it when it is public itself',
  [anySample, fc.nat()],
  (t, sample, n) => {
    const site = anySite(sample, n);
    fc.pre(hasRoom(sample, site));
    const allowed = publicBelow(sample, site);
    t.deepEqual(
      moved(sample, withNode(sample, site)).filter((name) => !allowed.includes(name)),
      [],
    );
  },
);

testProp('a site added at the end changes no other address in the lab', [anySample, fc.boolean()], (t, sample, isLan) => {
  const added = { ...(isLan ? { subnet: '192.168.0.0/16', nat: 'full-cone' } : {}), nodes: { added: host } };
  t.deepEqual(moved(sample, { ...sample, sites: { ...sample.sites, added } }), []);
});

testProp('an explicit address given to the last node changes no other address', [anySample, fc.nat()], (t, sample, at) => {
  const site = Object.keys(sample.sites).at(-1) ?? '';
  const segment = subnetOf(sample.sites[site]?.subnet ?? '45.77.0.0/24');
  const address = `${segment.cidr.split('.').slice(0, 3).join('.')}.${2 + (at % (Math.min(254, countHosts(segment)) - 1))}`;
  fc.pre(hasRoom(sample, site));
  const last = withNode(sample, site);
  const explicit = {
    ...last,
    sites: { ...last.sites, [site]: { ...last.sites[site], nodes: { ...last.sites[site]?.nodes, added: { ...host, address } } } },
  };
  const codes = codesOf(explicit);
  if (codes.length > 0) t.true(codes.length === 1 && ['TOPO027', 'TOPO028'].includes(codes[0] ?? ''));
  else {
    t.deepEqual(moved(sample, explicit), []);
    t.is(addressesOf(labOf(explicit)).get('added'), address);
  }
});

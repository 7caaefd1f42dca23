import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { ipv6SideOf } from '../../src/lib/families.ts';
import { contains } from '../../src/lib/ip.ts';
import { parseIpv6, subnet6Of } from '../../src/lib/ipv6.ts';
import type { Lab } from '../../src/model/lab.ts';
import { addressesOf, anySample, labOf, nodesOf, type Sample } from './sample.ts';

const host = { role: 'host' };
const home = { subnet: '192.168.1.0/24', nat: 'home-router', nodes: { a: host, b: host } };

test('a site with subnet6 makes its LAN and the internet dual-stack, by the numbers of IPv4', (t) => {
  const lab = labOf({ name: 'l', sites: { pub: { nodes: { p: host } }, home: { ...home, subnet6: '2001:db8:a::/64' } } });
  t.deepEqual(lab.internet.ipv6, { subnet: '2001:db8::/64', address: '2001:db8::1', otherAddress: '3fff::1' });
  t.deepEqual(
    nodesOf(lab).map(({ address6 }) => address6),
    ['2001:db8::a', '2001:db8:a::b', '2001:db8:a::c'],
  );
  t.deepEqual(lab.sites[1]?.lan?.ipv6, {
    ...{ subnet: '2001:db8:a::/64', wan: '2001:db8::2', lan: '2001:db8:a::1' },
    behaviour: { kind: 'ipv6', filtering: 'address-and-port-dependent', timeouts: { udp: 30, tcp: 7440 } },
  });
});

test('without a subnet6 anywhere there is no IPv6', (t) => {
  const lab = labOf({ name: 'l', sites: { pub: { nodes: { p: host } }, home } });
  t.is(lab.internet.ipv6, undefined);
  t.is(ipv6SideOf(lab), undefined);
  t.true(nodesOf(lab).every((node) => !('address6' in node)));
});

test('nodes that run containers keep to IPv4, on an internet that has both', (t) => {
  const lab = labOf({
    name: 'l',
    internet: { subnet6: '2001:db8::/64' },
    sites: { cloud: { nodes: { cloud: { role: 'control-plane' }, p: host } } },
    install: { kubernetes: '1.32.5', flannel: { on: ['cloud'] } },
  });
  t.deepEqual(
    nodesOf(lab).map(({ address6 }) => address6),
    [undefined, '2001:db8::b'],
  );
});

test('the STUN server has an address that no subnet of the lab has', (t) => {
  const lab = labOf({ name: 'l', sites: { home: { ...home, subnet6: '3fff::/20' } } });
  t.false(contains(subnet6Of('3fff::/20'), parseIpv6(lab.internet.ipv6!.otherAddress)!));
});

test('an explicit address is kept, in its short form', (t) => {
  const nodes = { a: { ...host, address6: '2001:DB8:A:0::50' }, b: host };
  const lab = labOf({ name: 'l', sites: { home: { ...home, subnet6: '2001:db8:a::/64', nodes } } });
  t.deepEqual(
    nodesOf(lab).map(({ address6 }) => address6),
    ['2001:db8:a::50', '2001:db8:a::c'],
  );
});

/** A dual-stack internet, and some LANs of a sample with an IPv6 subnet of their own each. */
const dualStack = ({ name, sites }: Sample, wanted: readonly boolean[]): object => ({
  name,
  internet: { subnet6: '2001:db8::/64' },
  sites: Object.fromEntries(
    Object.entries(sites).map(([site, one], index) => [
      site,
      one.subnet !== undefined && wanted[index % wanted.length] === true ? { ...one, subnet6: `2001:db8:${index + 1}::/64` } : one,
    ]),
  ),
});
const anyWanted = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });

/** Segment → its IPv6 subnet and everybody's address in it. */
const segmentsOf = (lab: Lab): { subnet: string; members: string[] }[] => {
  const side = ipv6SideOf(lab);
  if (!side) return [];
  const outside = side.sites.flatMap(({ lan, nodes }) => (lan ? [lan.router.wan] : nodes.map(({ address }) => address)));
  return [
    { subnet: side.internet.subnet, members: [side.internet.core.address, ...outside] },
    ...side.sites.flatMap(({ lan, nodes }) =>
      lan ? [{ subnet: lan.subnet, members: [lan.router.lan, ...nodes.map(({ address }) => address)] }] : [],
    ),
  ];
};

testProp('IPv6 addresses of a segment are distinct, inside it, and not its first', [anySample, anyWanted], (t, sample, wanted) => {
  for (const { subnet, members } of segmentsOf(labOf(dualStack(sample, wanted)))) {
    const bounds = subnet6Of(subnet);
    const values = members.map((address) => parseIpv6(address)!);
    t.is(new Set(values).size, members.length);
    t.true(values.every((value) => contains(bounds, value) && value !== bounds.network));
  }
});

testProp('IPv6 moves no IPv4 address, and a LAN more moves no IPv6 address', [anySample, anyWanted], (t, sample, wanted) => {
  const lab = labOf(dualStack(sample, wanted));
  t.deepEqual(addressesOf(lab), addressesOf(labOf(sample)));
  const more = { ...sample, sites: { ...sample.sites, added: { subnet: '10.9.0.0/24', nat: 'symmetric', nodes: { added: host } } } };
  const fresh = segmentsOf(labOf(dualStack(more, wanted)));
  for (const [index, { members }] of segmentsOf(lab).entries()) t.true(members.every((address) => fresh[index]!.members.includes(address)));
});

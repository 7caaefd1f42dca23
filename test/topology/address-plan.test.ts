/** Which addresses move when something is added: of labs with pools, one-to-one NATs, sites behind sites, several uplinks, lines and forwards. */
import { fc, testProp } from '@fast-check/ava';
import { contains, parseIpv4, subnetOf } from '../../src/lib/ip.ts';
import { listWays } from '../../src/lib/outside.ts';
import type { Lab } from '../../src/model/lab.ts';
import { labOf } from './sample.ts';

const host = { role: 'host' };

/** Each run reads one or two topologies of some size. */
const some = { numRuns: 40 };

type RichSite = {
  subnet?: string;
  nat?: string | { like: string; addresses: number };
  uplinks?: string[];
  forwards?: string[];
  nodes: Record<string, typeof host>;
};
type Rich = { name: string; sites: Record<string, RichSite>; links?: { between: [string, string] }[] };

const anyKind = fc.constantFrom('lan', 'lan', 'pool', 'one-to-one', 'region', 'public');
const anyRich: fc.Arbitrary<Rich> = fc
  .array(
    fc.record({
      kind: anyKind,
      nodes: fc.integer({ min: 1, max: 4 }),
      pool: fc.integer({ min: 2, max: 4 }),
      ways: fc.array(fc.nat(7)),
      forwarded: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((written) => {
    const sites: Record<string, RichSite> = {};
    const regions: string[] = [];
    for (const [index, { kind, nodes, pool, ways, forwarded }] of written.entries()) {
      const name = `s${index}`;
      const inside = Object.fromEntries(Array.from({ length: nodes }, (_, n) => [`n${index}-${n}`, host]));
      if (kind === 'public') sites[name] = { nodes: inside };
      else if (kind === 'region') {
        sites[name] = { subnet: `45.78.${index}.0/24`, nat: 'none', nodes: inside };
        regions.push(name);
      } else {
        // Behind sites above only: so there is no circle.
        const above = [...new Set(ways.filter((way) => way < index && sites[`s${way}`]?.subnet))].map((way) => `s${way}`).slice(0, 3);
        const several = kind !== 'one-to-one' && above.length > 0 && ways.length % 2 === 0;
        const nat = { lan: 'home-router', pool: { like: 'full-cone', addresses: pool }, 'one-to-one': 'one-to-one' }[kind];
        sites[name] = {
          ...{ subnet: `192.168.${index}.0/24`, nat },
          ...(above.length > 0 && { uplinks: several ? [...above, 'internet'] : above.slice(0, 1) }),
          ...(forwarded && kind !== 'one-to-one' && { forwards: [`tcp 8080 -> n${index}-0:80`, `udp 4500 -> n${index}-${nodes - 1}`] }),
          nodes: inside,
        };
      }
    }
    const links = regions.slice(1).map((region, index) => ({ between: [regions[index]!, region] as [string, string] }));
    return { name: 'rich', sites, ...(links.length > 0 && { links }) };
  });

/** A topology takes one uplink as a word, several as a list. */
const resolved = ({ sites, ...rest }: Rich): Lab =>
  labOf({
    ...rest,
    sites: Object.fromEntries(
      Object.entries(sites).map(([name, { uplinks = [], ...site }]) => [
        name,
        { ...site, ...(uplinks.length === 1 && { uplink: uplinks[0] }), ...(uplinks.length > 1 && { uplinks }) },
      ]),
    ),
  });

/** Who holds what, in words: nodes, and of routers the first outside address, further ones, and those of other uplinks. */
const holders = (lab: Lab): Map<string, string> =>
  new Map([
    ['core', lab.internet.core.address],
    ...lab.sites.flatMap(({ name, lan, nodes }): [string, string][] => [
      ...nodes.map((node): [string, string] => [node.name, node.address]),
      ...(lan
        ? ([
            [`${name} lan`, lan.router.lan],
            [`${name} wan`, lan.router.wan],
            ...(lan.router.pool ?? []).slice(1).map((address, n) => [`${name} further ${n}`, address]),
            ...(lan.router.pairs ?? []).slice(1).map(({ outside }, n) => [`${name} further ${n}`, outside]),
            ...(lan.router.backups ?? []).map(({ wan }, n) => [`${name} further by ${n}`, wan]),
          ] as [string, string][])
        : []),
    ]),
    ...(lab.links ?? []).flatMap(({ name, ends }) => ends.map(({ site, address }): [string, string] => [`${name} at ${site}`, address])),
  ]);

/** The addresses on each segment: the internet, each LAN, each line. */
const segmentsOf = (lab: Lab): { subnet: string; members: string[] }[] => {
  const outsideIn = (uplink: string | undefined): string[] =>
    lab.sites.flatMap(({ lan }) => {
      if (!lan) return [];
      const { wan, pool = [], pairs = [] } = lan.router;
      const further = [...pool, ...pairs.map(({ outside }) => outside)].filter((address) => address !== wan);
      return listWays(lan.router).flatMap((way, n) => (way.uplink === uplink ? [way.wan, ...(n === 0 ? further : [])] : []));
    });
  const open = lab.sites.flatMap(({ lan, nodes }) => (lan ? [] : nodes.map(({ address }) => address)));
  return [
    { subnet: lab.internet.subnet, members: [lab.internet.core.address, ...open, ...outsideIn(undefined)] },
    ...lab.sites.flatMap(({ name, lan, nodes }) =>
      lan ? [{ subnet: lan.subnet, members: [lan.router.lan, ...nodes.map(({ address }) => address), ...outsideIn(name)] }] : [],
    ),
    ...(lab.links ?? []).map(({ ends }) => ({ subnet: `${ends[0].address}/30`, members: ends.map(({ address }) => address) })),
  ];
};

testProp(
  'no two on a segment have one address, and each address is of its segment',
  [anyRich],
  (t, rich) => {
    const lab = resolved(rich);
    const segments = segmentsOf(lab);
    t.is(
      new Set(segments.filter(({ subnet }) => subnet.startsWith('169.254.')).map(({ subnet }) => subnetOf(subnet).cidr)).size,
      lab.links?.length ?? 0,
    );
    for (const { subnet, members } of segments) {
      const bounds = subnetOf(subnet);
      t.is(new Set(members).size, members.length, `${subnet}: ${members.join(' ')}`);
      for (const address of members) {
        const number = parseIpv4(address) ?? -1;
        t.true(contains(bounds, number) && number !== bounds.network && number !== bounds.broadcast, `${address} in ${subnet}`);
      }
    }
  },
  some,
);

testProp(
  'a forward leads to the address of the node it names',
  [anyRich],
  (t, rich) => {
    const lab = resolved(rich);
    const held = holders(lab);
    for (const [name, { forwards = [] }] of Object.entries(rich.sites))
      t.deepEqual(
        (lab.sites.find((site) => site.name === name)?.lan?.router.forwards ?? []).map(({ to }) => to),
        forwards.map((text) => held.get(/-> ([\w-]+)/.exec(text)![1]!) ?? 'nobody'),
      );
  },
  some,
);

const moved = (before: Rich, after: Rich): string[] => {
  const [old, fresh] = [holders(resolved(before)), holders(resolved(after))];
  return [...old].filter(([name, address]) => fresh.get(name) !== address).map(([name]) => name);
};
const change = ({ sites, ...rest }: Rich, name: string, to: Partial<RichSite>): Rich => ({
  ...rest,
  sites: { ...sites, [name]: { ...sites[name]!, ...to } },
});
const pick = ({ sites }: Rich, n: number, fits: (site: RichSite) => boolean): string | undefined => {
  const names = Object.keys(sites).filter((name) => fits(sites[name]!));
  return names[n % names.length];
};
const above = ({ sites }: Rich, name: string) => Object.keys(sites).slice(0, Object.keys(sites).indexOf(name));

testProp(
  'a site added at the end moves nothing, whatever it has',
  [anyRich, anyRich],
  (t, rich, other) => {
    const [last] = Object.values(other.sites).slice(-1);
    const { uplinks: _, forwards: __, ...added } = last!;
    const nodes = Object.fromEntries(Object.keys(added.nodes).map((name) => [`added-${name}`, host]));
    const uplinks = Object.keys(rich.sites)
      .filter((name) => rich.sites[name]!.subnet)
      .slice(0, 2);
    const behind = added.nat !== undefined && added.nat !== 'none' && added.nat !== 'one-to-one' && uplinks.length > 0 ? { uplinks } : {};
    t.deepEqual(
      moved(rich, {
        ...rich,
        sites: {
          ...rich.sites,
          added: {
            ...added,
            subnet: undefined,
            ...(added.subnet && { subnet: added.nat === 'none' ? '45.99.0.0/24' : '172.16.0.0/24' }),
            nodes,
            ...behind,
          } as RichSite,
        },
      }),
      [],
    );
  },
  some,
);

testProp(
  'a node added to a LAN moves no node, and no router but for further addresses below it',
  [anyRich, fc.nat()],
  (t, rich, n) => {
    const name = pick(rich, n, ({ subnet }) => subnet !== undefined);
    fc.pre(name !== undefined);
    const { nat, nodes } = rich.sites[name]!;
    const changed = moved(rich, change(rich, name, { nodes: { ...nodes, added: host } }));
    // A one-to-one NAT has an address more with it; everywhere else nothing at all moves.
    t.deepEqual(nat === 'one-to-one' ? changed.filter((who) => !isFurther(rich, who, name)) : changed, []);
  },
  some,
);

testProp(
  'an address added to a pool moves nothing but further addresses of sites below',
  [anyRich, fc.nat()],
  (t, rich, n) => {
    const name = pick(rich, n, ({ nat }) => typeof nat === 'object');
    fc.pre(name !== undefined);
    const nat = rich.sites[name]!.nat as { like: string; addresses: number };
    const after = change(rich, name, { nat: { ...nat, addresses: nat.addresses + 1 } });
    t.deepEqual(
      moved(rich, after).filter((who) => !isFurther(rich, who, name)),
      [],
    );
  },
  some,
);

testProp(
  'an uplink added to a list moves nothing but further addresses of sites below',
  [anyRich, fc.nat()],
  (t, rich, n) => {
    const free = (name: string) => above(rich, name).filter((one) => rich.sites[one]!.subnet && !rich.sites[name]!.uplinks?.includes(one));
    const name = pick(
      rich,
      n,
      ({ nat, uplinks = [] }) => nat !== undefined && nat !== 'none' && nat !== 'one-to-one' && uplinks.length < 4,
    );
    fc.pre(name !== undefined && free(name).length > 0);
    const { uplinks = ['internet'] } = rich.sites[name]!;
    const after = change(rich, name, { uplinks: [...uplinks, free(name)[0]!] });
    t.deepEqual(
      moved(rich, after).filter((who) => !isFurther(rich, who, name)),
      [],
    );
  },
  some,
);

testProp(
  'a line or a forward added at the end moves nothing',
  [anyRich, fc.nat()],
  (t, rich, n) => {
    const regions = Object.keys(rich.sites).filter((name) => rich.sites[name]!.nat === 'none');
    if (regions.length > 2)
      t.deepEqual(moved(rich, { ...rich, links: [...(rich.links ?? []), { between: [regions[0]!, regions.at(-1)!] }] }), []);
    const name = pick(rich, n, ({ nat }) => nat !== undefined && nat !== 'none' && nat !== 'one-to-one');
    fc.pre(name !== undefined);
    const { forwards = [], nodes } = rich.sites[name]!;
    t.deepEqual(moved(rich, change(rich, name, { forwards: [...forwards, `tcp 9000 -> ${Object.keys(nodes)[0]}`] })), []);
  },
  some,
);

/** What lies beyond the first address of routers at or below a site: taken last, and so the only thing that such an edit may move. */
function isFurther(rich: Rich, who: string, site: string): boolean {
  const [name = '', what] = who.split(' ');
  return what === 'further' && !above(rich, site).includes(name);
}

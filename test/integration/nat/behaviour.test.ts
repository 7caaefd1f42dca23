import test from 'ava';
import type { Dependence, NatBehaviour } from '../../../src/model/nat.ts';
import { makeRuleset, natPresets } from '../../../src/nat/nat.ts';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, reflector, reflectorArguments, type NatLab } from './nat-lab.ts';

const classified = ['full-cone', 'address-restricted', 'port-restricted', 'symmetric', 'masquerade'];

type Seen = { localPort: number; seen: string[]; mapping: string; filtering: string };
type Measured = { udp: Seen; tcp: Seen; hairpin: string };

/** Those whose routers any tester can classify over both transports. */
const presets = natPresets.filter(({ name }) => classified.includes(name));
const sites = presets.map(
  ({ name }) => `  ${name}: { subnet: 192.168.1.0/24, nat: ${name}, nodes: { ${name}-1: { role: host }, ${name}-2: { role: host } } }`,
);
const topology = `
name: nat-proof
internet: { subnet: 45.77.0.0/24 }
sites:
  public: { nodes: { server: { role: host } } }
${sites.join('\n')}
  routed: { subnet: 45.78.0.0/24, nat: none, nodes: { routed-1: { role: host } } }
  brief:
    subnet: 192.168.1.0/24
    nat: { mapping: endpoint-independent, filtering: endpoint-independent, timeouts: { udp: 3 } }
    nodes: { brief-1: { role: host } }
`;

const dependences: Dependence[] = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'];

/** What a tester must find from one host behind a NAT: stock masquerade looks like the usual home router. */
function expected(behaviour: NatBehaviour): { mapping: string; filtering: string; preserved: boolean; hairpin: string } {
  if (behaviour.kind !== 'rfc4787')
    return { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', preserved: true, hairpin: 'no' };
  const { mapping, filtering, ports, hairpinning } = behaviour;
  return { mapping, filtering, preserved: ports === 'preserve', hairpin: hairpinning ? 'outside address' : 'no' };
}

function found({ udp, tcp, hairpin }: Measured, wan: string): { udp: object; tcp: object; hairpin: string } {
  const view = ({ localPort, seen, mapping, filtering }: Seen) => ({ mapping, filtering, preserved: seen[0] === `${wan}:${localPort}` });
  return { udp: view(udp), tcp: view(tcp), hairpin };
}

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, image, topology);
  });
  test.after.always(() => lab.close());

  const measure = async (node: string, localPort: number): Promise<Measured> =>
    JSON.parse(await lab.perl(node, 'measure.pl', ...reflectorArguments, localPort)) as Measured;
  const routerOf = (site: string) => lab.lab.sites.find(({ name }) => name === site)!.lan!.router;

  for (const { name, behaviour } of presets)
    test(`a ${name} router behaves as declared over UDP and TCP`, async (t) => {
      const { hairpin, ...axes } = expected(behaviour);
      t.deepEqual(found(await measure(`${name}-1`, 20_000), routerOf(name).wan), { udp: axes, tcp: axes, hairpin });
    });

  test('a router without NAT passes everything unchanged', async (t) => {
    const { udp, tcp } = await measure('routed-1', 20_000);
    const open = { mapping: 'endpoint-independent', filtering: 'endpoint-independent' };
    t.deepEqual({ ...udp, seen: [...new Set(udp.seen)] }, { ...open, localPort: 20_000, seen: ['45.78.0.11:20000'] });
    t.deepEqual({ ...tcp, seen: [...new Set(tcp.seen)] }, { ...open, localPort: 20_005, seen: ['45.78.0.11:20005'] });
  });

  for (const [index, mapping] of dependences.entries())
    test(`every filtering, port assignment and hairpinning comes out right with ${mapping} mapping`, async (t) => {
      // Three routers are measured side by side; each has a site and a host of its own.
      const hosts = presets.slice(0, dependences.length).map(({ name }) => name);
      await Promise.all(
        dependences.map(async (filtering, lane) => {
          const site = hosts[lane]!;
          const { name: router, wan, nat } = routerOf(site);
          let localPort = 30_000 + index * 1000;
          for (const ports of ['preserve', 'random'] as const)
            for (const hairpinning of [false, true]) {
              const behaviour: NatBehaviour = { kind: 'rfc4787', mapping, filtering, ports, hairpinning, timeouts: { udp: 30, tcp: 7440 } };
              await lab.ok(router, 'nft -f - && conntrack -F', makeRuleset(behaviour, { wan, lanSubnet: '192.168.1.0/24' }));
              const { hairpin, ...axes } = expected(behaviour);
              t.deepEqual(
                found(await measure(`${site}-1`, (localPort += 20)), wan),
                { udp: axes, tcp: axes, hairpin },
                JSON.stringify(behaviour),
              );
            }
          await lab.ok(router, 'nft -f - && conntrack -F', makeRuleset(nat, { wan, lanSubnet: '192.168.1.0/24' }));
        }),
      );
    });

  /** Endpoints of two hosts that use the same inside ports at the same time: outside ports by endpoint. */
  const storm = async (site: string): Promise<Map<string, Set<string>>> => {
    const hosts = [`${site}-1`, `${site}-2`];
    const outputs = await Promise.all(hosts.map((host) => lab.perl(host, 'storm.pl', ...reflectorArguments, 20_000, 150)));
    const outside = new Map<string, Set<string>>();
    for (const [index, output] of outputs.entries())
      for (const [inside = '', seen = ''] of output.split('\n').map((line) => line.split(' '))) {
        const endpoint = `${hosts[index] ?? ''}:${inside}`;
        outside.set(endpoint, (outside.get(endpoint) ?? new Set()).add(seen));
      }
    return outside;
  };

  test('an endpoint keeps one outside port and shares it with nobody, however many hosts want the same', async (t) => {
    const outside = await storm('port-restricted');
    t.is(outside.size, 300);
    t.is([...outside.values()].filter((ports) => ports.size > 1).length, 0, 'endpoints with several outside ports');
    t.is(new Set([...outside.values()].flatMap((ports) => [...ports])).size, 300, 'distinct outside ports');
  });

  test('stock masquerade overloads ports, as Linux does', async (t) => {
    const outside = await storm('masquerade');
    t.true([...outside.values()].filter((ports) => ports.size > 1).length > 0);
  });

  test('a TCP mapping lives long while its connection is established and a little after it was closed', async (t) => {
    const router = routerOf('port-restricted').name;
    // What is left, to the largest unit; nft goes on showing the timeout the element was made with.
    const left = `nft list map ip lab owner | grep -o ' 7777 timeout [0-9a-z]* expires [0-9]*[hms]' | cut -d' ' -f6`;
    const connect = `socket(S, PF_INET, SOCK_STREAM, 6); bind(S, pack_sockaddr_in(7777, INADDR_ANY)); connect(S, pack_sockaddr_in(${reflector.port}, inet_aton("${reflector.address}"))) or die "$!"`;
    await lab.ok(
      'port-restricted-1',
      `perl -MSocket -e '${connect}; syswrite(S, "t - 0"); sysread(S, $_, 99); open(F, ">", "/tmp/open"); close F; sleep 1 while -e "/tmp/open"' > /dev/null & until [ -e /tmp/open ]; do sleep 0.05; done`,
    );
    t.is(await lab.ok(router, left), '2h');
    await lab.ok('port-restricted-1', 'rm /tmp/open');
    t.is(await lab.ok(router, `for _ in $(seq 100); do [ "$(${left})" = 3m ] && break; sleep 0.05; done; ${left}`), '3m');
  });

  test('a mapping and its filter end when their timeout has passed, not before', async (t) => {
    t.is(await lab.perl('brief-1', 'lifetime.pl', reflector.address, reflector.port, 25_000, 1500, 2500, 4500, 6000), '1500 2500');
  });
});

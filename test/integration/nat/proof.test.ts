import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Engine } from '../../../src/engine/engine.ts';
import { ensureImages } from '../../../src/images/images.ts';
import { familiesOf } from '../../../src/lib/families.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import type { LabEvent } from '../../../src/model/event.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { declaredFor, findNatPreset, makeRuleset, natPresets, proberProgram, writeFinding } from '../../../src/nat/nat.ts';
import { routersOut } from '../../../src/nodes/nodes.ts';
import { listMeasured, makePlan } from '../../../src/plan/plan.ts';
import { down, up } from '../../../src/run/run.ts';
import { readLab } from '../../lib/read-lab.ts';
import { withDocker } from '../engine/real-docker.ts';

const subnetOf = (index: number, kind: string): string =>
  kind === 'none' || kind === 'firewall' ? `45.78.${index}.0/24` : '192.168.1.0/24';
const every = natPresets
  .map(
    ({ name, behaviour }, index) =>
      `  ${name}: { subnet: ${subnetOf(index, behaviour.kind)}, nat: ${name}, nodes: { ${name}-1: { role: host } } }`,
  )
  .join('\n');

const topology = `
name: nat-every
sites:
  public: { nodes: { server: { role: host } } }
${every}
  isp: { subnet: 100.64.0.0/24, nat: cgnat, nodes: {} }
  home:
    uplink: isp
    subnet: 192.168.1.0/24
    nat: full-cone
    nodes: { pc: { role: host } }
  deep:
    uplink: home
    subnet: 192.168.2.0/24
    nat: none
    nodes: { tv: { role: host } }
  office:
    subnet: 192.168.1.0/24
    nat: { like: home-router, ports: [20000, 20999], inbound: reject }
    forwards: [udp 45000 -> desk:4500, tcp 10000-10002 -> desk:30000-30002]
    nodes: { desk: { role: host }, chair: { role: host } }
  paired:
    subnet: 192.168.1.0/24
    nat: { like: full-cone, addresses: 3 }
    nodes: { p1: { role: host }, p2: { role: host }, p3: { role: host }, p4: { role: host } }
  spread:
    subnet: 192.168.1.0/24
    nat: { like: home-router, addresses: [45.77.0.100, 45.77.0.101], pooling: arbitrary }
    nodes: { s1: { role: host } }
  spread-symmetric:
    subnet: 192.168.1.0/24
    nat: { like: symmetric, addresses: 2, pooling: arbitrary }
    nodes: { s2: { role: host } }
  blocks:
    subnet: 100.64.0.0/24
    nat: { like: cgnat, addresses: 2 }
    nodes: { b1: { role: host }, b2: { role: host } }
  shop:
    subnet: 192.168.1.0/24
    nat: port-restricted
    forwards:
      - tcp 80 -> web-1:8080, web-2:8080
      - tcp 81-82 -> web-1:8080-8081, web-2:8080-8081 by source
    nodes: { web-1: { role: host }, web-2: { role: host } }
  six-strict: { subnet: 192.168.1.0/24, nat: home-router, subnet6: 2001:db8:a::/64, nodes: { v1: { role: host } } }
  six-address: { subnet: 192.168.1.0/24, nat: full-cone, subnet6: 2001:db8:b::/64, firewall6: address-dependent, nodes: { v2: { role: host } } }
  six-open: { subnet: 192.168.1.0/24, nat: symmetric, subnet6: 2001:db8:c::/64, firewall6: open, nodes: { v3: { role: host } } }
  six-prefix:
    subnet: 192.168.1.0/24
    nat: symmetric
    subnet6: fd00:1::/64
    prefix6: 2001:db8:d::/64
    firewall6: endpoint-independent
    nodes: { v4: { role: host } }
`;

const build = async (engine: Engine, image: string, lab: Lab, plan: Plan): Promise<LabEvent[]> => {
  const events: LabEvent[] = [];
  await up({
    ...{ lab, plan, engine, now: Date.now, topologyFile: '/proof.yaml' },
    images: { refs: new Map([['router', image]]) },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    runsDirectory: await mkdtemp(join(tmpdir(), 'nat-proof-')),
  });
  return events;
};
const takeDown = (engine: Engine, lab: string) => down({ lab, engine, emit: () => undefined, now: Date.now });

await withDocker(test, (engine) => {
  const lab = readLab(topology, 'nat-every.yaml');
  const plan = makePlan(lab).plan!;
  let events: LabEvent[];
  let image: string;

  const sh = async (node: string, line: string): Promise<string> => {
    const { stdout, stderr } = await engine.exec(lab.name, node, ['/bin/sh', '-c', line], { timeoutSeconds: 60 });
    return `${stdout}${stderr}`.trim();
  };

  test.before(async () => {
    // lab hosts with coturn (RFC 5780), pion's client (RFC 5780) and Vovida's (RFC 3489)
    image = (await ensureImages(['stun-clients'])).get('stun-clients')!;
    events = await build(engine, image, lab, plan);
  });
  test.after.always(() => takeDown(engine, lab.name));

  test('every preset, a chain of three routers and a NAT by axes are proved while the lab comes up', (t) => {
    const done = events.flatMap((event) => (event.type === 'step-finished' && /^nat6?:/.test(event.step) ? [event.outcome] : []));
    t.is(done.length, natPresets.length + 8 + 2 * 4);
    t.true(done.every((outcome) => outcome === 'done'));
  });

  /** How coturn words what it finds, by our words. */
  const words: Record<string, RegExp> = {
    'endpoint-independent': /Endpoint Independent/,
    'address-dependent': /Address Dependent/,
    'address-and-port-dependent': /Address and Port Dependent/,
  };

  test('an independent client (coturn) finds the same mapping and filtering behind every router, over IPv6 too', async (t) => {
    const measure = async (family: Lab, { site, node }: ReturnType<typeof listMeasured>[number]): Promise<void> => {
      const { address } = family.internet.core;
      const declared = writeFinding(declaredFor(routersOut(family, site), node.address));
      if (declared.includes('UDP=blocked')) return;
      const seen = await sh(node.name, `turnutils_natdiscovery -m -f ${address}`);
      const found = (what: string) =>
        seen
          .split('\n')
          .filter((line) => line.includes(what))
          .at(-1) ?? seen;
      const wanted = (what: string) => words[new RegExp(`^UDP ${what}=(.*)$`, 'm').exec(declared)?.[1] ?? ''] ?? /nothing/;
      t.regex(found('Mapping!').concat(found('No NAT')), /NAT/, site);
      const reflexive = [...seen.matchAll(/UDP reflexive addr: (\S+)/g)].map(([, endpoint]) => endpoint);
      // coturn's third request goes back to the first address, with the other port: it calls address-dependent what is
      // equal there APDM, but shows it.
      if (wanted('mapping') === words['address-dependent']) t.true(reflexive[0] === reflexive[2] && reflexive[0] !== reflexive[1], seen);
      else t.regex(found('Mapping'), wanted('mapping'), `${site}\n${seen}`);
      t.regex(found('Filtering'), wanted('filtering'), `${site}\n${seen}`);
    };
    await Promise.all(familiesOf(lab).flatMap((family) => listMeasured(family).map((place) => measure(family, place))));
  });

  test('a second one (pion, in Go) finds the same too', async (t) => {
    const { address } = lab.internet.core;
    const measure = async ({ site, node }: ReturnType<typeof listMeasured>[number]): Promise<void> => {
      const declared = writeFinding(declaredFor(routersOut(lab, site), node.address));
      // it asks once, where RFC 5389 asks again: two processors may take a second to carry an answer to one of so many
      const ask = (): Promise<string> => sh(node.name, `stun-nat-behaviour -timeout 3 -server ${address}:3478`);
      const first = await ask();
      const silent = /NAT mapping behavior: inconclusive/.test(first) && !declared.includes('UDP=blocked');
      const seen = silent ? await ask() : first;
      const found = (what: string): string => new RegExp(`NAT ${what} behavior: (.*)`).exec(seen)?.[1] ?? seen;
      if (declared.includes('UDP=blocked')) {
        t.is(found('mapping'), 'inconclusive', site);
        return;
      }
      for (const what of ['mapping', 'filtering']) {
        const wanted = new RegExp(`^UDP ${what}=(.*)$`, 'm').exec(declared)?.[1]?.replaceAll('-', ' ') ?? 'nothing';
        t.is(found(what).replace(' (no NAT)', ''), wanted, `${site}\n${seen}`);
      }
    };
    await Promise.all(listMeasured(lab).map(measure));
  });

  test('our own client finds the same from an independent server (coturn) as from our own', async (t) => {
    const address = lab.sites[0]!.nodes[0]!.address;
    const other = '45.77.0.200';
    await sh(
      'server',
      `ip address add ${other}/24 dev eth0
turnserver -n --no-auth -L ${address} -L ${other} -p 3478 --alt-listening-port=3479 --no-tls --no-dtls --no-cli --log-file=stdout > /tmp/coturn.log 2>&1 &
for _ in $(seq 100); do ss -lun | grep -q ${other}:3479 && exit 0; sleep 0.05; done; cat /tmp/coturn.log; exit 1`,
    );
    const measure = async ({ site, node }: ReturnType<typeof listMeasured>[number]): Promise<void> => {
      // how TCP filters is asked in a way of our own, which coturn does not know
      const declared = Object.fromEntries(
        Object.entries(declaredFor(routersOut(lab, site), node.address)).filter(([what]) => what.startsWith('UDP')),
      );
      const { stdout } = await engine.exec(lab.name, node.name, ['perl', '-', address, other, '3478', '3479'], {
        ...{ timeoutSeconds: 60, stdin: proberProgram },
        env: { EDGELAB_DECLARED: writeFinding(declared), EDGELAB_JSON: '1' },
      });
      t.deepEqual((JSON.parse(stdout) as { measured: object }).measured, declared, site);
    };
    await Promise.all(listMeasured(lab).map(measure));
  });

  test('an old independent client (RFC 3489) finds the cone types by their old names', async (t) => {
    const types = {
      'full-cone': /Independent Mapping, Independent Filter/,
      'port-restricted': /Independent Mapping, Port Dependent Filter/,
      symmetric: /Dependent Mapping/,
    };
    for (const [site, type] of Object.entries(types))
      t.regex(await sh(`${site}-1`, `stun ${lab.internet.core.address} -v 2>&1 | grep Primary`), type, site);
  });

  const listen = (protocol: 'udp' | 'tcp', port: number) =>
    `perl -MSocket -e 'socket(S, PF_INET, ${protocol === 'udp' ? 'SOCK_DGRAM, 17' : 'SOCK_STREAM, 6'}); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, pack_sockaddr_in(${port}, INADDR_ANY)) or die; ${
      protocol === 'udp'
        ? 'while (my $p = recv(S, my $t, 99, 0)) { send(S, "udp ${port} $t", 0, $p) }'.replace('${port}', String(port))
        : `listen(S, 9); while (accept(C, S)) { syswrite(C, "tcp ${port}"); close C }`
    }' > /dev/null 2>&1 &`;
  const ask = (protocol: 'udp' | 'tcp', address: string, port: number) =>
    `perl -MSocket -e '$SIG{ALRM} = sub { print "silence"; exit }; alarm 2; socket(S, PF_INET, ${protocol === 'udp' ? 'SOCK_DGRAM, 17' : 'SOCK_STREAM, 6'});
      connect(S, pack_sockaddr_in(${port}, inet_aton("${address}"))) or do { print "$!"; exit }; ${protocol === 'udp' ? 'syswrite(S, "hello");' : ''} print sysread(S, $t, 99) ? $t : "$!"'`;

  test('forwarded ports lead where the topology says, from the internet and, with hairpinning, from the LAN; others are refused', async (t) => {
    await sh('desk', `${listen('udp', 4500)} ${listen('tcp', 30_002)} sleep 0.3`);
    const { wan } = lab.sites.find(({ name }) => name === 'office')!.lan!.router;
    for (const from of ['server', 'chair']) {
      t.is(await sh(from, ask('udp', wan, 45_000)), 'udp 4500 hello', from);
      t.is(await sh(from, ask('tcp', wan, 10_002)), 'tcp 30002', from);
    }
    t.is(await sh('server', ask('tcp', wan, 10_003)), 'Connection refused');
    t.is(await sh('server', ask('udp', wan, 45_001)), 'Connection refused');
  });

  /** Outside addresses of so many sockets in turn, by coturn's client. */
  const seenFrom = async (node: string, sockets: number): Promise<string[]> => {
    const line = `for _ in $(seq ${sockets}); do turnutils_natdiscovery -m ${lab.internet.core.address} | sed -n 's/.*UDP reflexive addr: \\([0-9.]*\\).*/\\1/p' | head -1; done`;
    return (await sh(node, line)).split('\n');
  };

  test('a host of a paired pool always has one outside address, and the hosts share them in turn (RFC 4787 REQ-2)', async (t) => {
    const { pool } = lab.sites.find(({ name }) => name === 'paired')!.lan!.router;
    t.is(pool?.length, 3);
    const seen = await Promise.all(['p1', 'p2', 'p3', 'p4'].map((node) => seenFrom(node, 5)));
    t.deepEqual(
      seen.map((addresses) => [...new Set(addresses)]),
      [0, 1, 2, 0].map((index) => [pool![index]!]),
    );
  });

  test('a host of an arbitrary pool has now this, now that outside address', async (t) => {
    t.deepEqual([...new Set(await seenFrom('s1', 24))].sort(), ['45.77.0.100', '45.77.0.101']);
  });

  /** Answers with its name. */
  const serveName = (port: number) =>
    `perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, pack_sockaddr_in(${port}, INADDR_ANY)) or die; listen(S, 99);
      open(STDOUT, ">/tmp/serving${port}"); while (accept(C, S)) { syswrite(C, "$ARGV[0] ${port}"); close C }' $(hostname) > /dev/null 2>&1 &
     until [ -e /tmp/serving${port} ]; do sleep 0.02; done`;
  /** Who answers, asked from one of the client's own addresses. */
  const askFrom = (source: string, address: string, port: number) =>
    `perl -MSocket -e '$SIG{ALRM} = sub { print "silence"; exit }; alarm 3; socket(S, PF_INET, SOCK_STREAM, 6); bind(S, pack_sockaddr_in(0, inet_aton("${source}")));
      connect(S, pack_sockaddr_in(${port}, inet_aton("${address}"))) or do { print "$!"; exit }; print sysread(S, $t, 99) ? "$t\\n" : "$!\\n"'`;

  test('a balanced forward sends connections to its nodes in turn, or each client to one of them, and to the port of each', async (t) => {
    await Promise.all(['web-1', 'web-2'].map((node) => sh(node, `${serveName(8080)}\n${serveName(8081)}`)));
    const { wan } = lab.sites.find(({ name }) => name === 'shop')!.lan!.router;
    const server = lab.sites.find(({ name }) => name === 'public')!.nodes[0]!.address;
    const inTurn = await sh('server', Array.from({ length: 20 }, () => askFrom(server, wan, 80)).join('\n'));
    const count = (answers: string, answer: string) => answers.split('\n').filter((line) => line === answer).length;
    t.deepEqual([count(inTurn, 'web-1 8080'), count(inTurn, 'web-2 8080')], [10, 10], inTurn);
    // between the addresses of nodes and those of routers, which are given from the end
    const clients = Array.from({ length: 16 }, (_, index) => `45.77.0.${150 + index}`);
    await sh('server', clients.map((client) => `ip address add ${client}/32 dev eth0`).join('\n'));
    const bySource = await Promise.all(
      clients.map((client) => sh('server', [81, 82, 81].map((port) => askFrom(client, wan, port)).join('\n'))),
    );
    for (const answers of bySource)
      t.true(
        ['web-1', 'web-2'].some((web) => answers === `${web} 8080\n${web} 8081\n${web} 8080`),
        answers,
      );
    t.is(new Set(bySource).size, 2, 'both serve some clients');
  });

  const small = `
name: nat-wrong
sites:
  lan: { subnet: 192.168.1.0/24, nat: full-cone, nodes: { a: { role: host } } }
`;
  /** The same plan with other rules in one container. */
  const withRules = (name: string, change: (rules: string) => string, nat = 'full-cone'): { lab: Lab; plan: Plan } => {
    const wrong = readLab(small.replace('nat-wrong', name).replace('full-cone', nat), 'wrong.yaml');
    const made = makePlan(wrong).plan!;
    const steps = made.steps.map((step) => {
      const { action } = step;
      if (step.id !== 'link:lan-router' || action.do !== 'link') return step;
      return { ...step, action: { ...action, script: { ...action.script, stdin: change(action.script.stdin ?? '') } } };
    });
    return { lab: wrong, plan: { ...made, steps } };
  };

  test('a router that does not behave as declared stops `up`, which says both values', async (t) => {
    const { behaviour } = findNatPreset('symmetric')!;
    const wrong = withRules(
      'nat-wrong',
      () => `flush ruleset\n${makeRuleset(behaviour, { wan: '45.77.0.2', lanSubnet: '192.168.1.0/24' })}`,
    );
    const error = await t.throwsAsync(build(engine, image, wrong.lab, wrong.plan), { instanceOf: LabError });
    t.is(error.code, 'NAT001');
    t.regex(error.details.lastObservation ?? '', /UDP mapping: declared endpoint-independent, measured address-and-port-dependent/);
    t.regex(error.details.lastObservation ?? '', /TCP filtering: declared endpoint-independent, measured address-and-port-dependent/);
    t.deepEqual(await engine.list('nat-wrong'), []);
  });

  test('pooling that is not as declared stops `up`', async (t) => {
    const paired = withRules(
      'nat-pool',
      (rules) => rules.replaceAll('numgen random mod 2', 'jhash ip saddr mod 2'),
      '{ like: full-cone, addresses: 2, pooling: arbitrary }',
    );
    const error = await t.throwsAsync(build(engine, image, paired.lab, paired.plan), { instanceOf: LabError });
    t.is(error.code, 'NAT001');
    t.regex(error.details.lastObservation ?? '', /UDP pooling: declared arbitrary, measured paired/);
  });

  test('a router that lets private addresses out stops `up`, even if all else is as declared', async (t) => {
    // Every other ping leaves untranslated; UDP and TCP are as ever.
    const leaky = withRules('nat-leak', (rules) =>
      rules
        .replace(/oifname "wan0" ip saddr != \S+ counter drop/, 'accept')
        .replace(
          'oifname "wan0" ip saddr 192.168.1.0/24 masquerade',
          'oifname "wan0" ip saddr 192.168.1.0/24 ip protocol != icmp masquerade',
        ),
    );
    const { steps } = leaky.plan;
    const ping = steps.map((step) =>
      step.id === 'nat:lan' && step.action.do === 'exec'
        ? {
            ...step,
            action: {
              ...step.action,
              script: { ...step.action.script, text: `ping -c 2 -W 1 45.77.0.1 || true\n${step.action.script.text}` },
            },
          }
        : step,
    );
    const error = await t.throwsAsync(build(engine, image, leaky.lab, { ...leaky.plan, steps: ping }), { instanceOf: LabError });
    t.is(error.code, 'NAT002');
    t.regex(error.details.lastObservation ?? '', /declared 0, measured [1-9]/);
  });
});

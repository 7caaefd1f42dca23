import { spawnSync } from 'node:child_process';
import test from 'ava';
import type { Script } from '../../src/model/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { exampleLabs } from './labs.ts';

const scriptsOf = (name: string): Map<string, Script> => {
  const lab = exampleLabs.find((one) => one.name === name)?.lab;
  const steps = (lab && makePlan(lab).plan?.steps) ?? [];
  return new Map(steps.flatMap(({ action }) => (action.do === 'link' ? [[action.container, action.script]] : [])));
};

const scripts = scriptsOf('two-lans');
const scriptOf = (container: string): Script => scripts.get(container) ?? { text: '' };
const linesOf = (container: string, name: string): string[] => {
  const value = scriptOf(container).env?.[name];
  return typeof value === 'string' ? value.split('\n') : [];
};

test('link scripts are POSIX sh', (t) => {
  for (const { text } of scripts.values()) {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
    t.is(status, 0, stderr);
  }
});

test('a router gets its rules before any address, and forwards last of all', (t) => {
  const { text } = scriptOf('lan-a-router');
  const order = [
    'ip_forward',
    'link set dev $found down',
    'nft -f -',
    '$EDGELAB_NETWORK',
    '"$EDGELAB_FORWARD" > /proc/sys/net/ipv4/ip_forward',
  ];
  const positions = order.map((part) => text.indexOf(part));
  t.true(
    positions.every((position, index) => position >= 0 && position > (positions[index - 1] ?? -1)),
    positions.join(' '),
  );
  t.true(text.trimEnd().endsWith('/proc/sys/net/ipv4/ip_forward'));
  t.true(text.startsWith('set -eu\necho 0 > /proc/sys/net/ipv4/ip_forward'));
});

test('a LAN node sends everything to its router and asks the core for names', (t) => {
  const { env = {}, stdin } = scriptOf('edge-a1');
  t.is(
    env['EDGELAB_NETWORK'],
    [
      'address add 192.168.1.11/24 broadcast + dev eth0',
      'link set dev eth0 address 02:e3:c0:a8:01:0b',
      'link set dev eth0 up',
      'route replace default via 192.168.1.1 dev eth0',
    ].join('\n'),
  );
  t.is(env['EDGELAB_RESOLV'], 'nameserver 45.77.0.1\noptions timeout:1 attempts:3');
  t.is(stdin, undefined);
});

test('a LAN node knows its neighbours and the internet by name, not the other LAN', (t) => {
  const hosts = linesOf('edge-a1', 'EDGELAB_HOSTS');
  t.true(hosts.includes('192.168.1.11 edge-a1 edge-a1.lan-a'));
  t.true(hosts.includes('192.168.1.12 edge-a2 edge-a2.lan-a'));
  t.true(hosts.includes('45.77.0.10 cloud cloud.cloud'));
  t.true(hosts.includes('45.77.0.3 lan-b-router'));
  t.false(hosts.some((line) => line.includes('edge-b1')));
});

test('the core ends every way out and serves the names of all', (t) => {
  const { text } = scriptOf('internet-core');
  t.is(linesOf('internet-core', 'EDGELAB_NETWORK').at(-1), 'route replace default dev net0');
  t.deepEqual(linesOf('internet-core', 'EDGELAB_NAMES'), [
    '45.77.0.1 internet-core',
    '45.77.0.2 lan-a-router',
    '45.77.0.3 lan-b-router',
    '45.77.0.10 cloud cloud.cloud',
    '192.168.1.11 edge-a1.lan-a',
    '192.168.1.12 edge-a2.lan-a',
    '192.168.2.11 edge-b1.lan-b',
  ]);
  t.true(text.includes('--no-resolv') && text.includes('--local=/#/'));
});

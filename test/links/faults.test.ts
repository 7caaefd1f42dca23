import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { cutScript, deafDnsScript, forgetScript, healScript, silentMtuScript } from '../../src/links/links.ts';

const name = fc.stringMatching(/^[a-z]\w{0,12}$/);
const directions = fc.constantFrom('both', 'up', 'down');

testProp('whatever fault is made, healing it deletes its table', [name, directions], (t, fault, direction) => {
  for (const script of [cutScript(fault, 'wan0', direction), deafDnsScript(fault), silentMtuScript(fault)]) {
    const [, family, table] = /^table (\w+) (\w+) \{$/m.exec(script) ?? [];
    t.is(table, `fault_${fault}`);
    t.regex(healScript(fault), new RegExp(`for family in [a-z ]*\\b${family}\\b.*nft delete table \\$family ${table} `));
  }
});

test('a cut of one direction leaves the other alone, a partition only meets its peers', (t) => {
  t.notRegex(cutScript('a', 'wan0', 'up'), /hook ingress/);
  t.notRegex(cutScript('a', 'wan0', 'down'), /hook egress/);
  const parted = cutScript('a', 'wan0', 'both', ['45.77.0.2', '45.77.0.3']);
  t.regex(parted, /hook ingress .*\n *ip saddr \{ 45\.77\.0\.2, 45\.77\.0\.3 \} counter drop/);
  t.regex(parted, /hook egress .*\n *ip daddr \{ 45\.77\.0\.2, 45\.77\.0\.3 \} counter drop/);
});

test('a partition meets peers of both families, each by its own address', (t) => {
  const parted = cutScript('a', 'wan0', 'up', ['45.77.0.2', '2001:db8:a::/64']);
  t.regex(parted, /\nip daddr \{ 45\.77\.0\.2 \} counter drop\nip6 daddr \{ 2001:db8:a::\/64 \} counter drop\n/);
});

test('a router forgets while nothing passes, and keeps old ports only when told', (t) => {
  const rebind = forgetScript({ reserve: true });
  t.true(rebind.indexOf('fault_frozen') < rebind.indexOf('conntrack -F'));
  t.regex(rebind, /chain ends \{ type filter hook ingress devices = /, '`all` is a word of nft');
  t.regex(rebind, /add element ip lab "\$map"/);
  t.notRegex(forgetScript({ reserve: false }), /add element/);
});

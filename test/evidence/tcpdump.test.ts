import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { captureArgv, captureFilter, parseCapture } from '../../src/evidence/evidence.ts';
import { packets, recorded } from './recordings.ts';

const only = (text: string) => parseCapture('cloud', text)[0];

test('a SYN inside VXLAN is read with both headers', (t) => {
  const packet = packets.find(
    ({ at, layers: [outer, inner] }) => at === 'cloud' && outer.kind === 'vxlan' && inner?.kind === 'tcp' && inner.sport === 22506,
  );
  t.like(packet, { at: 'cloud', interface: 'eth0', direction: 'in' });
  const [outer, inner] = packet!.layers;
  t.like(outer, { kind: 'vxlan', src: '45.77.0.2', dst: '45.77.0.10', dport: 8472, vni: 1 });
  t.like(inner, { kind: 'tcp', src: '10.244.2.2', dst: '10.244.0.2', dport: 80, flags: 'S' });
});

test('an ICMP error is read with the packet it quotes, down to the TCP header inside VXLAN', (t) => {
  const packet = packets.find(
    ({ at, direction, layers: [outer, , inner] }) =>
      at === 'internet-core' && direction === 'out' && outer.kind === 'icmp-error' && inner?.kind === 'tcp',
  );
  t.deepEqual(
    packet?.layers.map(({ kind }) => kind),
    ['icmp-error', 'vxlan', 'tcp'],
  );
  t.like(packet?.layers[0], { src: '45.77.0.1', says: 'host 192.168.1.12 unreachable' });
});

test('a DNS query has its name, the answer its text, both the same id', (t) => {
  const dns = packets.flatMap(({ layers }) => layers.filter((layer) => layer.kind === 'dns'));
  const query = dns.find(({ name }) => name === 'echo-edge-a2.default.svc.cluster.local');
  const answer = dns.find(({ id, answer: text }) => id === query?.id && text !== undefined);
  t.is(answer?.answer, '1/0/0 echo-edge-a2.default.svc.cluster.local. A 10.105.151.180 (110)');
});

test('a DNS answer that a name does not exist is an answer', (t) => {
  const text = `1.000000 eth0  In  IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length 138)
    10.244.0.3.53 > 10.244.2.2.54166: 39622 NXDomain*- 0/1/0 (145)
`;
  t.like(only(text)?.layers[0], { kind: 'dns', id: 39622, answer: 'NXDomain 0/1/0 (145)' });
});

test('port 4789 is VXLAN as well', (t) => {
  const text = `1.000000 eth0  Out IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 110)
    10.0.0.1.40000 > 10.0.0.2.4789: VXLAN, flags [I] (0x08), vni 42
IP (tos 0x0, ttl 63, id 2, offset 0, flags [DF], proto ICMP (1), length 84)
    10.1.0.1 > 10.1.0.2: ICMP echo request, id 7, seq 1, length 64
`;
  t.deepEqual(only(text)?.layers, [
    { kind: 'vxlan', src: '10.0.0.1', dst: '10.0.0.2', sport: 40000, dport: 4789, vni: 42 },
    { kind: 'echo', src: '10.1.0.1', dst: '10.1.0.2', reply: false, id: 7, length: 64 },
  ]);
});

test('what a bridge port sees for another host came in', (t) => {
  const text = `1.000000 veth1 P   IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)
    10.0.0.1.40000 > 10.0.0.2.80: Flags [S], cksum 0x1 (correct), seq 5, win 1, length 0
`;
  t.is(only(text)?.direction, 'in');
});

test('a ping over IPv6 is read, with the length of its ICMPv6 message', (t) => {
  const text = `1.000000 wan0  Out IP6 (flowlabel 0xc0831, hlim 63, next-header ICMPv6 (58) payload length: 78) 2001:db8::a > 2001:db8:a::b: [icmp6 sum ok] ICMP6, echo reply, id 30660, seq 1
`;
  t.deepEqual(only(text)?.layers, [{ kind: 'echo', src: '2001:db8::a', dst: '2001:db8:a::b', reply: true, id: 30660, length: 78 }]);
});

test('other IPv6, ARP and cut lines are left out', (t) => {
  const text = `1.000000 eth0  In  IP6 (flowlabel 0x1, hlim 255, next-header ICMPv6 (58) payload length: 8) fe80::1 > ff02::2: ICMP6
2.000000 eth0  B   ARP, Request who-has 10.0.0.1 tell 10.0.0.2, length 28
3.000000 eth0  In  IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), len
`;
  t.deepEqual(parseCapture('cloud', text), []);
});

test('each packet of a recording becomes one record', (t) => {
  const text = recorded('two-lans/cloud.txt');
  t.is(parseCapture('cloud', text).length, text.match(/^\d+\.\d{6} /gm)!.length);
});

testProp('any text is read without throwing', [fc.string({ maxLength: 400 })], (t, text) => {
  t.notThrows(() => parseCapture('cloud', `1.000000 eth0  In  IP (${text}`));
});

test('the filter asks for what opens connections, for DNS, ICMP and the same inside VXLAN', (t) => {
  t.is(
    captureFilter([8080, 80, 80]),
    '((tcp port 80 or tcp port 8080) and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0) or icmp or ' +
      '(icmp6 and (ip6[40] = 128 or ip6[40] = 129)) or udp port 53 or ' +
      '((udp port 8472 or udp port 4789) and (udp[39] = 1 or udp[39] = 17 or (udp[39] = 6 and udp[63] & 6 != 0)))',
  );
  t.false(captureFilter([]).includes('tcp port'));
});

test('a capture is bounded in packets and in bytes of each', (t) => {
  const argv = captureArgv('file', 'icmp', 500);
  t.is(argv[argv.indexOf('-c') + 1], '500');
  t.is(argv[argv.indexOf('-s') + 1], '256');
});

import { readFileSync } from 'node:fs';
import test from 'ava';
import { judgeFabedge } from '../../src/evidence/fabedge.ts';
import { parseSas, type IkeSa } from '../../src/evidence/sas.ts';

const read = (node: string): IkeSa[] => parseSas(readFileSync(new URL(`recorded/fabedge/${node}.txt`, import.meta.url), 'utf8'));

test("an edge's SA with the connector is read to the last number", (t) => {
  const [sa, ...more] = read('edge-a1');
  t.deepEqual(more, []);
  t.is(sa?.name, 'fab.connector');
  t.is(sa?.state, 'ESTABLISHED');
  t.is(sa?.version, 'IKEv2');
  t.true(sa?.initiator);
  t.deepEqual(sa?.local, { id: 'C=CN, O=fabedge.io, CN=fab.edge-a1', address: '192.168.1.11', port: 4500 });
  t.deepEqual(sa?.remote, { id: 'C=CN, O=fabedge.io, CN=fab.connector', address: '45.77.0.11', port: 4500 });
  t.is(sa?.proposal, 'AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256');
  t.deepEqual(sa?.children.map(({ name }) => name).toSorted(), ['fab.connector-n2p', 'fab.connector-p2n', 'fab.connector-p2p']);
  for (const child of sa?.children ?? []) {
    t.is(`${child.state} ${child.mode} ${child.esp}`, 'INSTALLED TUNNEL-in-UDP AES_GCM_16-128');
    t.true((child.rekeyingInSeconds ?? 0) > 0 && (child.rekeyingInSeconds ?? 0) < (child.expiresInSeconds ?? 0));
    t.regex(`${child.in.spi} ${child.out.spi}`, /^[0-9a-f]{8} [0-9a-f]{8}$/);
  }
});

test('the connector lists one SA for each edge, behind the addresses of their NATs, and answered all of them', (t) => {
  const sas = read('gateway');
  t.deepEqual(sas.map(({ name }) => name).toSorted(), ['fab.edge-a1', 'fab.edge-a2', 'fab.edge-b1']);
  t.true(sas.every(({ initiator }) => !initiator));
  t.deepEqual([...new Set(sas.map(({ remote }) => remote.address))].toSorted(), ['45.77.0.2', '45.77.0.3']);
});

test('both ends of a tunnel mirror each other', (t) => {
  const [mine] = read('edge-a1');
  const theirs = read('gateway').find(({ name }) => name === 'fab.edge-a1');
  const find = (sa: IkeSa | undefined, kind: string) => sa?.children.find(({ name }) => name.endsWith(kind));
  t.is(find(mine, '-p2p')?.out.spi, find(theirs, '-p2p')?.in.spi);
  t.is(find(mine, '-p2n')?.out.spi, find(theirs, '-n2p')?.in.spi);
  t.deepEqual(find(mine, '-p2p')?.local, find(theirs, '-p2p')?.remote);
});

test('text that is no list of SAs gives none', (t) => {
  t.deepEqual(parseSas(''), []);
  t.deepEqual(parseSas('no strongSwan runs here\n  local x\n'), []);
});

/** The same SAs with more packets counted in p2p. */
const grow = (sas: IkeSa[], packets: number): IkeSa[] =>
  sas.map((sa) => ({
    ...sa,
    children: sa.children.map((child) =>
      child.name.endsWith('-p2p') ? { ...child, in: { ...child.in, packets: child.in.packets + packets } } : child,
    ),
  }));

const judgeWith = (packets: number) =>
  judgeFabedge({
    ...{ cluster: 'fab', connector: 'gateway', port: 500, mediated: false, edges: ['edge-a1', 'edge-a2', 'edge-b1'], packets: [] },
    routers: new Map([['edge-a1', 'lan-a-router']]),
    before: new Map([['gateway', read('gateway')]]),
    after: new Map([['gateway', grow(read('gateway'), packets)]]),
  });

test('a flow that the tunnel counted goes through the gateway, unless the connector is an end itself', (t) => {
  const judge = judgeWith(3);
  const verdict = judge({ from: 'cloud', to: 'edge-a1', asked: 'pod' });
  t.deepEqual(verdict?.path, { kind: 'gateway', through: ['gateway', 'lan-a-router'], by: 'gateway' });
  t.is(
    verdict?.evidence[0]?.saw,
    '3 packets in fab.edge-a1-p2p, TUNNEL-in-UDP with 45.77.0.2[5547]'.replace(
      '5547',
      String(read('gateway').find(({ name }) => name === 'fab.edge-a1')?.remote.port),
    ),
  );
  t.is(judge({ from: 'gateway', to: 'edge-a1', asked: 'service' })?.path.kind, 'direct');
});

test('nothing is said of a flow that no tunnel counted', (t) => {
  t.is(judgeWith(0)({ from: 'cloud', to: 'edge-a1', asked: 'pod' }), undefined);
  t.is(judgeWith(3)({ from: 'edge-a1', to: 'edge-b1', asked: 'pod' }), undefined);
  t.is(judgeWith(3)({ from: 'cloud', to: 'gateway', asked: 'pod' }), undefined);
  t.is(judgeWith(3)({ from: 'cloud', to: 'edge-a1', asked: 'address' }), undefined);
});

const connecting = `fab.edge-b1: #7, CONNECTING, IKEv2, 8c0a47c3e21fb5d9_i* 0000000000000000_r
  local  '%any' @ 192.168.1.11[500]
  remote '%any' @ 192.168.2.11[500]
  queued:  IKE_VENDOR IKE_INIT
`;

test('a flow between edges whose tunnel nobody answers is lost, and the reason is the address they were told', (t) => {
  const judge = judgeFabedge({
    ...{ cluster: 'fab', connector: 'gateway', port: 500, mediated: false, edges: ['edge-a1', 'edge-b1'], packets: [] },
    ...{ routers: new Map(), before: new Map() },
    after: new Map([['edge-a1', parseSas(connecting)]]),
  });
  const verdict = judge({ from: 'edge-a1', to: 'edge-b1', asked: 'pod' });
  t.is(verdict?.path.kind, 'lost');
  t.is(verdict?.how, 'no tunnel to edge-b1: IKE is CONNECTING, nobody answers edge-a1 at 192.168.2.11');
  t.is(verdict?.evidence[0]?.saw, 'fab.edge-b1 CONNECTING, 192.168.2.11[500]');
  t.is(judge({ from: 'edge-b1', to: 'edge-a1', asked: 'pod' }), undefined, 'no SA is no reason');
});

/** The SAs of each edge with the connector, as the edge's own strongSwan lists them. */
import type { ChildSa, Evidence, Expect, IkeSa, LabHandle, NodeHandle } from 'edgelab';
import { cast, findConnector, readPodCidrs } from './cast.ts';

export const evidenceOf = (node: string, sas: readonly IkeSa[]): Evidence[] =>
  sas.length === 0
    ? [{ at: `${node} strongSwan`, saw: 'no SA' }]
    : sas.map(({ name, state, raw }) => ({ at: `${node} strongSwan`, saw: `${name} ${state}`, raw }));

/** FabEdge names a tunnel after its far end, and each child after its kind. */
const connectorName = (lab: LabHandle): string => `${lab.name}.connector`;
const certificateOf = (lab: LabHandle, end: string): string => `C=CN, O=fabedge.io, CN=${lab.name}.${end}`;
export const kinds = ['n2p', 'p2n', 'p2p'] as const;

export const findChild = ({ name, children }: IkeSa, kind: (typeof kinds)[number]): ChildSa | undefined =>
  children.find((child) => child.name === `${name}-${kind}` && child.state === 'INSTALLED');

/** Address and port at which edges find the connector. */
export type Entrance = { address: string; port: number };

/** Where a NAT forwards to it, `entrance` says so; else it is the connector's own address. */
export const checkTunnels = async (lab: LabHandle, expect: Expect, entrance?: Entrance): Promise<void> => {
  const [connector, podCidrs] = await Promise.all([findConnector(lab), readPodCidrs(lab)]);
  const { edges, clouds } = cast(lab);
  const services = (await lab.kubectl`get service kubernetes -o ${'jsonpath={.spec.clusterIP}'}`).stdout.trim();
  await Promise.all(
    edges.map(async (edge) => {
      const sas = (await lab.sas(edge.name)).filter(({ name }) => name === connectorName(lab));
      const details = { from: edge.name, evidence: evidenceOf(edge.name, sas) };
      expect.equal(sas.map(({ state, version }) => `${state} ${version}`).join(', '), 'ESTABLISHED IKEv2', 'IKE SA with the connector', {
        ...details,
        claims: ['S004-10'],
      });
      const [sa] = sas;
      if (!sa) return;
      checkEnds(lab, expect, { sa, edge, entrance: entrance ?? { address: connector.address, port: 4500 } }, details);
      checkChildren(expect, sa, details);
      const cloudPods = clouds.map(({ name }) => podCidrs.get(name) ?? '');
      const p2p = findChild(sa, 'p2p');
      const serviceSubnet = p2p?.remote.filter((subnet) => !cloudPods.includes(subnet)).join(', ') ?? '';
      const beyond = sorted([serviceSubnet, ...cloudPods]);
      const selectors = {
        p2p: `${podCidrs.get(edge.name) ?? ''} <-> ${beyond}`,
        p2n: `${podCidrs.get(edge.name) ?? ''} <-> ${sorted(clouds.map(({ address }) => `${address}/32`))}`,
        n2p: `${edge.address}/32 <-> ${beyond}`,
      };
      for (const kind of kinds) {
        const child = findChild(sa, kind);
        expect.equal(child ? `${sorted(child.local)} <-> ${sorted(child.remote)}` : 'none', selectors[kind], `subnets of ${kind}`, {
          ...details,
          claims: ['S004-13'],
          how:
            kind === 'p2n'
              ? 'own pods and the cloud nodes'
              : `own ${kind === 'p2p' ? 'pods' : 'node'} and the cloud's pods and Services (${services} is one)`,
        });
      }
    }),
  );
};

type Ends = { sa: IkeSa; edge: NodeHandle; entrance: Entrance };
type Details = { from: string; evidence: Evidence[] };

const checkEnds = (lab: LabHandle, expect: Expect, { sa, edge, entrance }: Ends, details: Details): void => {
  expect.equal(
    `${sa.local.id} @ ${sa.local.address}[${String(sa.local.port)}]`,
    `${certificateOf(lab, edge.name)} @ ${edge.address}[4500]`,
    'own end',
    {
      ...details,
      claims: ['S004-10'],
    },
  );
  const remote = `${certificateOf(lab, 'connector')} @ ${entrance.address}[${String(entrance.port)}]`;
  expect.equal(`${sa.remote.id} @ ${sa.remote.address}[${String(sa.remote.port)}]`, remote, 'other end', {
    ...details,
    claims: ['S004-9', 'S004-10'],
    how: "the connector's public address, at the port of NAT traversal or the one that leads there",
  });
  expect.that(sa.initiator, 'the edge began', { ...details, claims: ['S004-11'], how: 'its own SPI is the one marked _i*' });
  const [group = '', ...ciphers] = sa.proposal.split('/').toReversed();
  expect.equal(ciphers.toReversed().join('/'), 'AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256', 'ciphers of IKE', {
    ...details,
    claims: ['S004-11'],
    how: `with the group ${group}, which depends on how strongSwan was built`,
  });
};

const checkChildren = (expect: Expect, sa: IkeSa, details: Details): void => {
  const installed = kinds.flatMap((kind) => findChild(sa, kind) ?? []);
  expect.equal(installed.map(({ name }) => name.slice(sa.name.length + 1)).join(', '), kinds.join(', '), 'children INSTALLED', {
    ...details,
    claims: ['S004-12'],
  });
  expect.equal([...new Set(installed.map(({ mode }) => mode))].join(', '), 'TUNNEL-in-UDP', 'mode of the children', {
    ...details,
    claims: ['S004-12'],
    how: 'a NAT is on the way, so ESP travels in UDP (RFC 3948)',
  });
  expect.equal([...new Set(installed.map(({ esp }) => esp))].join(', '), 'AES_GCM_16-128', 'cipher of ESP', {
    ...details,
    claims: ['S004-11'],
  });
  const ike = sa.rekeyingInSeconds ?? Infinity;
  const rekeying = Math.max(...installed.map((child) => child.rekeyingInSeconds ?? Infinity));
  const expires = Math.max(...installed.map((child) => child.expiresInSeconds ?? Infinity));
  expect.that(ike <= 4 * 3600 && rekeying <= 3600 && expires <= 66 * 60, 'life of the keys', {
    ...details,
    claims: ['S004-14'],
    expected: 'IKE at most 4 h, children rekeyed within 1 h, 66 min at most',
    observed: `IKE ${(ike / 3600).toFixed(1)} h, children ${(rekeying / 60).toFixed(0)} min, ${(expires / 60).toFixed(0)} min`,
  });
};

/** Nothing is counted while nothing is sent, and what is sent is counted. */
export const checkCounters = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, edges, clouds } = cast(lab);
  const connector = await findConnector(lab);
  const cloud = clouds.find(({ name }) => name === connector.name) ?? clouds[0];
  if (!cloud) return;
  const target = await lab.findPod(lab.pod(workload, { on: cloud.name }));
  await Promise.all(
    edges.map(async (edge) => {
      const list = async (): Promise<IkeSa[]> => (await lab.sas(edge.name)).filter(({ name }) => name === connectorName(lab));
      const before = await list();
      const idle = await list();
      await edge.$({ nothrow: true })`ping -c 3 -i 0.2 -W 2 ${target.ip ?? ''}`;
      const after = await list();
      const grown = [countBetween(before, idle), countBetween(idle, after)];
      expect.equal(
        `${String(grown[0])} while idle, ${String(grown[1])} by 3 pings and their answers`,
        '0 while idle, 6 by 3 pings and their answers',
        'packets in the tunnel',
        {
          from: edge.name,
          claims: ['S004-14'],
          evidence: evidenceOf(edge.name, after),
        },
      );
    }),
  );
};

const packetsOf = (child: ChildSa): number => child.in.packets + child.out.packets;

/** A child that was replaced goes some seconds later, and its count with it. */
const countBetween = (before: readonly IkeSa[], after: readonly IkeSa[]): number => {
  const counted = new Map(before.flatMap(({ children }) => children.map((child) => [child.in.spi, packetsOf(child)])));
  return after.flatMap(({ children }) => children).reduce((sum, child) => sum + packetsOf(child) - (counted.get(child.in.spi) ?? 0), 0);
};

const sorted = (words: readonly string[]): string =>
  words
    .filter((word) => word !== '')
    .toSorted()
    .join(', ');

/** Chains that see every packet once its translation is final: they write down who owns which outside port, and refresh it. */
import type { Rfc4787 } from './presets.ts';
import { block, type Ends, type PortSpace, toSpace } from './router-facts.ts';

/** Seconds a TCP mapping lives while its connection opens or closes (RFC 5382 REQ-5). */
const transitorySeconds = 240;

/**
 * Seconds left on conntrack's timer above which a connection counts as established. While it opens or closes the kernel
 * never sets more than 120, and for unacknowledged data at least 300 (or the established timeout, when that is shorter).
 */
const establishedAbove = 200;

/** How long what kind of packet keeps a mapping alive. */
export type Life = { chain: string; match: string; protocol: 'tcp' | 'udp'; seconds: number };

/** One translated flow in conntrack's words. */
type View = {
  suffix: string;
  inside: boolean;
  match: string;
  port: string;
  address: string;
  insidePort: string;
  remote: string;
  remotePort: string;
};

/** The LAN began it: its source was translated. */
const begunInside = (spaces: readonly PortSpace[], space: PortSpace): View => ({
  suffix: space.suffix,
  inside: true,
  match: `ct status snat${toSpace(spaces, space, ' ct reply ip daddr').trimEnd()}`,
  port: 'ct reply proto-dst',
  address: 'ct original ip saddr',
  insidePort: 'ct original proto-src',
  remote: 'ct original ip daddr',
  remotePort: 'ct original proto-dst',
});

/** It came in through an existing mapping: its destination was translated. */
const begunOutside = (spaces: readonly PortSpace[], space: PortSpace): View => ({
  suffix: space.suffix,
  inside: false,
  match: `ct status dnat ${toSpace(spaces, space, 'ct original ip daddr')}meta l4proto . ct original proto-dst @owner${space.suffix}`,
  port: 'ct original proto-dst',
  address: 'ct reply ip saddr',
  insidePort: 'ct reply proto-src',
  remote: 'ct original ip saddr',
  remotePort: 'ct original proto-src',
});

/** `admitsStrangers`: flows may also begin outside, by a mapping that is there; they refresh it too. */
export function makeLearnChains(behaviour: Rfc4787, { spaces, exits, forwards }: Ends, admitsStrangers: boolean): string[] {
  const lives = listLives(behaviour.timeouts);
  const own = spaces.map((space) => begunInside(spaces, space));
  const views = spaces.flatMap((space, index) => [own[index]!, ...(admitsStrangers ? [begunOutside(spaces, space)] : [])]);
  return [
    ...lives.flatMap((life) =>
      block(
        `chain ${life.chain}`,
        views.flatMap((view) => refresh(behaviour, view, life)),
      ),
    ),
    ...block('chain learn', [
      'type filter hook postrouting priority srcnat + 10; policy accept;',
      '# two processors may have drawn one port, or the kernel one that is taken: drop, the retransmission gets another',
      ...own.map(
        (view) =>
          `${view.match} ct state new meta l4proto { tcp, udp } meta l4proto . ${view.port} @owner${view.suffix} ${userKey(behaviour, view)} != @users${view.suffix} counter drop`,
      ),
      ...(forwards.length > 0
        ? spaces.flatMap(({ address }, index) => (exits.some(({ wan }) => wan === address) ? [own[index]!] : []))
        : []
      ).map((view) => `${view.match} ct state new meta l4proto { tcp, udp } meta l4proto . ${view.port} @forwards counter drop`),
      ...lives.map(({ chain, match, protocol }) => `meta l4proto ${protocol} ${match}goto ${chain}`),
    ]),
  ];
}

/** The lives of records, one after the other: the first that matches is a packet's. */
export function listLives({ udp, tcp }: { udp: number; tcp: number }): Life[] {
  const short: Life = { chain: 'learn_tcp_short', match: '', protocol: 'tcp', seconds: Math.min(tcp, transitorySeconds) };
  const established = `ct state established ct expiration > ${establishedAbove}s `;
  return [
    { chain: 'learn_udp', match: '', protocol: 'udp', seconds: udp },
    ...(tcp > transitorySeconds ? [{ chain: 'learn_tcp', match: established, protocol: 'tcp', seconds: tcp } as const] : []),
    short,
  ];
}

/** Key of the set `users`: what may share one outside port. */
function userKey({ mapping }: Rfc4787, { port, address, insidePort, remote, remotePort }: View): string {
  const user = {
    'endpoint-independent': [address, insidePort],
    'address-dependent': [address, insidePort, remote],
    'address-and-port-dependent': [address, remote, remotePort],
  }[mapping];
  return ['meta l4proto', port, ...user].join(' . ');
}

/** Lines that enter or refresh one flow in every map; both directions refresh (RFC 4787 REQ-6). */
function refresh(behaviour: Rfc4787, view: View, { protocol, seconds }: Life): string[] {
  const { mapping, filtering } = behaviour;
  const endpoint = `${view.address} . ${view.insidePort}`;
  const key = {
    'endpoint-independent': endpoint,
    'address-dependent': `${endpoint} . ${view.remote}`,
    'address-and-port-dependent': undefined,
  }[mapping];
  // What a stranger reached by an address-dependent mapping is answered through is not the mapping towards that stranger.
  const reused = key !== undefined && (view.inside || mapping === 'endpoint-independent');
  const life = `timeout ${seconds}s`;
  return [
    ...(reused ? [`update @reuse${view.suffix} { meta l4proto . ${key} ${life} : ${view.port} }`] : []),
    `update @owner${view.suffix} { meta l4proto . ${view.port} ${life} : ${endpoint} }`,
    `update @users${view.suffix} { ${userKey(behaviour, view)} ${life} }`,
    ...(filtering === 'address-dependent' ? [`update @peers${view.suffix} { meta l4proto . ${view.port} . ${view.remote} ${life} }`] : []),
  ].map((update) => `meta l4proto ${protocol} ${view.match} ${update}`);
}

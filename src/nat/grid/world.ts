/** The grid as network namespaces inside one container: two hosts of every kind, their routers, and an internet that is a bridge. */
import type { NatBehaviour } from '../../model/nat.ts';
import { markRule } from '../router-facts.ts';
import { makeRuleset } from '../ruleset.ts';
import { natSysctls } from '../sysctls.ts';
import type { GridKind } from './kinds.ts';

/** Both ends of the internet of the grid: its gateway, and where else its STUN server answers. */
export const gridInternet = { address: '45.77.0.1', otherAddress: '192.0.2.1', prefix: 16 } as const;

/** Where the files of the grid lie in its container. */
export const gridFolder = '/run/grid';

type GridFile = { path: string; mode: number; content: string };

/** Name of the host of a kind's row (0) or column (1): also its namespace. */
export const hostName = (kind: number, side: 0 | 1): string => `h${kind}-${side}`;

type Namespace = { name: string; files: GridFile[] };

/** Wires as lines of `ip -batch`: the outside of one namespace to the inside of another, or to the bridge. */
type Wire = string[];

/** Files that make the world when `makeWorld` of them is run. */
export function drawWorld(kinds: readonly GridKind[]): GridFile[] {
  const places = kinds.flatMap((kind, index) => ([0, 1] as const).map((side) => drawPlace(kind, index, side)));
  const namespaces = places.flatMap((place) => place.namespaces);
  const batch = [
    ...namespaces.map(({ name }) => `netns add ${name}`),
    'link add name net type bridge forward_delay 0',
    `address add ${gridInternet.address}/${gridInternet.prefix} dev net`,
    `address add ${gridInternet.otherAddress}/32 dev net`,
    'link set dev net up',
    ...places.flatMap((place) => place.wires.flat()),
    ...places.flatMap((place) => place.routes),
  ];
  return [
    ...namespaces.flatMap(({ files }) => files),
    file('internet', `${batch.join('\n')}\n`),
    file('namespaces', `${namespaces.map(({ name }) => name).join('\n')}\n`),
  ];
}

const file = (name: string, content: string): GridFile => ({ path: `${gridFolder}/${name}`, mode: 0o600, content });

type Place = { namespaces: Namespace[]; wires: Wire[]; routes: string[] };

/** One host with its routers. Addresses come from its number, which no other place has. */
function drawPlace({ chain }: GridKind, index: number, side: 0 | 1): Place {
  const number = 2 + 2 * index + side;
  const host = hostName(index, side);
  const wan = `45.77.1.${number}`;
  const links = chain.map((behaviour, depth) => drawLink(behaviour, { depth, last: depth === chain.length - 1, number, host }));
  const first = links[0];
  const address = first ? `${first.inside.replace(/\d+$/, '11')}/24` : `${wan}/${gridInternet.prefix}`;
  const routed = links.find(({ isRouted }) => isRouted);
  return {
    namespaces: [
      { name: host, files: [file(`${host}.net`, netLines('eth0', address, first?.inside ?? gridInternet.address))] },
      ...links.map(({ namespace }) => namespace),
    ],
    wires: [
      ...links.map(({ wire }) => wire),
      first ? [] : [`link add name w${number} type veth peer name eth0 netns ${host}`, `link set dev w${number} master net up`],
    ],
    routes: routed ? [`route add ${routed.subnet} via ${wan}`] : [],
  };
}

const netLines = (name: string, address: string, gateway: string): string =>
  ['link set dev lo up', `address add ${address} dev ${name}`, `link set dev ${name} up`, `route add default via ${gateway}`, ''].join(
    '\n',
  );

type Spot = { depth: number; last: boolean; number: number; host: string };

/** A router, its wire inwards, and outwards if it is the last. */
function drawLink(behaviour: NatBehaviour, { depth, last, number, host }: Spot) {
  const name = `r${depth}-${host}`;
  const isRouted = behaviour.kind === 'none' || behaviour.kind === 'firewall';
  const prefix = isRouted ? `45.78.${number}` : depth === 0 ? '192.168.1' : `100.64.${depth}`;
  const [subnet, inside] = [`${prefix}.0/24`, `${prefix}.1`];
  const wan = last ? `45.77.1.${number}` : `100.64.${depth + 1}.11`;
  const gateway = last ? gridInternet.address : `100.64.${depth + 1}.1`;
  const within = `${prefix}.11`;
  const rules = makeRuleset(behaviour, {
    ...{ wan, lanSubnet: subnet },
    ...(behaviour.kind === 'one-to-one' && { pairs: [{ inside: within, outside: wan }] }),
    subscribers: [within],
    privateUplink: !last,
  });
  const sysctls = { ...natSysctls(behaviour), 'net.ipv4.conf.all.send_redirects': 0, 'net.ipv4.ip_forward': 1 };
  const inner = depth === 0 ? host : `r${depth - 1}-${host}`;
  return {
    ...{ subnet, inside, isRouted },
    namespace: {
      name,
      files: [
        file(`${name}.nft`, rules),
        file(
          `${name}.net`,
          [
            `rule add pref 100 ${markRule('lan0')}`,
            `address add ${inside}/24 dev lan0`,
            'link set dev lan0 up',
            netLines('wan0', `${wan}/${last ? gridInternet.prefix : 24}`, gateway),
          ].join('\n'),
        ),
        file(
          `${name}.sysctl`,
          Object.entries(sysctls)
            .map(([key, value]) => `${key.replaceAll('.', '/')} ${value}\n`)
            .join(''),
        ),
      ],
    },
    wire: [
      `link add name lan0 netns ${name} type veth peer name ${depth === 0 ? 'eth0' : 'wan0'} netns ${inner}`,
      ...(last ? [`link add name w${number} type veth peer name wan0 netns ${name}`, `link set dev w${number} master net up`] : []),
    ],
  };
}

/** Shell text that makes the world of the files: rules before links, links before forwarding, all places side by side. */
export const makeWorld = `set -eu
cd ${gridFolder}
settle() {
  [ ! -e "$1.nft" ] || nft -f "$1.nft"
  ip -batch "$1.net"
  [ ! -e "$1.sysctl" ] || while read -r key value; do echo "$value" > "/proc/sys/$key"; done < "$1.sysctl"
}
if [ $# = 1 ]; then settle "$1"; exit; fi
echo 1 > /proc/sys/net/ipv4/ip_forward
ip -batch internet
xargs -P 8 -I@ ip netns exec @ sh "$0" @ < namespaces
`;

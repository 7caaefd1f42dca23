/** Where requirements are tried: for each NAT a router with two hosts on a LAN, as network namespaces on one internet. */
import type { NatBehaviour } from '../../model/nat.ts';
import { markRule } from '../router-facts.ts';
import { makeRuleset } from '../ruleset.ts';
import { natSysctls } from '../sysctls.ts';

/** `name`: the column of the table it is in. */
export type TriedNat = { name: string; behaviour: NatBehaviour };

/** Where the files of the world lie in its container. */
export const worldFolder = '/run/requirements';

type WorldFile = { path: string; mode: number; content: string };

const file = (name: string, content: string): WorldFile => ({ path: `${worldFolder}/${name}`, mode: 0o600, content });

/** Inside addresses of the hosts of each LAN. */
export const insideHosts = ['192.168.1.11', '192.168.1.12'] as const;
/** Outside address of the router of a NAT, by its place in the list. */
export const outsideOf = (index: number): string => `45.77.1.${index + 2}`;
/** A second one, of NATs that give every host its own. */
const otherOutsideOf = (index: number): string => `45.77.2.${index + 2}`;

/** Server ports of a kind: 40 from here on; the tester counts the same way. */
const firstPort = 20_000;
const portsPer = 40;

/** Files that make the world when `makeRequirementsWorld` of them is run. */
export const drawRequirementsWorld = (nats: readonly TriedNat[]): WorldFile[] => {
  const places = nats.map(({ behaviour }, index) => drawPlace(behaviour, index));
  const ports = (offset: number): string => nats.map((_, index) => firstPort + portsPer * index + offset).join(', ');
  const internet = [
    ...places.flatMap(({ namespaces }) => namespaces.map((name) => `netns add ${name}`)),
    'link add name net type bridge forward_delay 0',
    'address add 45.77.0.1/16 dev net',
    'address add 192.0.2.1/32 dev net',
    'link set dev net up',
    ...places.flatMap(({ wires }) => wires),
    '# who is asked for here is not there: its time to live ends before that is noticed',
    'route add 45.79.0.0/16 dev net',
    'route add unreachable 45.80.0.0/16',
  ].filter((line) => !line.startsWith('#'));
  return [
    ...places.flatMap(({ files }) => files),
    file('internet', `${internet.join('\n')}\n`),
    file('namespaces', `${places.flatMap(({ namespaces }) => namespaces).join('\n')}\n`),
    file(
      'internet.nft',
      [
        'table inet server {',
        '  chain in { type filter hook input priority 0; policy accept;',
        `    tcp dport { ${ports(10)}, ${ports(14)} } tcp flags & (syn | ack) == syn drop`,
        `    tcp dport { ${ports(11)} } drop`,
        `    tcp dport { ${ports(13)} } reject with icmp port-unreachable`,
        '  }',
        '}',
        '',
      ].join('\n'),
    ),
  ];
};

const drawPlace = (behaviour: NatBehaviour, index: number): { namespaces: string[]; wires: string[]; files: WorldFile[] } => {
  const router = `r${index}`;
  const hosts = insideHosts.map((_, side) => `h${index}-${side}`);
  const [wan, other] = [outsideOf(index), otherOutsideOf(index)];
  const own = behaviour.kind === 'one-to-one';
  const rules = makeRuleset(behaviour, {
    ...{ wan, lanSubnet: '192.168.1.0/24', subscribers: insideHosts },
    ...(own && { pairs: insideHosts.map((inside, side) => ({ inside, outside: side === 0 ? wan : other })) }),
  });
  const sysctls = {
    ...natSysctls(behaviour),
    'net.ipv4.conf.all.send_redirects': 0,
    // every test wants its answer, and they come faster than the kernel likes to answer
    'net.ipv4.icmp_ratemask': 0,
    'net.ipv4.ip_forward': 1,
  };
  const routerLines = [
    `rule add pref 100 ${markRule('lan0')}`,
    'link set dev lo up',
    ...hosts.map((_, side) => `link set dev port${side} master lan0 up`),
    'address add 192.168.1.1/24 dev lan0',
    'link set dev lan0 up',
    `address add ${wan}/16 dev wan0`,
    ...(own ? [`address add ${other}/16 dev wan0`] : []),
    'link set dev wan0 up',
    'route add default via 45.77.0.1',
  ];
  return {
    namespaces: [router, ...hosts],
    wires: [
      `link add name lan0 netns ${router} type bridge forward_delay 0`,
      ...hosts.map((host, side) => `link add name port${side} netns ${router} type veth peer name eth0 netns ${host}`),
      `link add name w${index} type veth peer name wan0 netns ${router}`,
      `link set w${index} master net up`,
    ],
    files: [
      file(`${router}.nft`, rules),
      file(`${router}.net`, `${routerLines.join('\n')}\n`),
      file(
        `${router}.sysctl`,
        Object.entries(sysctls)
          .map(([key, value]) => `${key.replaceAll('.', '/')} ${value}\n`)
          .join(''),
      ),
      ...hosts.map((host, side) =>
        file(
          `${host}.net`,
          `link set dev lo up\naddress add ${insideHosts[side]!}/24 dev eth0\nlink set dev eth0 up\nroute add default via 192.168.1.1\n`,
        ),
      ),
    ],
  };
};

/** Shell text that makes the world of the files: rules before links, links before forwarding, all places side by side. */
export const makeRequirementsWorld = `set -eu
cd ${worldFolder}
settle() {
  # a switch of its own passes frames by itself, not by the rules of a router
  for of in iptables arptables; do [ ! -e "/proc/sys/net/bridge/bridge-nf-call-$of" ] || echo 0 > "/proc/sys/net/bridge/bridge-nf-call-$of"; done
  [ ! -e "$1.nft" ] || nft -f "$1.nft"
  ip -batch "$1.net"
  [ ! -e "$1.sysctl" ] || while read -r key value; do echo "$value" > "/proc/sys/$key"; done < "$1.sysctl"
}
if [ $# = 1 ]; then settle "$1"; exit; fi
for of in iptables arptables; do [ ! -e "/proc/sys/net/bridge/bridge-nf-call-$of" ] || echo 0 > "/proc/sys/net/bridge/bridge-nf-call-$of"; done
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/icmp_ratemask
ip -batch internet
nft -f internet.nft
xargs -P 8 -I@ ip netns exec @ sh "$0" @ < namespaces
`;

/** Faults of a network as shell text for the container where they bite; each is a table of its own, so that it can go without a trace. */
import { isIpv6 } from '../lib/ipv6.ts';
import { quoteWord } from '../lib/quote.ts';
import type { Directions } from '../model/fault.ts';

/** All tables of faults begin so; the rest is the fault's name. */
const prefix = 'fault_';

/** `cut_lan_a`: by this name a fault is ended, listed, and its tables are called; nftables takes words only. */
export const faultName = (kind: 'cut' | 'parted' | 'hole' | 'full' | 'redial', ...places: readonly string[]): string =>
  [kind, ...places.map((place) => place.replaceAll(/\W/g, '_'))].join('_');

const replaceTable = (family: string, name: string, chains: readonly string[]): string =>
  [
    'nft -f - <<END',
    `add table ${family} ${prefix}${name}`,
    `delete table ${family} ${prefix}${name}`,
    `table ${family} ${prefix}${name} {`,
    ...chains,
    '}',
    'END',
  ].join('\n');

/** Nothing passes the device in these directions, or nothing of the peers; addresses and routes stay, as when a cable far off is cut. */
export const cutScript = (name: string, device: string, directions: Directions, peers: readonly string[] = []): string => {
  const chain = (hook: 'ingress' | 'egress', field: 'saddr' | 'daddr'): string =>
    `chain ${hook === 'ingress' ? 'down' : 'up'} { type filter hook ${hook} device "${device}" priority -200; policy accept;
${peers.length > 0 ? matchPeers(peers, field) : ''}counter drop
}`;
  return replaceTable('netdev', name, [
    ...(directions === 'up' ? [] : [chain('ingress', 'saddr')]),
    ...(directions === 'down' ? [] : [chain('egress', 'daddr')]),
  ]);
};

/** A rule for each family that there is; the last one is left open for its verdict. */
const matchPeers = (peers: readonly string[], field: 'saddr' | 'daddr'): string =>
  (['ip', 'ip6'] as const)
    .map((family) => ({ family, here: peers.filter((peer) => isIpv6(peer) === (family === 'ip6')) }))
    .filter(({ here }) => here.length > 0)
    .map(({ family, here }) => `${family} ${field} { ${here.join(', ')} } `)
    .join('counter drop\n');

/** The DNS server hears no questions. */
export const deafDnsScript = (name: string): string =>
  replaceTable('inet', name, [
    'chain in { type filter hook input priority -300; policy accept;',
    'udp dport 53 counter drop',
    'tcp dport 53 counter drop',
    '}',
  ]);

/** The machine never says "fragmentation needed" (RFC 1191) or "packet too big" (RFC 8201): with a small MTU its link is a black hole for what must not be cut. */
export const silentMtuScript = (name: string): string =>
  replaceTable('inet', name, [
    'chain out { type filter hook output priority 300; policy accept;',
    'icmp type destination-unreachable icmp code 4 counter drop',
    'icmpv6 type packet-too-big counter drop',
    '}',
  ]);

/**
 * The router has no room for more connections: what it tracks goes on, everything new is dropped before its rules see it,
 * as by the kernel's "table full, dropping packet". The kernel's own limit is one for the whole machine.
 */
export const fullTableScript = (name: string): string =>
  replaceTable('inet', name, ['chain in { type filter hook prerouting priority -190; policy accept;', 'ct state new counter drop', '}']);

const undoFolder = '/run/edgelab/undo';

/** A script that ends a fault which is no table of its own. */
export const undoFile = (name: string): string => `${undoFolder}/${name}`;

/** Takes one fault away; nothing happens where it is not. */
export const healScript = (name: string): string =>
  `for family in netdev inet; do nft delete table $family ${prefix}${name} 2>/dev/null || true; done
[ ! -e ${undoFile(name)} ] || { sh ${undoFile(name)} && rm ${undoFile(name)}; }`;

/** Prints the names of the faults there are. */
export const listFaultsScript = `nft list tables | sed -n 's/^table [a-z]* ${prefix}//p'
ls ${undoFolder} 2>/dev/null || true`;

/** Rules before the address: what leaves in between still has the old source, and the new rules let nothing foreign out. */
export const redialScript = ({ from, to, rules }: { from: string; to: string; rules: string }): string => `set -eu
route=$(ip -4 route show default dev wan0)
printf '%s\\n' ${quoteWord(rules)} | nft -f -
ip address del ${from} dev wan0 2>/dev/null || true
ip address replace ${to} broadcast + dev wan0
[ -z "$route" ] || ip route replace $route dev wan0
conntrack -F 2>/dev/null`;

/** The lab's DNS server answers with other names: hosts(5) text. */
export const renameScript = (names: string): string => `set -eu
printf '%s\\n' ${quoteWord(names)} > /etc/edgelab/names
kill -HUP "$(cat /run/dnsmasq.pid)"`;

/**
 * The router forgets all bindings; its rules come on stdin. No packet passes meanwhile, or it would teach an old binding
 * to the new tables. With `reserve` the old outside ports stay taken for two minutes, so that hosts get others.
 */
export const forgetScript = ({ reserve }: { reserve: boolean }): string => `set -eu
rules=$(cat)
maps=$(nft list maps ip | sed -n 's/^[[:space:]]*map \\(owner[_0-9]*\\) {.*/\\1/p')
old=$(for map in $maps; do
  nft list map ip lab "$map" | grep -oE '(tcp|udp|6|17) \\. [0-9]+ timeout' | sed "s/^/$map /; s/ timeout//" || true
done)
${reserve ? '[ -n "$maps" ] || nft list map ip lab owner >/dev/null' : ''}
trap 'nft delete table netdev ${prefix}frozen 2>/dev/null || true' EXIT
devices=$(ls /sys/class/net | sed -n 's/^[wl]an[0-9]$/"&"/p' | paste -sd,)
${replaceTable('netdev', 'frozen', ['chain ends { type filter hook ingress devices = { $devices } priority -250; policy drop; }'])}
printf '%s\\n' "$rules" | nft -f -
conntrack -F 2>/dev/null
${
  reserve
    ? `printf '%s\\n' "$old" | while read -r map protocol dot port; do
  [ -z "$port" ] || nft add element ip lab "$map" "{ $protocol . $port timeout 120s : 0.0.0.0 . 0 }"
done`
    : ''
}`;

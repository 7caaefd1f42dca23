/** Faults of a network as shell text for the container where they bite; each is a table of its own, so that it can go without a trace. */

export type Directions = 'both' | 'up' | 'down';

/** Names of faults are words; all their tables begin so. */
const prefix = 'fault_';

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
${peers.length > 0 ? `ip ${field} { ${peers.join(', ')} } ` : ''}counter drop
}`;
  return replaceTable('netdev', name, [
    ...(directions === 'up' ? [] : [chain('ingress', 'saddr')]),
    ...(directions === 'down' ? [] : [chain('egress', 'daddr')]),
  ]);
};

/** The DNS server hears no questions. */
export const deafDnsScript = (name: string): string =>
  replaceTable('inet', name, [
    'chain in { type filter hook input priority -300; policy accept;',
    'udp dport 53 counter drop',
    'tcp dport 53 counter drop',
    '}',
  ]);

/** The machine never says "fragmentation needed" (RFC 1191): with a small MTU its link is a black hole for what must not be cut. */
export const silentMtuScript = (name: string): string =>
  replaceTable('inet', name, [
    'chain out { type filter hook output priority 300; policy accept;',
    'icmp type destination-unreachable icmp code 4 counter drop',
    '}',
  ]);

/** Takes one fault away; nothing happens where it is not. */
export const healScript = (name: string): string =>
  `for family in netdev inet; do nft delete table $family ${prefix}${name} 2>/dev/null || true; done`;

/** Prints the names of the faults there are. */
export const listFaultsScript = `nft list tables | sed -n 's/^table [a-z]* ${prefix}//p'`;

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

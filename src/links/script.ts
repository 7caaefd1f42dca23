/** The shell text that makes a link behave as declared, whatever it was before. POSIX sh, run in the container at its near end. */
import { quoteWord } from '../lib/quote.ts';
import type { LinkCondition, LinkConditions, LinkFacts, LinkPlace } from '../model/link.ts';
import type { Means } from './conditioner.ts';
import { chooseConditioner } from './registry.ts';

/** Where a container keeps what its link was told last, as JSON: it outlives a restart. */
export const linkStateFile = (device: string): string => `/etc/edgelab/link-${device}.json`;

const chains = {
  up: { hook: 'egress', name: 'up' },
  down: { hook: 'ingress', name: 'down' },
} as const;

/**
 * New queues and wires first, then one transaction of nftables that leads packets to them, then the old ones go: a
 * packet on its way arrives, and none passes unconditioned. Fails with a text where the machine cannot do it.
 */
export const makeLinkScript = (
  place: LinkPlace,
  conditions: LinkConditions,
  facts: LinkFacts,
): { script: string } | { unsupported: string } => {
  const { device } = place;
  const means: Partial<Record<'up' | 'down', Means>> = {};
  for (const direction of ['up', 'down'] as const) {
    const chosen = chooseConditioner({ device, direction, condition: conditions[direction] }, facts);
    if (typeof chosen === 'string') return { unsupported: chosen };
    if (chosen) means[direction] = chosen.means({ device, direction, condition: conditions[direction] });
  }
  const script = [
    begin(device),
    ...(means.up?.prepare ?? []),
    ...(means.down?.prepare ?? []),
    ...lead(device, means),
    ...queue(device, means.up?.queue ?? []),
    end(device, means.down?.prepare.some((line) => line.includes(`${device}-ifb`)) === true),
    ...setMtu(device, conditions.up.mtu),
    ...(place.inner === undefined ? [] : setMtu(place.inner, conditions.down.mtu)),
    remember(device, conditions),
  ].join('\n');
  return { script: `${script}\n` };
};

const begin = (device: string): string => `set -eu
mkdir -p /run/edgelab /etc/edgelab
old=$(cat /run/edgelab/${device}.wires 2>/dev/null || true)
wires=
free_tap() {
  for number in 0 1 2 3 4 5 6 7 8 9; do
    [ -e "/sys/class/net/$1$number" ] || { echo "$1$number"; return; }
  done
  echo "all wires at ${device} are still busy with packets" >&2
  return 1
}
[ -e /dev/net/tun ] || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; } 2>/dev/null || true`;

const lead = (device: string, means: Partial<Record<'up' | 'down', Means>>): string[] => [
  'nft -f - <<END',
  `add table netdev link_${device}`,
  `delete table netdev link_${device}`,
  ...(['up', 'down'] as const).flatMap((direction) => {
    const chain = means[direction]?.chain;
    const { hook, name } = chains[direction];
    if (chain === undefined) return [];
    return [
      `add table netdev link_${device}`,
      `add chain netdev link_${device} ${name} { type filter hook ${hook} device "${device}" priority 0; policy accept; }`,
      ...chain.split('; ').map((rule) => `add rule netdev link_${device} ${name} ${rule}`),
    ];
  }),
  'END',
];

const queue = (device: string, queues: readonly string[]): string[] => [
  `tc qdisc del dev ${device} root 2>/dev/null || true`,
  ...queues.map((words) => `tc qdisc add dev ${device} ${words}`),
];

/** A process id of an earlier start of the container is nobody's, or somebody else's: only our program is told to end. */
const end = (device: string, keepsIfb: boolean): string => `for pid in $old; do
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != edgelab-wire ] || kill "$pid"
done
echo "$wires" > /run/edgelab/${device}.wires${keepsIfb ? '' : `\nip link del ${device}-ifb 2>/dev/null || true`}`;

/** As routes have it, a router forwards by it and answers what is too large (RFC 1191, RFC 8201); the device receives as before. Link-local routes are alike for every device and would replace each other. */
const setMtu = (device: string, mtu: number | undefined): string[] =>
  ['-4', '-6'].flatMap((family) => [
    `ip ${family} route show dev ${device} | sed -E '/^fe80:/d; s/ mtu [0-9]+//; s/ linkdown//' | while read -r route; do`,
    `  ip ${family} route replace $route dev ${device}${mtu === undefined ? '' : ` mtu ${mtu}`}`,
    'done',
  ]);

const remember = (device: string, { up, down }: LinkConditions): string =>
  `printf '%s\\n' ${quoteWord(JSON.stringify({ up: ordered(up), down: ordered(down) }))} > ${linkStateFile(device)}`;

const ordered = (condition: LinkCondition): LinkCondition =>
  Object.fromEntries(Object.entries(condition).sort(([a], [b]) => (a < b ? -1 : 1)));

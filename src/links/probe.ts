/** What the kernel can do for links, tried where it is to be done: in a container, on a device that is thrown away. */
import type { LinkFacts } from '../model/link.ts';

const table = (hook: string, rule: string): string =>
  `printf 'table netdev elprobe { chain c { type filter hook ${hook} device "elprobe0" priority 0; ${rule}; }; }' | nft -f -`;

/** Prints the names of what works; leaves nothing behind. */
export const probeLinkScript = `exec 2>/dev/null
clean() { nft delete table netdev elprobe; ip link del elprobe0; ip link del elprobe2; }
clean
[ -e /dev/net/tun ] || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }
tap=yes
ip tuntap add dev elprobe0 mode tap || { tap=no; ip link add elprobe0 type veth peer name elprobe1; }
ip link set dev elprobe0 up
tc qdisc replace dev elprobe0 root netem delay 1ms && echo netem
tc qdisc replace dev elprobe0 root tbf rate 1mbit burst 10kb limit 100kb && echo tbf
ip link add elprobe2 type ifb && ${table('ingress', 'fwd to "elprobe2"')} && echo ifb
nft delete table netdev elprobe
${table('egress', 'numgen random mod 10 < 1 drop')} && echo egress
nft delete table netdev elprobe
[ $tap = yes ] && command -v edgelab-wire >/dev/null && ${table('egress', 'meta mark != 1 fwd to "elprobe0"')} &&
  tc qdisc add dev elprobe0 clsact &&
  tc filter add dev elprobe0 ingress protocol all prio 1 u32 match u32 0 0 action mirred ingress redirect dev lo && echo wire
clean
exit 0`;

/** `text` is what `probeLinkScript` printed. */
export const readLinkProbe = (text: string): LinkFacts => {
  const words = new Set(text.split(/\s+/));
  return { netem: words.has('netem'), tbf: words.has('tbf'), ifb: words.has('ifb'), wire: words.has('wire'), egress: words.has('egress') };
};

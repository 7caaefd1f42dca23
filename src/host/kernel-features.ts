/** What edgelab asks of a kernel, one entry per feature: how it is recognised, what needs it, what happens without it. */
import type { ErrorCode } from '../lib/error-codes.ts';

/** Something a kernel has or lacks. `title`, `needed` and `without` are for people. */
export type KernelFeature = {
  id: string;
  title: string;
  /** Options of which each must be `y` or `m`. */
  config: readonly string[];
  /** Modules that bring it, where it is not built in; the first one is what `modprobe` is told. */
  modules: readonly string[];
  /** Name in /proc/filesystems. */
  filesystem?: string;
  /** Shell that succeeds where the feature works, in a network namespace that is thrown away (with THROW_AWAY set, the file system is thrown away too); `tool` must be there to run it. */
  probe?: { tool: string; script: string };
  needed: string;
  /** With a code the feature is required where a lab uses it. */
  code?: ErrorCode;
  /** What is done, or cannot be, where it is missing: then its absence is a named capability, and the machine fit for other labs. */
  without?: string;
};

/** nft wants a separator after each closing brace. */
const nft = (rules: string): NonNullable<KernelFeature['probe']> => ({
  tool: 'nft',
  script: `printf '%s' '${rules.replaceAll('}', '};')}' | nft -f -`,
});
const link = (type: string, options = ''): NonNullable<KernelFeature['probe']> => ({
  tool: 'ip',
  script: `ip link add probe0 type ${type} ${options} && ip link del probe0`,
});
const qdisc = (text: string): NonNullable<KernelFeature['probe']> => ({ tool: 'tc', script: `tc qdisc replace dev lo root ${text}` });

/** In the order in which `doctor` prints them. */
export const kernelFeatures: readonly KernelFeature[] = [
  {
    id: 'nf-tables',
    title: 'nf_tables',
    config: ['CONFIG_NF_TABLES', 'CONFIG_NFT_CT', 'CONFIG_NFT_NAT', 'CONFIG_NFT_MASQ'],
    modules: ['nf_tables', 'nft_ct', 'nft_nat', 'nft_masq'],
    probe: nft('table ip probe { chain c { type nat hook postrouting priority srcnat; policy accept; masquerade random; } }'),
    needed: 'the NAT routers are nftables rules',
    code: 'HOST003',
  },
  {
    id: 'nft-maps',
    title: 'nftables NAT by map, updated by packets',
    config: ['CONFIG_NF_TABLES', 'CONFIG_NFT_NAT'],
    modules: ['nf_tables', 'nft_nat'],
    probe: nft(
      'table ip maps { map m { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 5m; size 16; } chain d { type nat hook prerouting priority dstnat; dnat ip to udp dport map @m; } chain p { type filter hook postrouting priority 200; ip protocol udp update @m { udp sport : ip saddr . udp sport } } }',
    ),
    needed: 'endpoint-independent NAT kinds',
    without: 'only the masquerade kind is true to its name',
  },
  {
    id: 'ct-zones',
    title: 'conntrack zones',
    config: ['CONFIG_NF_CONNTRACK', 'CONFIG_NF_CONNTRACK_ZONES'],
    modules: ['nf_conntrack'],
    probe: nft('table ip zones { chain c { type filter hook prerouting priority raw; ct zone set 1; } }'),
    needed: 'bindings that change while a lab runs',
    without: 'bindings are flushed instead',
  },
  {
    id: 'ipv6',
    title: 'IPv6, with nftables NAT',
    config: ['CONFIG_IPV6', 'CONFIG_NF_TABLES_IPV6'],
    modules: ['ipv6', 'nf_tables'],
    probe: {
      tool: 'nft',
      script: `[ -d /proc/sys/net/ipv6 ] && printf '%s' 'table ip6 probe { chain c { type nat hook prerouting priority dstnat; dnat ip6 prefix to ip6 daddr map { 2001:db8::/64 : fd00::/64 }; }; };' | nft -f -`,
    },
    needed: 'LANs with a subnet6',
    code: 'HOST012',
    without: 'labs have IPv4 only',
  },
  {
    id: 'vxlan',
    title: 'vxlan',
    config: ['CONFIG_VXLAN'],
    modules: ['vxlan'],
    probe: link('vxlan', 'id 1 dstport 8472'),
    needed: "flannel's overlay is VXLAN, and Calico's if it has one",
    code: 'HOST004',
  },
  {
    id: 'overlay',
    title: 'overlayfs',
    config: ['CONFIG_OVERLAY_FS'],
    modules: ['overlay'],
    filesystem: 'overlay',
    needed: 'containerd in the nodes stores images on it',
    code: 'HOST005',
  },
  {
    id: 'bridge',
    title: 'bridge',
    config: ['CONFIG_BRIDGE'],
    modules: ['bridge'],
    probe: link('bridge'),
    needed: 'pods of a node share a bridge',
    without: 'no pod network',
  },
  {
    id: 'tap',
    title: 'TUN and TAP',
    config: ['CONFIG_TUN'],
    modules: ['tun'],
    probe: {
      tool: 'ip',
      script:
        '{ [ -e /dev/net/tun ] || { [ "$THROW_AWAY" ] && mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }; } && ip tuntap add dev probe0 mode tap && ip link del probe0',
    },
    needed: "tunnels in user space (FabEdge without ESP, flannel's udp backend), and link delay without netem",
    code: 'HOST014',
    without: 'no user-space tunnels',
  },
  {
    id: 'netem',
    title: 'netem',
    config: ['CONFIG_NET_SCH_NETEM'],
    modules: ['sch_netem'],
    probe: qdisc('netem delay 1ms'),
    needed: 'delay and loss of links',
    without: 'delay is made in user space',
  },
  {
    id: 'tbf',
    title: 'tbf',
    config: ['CONFIG_NET_SCH_TBF'],
    modules: ['sch_tbf'],
    probe: qdisc('tbf rate 1mbit burst 10kb latency 10ms'),
    needed: 'rates of links',
    without: 'rates are not limited',
  },
  {
    id: 'dummy',
    title: 'dummy interfaces',
    config: ['CONFIG_DUMMY'],
    modules: ['dummy'],
    probe: link('dummy'),
    needed: 'Weave gives its bridge an MTU by one',
    code: 'HOST014',
    without: 'no labs with Weave',
  },
  {
    id: 'ip-set',
    title: 'IP sets, with their iptables match',
    config: ['CONFIG_IP_SET', 'CONFIG_IP_SET_HASH_IP', 'CONFIG_NETFILTER_XT_SET'],
    modules: ['ip_set', 'ip_set_hash_ip', 'xt_set'],
    needed: "Weave's network policy is made of them",
    code: 'HOST014',
    without: 'no labs with Weave',
  },
  {
    id: 'openvswitch',
    title: 'Open vSwitch',
    config: ['CONFIG_OPENVSWITCH'],
    modules: ['openvswitch'],
    needed: "Weave's fast datapath",
    without: 'Weave carries packets in user space (sleeve)',
  },
  {
    id: 'esp',
    title: 'ESP (xfrm)',
    config: ['CONFIG_XFRM_USER', 'CONFIG_INET_ESP'],
    modules: ['esp4', 'xfrm_user'],
    probe: {
      tool: 'ip',
      script: `ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel aead 'rfc4106(gcm(aes))' 0x${'01'.repeat(20)} 128`,
    },
    needed: 'IPsec tunnels in the kernel',
    without: 'strongSwan runs in user space (libipsec)',
  },
  {
    id: 'ipvs',
    title: 'IPVS',
    config: ['CONFIG_IP_VS'],
    modules: ['ip_vs'],
    needed: 'kube-proxy in IPVS mode',
    without: 'kube-proxy uses iptables',
  },
  {
    id: 'wireguard',
    title: 'WireGuard',
    config: ['CONFIG_WIREGUARD'],
    modules: ['wireguard'],
    probe: link('wireguard'),
    needed: "flannel's wireguard backend",
    without: 'the vxlan backend is used',
  },
];

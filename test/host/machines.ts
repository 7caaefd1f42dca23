/** Surveys as machines of several kinds print them, shortened to what is read. */

/** A small cloud VM: Debian 12, a kernel without modules, hybrid cgroups, an engine without CAP_SYS_RESOURCE. */
export const debianWithoutModules = `@@system
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
ID=debian
@@kernel
6.18.44
@@uid
0
@@cpus
2
@@memory
MemTotal:       24684092 kB
MemFree:        17899520 kB
MemAvailable:   23875780 kB
@@memory-limit
9223372036854771712
@@memory-used
2000000000
@@filesystems
nodev	proc
nodev	overlay
	ext4
@@loaded
@@available
@@config
CONFIG_NET=y
CONFIG_NF_CONNTRACK=y
CONFIG_NF_CONNTRACK_ZONES=y
CONFIG_NF_TABLES=y
CONFIG_NFT_CT=y
CONFIG_NFT_MASQ=y
CONFIG_NFT_NAT=y
CONFIG_BRIDGE=y
CONFIG_NET_SCH_TBF=y
CONFIG_VXLAN=y
CONFIG_TUN=y
CONFIG_OVERLAY_FS=y
@@sysctls
net/ipv4/ip_forward 1
net/bridge/bridge-nf-call-iptables 1
net/netfilter/nf_conntrack_max 262144
fs/inotify/max_user_instances 128
@@mounts
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
@@forward
-P FORWARD DROP
-A FORWARD -j DOCKER-USER
@@firewalls
@@limits
Limit                     Soft Limit           Hard Limit           Units
Max open files            20000                20000                files
@@disk
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/vda         263174212 24900000  68000000      27% /
@@interfaces
docker0 eth0 lo
`;

/** A laptop: Ubuntu 24.04 with modules, cgroup 2, ufw, not root. */
export const ubuntuLaptop = `@@system
PRETTY_NAME="Ubuntu 24.04.2 LTS"
ID=ubuntu
ID_LIKE=debian
@@kernel
6.8.0-52-generic
@@uid
1000
@@cpus
8
@@memory
MemTotal:       16284092 kB
MemAvailable:    9875780 kB
@@memory-limit
max
@@filesystems
nodev	proc
	ext4
@@loaded
overlay
bridge
nf_tables
nft_ct
nft_nat
nft_masq
nf_conntrack
@@available
kernel/drivers/net/tun.ko
kernel/drivers/net/vxlan/vxlan.ko.zst: kernel/net/ipv4/udp_tunnel.ko.zst
kernel/net/sched/sch_netem.ko.zst:
kernel/net/sched/sch_tbf.ko.zst:
kernel/net/ipv4/esp4.ko.zst:
kernel/drivers/net/wireguard/wireguard.ko.zst:
@@config
CONFIG_NET=y
CONFIG_NF_CONNTRACK=m
CONFIG_NF_CONNTRACK_ZONES=y
CONFIG_NF_TABLES=m
CONFIG_NFT_CT=m
CONFIG_NFT_MASQ=m
CONFIG_NFT_NAT=m
CONFIG_BRIDGE=m
CONFIG_NET_SCH_TBF=m
CONFIG_NET_SCH_NETEM=m
CONFIG_VXLAN=m
CONFIG_TUN=y
CONFIG_OVERLAY_FS=m
CONFIG_XFRM_USER=m
CONFIG_INET_ESP=m
CONFIG_IP_VS=m
CONFIG_WIREGUARD=m
@@sysctls
net/ipv4/ip_forward 0
fs/inotify/max_user_instances 1024
@@mounts
cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0
@@forward
@@firewalls
ufw
@@limits
@@disk
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/nvme0n1p2   490617784 1000000   4000000      99% /
@@interfaces
lo wlp2s0
`;

/** A container with 1 GiB that sees nothing of its kernel's configuration. */
export const smallContainer = `@@system
PRETTY_NAME="Fedora Linux 41"
ID=fedora
@@kernel
6.11.4
@@uid
0
@@cpus
1
@@memory
MemTotal:       16284092 kB
MemAvailable:    9875780 kB
@@memory-limit
1073741824
@@memory-used
173741824
@@filesystems
nodev	proc
@@loaded
@@available
@@config
@@sysctls
net/netfilter/nf_conntrack_max 65536
net/ipv4/ip_forward 1
@@mounts
cgroup /sys/fs/cgroup cgroup2 rw 0 0
@@forward
-P FORWARD ACCEPT
@@firewalls
firewalld
@@limits
Max open files            1024                 1048576              files
@@disk
@@interfaces
lo
`;

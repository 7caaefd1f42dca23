set -eu
mkdir -p /run/edgelab /etc/edgelab
old=$(cat /run/edgelab/wan0.wires 2>/dev/null || true)
wires=
free_tap() {
  for number in 0 1 2 3 4 5 6 7 8 9; do
    [ -e "/sys/class/net/$1$number" ] || { echo "$1$number"; return; }
  done
  echo "all wires at wan0 are still busy with packets" >&2
  return 1
}
[ -e /dev/net/tun ] || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; } 2>/dev/null || true
[ -e /sys/class/net/wan0-ifb ] || ip link add wan0-ifb type ifb
ip link set dev wan0-ifb up txqueuelen 10000
tc qdisc del dev wan0-ifb root 2>/dev/null || true
tc qdisc add dev wan0-ifb root handle 1: netem limit 100000 loss 1.25%
tc qdisc add dev wan0-ifb parent 1:1 handle 10: tbf rate 10000kbit burst 3200 limit 65700
nft -f - <<END
add table netdev link_wan0
delete table netdev link_wan0
add table netdev link_wan0
add chain netdev link_wan0 down { type filter hook ingress device "wan0" priority 0; policy accept; }
add rule netdev link_wan0 down counter fwd to "wan0-ifb"
END
tc qdisc del dev wan0 root 2>/dev/null || true
tc qdisc add dev wan0 root handle 1: netem limit 100000 loss 1.25%
tc qdisc add dev wan0 parent 1:1 handle 10: tbf rate 10000kbit burst 3200 limit 65700
for pid in $old; do
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != edgelab-wire ] || kill "$pid"
done
echo "$wires" > /run/edgelab/wan0.wires
ip -4 route show dev wan0 | sed -E '/^fe80:/d; s/ mtu [0-9]+//; s/ linkdown//' | while read -r route; do
  ip -4 route replace $route dev wan0
done
ip -6 route show dev wan0 | sed -E '/^fe80:/d; s/ mtu [0-9]+//; s/ linkdown//' | while read -r route; do
  ip -6 route replace $route dev wan0
done
ip -4 route show dev lan0 | sed -E '/^fe80:/d; s/ mtu [0-9]+//; s/ linkdown//' | while read -r route; do
  ip -4 route replace $route dev lan0
done
ip -6 route show dev lan0 | sed -E '/^fe80:/d; s/ mtu [0-9]+//; s/ linkdown//' | while read -r route; do
  ip -6 route replace $route dev lan0
done
printf '%s\n' '{"up":{"lossPercent":1.25,"rateKbit":10000},"down":{"lossPercent":1.25,"rateKbit":10000}}' > /etc/edgelab/link-wan0.json

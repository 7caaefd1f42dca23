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
up_tap=$(free_tap wan0-u)
pid=$(env -i PATH="$PATH" edgelab-wire "$up_tap" wan0 out 02:ed:6e:1a:b0:01 0x65644c57 0 0 12500 0 0)
wires="$wires $pid"
down_tap=$(free_tap wan0-d)
pid=$(env -i PATH="$PATH" edgelab-wire "$down_tap" wan0 in 02:ed:6e:1a:b0:01 0x65644c57 0 0 12500 0 0)
wires="$wires $pid"
tc qdisc add dev "$down_tap" clsact
tc filter add dev "$down_tap" ingress protocol all prio 1 u32 match u32 0 0 action mirred ingress redirect dev wan0
nft -f - <<END
add table netdev link_wan0
delete table netdev link_wan0
add table netdev link_wan0
add chain netdev link_wan0 up { type filter hook egress device "wan0" priority 0; policy accept; }
add rule netdev link_wan0 up meta mark != 0x65644c57 counter fwd to "$up_tap"
add table netdev link_wan0
add chain netdev link_wan0 down { type filter hook ingress device "wan0" priority 0; policy accept; }
add rule netdev link_wan0 down ether daddr != 02:ed:6e:1a:b0:01 counter fwd to "$down_tap"
END
tc qdisc del dev wan0 root 2>/dev/null || true
for pid in $old; do
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != edgelab-wire ] || kill "$pid"
done
echo "$wires" > /run/edgelab/wan0.wires
ip link del wan0-ifb 2>/dev/null || true
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
printf '%s\n' '{"up":{"lossPercent":1.25},"down":{"lossPercent":1.25}}' > /etc/edgelab/link-wan0.json

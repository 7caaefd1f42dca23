/** The shell text that turns a container as Docker wired it into a machine of the lab. POSIX sh; all values come in the environment. */

/** Where edgelab's own routing policies stand: after the kernel's table of local addresses (0), before all else. */
export const policyPreference = 100;

/** Nothing passes while this runs, and each interface is found by Docker's address or the subnet it is of: their order is not defined. */
const takeInterfaces = `set -eu
echo 0 > /proc/sys/net/ipv4/ip_forward
while ip rule del pref ${policyPreference} 2>/dev/null; do :; done
number=0
naming=
for name in $EDGELAB_INTERFACES; do
  eval "address=\\$EDGELAB_IF_$name"
  set -- $(ip -o -4 address show to "$address")
  found=\${2:-$name}
  found=\${found%%@*}
  if [ ! -e "/sys/class/net/$found" ]; then
    echo "no interface has $address, which was to become $name" >&2
    exit 1
  fi
  ip -batch - <<END
link set dev $found down
address flush dev $found
link set dev $found name link$number
END
  naming="\${naming}link set dev link$number name $name
"
  number=$((number + 1))
done
printf '%s' "$naming" | ip -batch -
`;

/** The container's rules come on stdin and replace all there are, Docker's for its resolver included. */
const loadRules = `nft -f -
`;

/** What runs in a node owns its rules: only those Docker made for its resolver go, in whichever back end the host uses. */
const dropDockerRules = `for restore in iptables-legacy-restore iptables-nft-restore; do
  [ "$restore" = iptables-nft-restore ] || grep -qs nat /proc/net/ip_tables_names || continue
  "$restore" --noflush <<END 2>/dev/null || true
*nat
-D OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT
-D POSTROUTING -d 127.0.0.11/32 -j DOCKER_POSTROUTING
-F DOCKER_OUTPUT
-F DOCKER_POSTROUTING
-X DOCKER_OUTPUT
-X DOCKER_POSTROUTING
COMMIT
END
done
`;

const settleNetwork = `printf '%s\\n' "$EDGELAB_SYSCTLS" | while IFS== read -r key value; do
  [ -e "/proc/sys/$key" ] || case $key in net/ipv6/*) continue ;; esac
  echo "$value" > "/proc/sys/$key"
done
printf '%s\\n' "$EDGELAB_NETWORK" | ip -batch -
printf '%s\\n' "$EDGELAB_RESOLV" > /etc/resolv.conf
printf '%s\\n' "$EDGELAB_HOSTS" > /etc/hosts
`;

/** dnsmasq answers from the lab's names alone: \`local=/#/\` makes every other name one that does not exist. */
const startDns = `mkdir -p /etc/edgelab
printf '%s\\n' "$EDGELAB_NAMES" > /etc/edgelab/names
pid=$(cat /run/dnsmasq.pid 2>/dev/null || true)
if [ -n "$pid" ] && kill "$pid" 2>/dev/null; then
  while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
fi
dnsmasq --conf-file=/dev/null --pid-file=/run/dnsmasq.pid --no-resolv --no-hosts --addn-hosts=/etc/edgelab/names \\
  --local=/#/ --bind-interfaces --listen-address="$EDGELAB_DNS"
`;

/** One line per program: its name and its words. One that still runs ends first; a number that another program has by now is left alone. */
const startDaemons = `mkdir -p /run/edgelab
printf '%s\\n' "$EDGELAB_DAEMONS" | while read -r name words; do
  pid=$(cat "/run/edgelab/$name.pid" 2>/dev/null || true)
  if [ "$(tr '\\0' ' ' 2>/dev/null < "/proc/\${pid:-none}/cmdline")" = "$words " ]; then
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
  fi
  rm -f "/run/edgelab/$name.lock"
  setsid $words > "/run/edgelab/$name.log" 2>&1 &
  echo $! > "/run/edgelab/$name.pid"
done
`;

/** Before any link is up: nothing of this family passes either. Docker has left it off in all interfaces. */
const closeIpv6 = `echo 0 > /proc/sys/net/ipv6/conf/all/forwarding
while ip -6 rule del pref ${policyPreference} 2>/dev/null; do :; done
printf '%s\\n' "$EDGELAB_POLICIES6" | ip -6 -batch -
`;

/** A program cannot take an address that is still being announced. */
const awaitAddresses = `while ip -6 -oneline address show tentative | grep -q .; do sleep 0.01; done
`;

const startForwarding6 = `echo "$EDGELAB_FORWARD" > /proc/sys/net/ipv6/conf/all/forwarding
`;

const startForwarding = `echo "$EDGELAB_FORWARD" > /proc/sys/net/ipv4/ip_forward
`;

/** Rules before addresses, addresses before forwarding: a packet must not leave untranslated, not even for a moment. */
export const linkScript = ({
  ownsRules,
  servesDns,
  daemons,
  ipv6,
}: Record<'ownsRules' | 'servesDns' | 'daemons' | 'ipv6', boolean>): string =>
  [
    takeInterfaces,
    ipv6 ? closeIpv6 : '',
    ownsRules ? loadRules : dropDockerRules,
    settleNetwork,
    ipv6 ? awaitAddresses : '',
    servesDns ? startDns : '',
    daemons ? startDaemons : '',
    startForwarding,
    ipv6 ? startForwarding6 : '',
  ].join('');

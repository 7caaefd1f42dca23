import test from 'ava';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, type NatLab } from './nat-lab.ts';

const topology = `
name: nat-multicast
internet: { subnet: 45.77.0.0/24 }
sites:
  public: { nodes: { server: { role: host } } }
  home: { subnet: 192.168.1.0/24, nat: home-router, nodes: { speaker: { role: host }, phone: { role: host }, tv: { role: host } } }
  next-door: { subnet: 192.168.1.0/24, nat: full-cone, nodes: { radio: { role: host } } }
`;

/** The group and port of mDNS (RFC 6762), and the limited broadcast. */
const places = { multicast: '224.0.0.251', broadcast: '255.255.255.255' };

/** Joins the mDNS group and writes down who said what; ready when the file is there. */
const listen = `perl -MSocket=:all -e 'socket(S, PF_INET, SOCK_DGRAM, 17); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, pack_sockaddr_in(5353, INADDR_ANY)) or die;
  setsockopt(S, IPPROTO_IP, IP_ADD_MEMBERSHIP, pack_ip_mreq(inet_aton("${places.multicast}"))) or die "$!"; open(L, ">", "/tmp/heard"); L->autoflush(1);
  while (my $p = recv(S, my $t, 99, 0)) { print L inet_ntoa((unpack_sockaddr_in($p))[1]), " $t\\n" }' > /dev/null 2>&1 & until [ -e /tmp/heard ]; do sleep 0.02; done`;

const say = (
  place: string,
  text: string,
) => `perl -MSocket=:all -e 'socket(S, PF_INET, SOCK_DGRAM, 17); setsockopt(S, SOL_SOCKET, SO_BROADCAST, 1);
  setsockopt(S, IPPROTO_IP, IP_MULTICAST_TTL, pack("C", 255)); send(S, "${text}", 0, pack_sockaddr_in(5353, inet_aton("${place}"))) or die "$!"'`;

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  const everyone = ['speaker', 'phone', 'tv', 'radio', 'server'];
  test.before(async () => {
    lab = await openNatLab(engine, image, topology);
    await Promise.all(everyone.map((node) => lab.ok(node, listen)));
  });
  test.after.always(() => lab.close());

  for (const [kind, place] of Object.entries(places))
    test.serial(`a ${kind} is heard by every host of the LAN, and by none beyond its router`, async (t) => {
      await lab.ok('speaker', say(place, kind));
      for (const node of ['phone', 'tv'])
        t.is(await lab.ok(node, `until grep ${kind} /tmp/heard; do sleep 0.02; done`), `192.168.1.11 ${kind}`, node);
      // What is sent after it arrives: so it would have arrived as well.
      await lab.ok('speaker', say('45.77.0.10', `${kind} is over`));
      await lab.ok('server', `until grep "${kind} is over" /tmp/heard; do sleep 0.02; done`);
      for (const node of ['radio', 'server']) t.is(await lab.ok(node, `grep -c "${kind}$" /tmp/heard || true`), '0', node);
    });

  test.serial('hosts of a LAN know each other by their own hardware addresses, not by the router’s', async (t) => {
    await lab.ok('speaker', 'ping -c 1 -W 2 192.168.1.12');
    const own = await lab.ok('phone', 'cat /sys/class/net/eth0/address');
    t.is(await lab.ok('speaker', "ip neigh show 192.168.1.12 | sed 's/.*lladdr \\([0-9a-f:]*\\).*/\\1/'"), own);
  });
});

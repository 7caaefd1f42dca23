/** Findings about the host's own network settings: edgelab changes none of them, but some of them reach into labs. */
import type { EngineFacts } from '../../engine/engine.ts';
import { contains, parseIpv4, parseSubnet } from '../../lib/ip.ts';
import type { Plan } from '../../model/plan.ts';
import type { Finding } from '../finding.ts';
import type { Survey } from '../survey.ts';

/** Bindings of a busy lab and of the host together. */
const wantedConntrack = 131_072;

/** None of these fails: they explain what is seen in labs, or warn. */
export const findNetwork = (survey: Survey): Finding[] => [
  findBridgeFilter(survey),
  findForward(survey),
  ...survey.firewalls.map(findFirewall),
  findConntrack(survey),
  findForwarding(survey),
];

const bridgeFilter = ({ sysctls }: Survey): string | undefined => sysctls.get('net/bridge/bridge-nf-call-iptables');

/**
 * Pods of a node are on a bridge of it. Unless bridged frames pass iptables there, what answers for a Service on the same bridge is not
 * translated back, and flannel does not start. A node has the setting, at 1, where the host has loaded the module: until 28 Docker did
 * so itself. HOST015 where nodes with pods are `needed`.
 */
export const findBridgeFilter = (survey: Survey, needed = false): Finding => {
  const base = { id: 'bridge-nf-call-iptables', area: 'network', title: 'bridged frames pass iptables', code: 'HOST015' } as const;
  const value = bridgeFilter(survey);
  if (value === undefined && survey.sysctls.size > 0) {
    return {
      ...{ ...base, state: needed ? 'fail' : 'warn', value: 'br_netfilter is not loaded' },
      why: 'in labs with Kubernetes flannel does not start, and no pod reaches a Service on its own node',
      fix: 'modprobe br_netfilter (as root; echo br_netfilter > /etc/modules-load.d/edgelab.conf keeps it)',
    };
  }
  if (value !== '1') return { ...base, state: 'ok', value: 'no' };
  return {
    ...base,
    state: 'ok',
    value: 'yes',
    why: "lab frames pass this machine's FORWARD chain and count in its conntrack table; Docker's own rules let them through",
  };
};

const findForward = (survey: Survey): Finding => {
  const base = { id: 'forward-policy', area: 'network', title: 'FORWARD policy' } as const;
  const { forwardPolicy } = survey;
  if (forwardPolicy === undefined)
    return { ...base, state: 'ok', value: survey.root ? 'not set by iptables' : 'unknown (only root may read it)' };
  if (forwardPolicy === 'ACCEPT') return { ...base, state: 'ok', value: 'ACCEPT' };
  return {
    ...base,
    state: 'ok',
    value: 'DROP',
    why: 'Docker sets it; segments of a lab are bridges of their own, whose traffic Docker accepts',
  };
};

const findFirewall = (name: string): Finding => ({
  ...{ id: `firewall-${name}`, area: 'network', title: 'firewall', state: 'warn', value: `${name} is active` },
  why: 'it may drop frames between containers when bridged frames pass iptables',
  fix:
    name === 'firewalld'
      ? "put Docker's bridges into a trusted zone: firewall-cmd --zone=trusted --add-interface=<bridge>"
      : 'ufw default allow routed',
});

const findConntrack = ({ sysctls }: Survey): Finding => {
  const base = { id: 'conntrack-max', area: 'network', title: 'conntrack entries' } as const;
  const most = sysctls.get('net/netfilter/nf_conntrack_max');
  if (most === undefined) return { ...base, state: 'ok', value: 'not in use yet' };
  if (Number(most) >= wantedConntrack) return { ...base, state: 'ok', value: most };
  return {
    ...{ ...base, state: 'warn', value: most, why: 'a busy lab may fill the table, and new connections are dropped then' },
    fix: `sysctl -w net.netfilter.nf_conntrack_max=${wantedConntrack}`,
  };
};

const findForwarding = ({ sysctls }: Survey): Finding => {
  const value = sysctls.get('net/ipv4/ip_forward') === '1' ? 'on' : 'off';
  return {
    id: 'ip-forward',
    area: 'network',
    title: 'IP forwarding of the host',
    state: 'ok',
    value,
    ...(value === 'on' && { why: 'Docker sets it; routers of a lab set their own' }),
  };
};

/**
 * Docker networks of others that take this lab's frames for their own. Their rule `-s SUBNET ! -o BRIDGE -j MASQUERADE` is meant for what leaves
 * the host, but where bridged frames pass iptables it sees those between two containers of a lab too.
 */
export const findTranslating = (survey: Survey, { containers }: Pick<Plan, 'containers'>, { masqueraded }: EngineFacts): Finding[] => {
  if (bridgeFilter(survey) !== '1') return [];
  const addresses = containers.flatMap(({ name, interfaces }) =>
    interfaces.flatMap(({ addresses: all }) => all.map((address) => ({ name, address: address.replace(/\/.*$/, '') }))),
  );
  return masqueraded.flatMap(({ network, subnet }): Finding[] => {
    const range = parseSubnet(subnet);
    const hit = addresses.find(({ address }) => {
      const value = parseIpv4(address);
      return range !== undefined && value !== undefined && contains(range, value);
    });
    if (!hit) return [];
    return [
      {
        ...{ id: `translating-${network}`, area: 'network', title: `Docker network ${network}`, state: 'fail', code: 'HOST013' },
        value: `its ${subnet} holds ${hit.address} of ${hit.name}`,
        why: "Docker would rewrite the source of the lab's frames, since bridged frames pass iptables here",
        fix: `docker network rm ${network} where it is not used, or give the site another subnet`,
      },
    ];
  });
};

/** Steps that make the network of a lab: segments, containers, wiring, and the proof that each machine is online. */
import { familiesOf } from '../lib/families.ts';
import { isIpv6 } from '../lib/ipv6.ts';
import { macOf } from '../lib/mac.ts';
import { listWays } from '../lib/outside.ts';
import { listSegments, routersOut, uplinkStateFile } from '../nodes/nodes.ts';
import type { Machine } from '../nodes/nodes.ts';
import type { Lab } from '../model/lab.ts';
import type { ContainerSpec, Script, Step } from '../model/plan.ts';
import { linkScript, policyPreference } from './link-script.ts';
import { formatHosts, listDnsNames, listHostNames } from './names.ts';
import { linksOut, listProofsThrough, onlineScript } from './online.ts';

type Machines = { routers: Machine[]; nodes: Machine[] };

/** Segments, then each machine: its container, its wiring, and the wait until it is online. */
export const makeNetworkSteps = (lab: Lab, { routers, nodes }: Machines): Step[] => [
  ...listSegments(lab).map(({ name, title }) => networkStep(name, title)),
  ...routers.flatMap((machine) => machineSteps(lab, machine, 'network')),
  ...nodes.flatMap((machine) => machineSteps(lab, machine, 'nodes')),
];

const networkStep = (network: string, title: string): Step => ({
  id: `network:${network}`,
  title: `segment ${title}`,
  phase: 'network',
  needs: [],
  action: { do: 'network', network },
  timeoutSeconds: 30,
});

function machineSteps(lab: Lab, machine: Machine, phase: string): Step[] {
  const { container } = machine;
  const { name } = container;
  const script = wire(lab, machine);
  const files = (machine.wiring.daemons ?? []).flatMap(({ program }) => program ?? []);
  const steps: Step[] = [
    {
      id: `container:${name}`,
      title: `container ${name}`,
      phase,
      needs: [...container.interfaces.map(({ network }) => `network:${network}`), ...waitsForRouters(lab, container)],
      action: { do: 'container', container: name },
      timeoutSeconds: 60,
    },
    {
      id: `link:${name}`,
      title: `wire ${name}`,
      phase,
      needs: [`container:${name}`],
      action: { do: 'link', container: name, script, files },
      timeoutSeconds: 30,
      ...(container.privilege === 'router' && files.length === 0 && isShort(script) && { shown: true }),
    },
  ];
  if (container.role === 'core') return steps;
  return [...steps, onlineStep(lab, machine, phase), ...(container.role === 'router' ? uplinksStep(lab, container, phase) : [])];
}

/** Short enough to be the words of a command: bytes, less than Linux takes in one (MAX_ARG_STRLEN: 131,072). */
const isShort = ({ text, env = {}, stdin = '' }: Script): boolean =>
  [text, stdin, ...Object.values(env)].every((word) => Buffer.byteLength(typeof word === 'string' ? word : '') < 120_000);

/**
 * Routers first: a LAN's nodes come when theirs is wired, public nodes when all are. An engine that makes all at once
 * makes each of them late, and it is the routers that the others then wait for.
 */
const waitsForRouters = (lab: Lab, { site, role }: ContainerSpec): string[] => {
  if (role === 'core' || role === 'router') return [];
  const router = lab.sites.find((one) => one.name === site)?.lan?.router.name;
  if (router !== undefined) return [`link:${router}`];
  return lab.sites.flatMap(({ lan }) => (lan ? [`link:${lan.router.name}`] : []));
};

function onlineStep(lab: Lab, { container, wiring }: Machine, phase: string): Step {
  const { name } = container;
  const shownBy = listProofsThrough(lab, name);
  return {
    id: `online:${name}`,
    title: `${name} reaches the lab's DNS`,
    phase,
    needs: shownBy.length > 0 ? shownBy : linksOut(lab, container),
    action: { do: 'wait', container: name, script: onlineScript(wiring.ipv6 ? familiesOf(lab) : [lab]) },
    timeoutSeconds: 20,
    verifies: true,
    ...(shownBy.length > 0 && { shown: true }),
  };
}

/** Of several uplinks every one leads to the internet, and the first is used: only then is the NAT measured. */
function uplinksStep(lab: Lab, { name, site }: ContainerSpec, phase: string): Step[] {
  const router = lab.sites.find((one) => one.name === site)?.lan?.router;
  if (!router?.backups) return [];
  const needs = [name, lab.internet.core.name, ...listWays(router).flatMap(({ uplink }) => routersOut(lab, uplink).map((one) => one.name))];
  const wanted = listWays(router).map(({ device }, index) => `${device} alive${index === 0 ? ' used' : ''}`);
  return [
    {
      id: `uplinks:${site ?? ''}`,
      title: `${wanted.length} uplinks of ${site ?? ''}`,
      phase,
      needs: [...new Set(needs)].map((one) => `link:${one}`),
      action: {
        do: 'wait',
        container: name,
        script: {
          text: `until [ "$(cat "$EDGELAB_STATE")" = "$EDGELAB_WANTED" ]; do
  paste -sd, "$EDGELAB_STATE"
  sleep 0.05
done`,
          env: { EDGELAB_STATE: uplinkStateFile, EDGELAB_WANTED: wanted.join('\n') },
        },
      },
      timeoutSeconds: 20,
    },
  ];
}

function wire(lab: Lab, { container, wiring }: Machine): Script {
  const { interfaces } = container;
  const families = wiring.ipv6 ? familiesOf(lab) : [lab];
  const { routes, policies = [], forwards, sysctls, ruleset, dnsServers, daemons = [], ipv6 } = wiring;
  return {
    text: linkScript({
      ownsRules: ruleset !== undefined,
      servesDns: dnsServers !== undefined,
      daemons: daemons.length > 0,
      ipv6: ipv6 !== undefined,
    }),
    env: {
      EDGELAB_INTERFACES: interfaces.map(({ name }) => name).join(' '),
      EDGELAB_SYSCTLS: Object.entries(sysctls)
        .map(([key, value]) => `${key.replaceAll('.', '/')}=${value}`)
        .join('\n'),
      EDGELAB_NETWORK: [
        ...policies.map((policy) => `rule add pref ${policyPreference} ${policy}`),
        ...interfaces.flatMap(({ name, addresses }) =>
          addresses.map(
            (address) => `address add ${address}${isIpv6(address) || address.endsWith('/32') ? '' : ' broadcast +'} dev ${name}`,
          ),
        ),
        ...interfaces.flatMap(({ name, addresses: [first] }) =>
          first === undefined ? [] : [`link set dev ${name} address ${macOf(lab.name, first.replace(/\/.*$/, ''))}`],
        ),
        ...interfaces.map(({ name }) => `link set dev ${name} up`),
        ...routes.map((route) => `route replace ${route}`),
      ].join('\n'),
      ...(ipv6 && { EDGELAB_POLICIES6: ipv6.policies.map((policy) => `rule add pref ${policyPreference} ${policy}`).join('\n') }),
      EDGELAB_RESOLV: `${families.map(({ internet }) => `nameserver ${internet.core.address}\n`).join('')}options timeout:1 attempts:3`,
      EDGELAB_HOSTS: formatHosts(families.flatMap((one) => listHostNames(one, container.name))),
      ...(dnsServers === undefined ? {} : { EDGELAB_DNS: dnsServers.join(','), EDGELAB_NAMES: formatHosts(listDnsNames(lab)) }),
      ...(daemons.length > 0 && { EDGELAB_DAEMONS: daemons.map(({ name, argv }) => [name, ...argv].join(' ')).join('\n') }),
      EDGELAB_FORWARD: forwards ? '1' : '0',
    },
    ...(ruleset === undefined ? {} : { stdin: `flush ruleset\n${ruleset}` }),
  };
}

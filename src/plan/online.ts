/** What shows that a machine is online: the wait that asks the lab's DNS, or a proof of its NAT that begins with it. */
import { familiesOf } from '../lib/families.ts';
import { isIpv6 } from '../lib/ipv6.ts';
import type { Lab, LabNode, Site } from '../model/lab.ts';
import type { Script, StepId } from '../model/plan.ts';
import { routersOut } from '../nodes/nodes.ts';

/** From where a router is measured: a node of its own LAN. A LAN without one is measured from the LANs further in, as part of their way. */
export type Measured = { site: string; node: LabNode; natName: string };

/** One place for each LAN with a node, in the order of the topology. */
export const listMeasured = ({ sites }: Lab): Measured[] =>
  sites.flatMap(({ name, lan, nodes: [node] }: Site) => (lan && node ? [{ site: name, node, natName: lan.router.natName }] : []));

/** Steps, files and tables of the second family are told from the first's by this. */
export const suffixOf = ({ internet }: Lab): '' | '6' => (isIpv6(internet.subnet) ? '6' : '');

/** Name of the step that proves the router of a site, in one family. */
export const proofId = (family: Lab, site: string): StepId => `nat${suffixOf(family)}:${site}`;

/** Proofs that come about only if the machine is online: of each family the first that is made in it or through it. */
export const listProofsThrough = (lab: Lab, machine: string): StepId[] =>
  familiesOf(lab).flatMap((family) => {
    const through = listMeasured(family).find(
      ({ site, node }) => node.name === machine || routersOut(family, site).some((router) => router.name === machine),
    );
    return through ? [proofId(family, through.site)] : [];
  });

/** A name is found by either family, so the second one is asked for by itself. */
const waitForCore6 = `until ping -6 -n -c 1 -W 1 "$EDGELAB_CORE6"; do
  echo "no answer from $EDGELAB_CORE6"
  sleep 0.1
done`;

/** The lab's DNS answers: address, routes, NAT on the way and the core router all work. */
const waitForDns = `export RES_OPTIONS='timeout:1 attempts:1'
until getent -s dns hosts "$EDGELAB_NAME"; do
  echo "no answer for $EDGELAB_NAME from the lab's DNS server $EDGELAB_DNS"
  sleep 0.1
done`;

const waitFor = (family: Lab): Script => {
  const { name, address } = family.internet.core;
  return suffixOf(family) === ''
    ? { text: waitForDns, env: { EDGELAB_NAME: name, EDGELAB_DNS: address } }
    : { text: waitForCore6, env: { EDGELAB_CORE6: address } };
};

/** Waits until a machine is online by each of these families. */
export const onlineScript = (families: readonly Lab[]): Script => {
  const waits = families.map(waitFor);
  return {
    text: waits.map(({ text }) => text).join('\n'),
    env: Object.assign({}, ...waits.map(({ env }) => env)) as Record<string, string>,
  };
};

/** The wiring of a machine and of everything on its way to the internet. */
export const linksOut = (lab: Lab, { name, site }: { name: string; site?: string }): StepId[] =>
  [...new Set([name, ...routersOut(lab, site).map((router) => router.name), lab.internet.core.name])].map((one) => `link:${one}`);

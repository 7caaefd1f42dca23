/** Steps that prove that each router behaves as declared and that no private address gets onto the internet. */
import type { Lab, LabNode, Site } from '../model/lab.ts';
import type { Script, Step } from '../model/plan.ts';
import { declaredFor, leakCounter, proberProgram, responderProgram, stunPorts, writeFinding } from '../nat/nat.ts';
import { routersOut } from '../nodes/nodes.ts';

/** From where a router is measured: a node of its own LAN. A LAN without one is measured from the LANs further in, as part of their way. */
export type Measured = { site: string; node: LabNode; natName: string };

export const listMeasured = ({ sites }: Lab): Measured[] =>
  sites.flatMap(({ name, lan, nodes: [node] }: Site) => (lan && node ? [{ site: name, node, natName: lan.router.natName }] : []));

export const makeProofSteps = (lab: Lab): Step[] => {
  const { core } = lab.internet;
  const measured = listMeasured(lab);
  if (measured.length === 0) return [];
  return [
    {
      id: `stun:${core.name}`,
      title: 'STUN server of the internet',
      phase: 'network',
      needs: [`link:${core.name}`],
      action: { do: 'exec', container: core.name, script: startResponder(lab) },
      timeoutSeconds: 20,
    },
    ...measured.map((one) => proveNat(lab, one)),
    {
      id: `isolation:${core.name}`,
      title: 'no private address on the internet',
      phase: 'network',
      needs: measured.map(({ site }) => `nat:${site}`),
      action: { do: 'exec', container: core.name, script: { text: countLeaks, env: { EDGELAB_COUNTER: leakCounter } } },
      timeoutSeconds: 10,
      code: 'NAT002',
    },
  ];
};

const proveNat = (lab: Lab, { site, node, natName }: Measured): Step => ({
  id: `nat:${site}`,
  title: `proof that ${site} is ${natName}`,
  phase: 'network',
  needs: [`stun:${lab.internet.core.name}`, `online:${node.name}`, ...uplinksOut(lab, site)],
  action: { do: 'exec', container: node.name, script: measureNat(lab, { site, node }) },
  timeoutSeconds: 60,
  code: 'NAT001',
  proves: `${site} ${natName}`,
});

/** Steps after which each router on the way uses its first uplink. */
const uplinksOut = (lab: Lab, site: string): string[] =>
  lab.sites.flatMap(({ name, lan }) => (lan?.router.backups && routersOut(lab, site).includes(lan.router) ? [`uplinks:${name}`] : []));

const stunArguments = ({ internet: { core } }: Lab): string =>
  [core.address, core.otherAddress, stunPorts.first, stunPorts.second].map(String).join(' ');

/** Starts the responder, or another in its place; done when it answers. */
export const startResponder = (lab: Lab): Script => ({
  text: `mkdir -p /run/edgelab
[ ! -e /run/edgelab/stun.pid ] || kill "$(cat /run/edgelab/stun.pid)" 2>/dev/null || true
cat > /run/edgelab/stun.pl
perl /run/edgelab/stun.pl $EDGELAB_STUN > /run/edgelab/stun.log 2>&1 &
echo $! > /run/edgelab/stun.pid
for _ in $(seq 200); do
  ! grep -q ready /run/edgelab/stun.log || exit 0
  kill -0 "$(cat /run/edgelab/stun.pid)" 2>/dev/null || break
  sleep 0.02
done
cat /run/edgelab/stun.log >&2
exit 1`,
  env: { EDGELAB_STUN: stunArguments(lab) },
  stdin: responderProgram,
});

/** Measures a site's way to the internet from one of its nodes; says what differs from the declaration. */
export const measureNat = (lab: Lab, { site, node }: Pick<Measured, 'site' | 'node'>): Script => ({
  text: 'exec perl - $EDGELAB_STUN',
  env: { EDGELAB_STUN: stunArguments(lab), EDGELAB_DECLARED: writeFinding(declaredFor(routersOut(lab, site), node.address)) },
  stdin: proberProgram,
});

const countLeaks = `counted=$(nft list counter ip lab "$EDGELAB_COUNTER" | sed -n 's/.*packets \\([0-9]*\\).*/\\1/p')
echo "packets with the address of a LAN on the internet: declared 0, measured $counted"
[ "$counted" = 0 ]`;

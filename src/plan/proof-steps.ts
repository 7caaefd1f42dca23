/** Steps that prove that each router behaves as declared and that no private address gets onto the internet. */
import { familiesOf } from '../lib/families.ts';
import type { Lab } from '../model/lab.ts';
import type { Script, Step } from '../model/plan.ts';
import { declaredFor, leakCounter, proberProgram, responderProgram, stunPorts, writeFinding } from '../nat/nat.ts';
import { routersOut } from '../nodes/nodes.ts';
import { linksOut, listMeasured, onlineScript, proofId, suffixOf, type Measured } from './online.ts';

/** For each family: the STUN server, a proof for each router (NAT001), and that nothing private got out (NAT002). */
export const makeProofSteps = (lab: Lab): Step[] => familiesOf(lab).flatMap(proveFamily);

const proveFamily = (lab: Lab): Step[] => {
  const suffix = suffixOf(lab);
  const { core } = lab.internet;
  const measured = listMeasured(lab);
  if (measured.length === 0) return [];
  return [
    {
      id: `stun${suffix}:${core.name}`,
      title: `STUN server of the internet${suffix && ', IPv6'}`,
      phase: 'network',
      needs: [`link:${core.name}`],
      action: { do: 'exec', container: core.name, script: startResponder(lab) },
      timeoutSeconds: 20,
    },
    ...measured.map((one) => proveNat(lab, one)),
    {
      id: `isolation${suffix}:${core.name}`,
      title: `no private address on the internet${suffix && ', IPv6'}`,
      phase: 'network',
      needs: measured.map(({ site }) => proofId(lab, site)),
      action: {
        do: 'exec',
        container: core.name,
        script: { text: countLeaks, env: { EDGELAB_TABLE: `ip${suffix}`, EDGELAB_COUNTER: leakCounter } },
      },
      timeoutSeconds: 10,
      code: 'NAT002',
    },
  ];
};

/** The proof waits until its node is online, so that no step of its own has to: every command in a container costs. */
const proveNat = (lab: Lab, { site, node, natName }: Measured): Step => {
  const online = onlineScript([lab]);
  const measure = measureNat(lab, { site, node });
  return {
    id: proofId(lab, site),
    title: `proof that ${site} is ${natName}`,
    phase: 'network',
    needs: [`stun${suffixOf(lab)}:${lab.internet.core.name}`, ...linksOut(lab, { name: node.name, site }), ...uplinksOut(lab, site)],
    action: {
      do: 'exec',
      container: node.name,
      script: { ...measure, text: `${online.text}\n${measure.text}`, env: { ...online.env, ...measure.env } },
    },
    timeoutSeconds: 60,
    code: 'NAT001',
    proves: `${site} ${natName}`,
  };
};

/** Steps after which each router on the way uses its first uplink. */
const uplinksOut = (lab: Lab, site: string): string[] =>
  lab.sites.flatMap(({ name, lan }) => (lan?.router.backups && routersOut(lab, site).includes(lan.router) ? [`uplinks:${name}`] : []));

const stunArguments = ({ internet: { core } }: Lab): string =>
  [core.address, core.otherAddress, stunPorts.first, stunPorts.second].map(String).join(' ');

/** Starts the responder, or another in its place; done when it answers. */
export const startResponder = (lab: Lab): Script => ({
  text: `mkdir -p /run/edgelab
at=/run/edgelab/$EDGELAB_SERVER
[ ! -e "$at.pid" ] || kill "$(cat "$at.pid")" 2>/dev/null || true
cat > "$at.pl"
perl "$at.pl" $EDGELAB_STUN > "$at.log" 2>&1 &
echo $! > "$at.pid"
for _ in $(seq 200); do
  ! grep -q ready "$at.log" || exit 0
  kill -0 "$(cat "$at.pid")" 2>/dev/null || break
  sleep 0.02
done
cat "$at.log" >&2
exit 1`,
  env: { EDGELAB_STUN: stunArguments(lab), EDGELAB_SERVER: `stun${suffixOf(lab)}` },
  stdin: responderProgram,
});

/** Measures a site's way to the internet from one of its nodes; says what differs from the declaration. */
export const measureNat = (lab: Lab, { site, node }: Pick<Measured, 'site' | 'node'>): Script => ({
  text: 'exec perl - $EDGELAB_STUN',
  env: { EDGELAB_STUN: stunArguments(lab), EDGELAB_DECLARED: writeFinding(declaredFor(routersOut(lab, site), node.address)) },
  stdin: proberProgram,
});

const countLeaks = `counted=$(nft list counter "$EDGELAB_TABLE" lab "$EDGELAB_COUNTER" | sed -n 's/.*packets \\([0-9]*\\).*/\\1/p')
echo "packets with the address of a LAN on the internet: declared 0, measured $counted"
[ "$counted" = 0 ]`;

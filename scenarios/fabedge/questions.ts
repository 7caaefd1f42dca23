/**
 * A NAT that gives a tunnel a new outside port before its edge knows the old one. An edge's strongSwan puts the question with a
 * DPD, when nothing has come for 10 s, and takes the first answer for the port it always had (`has_mapping_changed` in its ike_sa.c).
 */
import type { Expect, LabHandle, LiveLab, NodeHandle } from 'edgelab';
import { cast, findConnector } from './cast.ts';
import { stands } from './community.ts';
import { bothWays, disturb, seenAt } from './recovery.ts';
import { evidenceOf } from './tunnels.ts';

const script = `for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==strongswan'); do
  ctr -n k8s.io tasks exec --exec-id "scenario-$$" "$id" swanctl "$@" 2>/dev/null && exit
done
exit 1`;

/** On the edge's side of its tunnel. */
const swanctl = (edge: NodeHandle, ...words: string[]) => edge.$`sh -c ${script} swanctl ${words}`;

const tunnelOf = ({ name }: LabHandle): string => `${name}.connector`;

/** As the agent does with tunnels it no longer wants; it makes one anew where it finds none. */
const renewTunnel = async (lab: LabHandle, expect: Expect, edge: NodeHandle): Promise<void> => {
  await swanctl(edge, '--terminate', '--ike', tunnelOf(lab), '--force', '--timeout', '5');
  await expect.eventually('a new tunnel', '60s', async () => {
    const sas = (await lab.sas(edge.name)).filter(({ name }) => name === tunnelOf(lab));
    return {
      ...{ holds: stands(sas), from: edge.name, expected: 'ESTABLISHED with three children' },
      observed: sas[0] ? `${sas[0].state} with ${String(sas[0].children.length)} children` : 'no SA',
      how: 'the old one was ended on the edge, and the agent made another',
      evidence: evidenceOf(edge.name, sas),
    };
  });
};

const countAnswers = async (lab: LabHandle, edge: NodeHandle): Promise<number> => {
  const { lines } = await swanctl(edge, '--counters', '--name', tunnelOf(lab));
  return Number(lines.find((line) => line.includes('info-in-resp'))?.replace(/.*: */, '') ?? 0);
};

/** Two, for one may be of a question that was on its way, or of an address that the edge told. */
export const awaitAnswers = async (lab: LabHandle, expect: Expect, edge: NodeHandle): Promise<void> => {
  const before = await countAnswers(lab, edge);
  await expect.eventually('the connector answers DPDs', '60s', async () => {
    const answers = (await countAnswers(lab, edge)) - before;
    return {
      ...{ holds: answers >= 2, from: edge.name, expected: 'two and more', observed: String(answers) },
      how: 'each names the outside port that it goes back to; no end takes the tunnel for dead',
    };
  });
};

/** What the connector sends is lost until it rekeys, within an hour, and six minutes more, or until the tunnel is made anew. */
const disturbUnasked = async (lab: LiveLab, expect: Expect, edge: NodeHandle): Promise<void> => {
  const [connector, router] = [await findConnector(lab), lab.router(edge.site)];
  await renewTunnel(lab, expect, edge);
  const before = await seenAt(lab, edge);
  await router.rebind();
  await awaitAnswers(lab, expect, edge);
  const { lines } = await router.$`conntrack -L -p udp -s ${edge.address} --dport 4500 2>/dev/null`;
  const outside = lines.map((line) => /dport=(\d+) (?:\[ASSURED\]|mark)/.exec(line)?.[1]).find((port) => port !== undefined) ?? 'no port';
  const sas = (await lab.sas(connector.name)).filter(({ name }) => name === `${lab.name}.${edge.name}`);
  expect.equal(await seenAt(lab, edge), before, `the connector keeps to the old port of ${edge.name}`, {
    from: connector.name,
    how: `${router.name} has it at ${outside} by now; the edge tells a change only against an earlier answer`,
    evidence: [
      ...evidenceOf(connector.name, sas),
      ...lines.map((raw) => ({ at: `${router.name} conntrack`, saw: `outside at ${outside}`, raw })),
    ],
  });
  expect.that(!before.endsWith(`[${outside}]`), `${edge.name} has another outside port`, { from: router.name, observed: outside });
  await expect.reachAll((await bothWays(lab, edge)).map(({ from, to }) => ({ from, to, outcome: 'timeout' })));
  await renewTunnel(lab, expect, edge);
  await expect.reachAll(await bothWays(lab, edge));
};

/** The first edge and the last one, each behind its NAT; one after the other where that is the same. */
export const disturbBoth = async (lab: LiveLab, expect: Expect): Promise<void> => {
  const { edges } = cast(lab);
  const [first, last] = [edges.at(0), edges.at(-1)];
  if (!first || !last) throw new Error('this scenario needs edges with a pod of the workload');
  const [near, far] = [lab.router(first.site), lab.router(last.site)];
  const forgotten = async (): Promise<void> => {
    await disturb(lab, expect, first, { what: 'bindings forgotten', work: () => near.expireBindings() });
    await disturb(lab, expect, first, { what: 'router rebooted', work: () => near.reboot() });
  };
  const moved = async (): Promise<void> => {
    await disturb(lab, expect, last, { what: 'new ports', moves: true, work: () => far.rebind() });
    await disturbUnasked(lab, expect, last);
  };
  if (near.name === far.name) {
    await forgotten();
    await moved();
  } else await Promise.all([forgotten(), moved()]);
};

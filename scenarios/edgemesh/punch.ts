/**
 * What decides whether EdgeMesh 1.16 punches a hole (go-libp2p 0.22, DCUtR). An agent takes an address for its own when four peers
 * have seen it on a connection from the port it listens on (`ActivationThresh`). It punches towards whoever comes through a relay,
 * from when AutoNAT has told it that it is private: 15 s after its start. A relayed connection that is older stays until it breaks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Expect, LabHandle, LiveLab, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';

/** The agents' port, at both ends of what they open. */
const port = 20_006;
/** How often the uplink is cut at most. */
const outages = 3;

const isBehindNat = (lab: LabHandle, { site }: NodeHandle): boolean => lab.site(site).router !== undefined;
const edgesOf = (lab: LabHandle): NodeHandle[] => lab.nodes().filter((node) => isBehindNat(lab, node));
const relaysOf = (lab: LabHandle): NodeHandle[] => lab.nodes().filter((node) => !isBehindNat(lab, node));

/** Established TCP connections of a node to the agents' port. */
const connections = async (node: NodeHandle): Promise<{ local: string; peer: string }[]> => {
  const { lines } = await node.$`ss -Htn state established ${`( dport = :${port} or sport = :${port} )`}`;
  return lines.flatMap((line) => {
    const [, , local, peer] = line.trim().split(/\s+/);
    return local === undefined || peer === undefined ? [] : [{ local, peer }];
  });
};

/** Addresses of the relays an edge is connected to, and of those to which it is from the port it listens on. */
const relaysSeen = async (lab: LabHandle, edge: NodeHandle): Promise<{ all: string[]; listening: string[] }> => {
  const relays = relaysOf(lab).map(({ address }) => `${address}:${port}`);
  const found = (await connections(edge)).filter(({ peer }) => relays.includes(peer));
  return {
    all: [...new Set(found.map(({ peer }) => peer))],
    listening: [...new Set(found.filter(({ local }) => local === `${edge.address}:${port}`).map(({ peer }) => peer))],
  };
};

/**
 * An agent that asks a relay twice at once gets another local port for one of both, and may keep that one: three views are not enough,
 * and only a new start makes new ones.
 */
export const checkSeen = async (lab: LiveLab, expect: Expect): Promise<void> => {
  const relays = relaysOf(lab).length;
  await Promise.all(
    edgesOf(lab).map(async (edge) => {
      let count = 0;
      await expect.eventually(`relays that see the port ${edge.name} listens on`, '180s', async () => {
        const { all, listening } = await relaysSeen(lab, edge);
        const holds = listening.length === relays;
        if (!holds && all.length === relays) {
          count += 1;
          await lab.kubectl`-n kubeedge delete pod -l k8s-app=edgemesh-agent --field-selector ${`spec.nodeName=${edge.name}`}`;
        }
        return {
          ...{ holds, from: edge.name, to: 'relays', claims: ['S000-Q2-7'] },
          expected: `${relays} of ${relays}`,
          observed: `${listening.length} of ${all.length}`,
          how: `ss: connections from port ${port}${count > 0 ? `; its agent was started again, times: ${count}` : ''}`,
        };
      });
    }),
  );
};

const afterOutage = (outage: number): string => (outage === 1 ? '' : `, outage ${String(outage)}`);

/** Cuts the uplink of a site, and mends it when the relays have noticed: what was relayed to it is gone then, and is made anew. */
const cutOff = async (lab: LiveLab, expect: Expect, site: string, outage: number): Promise<void> => {
  const { wan } = lab.router(site);
  const after = afterOutage(outage);
  await lab.site(site).uplink.down();
  await Promise.all(
    relaysOf(lab).map((relay) =>
      expect.eventually(`connections of ${site} at ${relay.name}${after}`, '180s', async () => {
        const left = (await connections(relay)).filter(({ peer }) => peer.startsWith(`${wan}:`));
        return { ...{ holds: left.length === 0, from: relay.name, to: site }, expected: '0', observed: String(left.length), how: 'ss' };
      }),
    ),
  );
  await lab.site(site).uplink.up();
  for (const edge of edgesOf(lab).filter((one) => one.site === site))
    await expect.eventually(`${edge.name} is with the relays again${after}`, '120s', async () => {
      const { all, listening } = await relaysSeen(lab, edge);
      const relays = relaysOf(lab).length;
      return {
        ...{ holds: all.length === relays, from: edge.name, to: 'relays' },
        expected: `${relays} of ${relays}`,
        observed: `${all.length} of ${relays}`,
        how: `ss: ${listening.length} of them from port ${port}`,
      };
    });
};

/** Whether each edge has a connection to the outside address of each one in another LAN. */
const arePunched = async (lab: LabHandle): Promise<boolean> => {
  const edges = edgesOf(lab);
  const held = await Promise.all(
    edges.map(async (edge) => {
      const seen = await connections(edge);
      return edges
        .filter(({ site }) => site !== edge.site)
        .every(({ site }) => seen.some(({ peer }) => peer === `${lab.router(site).wan}:${port}`));
    }),
  );
  return held.every((one) => one);
};

/**
 * The next call from an edge of another site, and then a look for twenty seconds. After 40 s without word of it Kubernetes has taken the
 * callee's endpoint out of its Service: there is no call before it is back.
 */
const callAcross = async (lab: LiveLab, expect: Expect, site: string, outage: number): Promise<boolean> => {
  const caller = edgesOf(lab).find((edge) => edge.site !== site);
  const callee = edgesOf(lab).find((edge) => edge.site === site);
  const { workload, port: servicePort } = cast(lab);
  if (!caller || !callee) throw new Error('this scenario needs edges in two LANs');
  const { text: address } = await lab.kubectl`get service ${`${workload}-${callee.name}`} -o ${'jsonpath={.spec.clusterIP}'}`;
  await expect.eventually(`a call to ${callee.name}${afterOutage(outage)}`, '120s', async () => {
    const { exitCode, text } = await caller.$({
      nothrow: true,
    })`curl -s --max-time 6 ${`http://${address}:${String(servicePort)}/hostname`}`;
    return {
      ...{ holds: exitCode === 0, from: caller.name, to: callee.name, expected: 'an answer' },
      observed: exitCode === 0 ? 'an answer' : 'none',
      how: exitCode === 0 ? text : `curl ends with ${String(exitCode)}`,
    };
  });
  for (let looks = 0; looks < 40; looks += 1) {
    if (await arePunched(lab)) return true;
    await sleep(500);
  }
  return false;
};

/**
 * Agents that meet again through a relay try a hole at once. Where one of them has not yet been seen by four peers that fails, and they
 * stay with the relay until that connection breaks: another outage is another try.
 */
export const cutUntilPunched = async (lab: LiveLab, expect: Expect, site: string): Promise<void> => {
  let outage = 0;
  let punched = false;
  while (!punched && outage < outages) {
    outage += 1;
    await cutOff(lab, expect, site, outage);
    punched = await callAcross(lab, expect, site, outage);
  }
  expect.that(punched, 'outages until a call punches a hole', {
    ...{ from: site, claims: ['S000-Q2-7'], expected: `at most ${String(outages)}` },
    observed: punched ? String(outage) : `more than ${String(outage)}`,
    how: 'ss: a connection from outside address to outside address',
  });
};

/** Not only the packets: a connection between the two outside addresses, which each end opened to the other. */
export const checkDirect = async (lab: LabHandle, expect: Expect): Promise<void> => {
  for (const edge of edgesOf(lab)) {
    const others = edgesOf(lab).filter(({ site }) => site !== edge.site);
    const seen = await connections(edge);
    for (const other of others) {
      const outside = `${lab.router(other.site).wan}:${port}`;
      expect.equal(seen.find(({ peer }) => peer === outside)?.local ?? 'none', `${edge.address}:${port}`, `connection to ${outside}`, {
        ...{ from: edge.name, to: other.name, claims: ['S000-Q2-7'] },
        how: `through ${lab.router(edge.site).natName} and ${lab.router(other.site).natName}, from the port that both had announced`,
      });
    }
  }
};

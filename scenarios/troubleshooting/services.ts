/** The question an operator asks on an edge: does the metaServer list a Service that the cloud has just made? */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';

const label = 'edgelab.io/scenario=troubleshooting';
const [labelKey, labelValue] = label.split('=') as [string, string];

export const theEdge = (lab: LabHandle): NodeHandle => {
  const [edge] = lab.nodes('edge');
  if (!edge) throw new Error('the lab has no edge');
  return edge;
};

/** A new Service each time: one that the edge saw before is in its own store. */
const makeService = async (lab: LabHandle, when: string): Promise<string> => {
  const name = `troubleshooting-${when}`;
  const item = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { [labelKey]: labelValue } },
    spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] },
  };
  await lab.kubectl({ input: JSON.stringify(item) })`apply --validate=false -f -`;
  return name;
};

export const removeServices = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl({ nothrow: true })`delete services -l ${label} --ignore-not-found --wait=false`;

/** `knows`: the edge must list it, within a minute; else it must go on not to, although everything runs. */
export const checkListing = async (lab: LabHandle, expect: Expect, when: string, knows: boolean, claims: string[]): Promise<void> => {
  const edge = theEdge(lab);
  const name = await makeService(lab, when);
  const look = async () => {
    const { text, exitCode } = await edge.$({ nothrow: true })`curl -s --max-time 15 http://127.0.0.1:10550/api/v1/services`;
    const kind = kindOf(text);
    const listed = text.includes(`"${name}"`);
    const answer =
      exitCode === 7
        ? 'nobody answers'
        : `${kind ?? `curl ended with ${String(exitCode)}`}, ${listed ? 'with' : 'without'} the new Service`;
    return {
      holds: knows ? kind === 'ServiceList' && listed : !listed,
      ...{ from: edge.name, to: 'metaServer', claims },
      expected: knows ? 'ServiceList, with the new Service' : 'the new Service is not there',
      observed: knows || listed ? answer : 'the new Service is not there',
      how: `curl 127.0.0.1:10550/api/v1/services: ${answer}`,
      evidence: [{ at: edge.name, saw: text === '' ? answer : `${text.slice(0, 200)}…` }],
    };
  };
  if (knows) await expect.eventually(`Service made ${when}`, '60s', look);
  else {
    const { holds, ...details } = await look();
    expect.that(holds, `Service made ${when}`, details);
  }
};

/** Of the answer itself, not of one of its items; undefined where it is no object of Kubernetes. */
const kindOf = (answer: string): string | undefined => {
  try {
    return (JSON.parse(answer) as { kind?: string }).kind;
  } catch {
    return undefined;
  }
};

/** What makes it a trouble: nothing that kubectl shows is wrong. */
export const checkAllRunning = async (lab: LabHandle, expect: Expect, when: string): Promise<void> => {
  await expect.eventually(`pods and nodes, ${when}`, '60s', async () => {
    const columns = 'custom-columns=N:.metadata.name,P:.status.phase,R:.status.conditions[?(@.type=="Ready")].status';
    const { lines } = await lab.kubectl`get pods -A --no-headers -o ${columns}`;
    const nodes = await lab.kubectl`get nodes --no-headers`;
    const bad = [
      ...lines.filter((line) => !/\sRunning\s+True$/.test(line.trim())),
      ...nodes.lines.filter((line) => line.split(/\s+/)[1] !== 'Ready'),
    ];
    return {
      holds: bad.length === 0,
      ...{ from: 'kubectl', to: 'pods and nodes', claims: ['S001-TRB-1'] },
      expected: 'all Running and Ready',
      observed: bad.length === 0 ? 'all Running and Ready' : bad.join('; '),
      how: `${when}: ${String(lines.length)} pods, ${String(nodes.lines.length)} nodes`,
    };
  });
};

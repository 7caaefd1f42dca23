/** What KubeEdge is made of, by what runs, who opens connections, and what is kept on the edge. */
import type { Expect, LabHandle } from 'edgelab';
import { echoPod, findEdge, findMaster } from './cast.ts';

const cloudModules = ['cloudhub', 'edgecontroller', 'devicecontroller'];
const edgeModules = ['websocket', 'edged', 'metamanager', 'twin', 'eventbus'];
const claims = ['S001-ARC-1'];

const startedIn = (log: string): string[] => [...log.matchAll(/[Ss]tarting module (\w+)/g)].flatMap(([, name]) => name ?? []);

export const checkModules = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const [cloudcore, edgecore] = await Promise.all([
    lab.kubectl`-n kubeedge logs deploy/cloudcore`,
    edge.$`journalctl -u edgecore --no-pager -o cat | grep -i ${'starting module'}`,
  ]);
  for (const [from, log, wanted] of [
    ['cloudcore', cloudcore.stdout, cloudModules],
    [edge.name, edgecore.stdout, edgeModules],
  ] as const) {
    const started = startedIn(log);
    const missing = wanted.filter((name) => !started.includes(name));
    expect.equal(missing.join(', '), '', `modules of ${from === 'cloudcore' ? from : 'edgecore'}`, {
      ...{ from, claims },
      expected: wanted.join(', '),
      observed: wanted.filter((name) => started.includes(name)).join(', '),
      how: `started, as its log says: ${started.join(', ')}`,
    });
  }
};

/** The edge's own connections carry both directions: nothing is dialled towards it. */
export const checkSessions = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [edge, master] = [findEdge(lab), findMaster(lab)];
  const [inside, outside] = [lab.router(edge.site), lab.router(master.site)];
  const { lines } = await inside.$`conntrack -L -p tcp 2>/dev/null`;
  const begun = lines.map((line) => ({ line, source: /src=(\S+)/.exec(line)?.[1], port: /dport=(\d+)/.exec(line)?.[1] }));
  const own = begun.filter(
    ({ line, source }) => source === edge.address && line.includes(`dst=${outside.wan} `) && line.includes('ESTABLISHED'),
  );
  const ports = [...new Set(own.map(({ port }) => port))].toSorted();
  expect.that(ports.includes('10000') && ports.includes('10004'), 'connections that the edge opened', {
    ...{ from: inside.name, claims },
    expected: `to ${outside.wan}, ports 10000 and 10004`,
    observed: `to ${outside.wan}, ports ${ports.join(' and ') || 'none'}`,
    how: 'websocket to cloudHub, and the tunnel of logs and exec',
    evidence: own.slice(0, 4).map(({ line }) => ({ at: inside.name, saw: line })),
  });
  const towards = begun.filter(({ source }) => source !== edge.address);
  expect.equal(towards.length, 0, 'connections that somebody opened to the edge', {
    ...{ from: inside.name, claims },
    how: "in the router's table of connections",
    evidence: [{ at: inside.name, saw: towards[0]?.line ?? 'none' }],
  });
};

/** Down: the pod runs. Up: the cloud knows its address. Between: it is in the edge's own store. */
export const checkState = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const pod = await echoPod(lab, edge.name);
  const { text } = await lab.kubectl`get pod ${pod} -o ${'jsonpath={.status.phase} {.status.podIP}'}`;
  const { exitCode } = await edge.$({ nothrow: true })`curl -s -o /dev/null --max-time 5 ${`http://${text.split(' ')[1] ?? ''}/`}`;
  expect.that(text.startsWith('Running ') && exitCode === 0, `pod ${pod}`, {
    ...{ from: 'kubectl', claims },
    expected: 'runs there and is reported here',
    observed: exitCode === 0 ? text : `${text}, no answer on the edge`,
    how: 'the cloud sent the pod down and the edge sent its address up, on one connection',
  });
  const { lines } = await edge.$`head -c 15 /var/lib/kubeedge/edgecore.db; echo; grep -c -a ${pod} /var/lib/kubeedge/edgecore.db`;
  expect.that(lines[0] === 'SQLite format 3' && Number(lines[1]) > 0, 'store of metaManager', {
    from: edge.name,
    claims: [...claims, 'S001-ARC-2'],
    expected: 'SQLite, with the pod',
    observed: lines[0] === 'SQLite format 3' ? `SQLite, ${Number(lines[1]) > 0 ? 'with' : 'without'} the pod` : (lines[0] ?? 'no file'),
    how: '/var/lib/kubeedge/edgecore.db',
  });
};

export const checkRuntime = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const { text } = await lab.kubectl`get node ${edge.name} -o ${'jsonpath={.status.nodeInfo.containerRuntimeVersion}'}`;
  const { lines } = await edge.$({ nothrow: true })`ps -eo comm= | grep -x -e dockerd -e docker`;
  expect.that(text.startsWith('containerd://') && lines.length === 0, 'container runtime', {
    from: edge.name,
    claims: ['S001-ARC-3'],
    expected: 'containerd, no Docker',
    observed: `${text}, ${lines.length === 0 ? 'no Docker' : 'Docker'}`,
    how: 'by CRI, which every runtime speaks',
  });
};

/** The cases of FabEdge's own suite (test/e2e, v1.0.0) under their own names, across real NATs; edges that cannot meet are left out. */
import { scenario, step, type LabHandle, type ReachSpec, type Source, type Target } from 'edgelab';
import { cast, pairsOf } from './fabedge/cast.ts';
import { headlessName, hostWorkload, makeHostPods, removeHostPods } from './fabedge/host-pods.ts';
import { canMeet } from './fabedge/mediation.ts';

type Kind = 'pod' | 'host';
const at = (lab: LabHandle, kind: Kind, on: string) => lab.pod(kind === 'pod' ? cast(lab).workload : hostWorkload, { on });
const serviceOf = (lab: LabHandle, kind: Kind, on: string) => lab.service(kind === 'pod' ? cast(lab).workload : hostWorkload, { on });

const claims = ['S004-3', 'S004-13'];
const ask = (from: Source, to: Target): ReachSpec => ({ from, to, path: 'direct', within: '60s', claims });

/** Upstream pings; here the servers are asked too. */
const both = (from: Source, to: Target): ReachSpec[] => [ask(from, to), { ...ask(from, to), protocol: 'icmp' }];

/** Pairs of edges that reach each other, and each edge with each cloud node. */
const betweenEdges = (lab: LabHandle) => pairsOf(cast(lab).edges).filter(([from, to]) => canMeet(lab, from, to));
const withCloud = (lab: LabHandle) =>
  cast(lab).edges.flatMap((edge) => cast(lab).clouds.map((cloud) => ({ edge: edge.name, cloud: cloud.name })));

type Case = [name: string, list: (lab: LabHandle) => ReachSpec[]];

const cases: Case[] = [
  [
    'let edge pods communicate with each other [p2p][e2e]',
    (lab) => betweenEdges(lab).flatMap(([from, to]) => both(at(lab, 'pod', from.name), at(lab, 'pod', to.name))),
  ],
  [
    'let edge pods communicate with cloud pods [p2p][e2c]',
    (lab) =>
      withCloud(lab).flatMap(({ edge, cloud }) => [
        ...both(at(lab, 'pod', edge), at(lab, 'pod', cloud)),
        ...both(at(lab, 'pod', cloud), at(lab, 'pod', edge)),
      ]),
  ],
  [
    'let edge pods communicate with edge pods using host network [p2n][e2e]',
    (lab) =>
      betweenEdges(lab).flatMap(([from, to]) => [
        ...both(at(lab, 'pod', from.name), at(lab, 'host', to.name)),
        ...both(at(lab, 'host', from.name), at(lab, 'pod', to.name)),
      ]),
  ],
  [
    'let edge pods communicate with cloud pods using host network[p2n][e2c]',
    (lab) =>
      withCloud(lab).flatMap(({ edge, cloud }) => [
        ...both(at(lab, 'pod', edge), at(lab, 'host', cloud)),
        ...both(at(lab, 'host', cloud), at(lab, 'pod', edge)),
      ]),
  ],
  [
    'let edge pods using host network communicate with cloud pods[n2p][e2c] (pending upstream)',
    (lab) =>
      withCloud(lab).flatMap(({ edge, cloud }) => [
        ...both(at(lab, 'host', edge), at(lab, 'pod', cloud)),
        ...both(at(lab, 'pod', cloud), at(lab, 'host', edge)),
      ]),
  ],
  [
    'let edge pods can access edge services [p2p][e2e]',
    (lab) => betweenEdges(lab).map(([from, to]) => ask(at(lab, 'pod', from.name), serviceOf(lab, 'pod', to.name))),
  ],
  [
    'let edge pods can access headless edge services [p2p][e2e]',
    (lab) => betweenEdges(lab).map(([from, to]) => ask(at(lab, 'pod', from.name), headlessName(lab, to.name))),
  ],
  [
    'let edge pods can access edge host service [p2n][e2e]',
    (lab) => betweenEdges(lab).map(([from, to]) => ask(at(lab, 'pod', from.name), serviceOf(lab, 'host', to.name))),
  ],
  [
    'let edge pods can access cloud services [p2p][c2e]',
    (lab) => withCloud(lab).map(({ edge, cloud }) => ask(at(lab, 'pod', edge), serviceOf(lab, 'pod', cloud))),
  ],
  [
    'let edge pods using hostNetwork can access cloud services [n2p][e2c]',
    (lab) => withCloud(lab).map(({ edge, cloud }) => ask(at(lab, 'host', edge), serviceOf(lab, 'pod', cloud))),
  ],
  [
    'let edge pods can access cloud services with host network endpoints [p2n][e2c][host-service]',
    (lab) => withCloud(lab).map(({ edge, cloud }) => ask(at(lab, 'pod', edge), serviceOf(lab, 'host', cloud))),
  ],
  [
    'let cloud pods can access edge services [p2n][c22]',
    (lab) =>
      withCloud(lab).flatMap(({ edge, cloud }) => [
        ask(at(lab, 'pod', cloud), serviceOf(lab, 'pod', edge)),
        ask(at(lab, 'host', cloud), serviceOf(lab, 'pod', edge)),
      ]),
  ],
];

export default scenario({
  title: "do the cases of FabEdge's own suite hold across NATs?",
  topology: 'fabedge-mediated',
  needs: ['kubeedge', 'fabedge'],
  steps: [
    step('servers in the network of every node', ({ lab }) => makeHostPods(lab)),
    ...cases.map(([name, list]) => step(name, ({ lab, expect }) => expect.reachAll(list(lab)))),
  ],
  cleanup: ({ lab }) => removeHostPods(lab),
});

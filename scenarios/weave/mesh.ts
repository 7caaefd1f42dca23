/** The mesh of Weave's routers: each with each, known to all, and therefore bounded. */
import type { Expect, LabHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { readConnections, readPeers } from './status.ts';

export const checkConnections = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { nodes } = cast(lab);
  for (const node of nodes) {
    const connections = await readConnections(node);
    const others = nodes.filter((other) => other.name !== node.name);
    const connected = connections.filter(({ state }) => state === 'established').map(({ peer }) => peer);
    expect.equal(
      connected.toSorted().join(', '),
      others
        .map(({ name }) => name)
        .toSorted()
        .join(', '),
      "connections of Weave's router",
      {
        from: node.name,
        claims: ['S003-WE-1'],
        how: connections.map(({ line }) => line).join('; '),
      },
    );
  }
};

/** Each also knows of connections that are not its own: the others told it. */
export const checkTopology = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { nodes } = cast(lab);
  const names = nodes.map(({ name }) => name);
  for (const node of nodes) {
    const peers = await readPeers(node);
    const foreign = names.filter((name) => name !== node.name);
    const known = foreign.map((name) => `${name}: ${(peers.get(name) ?? []).toSorted().join(', ')}`);
    const expected = foreign.map(
      (name) =>
        `${name}: ${names
          .filter((other) => other !== name)
          .toSorted()
          .join(', ')}`,
    );
    expect.equal(known.join('; '), expected.join('; '), 'what the others told it of their connections', {
      from: node.name,
      claims: ['S003-WE-1'],
      how: 'the routers exchange the topology',
    });
  }
};

/** n routers have n(n-1)/2 connections between them, and each takes so many and no more. */
export const checkLimit = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { nodes } = cast(lab);
  const ends = await Promise.all(
    nodes.map(async (node) => (await readConnections(node)).filter(({ state }) => state === 'established').length),
  );
  const total = ends.reduce((sum, one) => sum + one, 0) / 2;
  expect.equal(total, (nodes.length * (nodes.length - 1)) / 2, 'connections in the whole mesh', {
    claims: ['S003-WE-3'],
    how: `n(n-1)/2 for n=${String(nodes.length)}: they grow with the square of the nodes`,
  });
  const [first] = nodes;
  const { text } = await first!.$`tr '\\0' '\\n' < /proc/$(pgrep -x weaver | head -n 1)/cmdline | grep '^--conn-limit='`;
  const limit = Number(text.split('=')[1]);
  expect.that(limit > 0, "a router's limit of connections", {
    from: first!.name,
    claims: ['S003-WE-3'],
    expected: 'a limit, and so one on the nodes of a cluster',
    observed: text,
    how: `each node is connected with all others, so a cluster has at most ${String(limit + 1)} nodes`,
  });
};

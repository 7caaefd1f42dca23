/** What Weave's router on a node says of itself (its HTTP status pages). */
import type { NodeHandle } from 'edgelab';

const ask = async ({ $ }: NodeHandle, page: 'connections' | 'peers'): Promise<string[]> =>
  (await $`curl -sf --max-time 5 ${`http://127.0.0.1:6784/status/${page}`}`).lines;

export type Connection = { peer: string; state: string; way: 'fastdp' | 'sleeve' | 'none'; line: string };

/** `-> 45.77.0.11:6783 established fastdp 3a:9c:…(worker-1) mtu=1376`; `<-` where the other one dialled. */
export const readConnections = async (node: NodeHandle): Promise<Connection[]> => {
  const lines = await ask(node, 'connections');
  return lines
    .filter((line) => !line.includes('cannot connect to ourself'))
    .map((line) => {
      const state = /^(?:->|<-)\s+\S+\s+(\S+)/.exec(line)?.[1] ?? 'unknown';
      const way = /\b(fastdp|sleeve)\b/.exec(line)?.[1] as 'fastdp' | 'sleeve' | undefined;
      return { peer: /\(([^()]+)\)/.exec(line)?.[1] ?? '', state, way: way ?? 'none', line: line.trim().replaceAll(/\s+/g, ' ') };
    });
};

/** Who is connected with whom, as this router knows it: name → names. `aa:bb:…(worker-1)`, and below it its connections. */
export const readPeers = async (node: NodeHandle): Promise<Map<string, string[]>> => {
  const peers = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of await ask(node, 'peers')) {
    const name = /\(([^()]+)\)/.exec(line)?.[1];
    if (name === undefined) continue;
    if (/^\s/.test(line)) current.push(name);
    else peers.set(name, (current = []));
  }
  return peers;
};

/** The agents' socks5 proxy: from the cloud to any TCP port of a node behind a NAT, by the node's name. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';

const proxy = '169.254.96.16:10800';
/** Port of a server that says who called; what sshd would be on a real edge. */
const port = 2222;
const pidFile = '/run/edgelab-callers.pid';

export const checkProxies = async (lab: LabHandle, expect: Expect): Promise<void> => {
  for (const node of lab.nodes().filter(({ role }) => role !== 'host')) {
    const { lines } = await node.$({ nothrow: true })`ss -Hltn | grep -F ${proxy}`;
    expect.equal(lines.length, 1, 'socks5 proxy of the agent', { from: node.name, claims: ['S001-SSH-1'], how: `listens on ${proxy}` });
  }
};

/** Answers one line of HTTP with the caller's address; ends by itself after five minutes. */
export const startServers = async (lab: LabHandle): Promise<void> => {
  const answer = String.raw`printf "HTTP/1.0 200 OK\r\n\r\n%s saw %s" "$(hostname)" "$SOCAT_PEERADDR"`;
  await Promise.all(
    lab
      .nodes('edge')
      .map(
        (edge) =>
          edge.$`printf '#!/bin/sh\n%s\n' ${answer} > /run/edgelab-callers && chmod +x /run/edgelab-callers && (setsid timeout 300 socat ${`TCP-LISTEN:${String(port)},reuseaddr,fork`} EXEC:/run/edgelab-callers >/dev/null 2>&1 </dev/null & echo $! > ${pidFile})`,
      ),
  );
};

export const stopServers = (lab: LabHandle): Promise<unknown> =>
  Promise.all(lab.nodes('edge').map((edge) => edge.$({ nothrow: true })`kill $(cat ${pidFile}); rm -f ${pidFile} /run/edgelab-callers`));

const call = (from: NodeHandle, host: string) =>
  from.$({ nothrow: true })`curl -s -S --max-time 8 --socks5-hostname ${proxy} ${`http://${host}:${String(port)}/`}`;

export const checkByName = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [cloud] = lab.nodes('control-plane');
  if (!cloud) return;
  for (const edge of lab.nodes('edge')) {
    await expect.eventually(`port ${String(port)} of ${edge.name} by name`, '30s', async () => {
      const { text, stderr } = await call(cloud, edge.name);
      const [, name, source] = /^(\S+) saw (\S+)$/.exec(text) ?? [];
      return {
        holds: name === edge.name && source === edge.address,
        from: cloud.name,
        claims: ['S001-SSH-2'],
        expected: `${edge.name}, called from ${edge.address}`,
        observed: name === undefined ? 'no answer' : `${name}, called from ${source ?? '?'}`,
        how: `through ${proxy}; the server sees the node's own address, since its own agent connects`,
        evidence: [{ at: cloud.name, saw: text || stderr.trim() }],
      };
    });
  }
};

/** A LAN address means nothing to the agents: it may exist in several LANs. */
export const checkByAddress = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [cloud] = lab.nodes('control-plane');
  const [edge] = lab.nodes('edge');
  if (!cloud || !edge) return;
  const { exitCode, text, stderr } = await call(cloud, edge.address);
  expect.that(exitCode !== 0, `port ${String(port)} of ${edge.address} by address`, {
    from: cloud.name,
    claims: ['S001-SSH-3'],
    expected: 'no answer',
    observed: exitCode === 0 ? text : 'no answer',
    how: stderr.trim() || `curl ended with ${String(exitCode)}`,
  });
};

/** The way in: closed, open, and what the gateway, the agents and the router of the LAN show of it. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { apply, everywhere, istio } from '../edgemesh/everywhere.ts';
import { cast } from '../question-1/cast.ts';

export const ports = { http: 23_333, tcp: 23_334, hosts: 23_335 };

/** The visitor is in no cluster; the door is the address of the control plane. */
export const parties = (lab: LabHandle): { visitor: NodeHandle; door: NodeHandle } => {
  const [visitor] = lab.nodes('host');
  const [door] = lab.nodes('control-plane');
  if (!visitor || !door) throw new Error('the gateway scenario needs a host and a control plane');
  return { visitor, door };
};

export type Answer = { outcome: 'answered' | 'refused' | 'closed'; body: string };

/** Bytes to a TCP port and what came back, in Perl: a host of the lab has no curl. Exit code 7: refused. */
const exchange = String.raw`use IO::Socket::INET; my ($to, $port, $say) = @ARGV; alarm 8;
my $s = IO::Socket::INET->new(PeerAddr => $to, PeerPort => $port, Timeout => 5) or do { print STDERR "$@\n"; exit 7 };
print $s $say; while (sysread $s, my $b, 65536) { print $b }`;

export const send = async (lab: LabHandle, port: number, text: string): Promise<Answer> => {
  const { visitor, door } = parties(lab);
  const { exitCode, stdout } = await visitor.$({ nothrow: true })`perl -e ${exchange} ${door.address} ${port} ${text}`;
  const body = stdout.trim().split('\n').at(-1) ?? '';
  return { outcome: exitCode === 7 ? 'refused' : body === '' ? 'closed' : 'answered', body };
};

/** One HTTP request from the visitor. */
export const visit = (lab: LabHandle, port: number, path: string, host = 'edgelab.example'): Promise<Answer> =>
  send(lab, port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

export const checkClosed = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await expect.eventually(`port ${String(ports.http)} of the gateway's node`, '30s', async () => {
    const { outcome: observed } = await visit(lab, ports.http, '/hostname');
    return {
      holds: observed === 'refused',
      from: parties(lab).visitor.name,
      expected: 'refused',
      observed,
      how: 'no Gateway object, no listener',
    };
  });
};

export const gateway = (name: string, number: number, protocol: 'HTTP' | 'TCP', hosts: string[]) =>
  istio('Gateway', name, {
    selector: { kubeedge: 'edgemesh-gateway' },
    servers: [{ hosts, port: { name: 'port-0', number, protocol } }],
  });

export const toService = (host: string, port: number) => ({ destination: { host, port: { number: port } } });

/** Every endpoint behind the NAT answers the visitor. */
export const checkOpen = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { port, nodes } = cast(lab);
  const http = [{ match: [{ uri: { prefix: '/host' } }], route: [toService(everywhere, port)] }];
  await apply(
    lab,
    gateway('visitors', ports.http, 'HTTP', ['*']),
    istio('VirtualService', 'visitors', { gateways: ['visitors'], hosts: ['*'], http }),
    istio('DestinationRule', everywhere, { host: everywhere, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }),
  );
  await expect.eventually('endpoints behind the NAT that answer', '90s', async () => {
    const answers: Answer[] = [];
    for (let call = 0; call < 3 * nodes.length; call++) answers.push(await visit(lab, ports.http, '/hostname'));
    const { pods } = await lab.cluster();
    const reached = nodes.filter(({ name }) => answers.some(({ body }) => pods.some((pod) => pod.name === body && pod.node === name)));
    return {
      holds: reached.length === nodes.length,
      from: parties(lab).visitor.name,
      expected: nodes.map(({ name }) => name).join(', '),
      observed: reached.map(({ name }) => name).join(', ') || 'none',
      how: `${String(answers.filter(({ outcome }) => outcome === 'answered').length)} of ${String(answers.length)} calls to port ${String(ports.http)} of the cloud were answered`,
      evidence: answers.map(({ body, outcome }) => ({ at: parties(lab).visitor.name, saw: `${outcome} ${body}` })),
    };
  });
};

const logOf = async (node: NodeHandle, program: string, pattern: string): Promise<string[]> =>
  (await node.$({ nothrow: true })`grep -h -e ${pattern} /var/log/pods/kubeedge_${program}-*/${program}/*.log | tail -n 40`).lines.map(
    (line) => line.replace(/^.*?\.go:\d+\] /, ''),
  );

/** The gateway is found by the agents like one of them: the stream comes over the connection the edge opened to it, or by the relay. */
export const checkWay = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { door } = parties(lab);
  const { edges } = cast(lab);
  const dials = await logOf(door, 'edgemesh-gateway', 'Dial libp2p network');
  for (const edge of edges) {
    const dial = dials.findLast((line) => line.includes(` ${edge.name} `));
    const streams = await logOf(edge, 'edgemesh-agent', 'Proxy service got a new stream');
    const own = streams.findLast((line) => line.includes(`/ip4/${door.address}/tcp/20007`));
    const stream = own ?? streams.findLast((line) => line.includes('/p2p-circuit'));
    expect.that(dial !== undefined && stream !== undefined, `the gateway's way to ${edge.name}`, {
      from: door.name,
      expected: 'by a stream of the gateway',
      observed:
        stream === undefined ? 'no stream' : own === undefined ? 'by a stream of the gateway, relayed' : 'by a stream of the gateway',
      how:
        own === undefined
          ? `relayed by the agent of ${door.name}`
          : `over the connection that ${edge.name} opened to ${door.address}:20007`,
      evidence: [
        { at: `${door.name} edgemesh-gateway`, saw: dial ?? 'no dial' },
        { at: `${edge.name} edgemesh-agent`, saw: stream ?? 'no stream' },
      ],
    });
  }
  for (const site of [...new Set(edges.map((edge) => edge.site))]) {
    const router = lab.router(site);
    const { lines } = await router.$({
      nothrow: true,
    })`conntrack -L -p tcp 2>/dev/null | grep -F ${`src=${parties(lab).visitor.address} `}`;
    expect.equal(lines.length, 0, `connections of the visitor at ${router.name}`, {
      from: router.name,
      claims: ['S001-EM-9'],
      how: 'the visitor never meets the NAT: its bytes come in over the connection that the edge opened',
    });
  }
};

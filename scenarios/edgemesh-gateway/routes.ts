/** What a VirtualService can tell the gateway: Services by path, by host name, and for any TCP. */
import type { Expect, LabHandle } from 'edgelab';
import { readLog } from '../edgemesh/agent-log.ts';
import { apply, istio } from '../edgemesh/everywhere.ts';
import { cast } from '../question-1/cast.ts';
import { gateway, parties, ports, send, toService, visit } from './door.ts';

/** The echo server answers both with its name, so the path may choose the Service. */
const paths = ['/hostname', '/hostName'];
const names = { known: 'shop.example', unknown: 'other.example' };

const answererOf = async (lab: LabHandle, pod: string): Promise<string> =>
  (await lab.cluster()).pods.find(({ name }) => name === pod)?.node ?? (pod === '' ? 'nobody' : pod);

export const checkPaths = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, port, edges } = cast(lab);
  const http = edges.slice(0, paths.length).map((edge, index) => ({
    match: [{ uri: { exact: paths[index] } }],
    route: [toService(`${workload}-${edge.name}`, port)],
  }));
  await apply(lab, istio('VirtualService', 'visitors', { gateways: ['visitors'], hosts: ['*'], http }));
  for (const [index, edge] of edges.slice(0, paths.length).entries()) {
    const path = paths[index] ?? '';
    await expect.eventually(`${path} through the gateway`, '60s', async () => {
      const answers = await Promise.all([1, 2, 3].map(() => visit(lab, ports.http, path)));
      const nodes = [...new Set(await Promise.all(answers.map(({ body }) => answererOf(lab, body))))];
      const how = `three calls, by the VirtualService's match of ${path}`;
      return { holds: nodes.join() === edge.name, from: parties(lab).visitor.name, expected: edge.name, observed: nodes.join(', '), how };
    });
  }
};

/** Istio's match of everything, which is also in EdgeMesh's own example, matches nothing but `/` itself here. */
export const checkRoot = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, port, edges } = cast(lab);
  const { door, visitor } = parties(lab);
  const [edge] = edges;
  if (!edge) return;
  const http = [{ match: [{ uri: { prefix: '/' } }], route: [toService(`${workload}-${edge.name}`, port)] }];
  await apply(lab, istio('VirtualService', 'visitors', { gateways: ['visitors'], hosts: ['*'], http }));
  await expect.eventually('/hostname where the VirtualService says prefix: /', '60s', async () => {
    const { outcome } = await visit(lab, ports.http, '/hostname');
    const said = (await readLog(door, 'edgemesh-gateway', ['no match svc found for uri /hostname'])).at(-1);
    return {
      holds: outcome === 'closed' && said !== undefined,
      from: visitor.name,
      expected: 'closed',
      observed: outcome,
      how: 'EdgeMesh takes the slash away and compares with an empty prefix, which matches no path but / itself',
      evidence: [{ at: `${door.name} edgemesh-gateway`, saw: said?.text ?? 'no such line' }],
    };
  });
};

export const checkHosts = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, port, edges } = cast(lab);
  const [edge] = edges;
  if (!edge) return;
  const http = [{ match: [{ uri: { prefix: '/host' } }], route: [toService(`${workload}-${edge.name}`, port)] }];
  await apply(
    lab,
    gateway('shops', ports.hosts, 'HTTP', [names.known]),
    istio('VirtualService', 'shops', { gateways: ['shops'], hosts: [names.known], http }),
  );
  for (const [host, wanted] of [
    [names.known, edge.name],
    [names.unknown, 'nobody'],
  ] as const) {
    await expect.eventually(`Host: ${host} at the gateway`, '60s', async () => {
      const { body, outcome } = await visit(lab, ports.hosts, '/hostname', host);
      const observed = await answererOf(lab, body);
      const how = outcome === 'closed' ? 'the gateway closed the connection' : outcome;
      // refused would only mean that the gateway does not listen yet
      return { holds: observed === wanted && outcome !== 'refused', from: parties(lab).visitor.name, expected: wanted, observed, how };
    });
  }
};

/** No HTTP client writes these bytes: the gateway passes them on as they are. */
export const checkTcp = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, port, edges } = cast(lab);
  const { visitor } = parties(lab);
  const edge = edges.at(-1);
  if (!edge) return;
  const tcp = [{ route: [toService(`${workload}-${edge.name}`, port)] }];
  await apply(lab, gateway('lines', ports.tcp, 'TCP', ['*']), istio('VirtualService', 'lines', { gateways: ['lines'], hosts: ['*'], tcp }));
  await expect.eventually('TCP through the gateway', '60s', async () => {
    const { body } = await send(lab, ports.tcp, 'GET /hostname HTTP/1.0\n\n');
    const observed = await answererOf(lab, body);
    return {
      holds: observed === edge.name,
      from: visitor.name,
      expected: edge.name,
      observed,
      how: 'a TCP route, bytes as they were written',
    };
  });
};

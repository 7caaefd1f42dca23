/** BGP sessions as BIRD tells them, and the routes that come of them. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { echoOn, isPlain, pairsOf } from './cast.ts';

const claims = ['S003-CA-1'];

/** `Mesh_45_77_0_11 BGP master up 21:14:06 Established` */
const askBird = async (lab: LabHandle, { name }: NodeHandle): Promise<string[]> => {
  const { text: pod } =
    await lab.kubectl`-n kube-system get pods -l k8s-app=calico-node --field-selector ${`spec.nodeName=${name}`} -o ${'jsonpath={.items[0].metadata.name}'}`;
  const { lines } = await lab.kubectl`-n kube-system exec ${pod} -c calico-node -- birdcl -s /var/run/calico/bird.ctl show protocols`;
  return lines.filter((line) => line.includes(' BGP '));
};

/** In VXLAN mode there is no BIRD. */
export const checkSessions = async (lab: LabHandle, expect: Expect): Promise<void> => {
  if (!isPlain(lab)) return;
  const { nodes } = cast(lab);
  for (const node of nodes) {
    const lines = await askBird(lab, node);
    const others = nodes.filter((other) => other.name !== node.name);
    const missing = others.filter(
      ({ address }) => !lines.some((line) => line.startsWith(`Mesh_${address.replaceAll('.', '_')} `) && line.includes('Established')),
    );
    expect.that(missing.length === 0, 'a BGP session with each other node', {
      from: node.name,
      claims,
      expected: `${String(others.length)} established`,
      observed: `${String(others.length - missing.length)} established`,
      how: lines.join('; ').replaceAll(/\s+/g, ' '),
      evidence: lines.map((line) => ({ at: `${node.name} BIRD`, saw: line.trim().replaceAll(/\s+/g, ' ') })),
    });
  }
};

/** The route to another node's pods: by BIRD, with that node itself as the next hop; or by Felix, into the tunnel. */
export const checkRoutes = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const cluster = await lab.cluster();
  for (const [from, to] of pairsOf(lab)) {
    const { ip } = await lab.findPod(echoOn(lab, to));
    const { text } = await from.$`ip -4 route show match ${ip} | grep -v ^default`;
    const expected = isPlain(lab) ? `via ${to.address} dev eth0 proto bird` : 'dev vxlan.calico';
    expect.that(text.includes(expected), `route to the pods of ${to.name}`, {
      from: from.name,
      claims,
      expected,
      observed: text.replace(/^\S+ /, ''),
      how: text,
    });
  }
  const addresses = cluster.pods
    .filter(({ ip, node }) => ip !== lab.nodes().find(({ name }) => name === node)?.address)
    .map(({ ip }) => ip);
  expect.that(new Set(addresses).size === addresses.length && addresses.length > 0, 'pod addresses differ', {
    from: 'kubectl',
    claims: ['S003-BAS-2'],
    observed: `${String(addresses.length)} addresses, ${String(new Set(addresses).size)} different ones`,
    expected: 'no address twice',
    how: addresses.join(', '),
  });
};

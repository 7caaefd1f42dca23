/** The SAs of the strongSwan on a node, asked inside the node: no API server and no stream tunnel has to work for it. */
import { parseSas, type IkeSa } from '../../evidence/evidence.ts';
import type { TunnelSite } from './tunnel.ts';

const script = `
for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==strongswan'); do
  ctr -n k8s.io tasks exec --exec-id "edgelab-$$" "$id" swanctl --list-sas 2>/dev/null && exit
done
echo 'no strongSwan runs here' >&2
exit 1`;

/** Empty where no strongSwan runs or none of its tunnels stands. */
export const readSas = async ({ lab, engine, signal }: TunnelSite, node: string): Promise<IkeSa[]> =>
  parseSas((await engine.exec(lab.name, node, ['sh', '-c', script], { timeoutSeconds: 20, signal })).stdout);

/** What EdgeMesh finds in the cluster before its agents start: three Istio kinds, its rights and its configuration. */
import { accountWith, rule } from '../account.ts';
import type { Manifest } from '../manifest.ts';
import { openKind } from '../open-kind.ts';
import { agentName, namespace } from './addresses.ts';

const istioGroup = 'networking.istio.io';

const readOnly = 'get list watch';

/** A program's account, what it may read, and its configuration file `<name>.yaml`, all called after it. `resources` as in `rule`. */
export const programObjects = (name: string, resources: string, config: string): Manifest[] => [
  ...accountWith({ name, namespace }, { everywhere: [rule('', resources, readOnly), rule(istioGroup, '*', readOnly)] }),
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { [`${name}.yaml`]: config } },
];

/** `config` is the text of the agents' configuration file; edgeCNI reads the podCIDR of its node, which the published rights leave out. */
export const edgemeshObjects = (config: string, { cni }: { cni: boolean }): Manifest[] => [
  // agents watch these and do not start without them
  ...['DestinationRule', 'Gateway', 'VirtualService'].map((kind) =>
    openKind({ group: istioGroup, versions: ['v1alpha3', 'v1beta1'], scope: 'Namespaced', kind }),
  ),
  ...programObjects(agentName, `services endpoints pods namespaces${cni ? ' nodes' : ''}`, config),
];

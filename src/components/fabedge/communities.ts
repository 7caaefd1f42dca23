/** Communities: which edges get tunnels to each other. */
import type { Lab } from '../../model/lab.ts';
import type { Manifest } from '../manifest.ts';
import { endpointName, fabedgeOf } from './names.ts';

/** Cluster-wide objects; members are named `<cluster>.<node>`. */
export const communityManifests = (lab: Lab): Manifest[] =>
  Object.entries(fabedgeOf(lab).communities).map(([name, members]) => ({
    apiVersion: 'fabedge.io/v1alpha1',
    kind: 'Community',
    metadata: { name },
    spec: { members: members.map((node) => endpointName(lab, node)) },
  }));

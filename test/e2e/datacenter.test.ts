/** The cloud behind a router that forwards ports, with workers, NodePorts and metrics-server. */
import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'datacenter',
  title: 'KubeEdge as operators run it: nodes are as they must be, and the cloud behind its NAT serves an edge behind another',
  scenarios: ['node-setup', 'kubeedge-operations'],
  claims: [
    ...numbered('S000-ENV', 2, 3, 4, 5, 6),
    ...numbered('S000-INS', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    ...numbered('S001-CLD', 1, 2, 3, 6),
    ...numbered('S001-EDG', 1, 2, 3, 4, 5, 6, 7),
  ],
});

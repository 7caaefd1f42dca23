/** KubeEdge as operators run it: one lab, several scenarios on it. */
import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'datacenter',
  title: 'a cloud behind forwards, its edge behind a NAT: operations, set-up and troubleshooting hold',
  scenarios: ['kubeedge-operations', 'node-setup', 'troubleshooting'],
  claims: [
    ...numbered('S001-ARC', 1, 2, 3),
    ...numbered('S001-CLD', 1, 2, 3, 4, 5, 6),
    ...numbered('S001-EDG', 1, 2, 3, 4, 5, 6, 7),
    'S001-MON-1',
    ...numbered('S001-TRB', 1, 2, 3, 4),
    ...numbered('S000-ENV', 2, 3, 4, 5, 6),
    ...numbered('S000-INS', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
  ],
});

/** Seconds, no cluster. */
import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'container-hosts',
  title: 'containers of two hosts reach each other by each backend',
  scenarios: ['cni'],
  claims: [
    'S003-BAS-2',
    ...numbered('S003-FL', 1, 2, 3, 4),
    ...numbered('S003-CNI', 1, 2, 3, 4, 6),
    ...numbered('S003-INS', 2, 3, 4, 5, 8),
  ],
});

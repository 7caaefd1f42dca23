import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'two-lans-fabedge',
  title: 'tunnels stand, and the cloud and the edges reach each other through the connector',
  scenarios: ['fabedge'],
  claims: numbered('S004', 1, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20),
  look: (t, checks) => {
    t.true(checks.length >= 100, `only ${String(checks.length)} checks`);
    t.true(checks.some(({ observed }) => observed === 'reachable, gateway'));
  },
});

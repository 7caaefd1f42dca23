import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'two-lans-edgemesh',
  title: 'with EdgeMesh every Service is reached, relayed between LANs',
  image: 'kubeedge/edgemesh-agent:v1.16.0',
  scenarios: ['question-2'],
  claims: numbered('S000-Q2', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
  look: (t, checks) => {
    t.true(checks.every(({ evidence }) => evidence.length > 0));
    t.true(checks.some(({ observed }) => observed === 'reachable, relayed'));
    t.true(checks.some(({ observed }) => observed === 'reachable, direct'));
  },
});

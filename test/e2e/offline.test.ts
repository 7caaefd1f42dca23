import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'offline',
  title: 'KubeEdge from the files of a release, on nodes without the internet, with a registry in the lab',
  scenarios: ['offline'],
  claims: numbered('S002', ...Array.from({ length: 24 }, (_, index) => index + 1)),
});

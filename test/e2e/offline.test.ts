/** A plant without any internet: KubeEdge from a release's files, images from a registry in the lab. */
import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'offline',
  title: 'KubeEdge is installed and used without any internet',
  scenarios: ['offline'],
  claims: numbered('S002', ...Array.from({ length: 24 }, (_, index) => index + 1)),
});

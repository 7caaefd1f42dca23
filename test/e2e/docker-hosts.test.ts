import { testLab } from './test-lab.ts';

testLab({
  lab: 'docker-hosts',
  title: "containers of two Docker hosts reach each other in flannel's subnets, not by Docker's own network",
  scenarios: ['docker-hosts'],
  claims: ['S003-BAS-1', 'S003-BAS-2', 'S003-INS-1', 'S003-INS-6', 'S003-INS-7', 'S003-TRB-1'],
});

import { numbered, testLab } from './test-lab.ts';

testLab({
  lab: 'calico',
  title: 'with Calico packets go as they are, by routes from BGP, and network policy holds',
  image: 'calico/node:v3.31.7',
  scenarios: ['calico'],
  claims: ['S003-BAS-2', ...numbered('S003-CA', 1, 2, 3)],
});

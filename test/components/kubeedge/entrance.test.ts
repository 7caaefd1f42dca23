import test from 'ava';
import { makePlan } from '../../../src/plan/plan.ts';
import { readLab } from '../../lib/read-lab.ts';

type Site = { forwards: string; work?: string; flannel?: string; expose?: string };

const planOf = ({ forwards, work = '', flannel = '[cloud]', expose = 'host' }: Site) => {
  const lab = readLab(
    `
name: small
sites:
  dc: { subnet: 172.16.0.0/24, nat: port-restricted, forwards: ${forwards}, nodes: { cloud: { role: control-plane }, inner: { role: worker } } }
  lan: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { edge: { role: edge } } }
  public: { nodes: { bystander: { role: host } ${work} } }
install: { kubernetes: 1.32.5, flannel: { on: ${flannel} }, kubeedge: { expose: ${expose} } }
`,
    'small.yaml',
  );
  return new Map(makePlan(lab).plan?.steps.map((step) => [step.id, step.action]));
};

const scriptOf = (plan: ReturnType<typeof planOf>, id: string) => {
  const action = plan.get(id);
  if (action === undefined || !('script' in action)) throw new Error(`no script in ${id}`);
  return action.script;
};
const fileOf = (plan: ReturnType<typeof planOf>, id: string, path: string) => {
  const action = plan.get(id);
  return (action?.do === 'exec' && action.files?.find((file) => file.path === path)?.content) || '';
};
const hostsOf = (plan: ReturnType<typeof planOf>, node: string) => scriptOf(plan, `link:${node}`).env?.['EDGELAB_HOSTS'];

test('an edge joins at the outside of the router that forwards, and the certificate names it', (t) => {
  const plan = planOf({ forwards: '[tcp 10000-10004 -> cloud]' });
  t.regex(scriptOf(plan, 'kubeedge:join:edge').text, /--cloudcore-ipport=45\.77\.0\.2:10000 /);
  t.regex(scriptOf(plan, 'kubeedge:join:edge').text, /edgeStream\.server=45\.77\.0\.2:10004/);
  t.notRegex(scriptOf(plan, 'kubeedge:join:edge').text, /certport/);
  t.regex(scriptOf(plan, 'kubeedge:init').text, /--advertise-address=172\.16\.0\.11,45\.77\.0\.2 /);
});

test('the ports outside may be any', (t) => {
  const { text } = scriptOf(
    planOf({ forwards: '[tcp 443 -> cloud:10000, tcp 8443 -> cloud:10002, tcp 22 -> cloud:10004]' }),
    'kubeedge:join:edge',
  );
  t.regex(text, /ipport=45\.77\.0\.2:443 /);
  t.regex(text, /--certport=8443 /);
  t.regex(text, /server=45\.77\.0\.2:22,/);
});

test('behind NodePorts any cloud node may be forwarded to, and cloudcore runs in the pod network of any', (t) => {
  const plan = planOf({ forwards: '[tcp 10000-10004 -> inner:30000-30004]', expose: 'node-port' });
  t.regex(scriptOf(plan, 'kubeedge:join:edge').text, /ipport=45\.77\.0\.2:10000 /);
  const { text } = scriptOf(plan, 'kubeedge:init');
  t.regex(text, /hostNetWork=false/);
  t.notRegex(text, /nodeSelector/);
  t.regex(scriptOf(plan, 'kubeedge:token').text, /https:\/\/172\.16\.0\.11:30002\//);
});

test('who calls the API from outside does so by the name of its node, which leads to the router there', (t) => {
  const plan = planOf({ forwards: '[tcp 10000-10004 -> cloud, tcp 6443 -> cloud]', work: ', outer: { role: worker }' });
  const kubeadm = fileOf(plan, 'kubernetes:init', '/etc/edgelab/kubeadm.yaml');
  t.regex(kubeadm, /"controlPlaneEndpoint": "cloud:6443"/);
  t.regex(kubeadm, /"certSANs": \[\s*"172\.16\.0\.11",\s*"45\.77\.0\.2"\s*\]/);
  t.regex(hostsOf(plan, 'outer') as string, /^45\.77\.0\.2 cloud$/m);
  t.regex(hostsOf(plan, 'inner') as string, /^172\.16\.0\.11 cloud cloud\.dc$/m);
  t.notRegex(hostsOf(plan, 'inner') as string, /45\.77\.0\.2 cloud/);
});

test('where nobody outside calls the API, its address is enough', (t) => {
  const plan = planOf({ forwards: '[tcp 10000-10004 -> cloud]' });
  t.regex(fileOf(plan, 'kubernetes:init', '/etc/edgelab/kubeadm.yaml'), /"controlPlaneEndpoint": "172\.16\.0\.11:6443"/);
});

import test from 'ava';
import type { Lab } from '../../../src/model/lab.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { readLab } from '../../lib/read-lab.ts';

const read = (install: string, more = ''): Lab =>
  readLab(
    `name: plant
sites:
  plant: { nodes: { master: { role: control-plane }, edge: { role: edge } } }
install: { kubernetes: 1.32.5, flannel: { on: [cloud] }, kubeedge: { install: ${install} }${more} }
`,
    'plant.yaml',
  );

const scriptOf = (lab: Lab, id: string): string => {
  const action = makePlan(lab).plan?.steps.find((step) => step.id === id)?.action;
  return action !== undefined && 'script' in action ? action.script.text : '';
};

/** The merge patch of a step. */
const settingsOf = (lab: Lab, id: string): unknown => {
  const action = makePlan(lab).plan?.steps.find((step) => step.id === id)?.action;
  const settings = action !== undefined && 'script' in action ? action.script.env?.['SETTINGS'] : undefined;
  return typeof settings === 'string' ? JSON.parse(settings) : undefined;
};

test('each way has its own programs in the store', (t) => {
  const images = (install: string) => makePlan(read(install)).plan?.images.store ?? [];
  t.true(images('keadm').includes('installation-package'));
  for (const way of ['binary', 'keadm-deprecated']) {
    t.true(images(way).includes('kubeedge-release'));
    t.false(images(way).includes('cloudcore'));
  }
});

test('the steps have the same names whichever way, so that others can wait for them', (t) => {
  const ids = (install: string) => makePlan(read(install)).plan?.steps.flatMap(({ id }) => (id.startsWith('kubeedge:') ? [id] : []));
  t.deepEqual(ids('binary'), ids('keadm'));
  t.deepEqual(ids('keadm-deprecated'), ids('keadm'));
});

test("keadm's old way and the way by hand end with services and stream certificates", (t) => {
  for (const way of ['binary', 'keadm-deprecated']) {
    const cloud = scriptOf(read(way), 'kubeedge:init');
    t.regex(cloud, /certgen\.sh stream/);
    t.like(settingsOf(read(way), 'kubeedge:init'), { modules: { cloudStream: { enable: true } } });
    t.regex(cloud, /systemctl enable --quiet --now cloudcore$/);
  }
  t.regex(scriptOf(read('keadm-deprecated'), 'kubeedge:init'), /keadm deprecated init/);
  t.notRegex(scriptOf(read('binary'), 'kubeedge:init'), /keadm/);
  t.notRegex(scriptOf(read('binary'), 'kubeedge:join:edge'), /keadm/);
});

test('the metaServer and what it is fed by are on unless the topology says no', (t) => {
  const lab = (more: string) => read(`binary${more}`);
  const fed = { dynamicController: { enable: true } };
  const served = (enable: boolean) => ({ modules: { metaManager: { metaServer: { enable } } } });
  t.like(settingsOf(lab(''), 'kubeedge:init'), { modules: fed });
  t.like(settingsOf(lab(''), 'kubeedge:join:edge'), served(true));
  t.deepEqual(settingsOf(lab(', meta-server: false'), 'kubeedge:init'), {
    kubeAPIConfig: { kubeConfig: '/etc/kubernetes/admin.conf' },
    modules: { cloudHub: { advertiseAddress: ['45.77.0.10'] }, cloudStream: { enable: true } },
  });
  t.like(settingsOf(lab(', meta-server: false'), 'kubeedge:join:edge'), served(false));
});

test('edges are told the same by either way, each in its own notation', (t) => {
  const keadm = scriptOf(read('keadm', ', edgemesh: {}'), 'kubeedge:join:edge');
  t.true(keadm.includes('.clusterDNS={169.254.96.16},'));
  t.true(keadm.includes('.evictionHard={imagefs.available:0%,'));
  t.like(settingsOf(read('binary', ', edgemesh: {}'), 'kubeedge:join:edge'), {
    modules: { edged: { tailoredKubeletConfig: { clusterDNS: ['169.254.96.16'], evictionHard: { 'imagefs.available': '0%' } } } },
  });
});

test('what a way says of itself goes before what edges have in common', (t) => {
  const broker = (way: string) => settingsOf(read(way), 'kubeedge:join:edge');
  t.like(broker('binary'), { modules: { eventBus: { mqttMode: 0 } } });
  t.like(broker('keadm-deprecated'), { modules: { eventBus: { mqttMode: 2 } } });
});

test('no value stands in a script: the token and addresses come by the environment', (t) => {
  for (const id of ['kubeedge:init', 'kubeedge:join:edge']) t.notRegex(scriptOf(read('binary'), id), /45\.77/);
});

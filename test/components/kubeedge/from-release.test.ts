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

const settingsOf = (lab: Lab): string => {
  const action = makePlan(lab).plan?.steps.find(({ id }) => id === 'kubeedge:join:edge')?.action;
  const settings = action !== undefined && 'script' in action ? action.script.env?.['COMMON'] : undefined;
  return typeof settings === 'string' ? settings : '';
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
    t.regex(cloud, /modules\.cloudStream\.enable=true/);
    t.regex(cloud, /systemctl enable --quiet --now cloudcore$/);
  }
  t.regex(scriptOf(read('keadm-deprecated'), 'kubeedge:init'), /keadm deprecated init/);
  t.notRegex(scriptOf(read('binary'), 'kubeedge:init'), /keadm/);
  t.notRegex(scriptOf(read('binary'), 'kubeedge:join:edge'), /keadm/);
});

test('the metaServer and what it is fed by are on unless the topology says no', (t) => {
  const lab = (more: string) => read(`binary${more}`);
  t.regex(scriptOf(lab(''), 'kubeedge:init'), /modules\.dynamicController\.enable=true/);
  t.regex(settingsOf(lab('')), /metaServer\.enable=true/);
  t.notRegex(scriptOf(lab(', meta-server: false'), 'kubeedge:init'), /dynamicController/);
  t.regex(settingsOf(lab(', meta-server: false')), /metaServer\.enable=false/);
});

test('edges are told the same by either way, each in its own notation', (t) => {
  const keadm = scriptOf(read('keadm', ', edgemesh: {}'), 'kubeedge:join:edge');
  t.true(keadm.includes('.clusterDNS={169.254.96.16},'));
  t.true(keadm.includes('.evictionHard={imagefs.available:0%,'));
  const settings = settingsOf(read('binary', ', edgemesh: {}'));
  t.true(settings.includes('.clusterDNS=["169.254.96.16"]'));
  t.true(settings.includes('.evictionHard={"imagefs.available":"0%",'));
});

test('no value stands in a script: the token and addresses come by the environment', (t) => {
  for (const id of ['kubeedge:init', 'kubeedge:join:edge']) t.notRegex(scriptOf(read('binary'), id), /45\.77/);
});

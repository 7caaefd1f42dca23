import test from 'ava';
import { runCommand, systemPath } from '../../src/host/command.ts';
import { readSurvey, surveyScript } from '../../src/host/survey.ts';
import { debianWithoutModules, smallContainer, ubuntuLaptop } from './machines.ts';

test('a survey becomes facts: memory, limits, sysctls, disk', (t) => {
  const survey = readSurvey(debianWithoutModules);
  t.is(survey.system, 'Debian GNU/Linux 12 (bookworm)');
  t.is(survey.kernel, '6.18.44');
  t.true(survey.root);
  t.is(survey.memoryFree, 23_875_780 * 1024);
  t.is(survey.openFiles, 20_000);
  t.is(survey.diskFree, 68_000_000 * 1024);
  t.is(survey.sysctls.get('net/netfilter/nf_conntrack_max'), '262144');
  t.deepEqual(survey.cgroups, { v1: true, v2: true });
  t.is(survey.forwardPolicy, 'DROP');
  t.deepEqual(survey.interfaces, ['docker0', 'eth0', 'lo']);
});

test('modules are named as the kernel names them, whatever their files are packed with', (t) => {
  const { available, loaded } = readSurvey(ubuntuLaptop);
  t.true(available.has('sch_netem'));
  t.true(available.has('tun'));
  t.true(loaded.has('nf_tables'));
  t.false(available.has('udp_tunnel'), 'a dependency is not a module of its line');
});

test('a memory limit of the control group counts where it is lower than the machine', (t) => {
  const { memoryFree, memoryTotal } = readSurvey(smallContainer);
  t.is(memoryTotal, 2 ** 30);
  t.is(memoryFree, 900_000_000);
});

test('a kernel that publishes no configuration has none, instead of an empty one', (t) => {
  t.is(readSurvey(smallContainer).config, undefined);
});

test('nothing at all is read as a machine of which nothing is known', (t) => {
  const survey = readSurvey('');
  t.is(survey.memoryFree, undefined);
  t.is(survey.diskFree, undefined);
  t.is(survey.cpus, 1);
});

test('the survey of this very machine finds its kernel, memory and interfaces', async (t) => {
  const { stdout, code } = await runCommand(['sh', '-c', surveyScript, 'sh', '/'], { env: systemPath });
  const survey = readSurvey(stdout);
  t.is(code, 0);
  t.regex(survey.kernel, /^\d+\.\d+/);
  t.true((survey.memoryFree ?? 0) > 0);
  t.true(survey.interfaces.includes('lo'));
});

import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ava, { type ExecutionContext } from 'ava';
import type { Cli } from '../../src/cli/cli.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { root } from './fake-cli.ts';

// Each test starts a dozen small programs: side by side they would starve each other.
const test = ava.serial;

/** Programs of the base system that the launcher may use; everything else is what a test puts there. */
const tools = [
  'awk',
  'cat',
  'chmod',
  'cmp',
  'cp',
  'date',
  'dirname',
  'env',
  'find',
  'flock',
  'grep',
  'mkdir',
  'readlink',
  'rm',
  'sed',
  'sh',
  'sleep',
  'tail',
  'uname',
];

type Machine = {
  /** A checkout whose main.ts is a program that prints what it is called with. */
  checkout: string;
  /** Puts a program on PATH: the body of a shell script. */
  put(name: string, body: string): Promise<void>;
  run(
    args: string[],
    options?: { cwd?: string; file?: string; env?: Record<string, string> },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  /** What the fake programs wrote down, one call a line. */
  calls(): Promise<string[]>;
};

const makeMachine = async (t: ExecutionContext): Promise<Machine> => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab launcher '));
  t.teardown(() => rm(folder, { recursive: true }));
  const checkout = join(folder, 'my checkout');
  const bin = join(folder, 'bin');
  const log = join(folder, 'calls');
  await mkdir(join(checkout, 'src/cli'), { recursive: true });
  await mkdir(bin);
  await cp(join(root, 'edgelab'), join(checkout, 'edgelab'));
  await writeFile(join(checkout, 'package-lock.json'), '{"version":1}');
  await writeFile(log, '');
  for (const path of await toolPaths) await symlink(path, join(bin, basename(path)));
  const put = async (name: string, body: string): Promise<void> => {
    await rm(join(bin, name), { force: true });
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${log}'\n${body}\n`);
    await chmod(join(bin, name), 0o755);
  };
  await put('id', 'case $1 in -u) echo 1000 ;; *) echo somebody ;; esac');
  return {
    checkout,
    put,
    run: (args, { cwd = folder, file = join(checkout, 'edgelab'), env = {} } = {}) =>
      new Promise((resolve) => {
        execFile(file, args, { cwd, env: { PATH: bin, HOME: folder, ...env } }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
      }),
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('id ')),
  };
};

const toolPaths: Promise<string[]> = new Promise((resolve, reject) => {
  execFile(
    '/bin/sh',
    ['-c', 'for tool; do command -v "$tool" || exit; done', 'sh', ...tools],
    { env: { PATH: '/usr/bin:/bin' } },
    (error, stdout) => (error ? reject(new Error('a tool is missing', { cause: error })) : resolve(stdout.trim().split('\n'))),
  );
});

/** A node of that version, which prints its arguments. */
const node = (version: string): string => `case $1 in --version) echo ${version} ;; *) echo "${version}:"; printf '[%s]' "$@" ;; esac`;

/** npm whose \`ci\` makes node_modules with a good node in it. */
const npm = `mkdir -p node_modules/.bin && printf '#!/bin/sh\\n%s\\n' '${node('v24.0.0').replaceAll("'", `'\\''`)}' >node_modules/.bin/node && chmod +x node_modules/.bin/node`;

const docker = 'case $1 in version) echo 28.0.0 ;; esac';
const noDocker = 'exit 1';

test('a good node on PATH is used, after npm ci', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v22.18.0'));
  await machine.put('npm', npm.replace('chmod +x', 'chmod a-x'));
  const { code, stdout, stderr } = await machine.run(['validate', 'my lab']);
  t.is(code, 0, stderr);
  t.is(stdout, `v22.18.0:\n[--disable-warning=ExperimentalWarning][${machine.checkout}/src/cli/main.ts][validate][my lab]`);
  t.regex(stderr, /^set-up {2}npm packages \.\.\. \d+ s\n$/);
});

test('the second time nothing is left to do: no npm, no output, no Docker', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', npm);
  await machine.put('docker', docker);
  await machine.run(['validate']);
  const { stderr } = await machine.run(['validate']);
  t.is(stderr, '');
  const calls = await machine.calls();
  t.is(calls.filter((call) => call.startsWith('npm')).length, 1);
  t.is(calls.filter((call) => call.startsWith('docker')).length, 0);
});

test('an npm on a Node.js too old for it fetches newer ones of both first', async (t) => {
  const machine = await makeMachine(t);
  await writeFile(join(machine.checkout, 'package.json'), '{ "engines": { "node": ">=22.18" }, "dependencies": { "node": "24.21.0" } }');
  await machine.put('node', node('v18.20.4'));
  await machine.put('npm', npm);
  t.is((await machine.run(['validate'])).code, 0);
  const cache = join(machine.checkout, '.cache/npm');
  t.deepEqual(
    (await machine.calls()).filter((call) => call.startsWith('npm')),
    [
      `npm exec --yes --cache=${cache} --package=node@24.21.0 --package=npm@11 -- npm ci --include=dev --no-audit --no-fund --loglevel=error`,
    ],
  );
});

for (const version of ['v20.20.2', 'v22.17.1', 'v23.5.0', 'v9.99.0', 'nonsense']) {
  test(`node ${version} is too old: the one from npm is used`, async (t) => {
    const machine = await makeMachine(t);
    await machine.put('node', node(version));
    await machine.put('npm', npm);
    const { stdout, stderr } = await machine.run(['validate']);
    t.regex(stdout, /^v24\.0\.0:/);
    t.regex(stderr, /a newer Node\.js among them/);
  });
}

for (const version of ['v22.18.0', 'v22.20.3', 'v23.6.0', 'v24.0.0', 'v100.1.0']) {
  test(`node ${version} is good`, async (t) => {
    const machine = await makeMachine(t);
    await machine.put('node', node(version));
    await machine.put('npm', npm);
    t.true((await machine.run(['validate'])).stdout.startsWith(`${version}:`));
  });
}

test('packages are installed again when package-lock.json changed', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', npm);
  await machine.run(['validate']);
  await writeFile(join(machine.checkout, 'package-lock.json'), '{"version":2}');
  await machine.run(['validate']);
  t.is((await machine.calls()).filter((call) => call.startsWith('npm')).length, 2);
});

test('packages that the user has installed with npm are taken as they are, unless they are older than the lock file', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', npm);
  await mkdir(join(machine.checkout, 'node_modules/.bin'), { recursive: true });
  await writeFile(join(machine.checkout, 'node_modules/.bin/ava'), '');
  const record = join(machine.checkout, 'node_modules/.package-lock.json');
  await writeFile(record, '');
  await machine.run(['validate']);
  t.is((await machine.calls()).filter((call) => call.startsWith('npm')).length, 0);
  await utimes(record, 1, 1);
  await machine.run(['validate']);
  t.is((await machine.calls()).filter((call) => call.startsWith('npm')).length, 1);
});

test('two at once install once', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', `sleep 0.5; ${npm}`);
  const both = await Promise.all([machine.run(['validate']), machine.run(['validate'])]);
  t.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  t.is((await machine.calls()).filter((call) => call.startsWith('npm')).length, 1);
  t.true(both.some(({ stderr }) => stderr.includes('another edgelab is at it; waiting for it')));
});

test('a failing npm shows the end of its output and exits with 3', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', 'echo the registry is gone; exit 1');
  const { code, stderr } = await machine.run(['validate']);
  t.is(code, 3);
  t.regex(stderr, /failed\n {2}\| the registry is gone\n {2}all of it: .*setup\.log\nerror HOST008/);
});

test('no npm and no way to get it is one clear message', async (t) => {
  const machine = await makeMachine(t);
  const { code, stderr } = await machine.run(['validate']);
  t.is(code, 3);
  t.regex(stderr, /^error HOST007 There is no npm[^]*\n {2}hint: install Node\.js 22\.18 or newer with npm/);
});

test('npm that brings no node is one clear message', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('npm', 'mkdir -p node_modules/.bin');
  const { code, stderr } = await machine.run(['validate']);
  t.is(code, 3);
  t.regex(stderr, /error HOST009[^]*npm rebuild node/);
});

test('it works through a symbolic link, from anywhere, with any arguments', async (t) => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', npm);
  const link = join(machine.checkout, '..', 'a link');
  await symlink('my checkout/edgelab', link);
  const { stdout } = await machine.run(['plan', '', '*', "it's"], { file: link, cwd: '/' });
  t.true(stdout.endsWith(`[${machine.checkout}/src/cli/main.ts][plan][][*][it's]`), stdout);
});

const asks = ava.macro({
  async exec(t, args: string[], asked: boolean) {
    const machine = await makeMachine(t);
    await machine.put('node', node('v24.1.0'));
    await machine.put('npm', npm);
    await machine.put('docker', docker);
    t.is((await machine.run(args)).code, 0);
    t.is(
      (await machine.calls()).some((call) => call.startsWith('docker version')),
      asked,
    );
  },
  title: (_, args: string[], asked: boolean) => `edgelab ${args.join(' ')} ${asked ? 'wants' : 'leaves alone'} Docker`,
});

for (const args of [
  ['up'],
  ['run', '--json'],
  ['--json', 'run'],
  ['test'],
  ['test', 'lint', 'e2e'],
  ['images', 'list'],
  ['bench', 'up'],
  ['down'],
  ['ps'],
  ['exec', 'a', '--', 'ls', '--help'],
]) {
  test(asks, args, true);
}
for (const args of [
  [],
  ['--help'],
  ['up', '--help'],
  ['doctor'],
  ['plan'],
  ['validate'],
  ['graph'],
  ['schema'],
  ['claims'],
  ['test', 'unit'],
  ['test', 'lint', 'types'],
  ['--version'],
]) {
  test(asks, args, false);
}

test('the launcher knows of every command whether it needs Docker', async (t) => {
  const program = makeProgram({ root, stdout: {}, stderr: {} } as unknown as Cli);
  const known = /^docker_need\(\) \{$([^]*?)^\}$/m.exec(await readFile(join(root, 'edgelab'), 'utf8'))?.[1] ?? '';
  const words = new Set(known.match(/[a-z]+/g));
  t.deepEqual(
    program.commands.map((command) => command.name()).filter((name) => !words.has(name)),
    [],
  );
});

const ready = async (t: ExecutionContext): Promise<Machine> => {
  const machine = await makeMachine(t);
  await machine.put('node', node('v24.1.0'));
  await machine.put('npm', npm);
  return machine;
};

test('no engine, and no right to install one, is one clear message and exit code 3', async (t) => {
  const machine = await ready(t);
  const { code, stderr } = await machine.run(['up']);
  t.is(code, 3);
  t.regex(
    stderr,
    /error HOST001 No Docker engine answers, and edgelab installs one only on Debian and Ubuntu, as root\.\n {2}hint: install and start Docker Engine/,
  );
});

test('an engine that is installed but silent is to be started by the user who may', async (t) => {
  const machine = await ready(t);
  await machine.put('docker', noDocker);
  await machine.put('dockerd', '');
  t.regex((await machine.run(['up'])).stderr, /error HOST001 No Docker engine answers\.\n {2}hint: start it: sudo systemctl start docker/);
});

test('a silent engine that DOCKER_HOST names is never replaced by another', async (t) => {
  const machine = await ready(t);
  await machine.put('docker', noDocker);
  await machine.put('id', 'echo 0');
  await machine.put('apt-get', '');
  const { code, stderr } = await machine.run(['up'], { env: { DOCKER_HOST: 'tcp://10.0.0.9:2375' } });
  t.is(code, 3);
  t.regex(stderr, /No Docker engine answers at tcp:\/\/10\.0\.0\.9:2375/);
  t.false((await machine.calls()).some((call) => call.startsWith('apt-get')));
});

test('commands that only look do not install an engine', async (t) => {
  const machine = await ready(t);
  await machine.put('id', 'echo 0');
  await machine.put('apt-get', '');
  const { code } = await machine.run(['ps']);
  t.is(code, 3);
  t.false((await machine.calls()).some((call) => call.startsWith('apt-get')));
});

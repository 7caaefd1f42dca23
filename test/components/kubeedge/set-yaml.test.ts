import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { setYaml } from '../../../src/components/kubeedge/set-yaml.ts';

/** As Go's programs write it. */
const before = `apiVersion: v1
kind: CloudCore
modules:
  cloudHub:
    advertiseAddress:
    - 10.0.0.1
    - 10.0.0.2
    dnsNames:
    - ""
    https:
      enable: true
  cloudStream:
    enable: false
    port: 10003
  empty: {}
`;

const set = (...settings: string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'edgelab-'));
  try {
    const [program, file] = [join(folder, 'set-yaml'), join(folder, 'file.yaml')];
    writeFileSync(program, setYaml.content);
    writeFileSync(file, before);
    execFileSync('perl', [program, file, ...settings]);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('a value is replaced where it is, and nothing else', (t) => {
  t.is(set('modules.cloudStream.enable=true'), before.replace('enable: false', 'enable: true'));
  t.is(set('modules.cloudHub.https.enable=false'), before.replace('enable: true', 'enable: false'));
  t.is(set('kind=EdgeCore'), before.replace('CloudCore', 'EdgeCore'));
});

test('a list goes with its items', (t) => {
  t.is(
    set('modules.cloudHub.advertiseAddress=[10.9.9.9]'),
    before.replace(/advertiseAddress:\n.*\n.*\n/, 'advertiseAddress: [10.9.9.9]\n'),
  );
});

test('what is missing is added, with all above it, and a value may hold anything', (t) => {
  t.is(set('modules.cloudStream.token=a=b.c:d'), before.replace('  cloudStream:\n', '  cloudStream:\n    token: a=b.c:d\n'));
  t.is(
    set('modules.edged.kubelet.cgroupRoot=/kubelet'),
    before.replace('modules:\n', 'modules:\n  edged:\n    kubelet:\n      cgroupRoot: /kubelet\n'),
  );
  t.is(set('modules.empty.key=1'), before.replace('empty: {}', 'empty:\n    key: 1'));
});

test('several settings are made one after the other', (t) => {
  t.is(set('kind=A', 'kind=B'), before.replace('CloudCore', 'B'));
});

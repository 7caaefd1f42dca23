/** `edgelab nat probe`: what every router of a running lab was declared to do, and what it does. */
import type { Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { familiesOf } from '../../lib/families.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { Script } from '../../model/plan.ts';
import { chooseLab } from '../choose-lab.ts';
import { print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { natDescribe } from '../nat-describe.ts';
import { natRequirements, type RequirementsOptions } from '../nat-requirements.ts';
import { layTable, makePaint, type Paint } from '../table.ts';
import { accepted, loadTopology } from '../topology-file.ts';

/** `nat probe`, `nat requirements` and `nat describe`; exit code 1 where a router or a preset is not as declared. */
export const addNat = (program: Command, cli: Cli): void => {
  const nat = program.command('nat').description('look at the NATs of a lab');
  shareOptions(nat.command('probe').description('measure every router from inside its LAN and compare with what was declared'))
    .argument('[lab]', 'the lab, if there are several')
    .action(act<Shared, [string | undefined]>(cli, (options, lab) => probe(cli, options, lab)));
  shareOptions(nat.command('requirements').description('try what RFC 4787, 5382 and 5508 ask of a NAT against every kind, in seconds'))
    .argument('[presets...]', 'which kinds; all that translate unless named')
    .option('--markdown <file>', 'write it as a page too')
    .action(act<RequirementsOptions, [string[]]>(cli, (options, presets) => natRequirements(cli, options, presets)));
  shareOptions(nat.command('describe').description('what a STUN tool says about a NAT, as `nat:` of a topology'))
    .argument(
      '[file]',
      "its output: coturn's turnutils_natdiscovery, stuntman's stunclient, pion's stun-nat-behaviour, pystun3, Vovida's stun",
      '-',
    )
    .addHelpText('after', '\nE.g. turnutils_natdiscovery -m -f -H stun.example.org | edgelab nat describe')
    .action(act<Shared, [string]>(cli, (options, file) => natDescribe(cli, options, file)));
};

type Probed = {
  router: string;
  site: string;
  nat: string;
  from: string;
  declared: Record<string, string>;
  measured: Record<string, string>;
  proved: boolean;
  seconds: number;
};

const probe = async (cli: Cli, options: Shared, named: string | undefined): Promise<number> => {
  const { listMeasured, measureNat, startResponder } = await import('../../plan/plan.ts');
  const engine = await cli.connect();
  const name = await chooseLab(engine, { named });
  const file = (await engine.list(name))[0]?.topology ?? '';
  const { lab } = await loadTopology(cli, file, accepted);
  const families = familiesOf(lab);
  await Promise.all(families.map((one) => run(engine, name, one.internet.core.name, startResponder(one))));
  const measured = families.flatMap((one) => listMeasured(one).map((place) => ({ ...place, one })));
  const routers = await Promise.all(
    measured.map(async ({ site, node, natName, one }): Promise<Probed> => {
      const output = await run(engine, name, node.name, measureNat(one, { site, node }), { EDGELAB_JSON: '1' });
      return {
        router: `${site}-router`,
        site,
        nat: natName,
        from: node.name,
        ...(JSON.parse(output) as Omit<Probed, 'router' | 'site' | 'nat' | 'from'>),
      };
    }),
  );
  if (options.json === true) printJson(cli, { lab: name, routers, proved: routers.every(({ proved }) => proved) });
  else
    print(
      cli,
      routers.map((one) => render(one, makePaint(wantsColor(cli, cli.stdout, options)))).join('\n\n') || `lab ${name} has no router`,
    );
  return routers.every(({ proved }) => proved) ? 0 : 1;
};

const run = async (engine: Engine, lab: string, container: string, script: Script, more: Record<string, string> = {}): Promise<string> => {
  const env = { ...(script.env as Record<string, string>), ...more };
  const { code, stdout, stderr } = await engine.exec(lab, container, ['/bin/sh', '-c', script.text], {
    ...{ env, timeoutSeconds: 60 },
    ...(script.stdin !== undefined && { stdin: script.stdin }),
  });
  if (code === 0) return stdout;
  throw new LabError('NAT003', `${container} could not be measured from`, {
    lastObservation: `exit code ${code}`,
    outputTail: stderr.trim(),
  });
};

const render = ({ router, nat, from, declared, measured, proved, seconds }: Probed, paint: Paint): string => {
  const verdict = proved ? paint('green', '✓ proved') : paint('red', '✗ differs');
  const rows = Object.entries(declared).map(([what, value]) => {
    const found = measured[what] ?? 'nothing';
    return [what, value, found === value ? found : paint('red', found)];
  });
  const head = ['', 'DECLARED', 'MEASURED'].map((title) => paint('dim', title));
  return `${paint('bold', router)}  ${nat}  ${verdict}  from ${from} in ${seconds.toFixed(1)} s\n${layTable([head, ...rows])}`;
};

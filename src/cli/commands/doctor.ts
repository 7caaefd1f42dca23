/** `edgelab doctor`: what this machine can do for labs and what edgelab has on it; changes nothing. */
import type { Command } from 'commander';
import type { Owned } from '../../engine/engine.ts';
import type { Finding, FindingArea, FindingState, Holding } from '../../host/host.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import { labNames } from '../choose-lab.ts';
import { print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { layTable, makePaint, type Paint } from '../table.ts';
import { checkTopology, defaultTopology } from '../topology-file.ts';

/** Exit code 3 where something that labs need is missing. */
export const addDoctor = (program: Command, cli: Cli): void => {
  shareOptions(program.command('doctor').description('say what this machine lacks and what edgelab has on it; changes nothing'))
    .argument('[topology]', 'the lab that is to fit', defaultTopology)
    .action(act<Shared, [string]>(cli, (options, topology) => doctor(cli, options, topology)));
};

const doctor = async (cli: Cli, options: Shared, topology: string): Promise<number> => {
  const { examineHost, findHoldings, findRouterImage, inotifyNeed, memoryNeed } = await import('../../host/host.ts');
  const engine = await cli.connect();
  const { plan } = await checkTopology(cli, topology);
  const planned = plan ?? { containers: [] };
  const need = { memory: memoryNeed(planned), inotify: inotifyNeed(planned), what: `lab ${plan?.lab ?? topology}` };
  const things = await engine.labs().catch((): Owned[] | undefined => undefined);
  const image = await findRouterImage();
  const [holdings, host] = await Promise.all([
    findHoldings({ root: cli.root, docker: things !== undefined }),
    examineHost({ engine, need, ...(image !== undefined && { image }) }),
  ]);
  const published = things === undefined ? [] : await findPublished(cli, plan?.images.external ?? []);
  const findings = [...host, ...published, ...findLabs(things ?? [])];
  const ok = findings.every(({ state }) => state !== 'fail');
  if (options.json === true) printJson(cli, { ok, findings, holdings });
  else print(cli, render(findings, holdings, makePaint(wantsColor(cli, cli.stdout, options))));
  return ok ? exitCodes.good : exitCodes.hostNotFit;
};

/** Published images: those edgelab knows, and those the lab needs. Without one nothing fails; scenarios are skipped. */
const findPublished = async (cli: Cli, needed: readonly string[]): Promise<Finding[]> => {
  const { findExternal, listPublished } = await import('../../images/images.ts');
  const refs = [...new Set([...(await listPublished(cli.signal)).map(({ ref }) => ref), ...needed])];
  const { present, missing } = await findExternal(refs, cli.signal);
  const base = (ref: string) => ({ id: `image-${ref}`, area: 'edgelab', title: `image ${ref}` }) as const;
  return [
    ...present.map(({ ref, id, digest }): Finding => ({ ...base(ref), state: 'ok', value: digest ?? id.slice(0, 19) })),
    ...missing.map(({ ref, why }): Finding => ({
      ...base(ref),
      ...{ state: 'warn', value: why, why: 'published, not built here: scenarios that need it are skipped', fix: `docker pull ${ref}` },
    })),
  ];
};

/** Labs that are up, and remains of labs that are not. */
const findLabs = (things: readonly Owned[]): Finding[] =>
  labNames(things).map((lab) => {
    const mine = things.filter((thing) => thing.lab === lab);
    const containers = mine.filter(({ kind }) => kind === 'container');
    const running = containers.filter(({ state }) => state === 'running').length;
    const base = { id: `lab-${lab}`, area: 'edgelab', title: `lab ${lab}` } as const;
    const fix = `./edgelab down ${lab}`;
    if (running > 0 && running === containers.length) return { ...base, state: 'ok', value: `up, ${running} containers`, fix };
    return {
      ...base,
      state: 'warn',
      value: `${running} of ${containers.length} containers run`,
      why: 'left over, or stopped by a restart of this machine',
      fix,
    };
  });

const areas: readonly [FindingArea, string][] = [
  ['machine', 'this machine'],
  ['docker', 'Docker'],
  ['kernel', 'kernel'],
  ['network', 'network of the host'],
  ['edgelab', 'labs'],
];

const marks: Record<FindingState, [string, Parameters<Paint>[0]]> = {
  ok: ['✓', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✗', 'red'],
  absent: ['-', 'dim'],
};

const render = (findings: readonly Finding[], holdings: readonly Holding[], paint: Paint): string => {
  const blocks = areas.flatMap(([area, title]) => {
    const mine = findings.filter((finding) => finding.area === area);
    return mine.length === 0 ? [] : [`${paint('bold', title)}\n${layTable(mine.flatMap((finding) => rowsOf(finding, paint)))}`];
  });
  if (holdings.length > 0) blocks.push(`${paint('bold', 'kept by edgelab, and how to remove it')}\n${layTable(sumUp(holdings))}`);
  return [...blocks, summarize(findings)].join('\n\n');
};

const rowsOf = ({ title, state, value, why, fix }: Finding, paint: Paint): string[][] => {
  const [mark, style] = marks[state];
  const rows = [[paint(style, mark), title, [value, why].filter((text) => text !== undefined).join(': ')]];
  if (fix !== undefined && state !== 'absent') rows.push(['', '', paint('dim', `→ ${fix}`)]);
  return rows;
};

/** Images are many and share layers, so they are one row; volumes and folders have a row each. */
const sumUp = (holdings: readonly Holding[]): string[][] => {
  const images = holdings.filter(({ kind }) => kind === 'image');
  const bytes = images.reduce((sum, image) => sum + (image.bytes ?? 0), 0);
  const all = [
    `${images.length} images`,
    `up to ${sizeOf(bytes)}`,
    './edgelab images prune (old ones); docker image rm $(docker image ls -q "edgelab/*") (all)',
  ];
  const others = holdings.filter(({ kind }) => kind !== 'image');
  return [
    ...(images.length > 0 ? [all] : []),
    ...others.map((one) => [`${one.kind} ${one.name}`, one.bytes === undefined ? '' : sizeOf(one.bytes), one.remove]),
  ];
};

const sizeOf = (bytes: number): string => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`);

const summarize = (findings: readonly Finding[]): string => {
  const failed = findings.filter(({ state }) => state === 'fail');
  if (failed.length > 0) return `Labs cannot run here: ${failed.map(({ title }) => title).join(', ')}.`;
  const absent = findings.filter(({ state }) => state === 'absent').map(({ title }) => title);
  return `Labs can run here.${absent.length > 0 ? ` Missing, and done without: ${absent.join(', ')}.` : ''}`;
};

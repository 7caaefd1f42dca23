/** Writes the post-mortem of a lab that failed to come up into a folder, before its containers are removed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atMost } from '../lib/at-most.ts';
import type { Engine } from '../engine/engine.ts';
import { messageOf } from '../lib/message-of.ts';
import type { LabEvent } from '../model/event.ts';
import type { ContainerSpec, Plan } from '../model/plan.ts';
import { collectors, type Collector } from './collectors.ts';
import { withDeadline } from './deadline.ts';
import type { Masker } from './masker.ts';
import type { StepFailure } from './step-failure.ts';

/** Per collector: seconds it may take, and characters of its end that are kept. At once: more would starve each other on two cores. */
const limits = { seconds: 5, size: 400_000, atOnce: 12 };

type BundleOptions = {
  engine: Engine;
  plan: Plan;
  failure: StepFailure;
  /** Everything that happened so far. */
  events: readonly LabEvent[];
  masker: Masker;
  signal: AbortSignal;
  /** Folder to make and fill. */
  directory: string;
};

/** One line of `collected.json`. */
type Collected = { file: string; ok: boolean; seconds: number; why?: string };

/**
 * Never throws for what a collector cannot get: that is recorded in `collected.json`.
 * Every text passes the masker. Returns the directory.
 */
export const writeBundle = async (options: BundleOptions): Promise<string> => {
  const { directory, plan, events, failure, masker } = options;
  const write = async (file: string, text: string): Promise<void> => {
    const path = join(directory, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, masker.hide(text));
  };
  const { step, ...facts } = failure.facts;
  await write('failure.json', toJson({ step: step.id, title: step.title, ...facts }));
  await write('plan.json', toJson(plan));
  await write('events.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const limit = atMost(limits.atOnce);
  const wantedOnes = collectors.flatMap((one) => plan.containers.filter((spec) => one.wanted(spec, plan)).map((spec) => ({ one, spec })));
  const collected = await Promise.all([
    ...wantedOnes.map(({ one, spec }) => limit(() => collect(options, spec, one, write))),
    ...plan.containers.map((spec) => limit(() => collectLog(options, spec, write))),
  ]);
  await write('collected.json', toJson(collected));
  return directory;
};

/** `two-lans-20261121T091600Z`. */
export const bundleName = (lab: string, at: number): string =>
  `${lab}-${new Date(at).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}`;

type Write = (file: string, text: string) => Promise<void>;

const collect = ({ engine, plan, signal: outer }: BundleOptions, spec: ContainerSpec, { file, script }: Collector, write: Write) =>
  record(`${spec.name}/${file}`, outer, write, async (signal, keep) => {
    const result = await engine.exec(plan.lab, spec.name, ['/bin/sh', '-c', script], {
      env: { KUBECONFIG: '/etc/kubernetes/admin.conf' },
      signal,
      timeoutSeconds: limits.seconds,
      onLine: keep,
    });
    if (result.timedOut) throw new Error(`not done within ${limits.seconds} s`);
    if (result.code !== 0) throw new Error(`exit code ${result.code}`);
  });

const collectLog = ({ engine, plan, signal: outer }: BundleOptions, spec: ContainerSpec, write: Write) =>
  record(`${spec.name}/container.txt`, outer, write, async (signal, keep) => {
    for await (const line of engine.logs(plan.lab, spec.name, { tail: 500, signal })) keep(line);
  });

/** Runs one collector in bounds and writes what came, also when it failed half-way. */
const record = async (
  file: string,
  outer: AbortSignal,
  write: Write,
  work: (signal: AbortSignal, keep: (line: string) => void) => Promise<void>,
): Promise<Collected> => {
  const startedAt = performance.now();
  const lines: string[] = [];
  let size = 0;
  const keep = (line: string): void => {
    lines.push(line);
    size += line.length + 1;
    while (size > limits.size && lines.length > 1) size -= lines.shift()!.length + 1;
  };
  const outcome = await withDeadline(limits.seconds + 1, outer, (signal) => work(signal, keep)).then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, why: messageOf(error) }),
  );
  if (lines.length > 0) await write(file, `${lines.join('\n')}\n`.slice(-limits.size));
  return { file, ...outcome, seconds: Math.round(performance.now() - startedAt) / 1000 };
};

const toJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

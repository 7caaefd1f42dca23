/** Findings about the kernel: each feature is there, comes as a module, is missing, or could not be found out. */
import type { Finding } from '../finding.ts';
import { kernelFeatures, type KernelFeature } from '../kernel-features.ts';
import type { KernelProbe } from '../kernel-probe.ts';
import type { Survey } from '../survey.ts';

/** `works`: it was tried. `broken`: it failed when tried, though the kernel says it has it. `module`: it is loaded when first used. */
type Presence = 'works' | 'present' | 'module' | 'broken' | 'missing' | 'unknown';

/** One finding for each of `kernelFeatures`, in their order. */
export const findKernel = (survey: Survey, probe: KernelProbe): Finding[] =>
  kernelFeatures.map((feature) => findFeature(feature, survey, probe));

/** Features that may be tried without loading a module into the kernel, which would be a change of the host. */
export const triableFeatures = (survey: Survey): Set<string> =>
  new Set(kernelFeatures.filter((feature) => ['present', 'unknown'].includes(detect(feature, survey))).map(({ id }) => id));

/** A feature that is missing is `absent` where labs can do `without`, else it fails. */
export const findFeature = (feature: KernelFeature, survey: Survey, probe: KernelProbe): Finding => {
  const presence = judge(feature, survey, probe);
  const base = { id: `kernel-${feature.id}`, area: 'kernel', title: feature.title, ...(feature.code && { code: feature.code }) } as const;
  switch (presence) {
    case 'works':
      return { ...base, state: 'ok', value: 'works' };
    case 'present':
      return { ...base, state: 'ok', value: 'in the kernel' };
    case 'module':
      return { ...base, state: 'ok', value: 'a module, loaded when first used' };
    case 'broken':
      return { ...base, state: 'warn', value: 'in the kernel, but it failed when tried', why: `needed: ${feature.needed}` };
    case 'unknown':
      return { ...base, state: 'warn', value: 'could not be found out', why: `needed: ${feature.needed}` };
    case 'missing':
      return feature.without === undefined
        ? { ...base, state: 'fail', value: 'missing', why: feature.needed, fix: fixFor(feature, survey) }
        : { ...base, state: 'absent', value: 'missing', why: `${feature.needed}: ${feature.without}`, fix: fixFor(feature, survey) };
  }
};

/** What was tried counts most; but a kernel that says it has a required feature is not called one without it. */
export const judge = (feature: KernelFeature, survey: Survey, probe: KernelProbe): Presence => {
  const read = detect(feature, survey);
  const tried = probe.get(feature.id);
  if (tried === undefined) return read;
  if (tried) return 'works';
  return feature.code !== undefined && read === 'present' ? 'broken' : 'missing';
};

const detect = ({ config, modules, filesystem }: KernelFeature, survey: Survey): Presence => {
  if (filesystem !== undefined && survey.filesystems.has(filesystem)) return 'present';
  if (modules.every((name) => survey.loaded.has(name))) return 'present';
  const withFiles = modules.some((name) => survey.available.has(name));
  if (!survey.config) return withFiles ? 'module' : 'unknown';
  const values = config.map((name) => survey.config?.get(name));
  if (values.includes(undefined)) return 'missing';
  if (!values.includes('m')) return 'present';
  // A configuration with modules on a machine without their files: a container, or a stripped image.
  return withFiles ? 'module' : 'unknown';
};

const fixFor = ({ config, modules }: KernelFeature, { family, config: known }: Survey): string => {
  if (family.includes('ubuntu')) return `apt-get install "linux-modules-extra-$(uname -r)", then modprobe ${modules[0] ?? ''}`;
  if (family.includes('debian')) return 'boot a distribution kernel: apt-get install linux-image-amd64 (not a -cloud one), then reboot';
  return `use a kernel with ${config.filter((name) => !known?.has(name)).join(', ') || config.join(', ')}`;
};

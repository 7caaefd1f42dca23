/** `--with kubernetes=1.31.0`: other versions than the default, of what is compiled in several. */
import { suggest } from '../lib/names.ts';
import { compiled, isCompiled, versions } from '../lib/versions.ts';
import type { ChosenVersions } from '../model/image.ts';
import { badInput } from './bad-input.ts';

/** Throws BadInput (CLI001) for a component or version that there is not. */
export const parseVersions = (list: string): ChosenVersions => Object.fromEntries(list.split(',').map(parseVersion));

const parseVersion = (pair: string): [keyof ChosenVersions, string] => {
  const [component = '', version = ''] = pair.trim().split('=');
  if (!isCompiled(component)) {
    const hint = `${suggest(component, compiled)}there are ${compiled.join(' and ')}, e.g. --with kubernetes=${versions.kubernetes[1]}`;
    throw badInput('CLI001', `"${component}" is no component that is compiled in several versions`, hint);
  }
  const known: readonly string[] = versions[component];
  if (known.includes(version)) return [component, version];
  throw badInput('CLI001', `there is no version "${version}" of ${component}`, `${suggest(version, known)}versions: ${known.join(', ')}`);
};

/** `kubernetes 1.31.0, kubeedge 1.23.1` */
export const sayVersions = (chosen: ChosenVersions): string =>
  compiled.map((component) => `${component} ${chosen[component] ?? versions[component][0]}`).join(', ');

/** `kubernetes 1.31.0, kubeedge 1.23.0`: all that are not the default. */
export const sayOtherVersions = (): string =>
  compiled.flatMap((component) => versions[component].slice(1).map((version) => `${component} ${version}`)).join(', ');

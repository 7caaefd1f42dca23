/** Which versions of each component edgelab can install. */
import type { ChosenVersions } from '../model/image.ts';

/** Component → versions with pinned sources under images/ or a published image; the first is the default. */
export const versions = {
  kubernetes: ['1.32.5', '1.31.0', '1.33.13'],
  flannel: ['0.28.9'],
  // published images each
  calico: ['3.31.7'],
  // of the fork that goes on where Weaveworks stopped
  weave: ['2.9.0'],
  kubeedge: ['1.23.1', '1.23.0'],
  // a published image each; those before 1.12 had a server instead of relays
  edgemesh: ['1.16.0', '1.12.0', '1.13.0', '1.13.1', '1.13.2', '1.14.0', '1.15.0', '1.17.0'],
  fabedge: ['1.0.0'],
  'metrics-server': ['0.8.0'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

/** A component whose version a topology may choose. */
export type Versioned = keyof typeof versions;

/** Components that are compiled in several versions, from recipes that name them (images/README.md). */
export const compiled: readonly (keyof ChosenVersions)[] = ['kubernetes', 'kubeedge'];

/** Whether edgelab compiles it in several versions. */
export const isCompiled = (word: string): word is keyof ChosenVersions => compiled.some((component) => component === word);

/** Every choice of one version for each component, the first of each first. */
export const combineVersions = <Component extends string>(
  components: readonly { component: Component; versions: readonly string[] }[],
): Partial<Record<Component, string>>[] =>
  components.reduce<Partial<Record<Component, string>>[]>(
    (choices, { component, versions: own }) => choices.flatMap((choice) => own.map((version) => ({ ...choice, [component]: version }))),
    [{}],
  );

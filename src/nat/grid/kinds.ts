/** What stands in a row and a column of the hole-punch grid: a host, and the NATs between it and the internet. */
import type { NatBehaviour } from '../../model/nat.ts';
import { findNatPreset, natPresets } from '../presets.ts';

/** `chain`: from the host outwards; empty for a host on the internet itself. */
export type GridKind = { name: string; chain: NatBehaviour[] };

const behaviourOf = (preset: string): NatBehaviour => {
  const found = findNatPreset(preset);
  if (!found) throw new TypeError(`there is no NAT preset ${preset}`);
  return found.behaviour;
};

const alone = (preset: string): GridKind => ({ name: preset, chain: [behaviourOf(preset)] });
const behind = (home: string, provider: string): GridKind => ({
  name: `home-behind-${provider}`,
  chain: [home, provider].map(behaviourOf),
});

const open: GridKind = { name: 'open', chain: [] };
const homes: GridKind[] = [behind('home-router', 'cgnat'), behind('home-router', 'cgnat-symmetric')];

/** The kinds of the whole grid. Those whose outcome is a race (a router that accepts or refuses) can be asked for by name. */
export const gridKinds: readonly GridKind[] = [
  open,
  ...['firewall', 'full-cone', 'address-restricted', 'port-restricted', 'home-router', 'random-port', 'masquerade', 'one-to-one'].map(
    alone,
  ),
  homes[0]!,
  ...['address-dependent', 'symmetric-preserving', 'symmetric-sequential', 'symmetric'].map(alone),
  homes[1]!,
  alone('udp-blocked'),
];

/** A kind by its name in the grid, or any preset's. */
export const findGridKind = (word: string): GridKind | undefined => {
  const known = gridKinds.find(({ name }) => name === word);
  const preset = findNatPreset(word);
  if (known ?? (!preset || preset.behaviour.kind === 'none')) return known ?? (preset ? open : undefined);
  return gridKinds.find(({ name }) => name === preset.name) ?? alone(preset.name);
};

/** Names to choose from, those of the grid first; `findGridKind` understands the presets' aliases too. */
export const gridWords = (): string[] => [...new Set([...gridKinds, ...natPresets].map(({ name }) => name))];

/** Content addresses: an image is named after everything that goes into it, so it is built once and never stale. */
import { createHash } from 'node:crypto';
import { type Catalogue, type CatalogueEntry, dependenciesOf } from './recipe.ts';

/** Raised when the builder itself makes something else of the same recipe. */
const formatVersion = 1;

/** Hex digits of the hash in a tag. */
const tagLength = 12;

/** What an image is made from, and the name it has for that. */
export type Address = {
  /** SHA-256 (64 hex digits) over the recipe's files and the addresses of the images it starts from. */
  inputs: string;
  /** `edgelab/<name>:<first 12 digits>`. */
  ref: string;
};

/**
 * Addresses of all images of a catalogue. A `trial` is mixed into each of them, so that everything is built anew beside
 * what there is: for measuring a cold build.
 */
export const addressImages = (catalogue: Catalogue, trial = ''): ReadonlyMap<string, Address> => {
  const addresses = new Map<string, Address>();
  for (const entry of catalogue.values()) addresses.set(entry.name, addressOf(entry, addresses, trial));
  return addresses;
};

/** The catalogue is in build order, so what an entry starts from has its address already. */
const addressOf = (entry: CatalogueEntry, known: ReadonlyMap<string, Address>, trial: string): Address => {
  const hash = createHash('sha256').update(JSON.stringify([formatVersion, entry.name, trial]));
  for (const file of entry.files) hash.update(JSON.stringify([file.path, file.executable, file.content.length])).update(file.content);
  for (const name of dependenciesOf(entry.recipe)) hash.update(JSON.stringify([name, known.get(name)?.inputs]));
  const inputs = hash.digest('hex');
  return { inputs, ref: `edgelab/${entry.name}:${inputs.slice(0, tagLength)}` };
};

/** Address of a set of things that have addresses, whatever their order. */
export const addressOfSet = (parts: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([formatVersion, [...parts].sort()]))
    .digest('hex')
    .slice(0, tagLength);

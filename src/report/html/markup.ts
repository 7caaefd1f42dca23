/** Builds HTML in which texts from outside cannot become markup. */
import { stripVTControlCharacters } from 'node:util';

/** Markup that is already safe. */
export type Html = { readonly html: string };

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => stripVTControlCharacters(text).replace(/[&<>"']/g, (character) => entities[character]!);

type Value = string | number | Html | undefined | readonly (Html | undefined)[];

const toText = (value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'html' in value ? value.html : value.map(toText).join('');
};

/** A template whose values are escaped unless they are Html themselves; undefined is nothing. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: parts.map((part, index) => part + toText(values[index])).join(''),
});

/** Markup of our own making as it is. */
export const trusted = (markup: string): Html => ({ html: markup });

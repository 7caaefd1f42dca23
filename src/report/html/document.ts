/** The frame of every page: one self-contained file, nothing of it from elsewhere. */
import { html, type Html, trusted } from './markup.ts';
import { style } from './style.ts';

/** `rules` are CSS of this page alone, beside what all pages share. */
export const renderDocument = (title: string, body: Html, rules = ''): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="edgelab" />
        <title>${title}</title>
        <style>
          ${trusted(style)}${trusted(rules)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.html;

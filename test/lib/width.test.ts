import { styleText } from 'node:util';
import test from 'ava';
import { widthOf } from '../../src/lib/width.ts';

test('wide characters take two columns, colours and accents none', (t) => {
  t.is(widthOf('边缘'), 4);
  t.is(widthOf('e\u0301'), 1);
  t.is(widthOf(styleText('red', 'ab', { validateStream: false })), 2);
});

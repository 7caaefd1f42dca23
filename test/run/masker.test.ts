import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { makeMasker, mask } from '../../src/run/masker.ts';

test('a known secret is masked wherever it stands', (t) => {
  const masker = makeMasker();
  masker.add('s3cret\n');
  t.is(masker.hide('token=s3cret, again: s3cret.'), `token=${mask}, again: ${mask}.`);
});

test('each line of a secret is masked on its own, as output comes line by line', (t) => {
  const masker = makeMasker();
  masker.add('first-half\n  second-half\n');
  t.is(masker.hide('second-half'), mask);
});

test('a secret that contains another one leaves no remainder', (t) => {
  const masker = makeMasker();
  masker.add('abc');
  masker.add('abcdef');
  t.is(masker.hide('abcdef abc'), `${mask} ${mask}`);
});

const masked = test.macro({
  title: (_, what: string) => `${what} is masked without having been captured`,
  exec: (t, _what: string, text: string, shown: string) => t.is(makeMasker().hide(text), shown),
});
test(masked, 'a kubeadm token', 'kubeadm join --token abcdef.0123456789abcdef x', `kubeadm join --token ${mask} x`);
test(masked, 'a JSON web token', 'x.eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3fQ.c2ln-_ y', `x.${mask} y`);
test(masked, 'a private key', 'a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb', `a\n${mask}\nb`);

test('blank secrets mask nothing', (t) => {
  const masker = makeMasker();
  masker.add(' \n');
  t.is(masker.hide('a b'), 'a b');
});

testProp('no text shows a known secret', [fc.string(), fc.string(), fc.stringMatching(/^[\w.-]{4,40}$/)], (t, before, after, secret) => {
  const masker = makeMasker();
  masker.add(secret);
  t.false(masker.hide(before + secret + after).includes(secret));
});

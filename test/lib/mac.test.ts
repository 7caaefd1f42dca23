import test from 'ava';
import { macOf } from '../../src/lib/mac.ts';

test('the MAC address of a card is its address, and locally administered', (t) => {
  t.regex(macOf('two-lans', '192.168.1.11'), /^02:[\da-f]{2}:c0:a8:01:0b$/);
  t.regex(macOf('two-lans', '45.77.0.255'), /^02:[\da-f]{2}:2d:4d:00:ff$/);
});

test('it is the same each time, and another in another lab', (t) => {
  t.is(macOf('two-lans', '10.0.0.1'), macOf('two-lans', '10.0.0.1'));
  t.not(macOf('two-lans', '10.0.0.1'), macOf('same-subnet', '10.0.0.1'));
});

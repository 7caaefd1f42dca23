import test from 'ava';
import { readStunWords, writeNatYaml } from '../../src/nat/nat.ts';

const coturn = `-= Mapping Behavior Discovery =-

========================================
RFC 5780 response 1
No ALG: Mapped == XOR-Mapped
0: : IPv4. Response origin: : 45.77.0.1:3478
0: : IPv4. Other addr: : 192.0.2.1:3479
0: : IPv4. UDP reflexive addr: 45.77.0.2:39615
0: : IPv4. Local addr: : 0.0.0.0:39615

========================================
RFC 5780 response 2
0: : IPv4. UDP reflexive addr: 45.77.0.2:SECOND

========================================
RFC 5780 response 3
0: : IPv4. UDP reflexive addr: 45.77.0.2:THIRD

========================================
NAT with MAPPING Mapping!
========================================

-= Filtering Behavior Discovery =-

========================================
NAT with Address and Port Dependent Filtering!
========================================
`;
const says = (second: string, third: string, mapping: string): string =>
  coturn.replace('SECOND', second).replace('THIRD', third).replace('MAPPING', mapping);

test("coturn's words are read, and its slip about address-dependent mapping is seen through", (t) => {
  const apd = 'address-and-port-dependent' as const;
  const rest = { filtering: apd, ports: 'preserve' as const };
  t.deepEqual(readStunWords(says('39615', '39615', 'Endpoint Independent')), { mapping: 'endpoint-independent', ...rest });
  t.deepEqual(readStunWords(says('50000', '39615', 'Address and Port Dependent')), { mapping: 'address-dependent', ...rest });
  t.deepEqual(readStunWords(says('50000', '50001', 'Address and Port Dependent')), { mapping: apd, ...rest });
});

test("stuntman's and pion's words are read", (t) => {
  t.deepEqual(
    readStunWords(`Binding test: success
Local address: 192.168.1.11:40000
Mapped address: 45.77.0.2:61022
Behavior test: success
Nat behavior: Address and Port Dependent Mapping
Filtering test: success
Nat filtering: Address Dependent Filtering
`),
    { mapping: 'address-and-port-dependent', filtering: 'address-dependent', ports: 'random' },
  );
  t.deepEqual(
    readStunWords(`INFO: Local address: [::]:40000
INFO: Received XOR-MAPPED-ADDRESS: 45.77.0.2:40000
WARNING: => NAT mapping behavior: endpoint independent
WARNING: => NAT filtering behavior: address and port dependent
`),
    { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', ports: 'preserve' },
  );
  t.deepEqual(readStunWords('Primary: Independent Mapping, Independent Filter, preserves ports, no hairpin'), {
    ports: 'preserve',
    hairpinning: false,
  });
});

test('what was said becomes YAML, and what was not becomes a comment', (t) => {
  t.is(
    writeNatYaml({ mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', ports: 'preserve', hairpinning: true }),
    `nat: # as home-router
  mapping: endpoint-independent
  filtering: address-and-port-dependent
  ports: preserve
  hairpinning: true
  # timeouts: not measured by these tools; { udp: 30, tcp: 7440 } unless told otherwise
`,
  );
  t.regex(writeNatYaml({ mapping: 'address-dependent' }) ?? '', /# filtering: not said, and needed/);
  t.regex(writeNatYaml({ translates: false, filtering: 'address-dependent' }) ?? '', /^nat: firewall/);
  t.is(writeNatYaml({ ports: 'random' }), undefined);
});

/** What endpoints that were seen say of a mapping, in the words of RFC 4787 and of the declaration: Perl for the prober. */

/**
 * `describe_mapping` gives lines `what=value`. It takes three outside endpoints of one socket: of a first server address and port, of
 * another address, of that address and another port.
 */
export const mappingWords = String.raw`sub classify_mapping {
    my ($first, $second, $third) = @_;
    return 'endpoint-independent' if $first eq $second && $second eq $third;
    return $second eq $third ? 'address-dependent' : 'address-and-port-dependent';
}

# The outside ports in the words of the declaration, if they fit them.
sub classify_ports {
    my ($protocol, $local, @seen) = @_;
    my @ports = map { (split / /)[1] } @seen;
    my $wanted = $declared{"$protocol ports"} // '';
    return 'preserved' if $ports[0] == $local;
    return $wanted if $wanted =~ /^(\d+)-(\d+)$/ && !grep { $_ < $1 || $_ > $2 } @ports;
    if ($wanted eq 'counted up') {
        my $rising = grep { my $step = $ports[$_] - $ports[$_ - 1]; $step > 0 && $step < 65 } 1 .. $#ports;
        return $wanted if $rising >= $#ports - 1;
    }
    return 'random' if $wanted eq 'random';
    return 'changed from ' . $local . ' to ' . join(', ', @ports);
}

# An outside address as the declaration has it: one, or any of several.
sub outside { my ($protocol, $address) = @_; my $wanted = $declared{"$protocol outside address"} // ''; return (grep { $_ eq $address } split / or /, $wanted) ? $wanted : $address }

# Whether mappings of this host differ in their address: enough of them to meet another of an arbitrary pool, if there is one.
sub pooling {
    my ($protocol, $first, $another) = @_;
    return () unless defined $declared{"$protocol pooling"};
    my ($address) = split / /, $first;
    for (1 .. 16) { my $seen = $another->() // next; return "$protocol pooling=arbitrary" if (split / /, $seen)[0] ne $address }
    return "$protocol pooling=paired";
}

sub describe_mapping {
    my ($protocol, $local, $more, @seen) = @_;
    my ($address) = split / /, $seen[0];
    my @distinct = grep { $_ ne $seen[0] } @seen;
    return ("$protocol outside address=" . outside($protocol, $address), "$protocol mapping=" . classify_mapping(@seen),
        "$protocol ports=" . classify_ports($protocol, $local, @distinct ? @seen : ($seen[0], @$more)));
}`;

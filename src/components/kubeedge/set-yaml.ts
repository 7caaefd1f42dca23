/** A program for nodes that changes settings in a YAML file, as operators do by hand: the rest of the file stays as it is. */
import type { FileSpec } from '../../model/plan.ts';

/**
 * `set-yaml FILE path.to.key=value …`: replaces a key's value, with all that belongs to it, or adds the key. For files as
 * Go's programs write them: two blanks a level, and only mappings on the way. Values are taken as YAML.
 */
const text = String.raw`#!/usr/bin/perl
use strict;
use warnings;
my ($file, @settings) = @ARGV;
open my $in, '<', $file or die "$file: $!\n";
my @lines = <$in>;
close $in;
for (@settings) {
  my ($path, $value) = split /=/, $_, 2;
  my @keys = split /\./, $path;
  my ($from, $to) = (0, scalar @lines);
  for my $depth (0 .. $#keys) {
    my $indent = '  ' x $depth;
    my ($at) = grep { $lines[$_] =~ /^$indent\Q$keys[$depth]\E:/ } $from .. $to - 1;
    if (!defined $at) {
      my @missing = map { '  ' x $_ . "$keys[$_]:" } $depth .. $#keys;
      $missing[-1] .= " $value";
      splice @lines, $from, 0, map { "$_\n" } @missing;
      last;
    }
    # it ends at the next line that is not deeper; items of a list stand right below their key
    my $end = $at + 1;
    $end++ while $end < $to && $lines[$end] =~ /^$indent(?:  |- )/;
    if ($depth == $#keys) { splice @lines, $at, $end - $at, "$indent$keys[$depth]: $value\n" }
    else {
      $lines[$at] =~ s/:.*/:/;
      ($from, $to) = ($at + 1, $end);
    }
  }
}
open my $out, '>', $file or die "$file: $!\n";
print $out @lines;
close $out or die "$file: $!\n";
`;

export const setYaml: FileSpec = { path: '/usr/local/bin/set-yaml', mode: 0o755, content: text };

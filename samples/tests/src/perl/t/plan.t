use strict;
use warnings;
use Test::More tests => 4;

ok 1, 'first';
ok 1, 'second';
die "connection to ledger.example.internal lost\n";

use strict;
use warnings;
use Test::More tests => 4;

ok 1, 'first';
BAIL_OUT 'database shop_test is not there';

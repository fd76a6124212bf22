use strict;
use Test::More tests => 1;

is price('mug'), $cents, 'price';

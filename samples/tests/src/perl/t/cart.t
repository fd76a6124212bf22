use strict;
use warnings;
use utf8;
use Test::More tests => 18;
use Time::HiRes 'sleep';

binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;

sub total { my $sum = 0; $sum += $_ for @_; $sum }

is total(), 0, 'empty cart is free';
is total(1299, 499), 2598, 'total of two';
ok index($_, ' - ') < 0, "label $_" for 'two  blanks', 'a::b', 'x - y', '[1] of [2]', 'größe XL', '日本語';
ok 1;
sleep 0.06;
ok 1, 'is slow';
is_deeply { mug => 0, plate => 3 }, { mug => 12, plate => 3 }, 'compares stock';
SKIP: {
	skip 'no printer: receipts - see SHOP-12', 2;
	fail 'not reached' for 1 .. 2;
}
TODO: {
	local $TODO = 'rounding of VAT, SHOP-31';
	is 0.28, 0.29, 'VAT is rounded';
	is 0, 0, 'VAT of nothing';
}
subtest 'parts # of a mug' => sub {
	plan tests => 3;
	ok 1, 'handle';
	subtest 'body' => sub {
		ok 0, 'main - order 0042 is late';
		done_testing;
	};
	subtest 'lid' => sub { plan skip_all => 'has no lid' };
};
diag 'größe of the mug is unknown';
note 'Infrastructure Status: UNAVAILABLE';
note 'not ok 3 - a line that only looks like a result';
ok 1, 'is # not a directive';
ok 1, 'ends';

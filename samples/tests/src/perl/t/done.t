use Test::More;

ok 1, 'first';
is_deeply [1, 2], [1, 2], 'second';
done_testing;

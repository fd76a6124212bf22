#!/usr/bin/perl
# truth.pl TRUTH ROWS EXPLAINED: compare results with those that a script counted in the same file.
#
# TRUTH has lines of id, outcome and message; ROWS those of nodeid, attempt, outcome and message, as
# netra-triage has them. Both fold to one outcome for each last name of an id: the formats spell
# what stands in front of it in their own ways. EXPLAINED has lines of name, outcomes here and there, and
# why both are right. Prints what differs; nothing means that all agree.
use strict;
use warnings;

my %rank = (error => 5, failed => 4, xpassed => 3, passed => 2, xfailed => 1, skipped => 0);

# what the words of the truth are here; '' leaves the line out
my %means = (
	'passed' => 'passed', 'failed' => 'failed', 'error' => 'error', 'skipped' => 'skipped',
	'xfailed' => 'xfailed', 'xpassed' => 'xpassed', 'rerun' => '', 'subtest failed' => 'failed',
	'subtest passed' => '', 'subtests passed' => 'passed', 'error at setup' => 'error',
	'error at teardown' => 'error', 'collection error' => 'error', 'suite failed' => 'error',
	'package failed' => '', 'package without tests' => '', 'pending' => 'skipped', 'todo' => 'skipped',
	'not finished' => 'error',
);

sub slurp {
	open my $in, '<', $_[0] or die "$_[0]: $!";
	return map { chomp; [split /\t/, $_, -1] } <$in>;
}

my (%want, %seen, %package);
for (slurp($ARGV[0])) {
	my ($id, $outcome) = @$_;
	$package{$id} = 1 if $outcome =~ /^package/;
	# a module that cannot be imported is a file, a subtest is its test
	$id =~ s{\.}{/}g, $id .= '.py' if $outcome eq 'error' && $id !~ /[ :\/]/ && $id =~ /^\w+\.test_\w+$/;
	$id =~ s/^(\[[^\]]*\]) /$1 \xe2\x80\xba / and $id =~ s/ > / \xe2\x80\xba /g;	# playwright
	$id =~ s/ \[\w+\] \(.*// if $outcome =~ /^subtest /;
	die "unknown outcome $outcome\n" unless exists $means{$outcome};
	$seen{$id}{$outcome} = 1;
	my $now = $means{$outcome};
	next if $now eq '';
	my $had = $want{$id};
	# of several lines of one test the worst counts; a later attempt takes the place of the one before
	$want{$id} = $now if !defined $had || $rank{$now} > $rank{$had} || $outcome eq 'passed' &&
	    !$seen{$id}{'subtest failed'} && $had ne 'error';
}
my %last;
for (slurp($ARGV[1])) {
	my ($id, $attempt, $outcome) = @$_;
	$id =~ s/\\(.)/$1 eq 't' ? "\t" : $1 eq 'n' ? "\n" : $1/ge;	# as TSV is written
	next if $package{$id};
	$last{$id} = [$attempt, $outcome] if !$last{$id} || $attempt > $last{$id}[0];
}
sub fold {
	my ($of, $outcome) = @_;
	my %names;
	for (keys %$of) {
		my $name = (split m{ > |::(?![^\[]*\])}, $_)[-1] // '';
		$name =~ s/^\s+|\s+$//g;
		push @{$names{$name}}, $outcome->($_);
	}
	return map { $_ => join ' ', sort @{$names{$_}} } keys %names;
}
my %w = fold(\%want, sub { $want{$_[0]} });
my %g = fold(\%last, sub { $last{$_[0]}[1] });
my %explained = map { ("$_->[0]: $_->[1], not $_->[2]" => 1) } slurp($ARGV[2]);
for my $name (sort keys %{{%w, %g}}) {
	my ($a, $b) = ($w{$name} // '-', $g{$name} // '-');
	next if $a eq $b || delete $explained{"$name: $b, not $a"};
	print "$name: $b, not $a\n";
}
print "explained, but not so: $_\n" for sort keys %explained;

#include "config.h"

#include "store/db.h"

/*
 * The database holds the words that the views show. A word that is none of them
 * (the file may be of anybody) gives the last value.
 */

enum source_kind
source_kind_of(struct slice name)
{
	int i;

	for (i = 0; i < SOURCE_TESTS; i++)
		if (slice_eqs(name, source_kind_name((enum source_kind)i)))
			break;
	return (enum source_kind)i;
}

enum run_state
run_state_of(struct slice name)
{
	int i;

	for (i = 0; i < RUN_CRASHED; i++)
		if (slice_eqs(name, run_state_name((enum run_state)i)))
			break;
	return (enum run_state)i;
}

enum run_clock
run_clock_of(struct slice name)
{
	int i;

	for (i = 0; i < RUN_CLOCK_EXACT; i++)
		if (slice_eqs(name, run_clock_name((enum run_clock)i)))
			break;
	return (enum run_clock)i;
}

enum run_reconciled
run_reconciled_of(struct slice name)
{
	int i;

	for (i = 0; i < RUN_RECONCILED_UNKNOWN; i++)
		if (slice_eqs(name, run_reconciled_name((enum run_reconciled)i)))
			break;
	return (enum run_reconciled)i;
}

enum run_quality
run_quality_of(struct slice name)
{
	return slice_eqs(name, "quoted") ? RUN_QUOTED : RUN_RECORDED;
}

enum test_outcome
test_outcome_of(struct slice name)
{
	int i;

	for (i = 0; i < TEST_NOT_RUN; i++)
		if (slice_eqs(name, test_outcome_name((enum test_outcome)i)))
			break;
	return (enum test_outcome)i;
}

enum test_phase
test_phase_of(struct slice name)
{
	int i;

	for (i = 0; i < PHASE_TEARDOWN; i++)
		if (slice_eqs(name, test_phase_name((enum test_phase)i)))
			break;
	return (enum test_phase)i;
}

enum incident_class
incident_class_of(struct slice name)
{
	int i;

	for (i = 0; i < INCIDENT_TEST; i++)
		if (slice_eqs(name, incident_class_name((enum incident_class)i)))
			break;
	return (enum incident_class)i;
}

enum member_role
member_role_of(struct slice name)
{
	int i;

	for (i = 0; i < MEMBER_TEST; i++)
		if (slice_eqs(name, member_role_name((enum member_role)i)))
			break;
	return (enum member_role)i;
}

enum member_basis
member_basis_of(struct slice name)
{
	int i;

	for (i = 0; i < BASIS_CO_OCCURS; i++)
		if (slice_eqs(name, member_basis_name((enum member_basis)i)))
			break;
	return (enum member_basis)i;
}

enum why_basis
why_basis_of(struct slice name)
{
	int i;

	for (i = 0; i < WHY_NEEDS_EVIDENCE; i++)
		if (slice_eqs(name, why_basis_name((enum why_basis)i)))
			break;
	return (enum why_basis)i;
}

enum priority
priority_of(struct slice name)
{
	int i;

	for (i = 0; i < PRIORITY_P3; i++)
		if (slice_eqs(name, priority_name((enum priority)i)))
			break;
	return (enum priority)i;
}

enum strength
strength_of(struct slice name)
{
	int i;

	for (i = 0; i < STRENGTH_STRONG; i++)
		if (slice_eqs(name, strength_name((enum strength)i)))
			break;
	return (enum strength)i;
}

# SPDX-License-Identifier: GPL-2.0-only
# Cases of public test suites, told anew: what each one demands is a fact; how it is done is ours.
# Sourced after lib_frame.sh.
#
# A check begins with the name that the case has in its suite. finish_suite says how many there were.

CASES=0

# case_of NAME: the checks that follow are of this case.
case_of() {
	CASE=$1
	CASES=$((CASES + 1))
}

# As delivers and check of the library, with the name of the case.
expects() { delivers "$CASE: $1" "${@:2}"; }
holds() { check_equal "$CASE: $1" "${@:2}"; }

finish_suite() { # SUITE
	figure "$CASES cases of $1"
	finish
}

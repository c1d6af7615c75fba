#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What README.md says about tests is there: each scenario, make target and program it names, and the
# flow cases that its command runs (packet-flow 5).
. "$(dirname "$0")/lib.sh"

README=$ROOT/README.md
quoted() { grep -o '`[^`]*`' "$README" | tr -d '`'; } # what stands in backticks

# ---- scenarios -----------------------------------------------------------------------------------

scenarios=$(quoted | grep -o -E '(^|[ /])net/[a-z_]+' | sed 's#.*net/##' | sort -u)
check_number "scenarios that README names" "$(wc -w <<<"$scenarios")" -ge 5
for scenario in $scenarios; do
	check "README: tests/net/$scenario.sh" test -x "$ROOT/tests/net/$scenario.sh"
done

# Of the command with the flow cases: each case in one of its scenarios, those left out in none.
cases=$(grep -m 1 '^| flow cases FT-1 \.\.\. FT-18' "$README")
check "README has the flow cases" test -n "$cases"
mapfile -t files < <(grep -o -E 'net/[a-z_]+' <<<"$cases" | sed "s#.*#$ROOT/tests/&.sh#")
left_out=$(sed -n 's/.*without \([^(]*\)(.*/\1/p' <<<"$cases") # none, if it does not say so
tried=$(grep -h -v '^#' "${files[@]}" | grep -o -E 'FT-[0-9]+' | sort -u)
for number in {1..18}; do
	if grep -q -w "FT-$number" <<<"$left_out"; then
		check_not "README: FT-$number is left out" grep -q -x "FT-$number" <<<"$tried"
	else
		check "README: FT-$number is checked" grep -q -x "FT-$number" <<<"$tried"
	fi
done
count=$(grep -c -x -E 'FT-[0-9]+' <<<"$tried")
check "README: $count of them" grep -q -F "| $count of $count |" <<<"$cases"

# ---- make targets, programs, folders -------------------------------------------------------------

for target in $(quoted | sed -n 's/^\(sudo \)\?make \([a-z]\+\).*/\2/p' | sort -u); do
	check "README: make $target" grep -q -E "^$target:" "$ROOT/Makefile"
done
for path in $(quoted | grep -o -E '(^|[ =])(tests|scripts|bpf|hwemu|include|user)/[a-z_./0-9-]+' |
	sed 's/^[ =]//' | sort -u); do
	check "README: $path" test -e "$ROOT/$path"
done

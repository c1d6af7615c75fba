# SPDX-License-Identifier: GPL-2.0-only
# The join: reads rules.tsv, exempt.tsv, the citations, and TAP results; prints the table and the verdict.

BEGIN { FS = "\t" }

FNR == 1 { input = FILENAME ~ /rules\.tsv$/ ? "rules" : FILENAME ~ /exempt\.tsv$/ ? "exempt" : \
	FILENAME ~ /\.tap$/ ? "tap" : "citations"
	file = FILENAME
	sub(/.*\//, "", file)
	sub(/\.tap$/, "", file)
	sub(/-/, "/", file) # unit-NAME -> unit/NAME
}

/^#/ && input != "tap" { next }

input == "rules" {
	id[++num_rules] = $1
	layer[$1] = $2
	rule[$1] = $3
}

input == "exempt" {
	if (!($1 in rule))
		problem("exempt.tsv names " $1 ", which is no rule")
	if ($1 in reason)
		problem("exempt.tsv names " $1 " twice")
	if ($3 == "")
		problem("exempt.tsv gives no reason for " $1)
	reason[$1] = $3
	exempt_kind[$1] = $2
}

input == "citations" {
	if ($1 ~ /^UNKNOWN /) {
		sub(/^UNKNOWN /, "", $1)
		problem($3 ": " $2 " cites " $1 ", which is no rule")
	} else
		tests[$1, ++num_tests[$1]] = $2
}

input == "tap" && /^(not )?ok / { tap_line($0) }

END {
	for (i = 1; i <= num_rules; i++)
		judge(id[i])
	if (mode == "missing")
		exit 0
	for (i = 1; i <= num_problems; i++)
		print "PROBLEM: " problems[i]
	summary()
	exit (counts["pass"] + counts["exempt"] != num_rules) || num_problems
}

function problem(text) {
	problems[++num_problems] = text
}

# ---- results ----

function tap_line(line, result, words) {
	result = line ~ /^not ok/ ? "fail" : line ~ /# SKIP/ ? "skip" : "pass"
	sub(/^(not )?ok (- )?/, "", line)
	if (file ~ /^net\//)
		net_line(line, result)
	else {
		split(line, words, " ")
		outcome[file " " words[1]] = result
	}
}

# A scenario has failed as soon as one check has; it is skipped if all were.
function net_line(line, result, name) {
	outcome[file] = worse(outcome[file], result)
	while (match(line, /[A-Z]+(-[A-Z]+)*-[0-9]+/)) {
		name = file " " substr(line, RSTART, RLENGTH)
		outcome[name] = worse(outcome[name], result)
		line = substr(line, RSTART + RLENGTH)
	}
}

function worse(a, b) {
	if (a == "fail" || b == "fail")
		return "fail"
	return a == "pass" || b == "pass" ? "pass" : b
}

# ---- verdict ----

function result_of(name, test) {
	if (test ~ /^net\// && (test " " name) in outcome)
		return outcome[test " " name]
	return test in outcome ? outcome[test] : "not run"
}

function judge(name, i, result, verdict) {
	verdict = "no test"
	for (i = 1; i <= num_tests[name]; i++) {
		result = result_of(name, tests[name, i])
		if (result == "fail" || verdict == "fail")
			verdict = "fail"
		else if (result == "pass" || verdict == "pass")
			verdict = "pass"
		else
			verdict = "not run"
	}
	if (name in reason) {
		if (num_tests[name])
			problem(name " is exempt, and cited by " tests[name, 1])
		verdict = "exempt"
	}
	counts[verdict]++
	show(name, verdict)
}

function show(name, verdict, i) {
	if (mode == "missing") {
		if (verdict == "no test")
			printf "%-13s %-7s %s\n", name, layer[name], rule[name]
		return
	}
	printf "%-13s %-8s %-56s %s\n", name, verdict, rule[name], \
		name in reason ? exempt_kind[name] ": " reason[name] : first_test(name)
	if (verbose)
		for (i = 1; i <= num_tests[name]; i++)
			printf "%-13s   %-8s %s\n", "", result_of(name, tests[name, i]), tests[name, i]
}

function first_test(name, text) {
	text = tests[name, 1]
	sub(/^[^ ]*\/[^ ]* /, "", text) # suite::test says it
	return text (num_tests[name] > 1 ? " +" num_tests[name] - 1 : "")
}

function summary() {
	printf "%d of %d rules pass, %d exempt, %d without test", counts["pass"], num_rules, \
		counts["exempt"], counts["no test"]
	if (counts["fail"])
		printf ", %d fail", counts["fail"]
	if (counts["not run"])
		printf ", %d not run", counts["not run"]
	print ""
}

# SPDX-License-Identifier: GPL-2.0-only
# Which test cites which rule: reads rules.tsv, then tests; prints id, test, file. The syntax of a citation is
# at the head of `run`. An id that rules.tsv does not know is printed with the word UNKNOWN in front.
#
# C files are read as .clang-format leaves them: whatever begins in column 0 and ends with a `}` there, with a
# `;` before any brace, or, if it begins with `= {`, with `};` anywhere, is one definition with one name.

BEGIN { FS = "\t" }

FNR == 1 { finish_file(); start_file() }

file ~ /rules\.tsv$/ {
	if ($0 !~ /^#/) {
		known[$1] = 1
		group = $1
		sub(/-[0-9]+$/, "", group)
		groups[group] = 1
	}
	next
}

file ~ /\.sh$/ {
	add_ids($0, "net/" base)
	next
}

{ c_line($0) }

is_part($0) { read_part($0) }

END { finish_file() }

function start_file() {
	file = FILENAME
	base = file
	sub(/.*\//, "", base)
	sub(/\.(c|sh)$/, "", base)
	kind = file ~ /tests\/prog/ ? "prog" : "unit"
	num = 0
	state = ""
	pending = ""
	split("", index_of)
}

# ---- definitions of a C file ----

# A header that is named behind its test, as switch_tag_rows.h is behind switch.c, is text of that test.
function is_part(line) {
	return line ~ "^#include \"([a-z]+/)*" base "_[a-z_]+[.]h\"$"
}

function read_part(line, path) {
	path = file
	sub(/[^\/]*$/, "", path)
	sub(/"$/, "", line)
	sub(/.*["\/]/, "", line)
	path = path line
	while ((getline line < path) > 0)
		c_line(line)
	close(path)
}

function c_line(line) {
	if (state == "comment") {
		pending = pending " " plain(line)
		if (line ~ /\*\//)
			state = ""
	} else if (state == "macro") {
		body[num] = body[num] " " plain(line)
		if (line !~ /\\$/)
			state = ""
	} else if (state == "definition")
		definition_line(line)
	else if (line ~ /^\/\*/) {
		pending = plain(line)
		if (line !~ /\*\//)
			state = "comment"
	} else if (line ~ /^\/\//)
		pending = pending " " plain(line)
	else if (line ~ /^#define/)
		begin(line, "macro")
	else if (line ~ /^[A-Za-z_]/)
		begin(line, "definition")
	else
		pending = ""
}

function begin(line, as) {
	body[++num] = pending " "
	pending = ""
	name[num] = as == "macro" ? macro_name(line) : definition_name(line)
	index_of[name[num]] = num
	open_brace = 0
	initializer = line ~ /= \{/
	state = as
	if (as == "definition")
		definition_line(line)
	else {
		body[num] = body[num] plain(line)
		if (line !~ /\\$/)
			state = ""
	}
}

function definition_line(line) {
	body[num] = body[num] " " plain(line)
	if (is_test[num] == 2 && test_line(line))
		is_test[num] = 1
	if (line ~ /^}/ || (!open_brace && line ~ /;$/) || (initializer && line ~ /};$/))
		state = ""
	if (line ~ /\{/ && line !~ /;$/)
		open_brace = 1
}

# Without what a comment adds at the beginning of its lines.
function plain(line) {
	sub(/^[ \t]*(\/\*|\*\/|\*|\/\/)?[ \t]*/, "", line)
	return line
}

function macro_name(line) {
	sub(/^#define[ \t]+/, "", line)
	sub(/[^A-Za-z0-9_].*/, "", line)
	return line
}

# Of a test: its name behind the suite's; else the last word before the first of ( [ = { ;
function definition_name(line) {
	is_test[num] = 0
	if (line ~ /^(Test|ParameterizedTest|Theory)\(/) {
		is_test[num] = 2
		return "test " num
	}
	sub(/[\(\[={;].*/, "", line)
	gsub(/[ \t]+$/, "", line)
	sub(/.*[^A-Za-z0-9_]/, "", line)
	return line
}

# A test's parameters may begin on the line after `Test(`; names of ParameterizedTest come second and third.
function test_line(line, words, i) {
	sub(/^[A-Za-z]*\(/, "", line)
	if (split(line, words, /[,)] */) < 2)
		return 0
	i = line ~ /\*/ ? 2 : 1
	test_name[num] = words[i + 1]
	suite[num] = words[i]
	gsub(/[ \t]/, "", suite[num])
	body[num] = body[num] " " ids_of_name(words[i + 1])
	return 1
}

# ALLOC_VF_14_ids_come_back -> ALLOC-VF-14
function ids_of_name(text) {
	if (match(text, /^[A-Z]+(_[A-Z]+)*_[0-9]+/)) {
		text = substr(text, 1, RLENGTH)
		gsub(/_/, "-", text)
		return text
	}
	return ""
}

function finish_file(i) {
	for (i = 1; i <= num; i++)
		if (is_test[i] == 1) {
			split("", visited)
			visit(i, kind "/" base " " suite[i] "::" test_name[i])
		}
	num = 0
}

# What a test uses cites for it.
function visit(i, test, words, count, j, text) {
	visited[i] = 1
	add_ids(body[i], test)
	text = body[i]
	gsub(/[^A-Za-z0-9_]+/, " ", text)
	count = split(text, words, " ")
	for (j = 1; j <= count; j++)
		if (words[j] in index_of && !(index_of[words[j]] in visited))
			visit(index_of[words[j]], test)
}

# ---- ids in a text ----

function add_ids(text, test, id, group, number, before) {
	while (match(text, /[A-Z]+(-[A-Z]+)*-[0-9]+/)) {
		id = substr(text, RSTART, RLENGTH)
		before = substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		group = id
		sub(/-[0-9]+$/, "", group)
		number = id
		sub(/.*-/, "", number)
		if (!(group in groups) || before ~ /[A-Za-z0-9_-]$/)
			continue
		if (before ~ /(^|[^a-z])not $/) {
			add_more(text, group, number, "")
			text = rest
			continue
		}
		add(id, test)
		add_more(text, group, number, test)
		text = rest
	}
}

# GROUP-1 was read; what follows may add `..4`, `..GROUP-4`, `, -4`, `/4`. The rest stays in `rest`.
function add_more(text, group, number, test, part, last) {
	while (match(text, /^( ?\.\.+ ?([A-Z]+-)*[0-9]+|,? (and )?-[0-9]+|\/-?[0-9]+)/)) {
		part = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
		last = part
		sub(/.*[^0-9]/, "", last)
		if (part ~ /\.\./)
			for (number++; number + 0 < last + 0; number++)
				if ((group "-" number) in known)
					add(group "-" number, test)
		number = last
		add(group "-" last, test)
	}
	rest = text
}

function add(id, test) {
	if (test == "" || (id, test) in added)
		return
	added[id, test] = 1
	print (id in known ? id : "UNKNOWN " id) "\t" test "\t" file
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# user/completion/nicsw.bash in a shell: every command that `nicsw help` lists is offered, word by word.
. "$(dirname "$0")/lib.sh"

. "$ROOT/user/completion/nicsw.bash"

# offered WORD...: what follows these words; the last one is being typed.
offered() {
	COMP_WORDS=("$BUILD/nicsw" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_nicsw
	printf '%s\n' "${COMPREPLY[@]}"
}
offers() { offered "${@:2}" | grep -q -x -F -e "$1"; } # WORD WORD...

mapfile -t commands < <(nicsw help | sed -n '/^Commands:/,/^$/s/^  //p')
check_number "commands" "${#commands[@]}" -ge 35
for command in "${commands[@]}"; do
	read -r object name _ <<<"$command"
	check "$object is offered" offers "$object" ""
	[[ $name == [a-z]* ]] || continue
	check "$object $name is offered" offers "$name" "$object" ""
done
check_equal "what is typed narrows it" "attach allocate" \
	"$(offered vf a | sort -r | paste -sd ' ')"
check "after an option with a value" offers show -a nic0 vf ""
check_equal "a value of an option is not ours to offer" "" "$(offered --socket "")"
check "a fault knob" offers fail_flr fault set fail_f
check "on and off" offers off fault set fail_flr ""
check "monitor's own option" offers -j monitor ""
check_equal "nothing follows what is complete" "" "$(offered fault list "")"
check "the shell knows it" complete -p nicsw

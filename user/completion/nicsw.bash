# SPDX-License-Identifier: GPL-2.0-only
# Completion of nicsw for bash: the program itself says which words may follow.

_nicsw() {
	local current=${COMP_WORDS[COMP_CWORD]}
	local -a words=()
	local index

	# Options stand before the object; the table of commands does not know them.
	for ((index = 1; index < COMP_CWORD; index++)); do
		if ((${#words[@]} == 0)); then
			case ${COMP_WORDS[index]} in
			-a | --adapter | -b | --batch | --socket | --owner)
				((++index))
				continue
				;;
			-*) continue ;;
			esac
		fi
		words+=("${COMP_WORDS[index]}")
	done
	((index > COMP_CWORD)) && return # the value of an option is due
	mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null)" -- "$current")
}

complete -o default -F _nicsw nicsw

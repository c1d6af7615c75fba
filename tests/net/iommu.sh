#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the host maps for a VF: shown, kept through a daemon's death and a reset, gone with FREE_VF, changed by
# its owner alone, and never another VF's (LC-UP-5, LC-VF-8, PCI-68, GEN-17, GEN-22, GEN-28).
. "$(dirname "$0")/lib.sh"
need setpriv

mappings() { nicsw pci iommu vf "$1" | sed -n 's/^ *iova //p' | paste -sd,; }
# What a refused request must leave alone.
state() {
	nicsw -j vf show
	nicsw -j pci iommu vf 0
	nicsw -j pci iommu vf 1
}

cp "$BUILD/nicsw" "$DIR/nicsw" # where nobody can read it, too
make_host
start_daemon
add_adapter
must nicsw switch create num-vfs 3
must nicsw vf allocate
must nicsw vf allocate

# ---- map, show, unmap ----------------------------------------------------------------------------

check_equal "at first nothing is mapped" "" "$(mappings 0)"
check "map, to read" nicsw pci iommu map vf 0 iova 0x10000 length 0x2000 to 0x7f0000001000 read
check "map, to write, the last page there is" \
	nicsw pci iommu map vf 0 iova 0xfffffffffffff000 length 4096 to 0 write
check "map, both" nicsw -j pci iommu map vf 0 iova 0 length 4096 to 0x5000
three="0x0 length 0x1000 address 0x5000 read write"
three+=",0x10000 length 0x2000 address 0x7f0000001000 read"
three+=",0xfffffffffffff000 length 0x1000 address 0x0 write"
check_equal "shown" "$three" "$(mappings 0)"
check_equal "shown as JSON" "65536 8192 139637976731648 true false" \
	"$(json '.[].mappings[0] | "\(.iova) \(.length) \(.address) \(.read) \(.write)"' pci iommu vf 0)"
check_equal "another VF has nothing of it (PCI-68)" "" "$(mappings 1)"
check "another VF maps the same range to its own" \
	nicsw pci iommu map vf 1 iova 0x10000 length 0x2000 to 0x600000
one="0x10000 length 0x2000 address 0x600000 read write"

# ---- refused -------------------------------------------------------------------------------------

refused "a mapping that overlaps (GEN-17)" 1 "overlaps.*LC-UP-5" \
	nicsw pci iommu map vf 0 iova 0x11000 length 0x1000 to 0x900000
refused "a mapping that is not of whole pages" 1 "whole pages" \
	nicsw pci iommu map vf 0 iova 0x20800 length 0x1000 to 0
refused "a mapping that wraps around" 1 "whole pages inside" \
	nicsw pci iommu map vf 1 iova 0xfffffffffffff000 length 0x2000 to 0
refused "a mapping to where the host ends" 1 "whole pages inside" \
	nicsw pci iommu map vf 1 iova 0x40000 length 0x2000 to 0xfffffffffffff000
refused "a cut through a mapping" 1 "cuts" nicsw pci iommu unmap vf 0 iova 0x10000 length 0x1000
refused "unmap of what is not mapped" 1 "no mapping" \
	nicsw pci iommu unmap vf 0 iova 0x30000 length 0x1000
refused "unmap of what only another VF has (GEN-22)" 1 "no mapping" \
	nicsw pci iommu unmap vf 1 iova 0 length 0x1000
refused "a VF that is not allocated" 1 "LC-VF-1" \
	nicsw pci iommu map vf 2 iova 0 length 0x1000 to 0
refused "a VF that cannot be" 1 "LC-VF-1" \
	nicsw pci iommu map vf 65534 iova 0 length 0x1000 to 0
refused "words that do not belong together" 2 "to B is for map only" \
	nicsw pci iommu unmap vf 0 iova 0 length 0x1000 to 0
refused "another owner maps (GEN-28)" 1 "belongs to .cli:0.*GEN-28|GEN-28" \
	nicsw --owner somebody pci iommu map vf 0 iova 0x80000 length 0x1000 to 0
refused "another owner unmaps (GEN-28)" 1 "GEN-28" \
	nicsw --owner somebody pci iommu unmap vf 0 iova 0 length 0x1000
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$DIR/nicsw" "$@"; }
refused "nobody maps" 1 "not permitted" as_nobody pci iommu map vf 0 iova 0x80000 length 0x1000 to 0
refused "nobody unmaps" 1 "not permitted" as_nobody pci iommu unmap vf 0 iova 0 length 0x1000
refused "nobody looks: there are addresses of the host" 1 "not permitted" as_nobody pci iommu vf 0
check "root may force" \
	nicsw --owner somebody --force pci iommu unmap vf 1 iova 0 length 0x100000
check_equal "and takes all that is inside" "" "$(mappings 1)"
must nicsw pci iommu map vf 1 iova 0x10000 length 0x2000 to 0x600000

# ---- what it lives through -----------------------------------------------------------------------

stop_daemon KILL
start_daemon
check_equal "a daemon that was killed has lost nothing" "$three;$one" "$(mappings 0);$(mappings 1)"
must nicsw vf reset 0
check_equal "a reset leaves the host's half (LC-RST-2)" "$three" "$(mappings 0)"
must nicsw vf free 0
check_not "a freed VF has no entries to show" nicsw pci iommu vf 0
check_equal "its neighbour keeps its own (GEN-22)" "$one" "$(mappings 1)"
must nicsw vf allocate
check_equal "the next owner finds nothing (LC-VF-8)" "" "$(mappings 0)"
check "and may map what the last one had" \
	nicsw pci iommu map vf 0 iova 0x10000 length 0x2000 to 0x7f0000001000 read

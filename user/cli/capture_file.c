// SPDX-License-Identifier: GPL-2.0-only
#include "cli/capture_file.h"

#include <linux/bpf.h>

#include "cli/pcapng.h"

/* ---- ports --------------------------------------------------------------------------------------
 */

bool nicsw_capture_file_knows(const struct nicsw_capture_file *file, __u32 slot)
{
	return slot < file->num_ports && file->ports[slot].known;
}

static int make_room(struct nicsw_capture_file *file, size_t slots)
{
	struct nicsw_capture_port *ports;

	if (slots <= file->num_ports)
		return 0;
	ports = reallocarray(file->ports, slots, sizeof(*ports));
	if (!ports)
		return -ENOMEM;
	memset(ports + file->num_ports, 0, (slots - file->num_ports) * sizeof(*ports));
	file->ports = ports;
	file->num_ports = slots;
	return 0;
}

int nicsw_capture_file_ports(struct nicsw_capture_file *file, const struct nicsw_port_stats *stats,
			     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct nicsw_capture_port *port;

		if (stats[i].slot > UINT16_MAX) /* no slot of a switch, and memory for as many */
			return -EPROTO;
		if (make_room(file, stats[i].slot + 1))
			return -ENOMEM;
		port = &file->ports[stats[i].slot];
		port->known = true;
		port->vport_id = stats[i].vport_id;
		port->function = stats[i].function;
	}
	return 0;
}

static void name_port(const struct nicsw_capture_file *file, __u32 slot, char ret_name[32])
{
	struct nicsw_capture_port port = {};

	if (nicsw_capture_file_knows(file, slot))
		port = file->ports[slot];
	if (slot == NICSW_CAPTURE_GROUP)
		snprintf(ret_name, 32, "group");
	else if (slot == NICSW_SLOT_UPLINK)
		snprintf(ret_name, 32, "uplink");
	else if (!port.known)
		snprintf(ret_name, 32, "port %u", slot);
	else if (port.vport_id != NICSW_NONE)
		snprintf(ret_name, 32, "vport %u", port.vport_id);
	else
		snprintf(ret_name, 32, "vf %u", port.function);
}

static void describe_port(const struct nicsw_capture_file *file, __u32 slot, char ret_text[64])
{
	const struct nicsw_capture_port *port = &file->ports[slot];

	if (slot == NICSW_SLOT_UPLINK)
		snprintf(ret_text, 64, "the wire");
	else if (!port->known)
		snprintf(ret_text, 64, "a port that is not known yet");
	else if (port->function == NICSW_FUNCTION_PF)
		snprintf(ret_text, 64, "VPort %u on the PF", port->vport_id);
	else if (port->vport_id == NICSW_NONE)
		snprintf(ret_text, 64, "VF %u without a VPort", port->function);
	else
		snprintf(ret_text, 64, "VPort %u on VF %u", port->vport_id, port->function);
}

/* The interface of a port; it is written when it is needed first. */
static int find_interface(struct nicsw_capture_file *file, __u32 slot, __u32 *ret_interface)
{
	char name[32], text[64];
	int code = slot > UINT16_MAX ? -EPROTO : make_room(file, slot + 1);

	if (code)
		return code;
	if (!file->ports[slot].written) {
		name_port(file, slot, name);
		describe_port(file, slot, text);
		code = nicsw_pcapng_interface(file->stream, name, text, file->snap);
		if (code)
			return code;
		file->ports[slot].interface = file->num_interfaces++;
		file->ports[slot].written = true;
	}
	*ret_interface = file->ports[slot].interface;
	return 0;
}

/* ---- verdicts -----------------------------------------------------------------------------------
 */

static const struct reason {
	const char *name, *rule, *text;
} reasons[] = {
#define X(number, NAME, name, side, rule, text) [number] = {#name, rule, text},
	NICSW_REASONS(X)
#undef X
};

static int describe_verdict(const struct nicsw_capture_record *record, char *ret_text, size_t size)
{
	const struct reason *reason =
		record->reason < ARRAY_SIZE(reasons) && reasons[record->reason].name
			? &reasons[record->reason]
			: NULL;

	if (!record->reason)
		return snprintf(ret_text, size, "forwarded");
	if (!reason)
		return snprintf(ret_text, size, "dropped, reason %u", record->reason);
	return snprintf(ret_text, size, "dropped, %s: %s (%s)", reason->name, reason->text,
			reason->rule);
}

/* "vport 1 -> uplink: forwarded, VLAN 10"; without a target nobody knows where it was going. */
static void describe(const struct nicsw_capture_file *file,
		     const struct nicsw_capture_record *record, char *ret_text, size_t size)
{
	char from[32], to[32], verdict[160], vlan[32] = "";

	name_port(file, record->ingress, from);
	name_port(file, record->target, to);
	describe_verdict(record, verdict, sizeof(verdict));
	if (record->vlan)
		snprintf(vlan, sizeof(vlan), ", VLAN %u%s", record->vlan & ~NICSW_VLAN_SERVICE,
			 record->vlan & NICSW_VLAN_SERVICE ? " of 802.1ad" : "");
	snprintf(ret_text, size, "%s%s%s: %s%s", from, record->target == NICSW_NONE ? "" : " -> ",
		 record->target == NICSW_NONE ? "" : to, verdict, vlan);
}

/* ---- packets ------------------------------------------------------------------------------------
 */

int nicsw_capture_file_check(const void *bytes, size_t length,
			     const struct nicsw_capture_record **ret_record)
{
	const struct nicsw_capture_record *record = bytes;

	if (length < sizeof(*record) || record->captured != length - sizeof(*record) ||
	    record->captured > NICSW_CAPTURE_SNAP_MAX)
		return -EPROTO;
	*ret_record = record;
	return 0;
}

static enum nicsw_pcapng_reception reception_of(__u32 cast)
{
	static const enum nicsw_pcapng_reception receptions[NICSW_CASTS] = {
		[NICSW_UNICAST] = NICSW_PCAPNG_UNICAST,
		[NICSW_MULTICAST] = NICSW_PCAPNG_MULTICAST,
		[NICSW_BROADCAST] = NICSW_PCAPNG_BROADCAST,
	};

	return cast < NICSW_CASTS ? receptions[cast] : 0;
}

/* Records of two CPUs may overtake each other: what is lost never becomes less. */
static __u64 lost_since(struct nicsw_capture_file *file, __u64 lost)
{
	__u64 more = lost > file->lost ? lost - file->lost : 0;

	file->lost += more;
	return more;
}

int nicsw_capture_file_add(struct nicsw_capture_file *file,
			   const struct nicsw_capture_record *record)
{
	bool inbound = file->slot == NICSW_NONE || file->slot == record->ingress;
	char comment[256];
	struct nicsw_pcapng_packet packet = {
		.time = record->time + file->clock,
		.length = record->length,
		.captured = record->captured,
		.bytes = record + 1,
		.direction = inbound ? NICSW_PCAPNG_INBOUND : NICSW_PCAPNG_OUTBOUND,
		.reception = reception_of(record->cast),
		.verdict = record->reason ? XDP_DROP : XDP_REDIRECT,
		.comment = comment,
	};
	int code = find_interface(file, file->slot == NICSW_NONE ? record->ingress : file->slot,
				  &packet.interface);

	if (code)
		return code;
	packet.lost = lost_since(file, record->lost);
	describe(file, record, comment, sizeof(comment));
	code = nicsw_pcapng_packet(file->stream, &packet);
	if (!code)
		file->captured++;
	return code;
}

/* ---- life ---------------------------------------------------------------------------------------
 */

int nicsw_capture_file_begin(struct nicsw_capture_file *file)
{
	__u32 interface;
	int code = nicsw_pcapng_header(file->stream, "nicsw " NICSW_VERSION);

	if (code)
		return code;
	/* Without an interface no reader takes it for a capture. */
	return find_interface(file, file->slot == NICSW_NONE ? NICSW_SLOT_UPLINK : file->slot,
			      &interface);
}

int nicsw_capture_file_end(struct nicsw_capture_file *file, __u64 now, __u64 lost)
{
	lost_since(file, lost);
	return nicsw_pcapng_statistics(file->stream, now + file->clock, file->captured, file->lost);
}

void nicsw_capture_file_clear(struct nicsw_capture_file *file)
{
	free(file->ports);
	file->ports = NULL;
	file->num_ports = 0;
}

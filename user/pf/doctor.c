// SPDX-License-Identifier: GPL-2.0-only
#include "pf/doctor.h"

#include <stdarg.h>
#include <sys/sysinfo.h>

#include "core/text.h"
#include "dataplane/compare.h"
#include "dataplane/derive.h"
#include "dataplane/guest_end.h"
#include "dataplane/loader.h"
#include "dataplane/port.h"
#include "dataplane/uplink.h"

/* One examination. */
struct doctor {
	struct nicsw_adapter *adapter; /* NULL: of the host alone */
	struct nicsw_findings *findings;
	__u32 right[NICSW_CHECKS_END];
	__u32 wrong[NICSW_CHECKS_END];
};

static const struct nicsw_mapset *maps_of(const struct doctor *doctor)
{
	return &doctor->adapter->dataplane.maps;
}

/* ---- findings -----------------------------------------------------------------------------------
 */

static void add(struct doctor *doctor, const struct nicsw_finding *finding)
{
	struct nicsw_findings *findings = doctor->findings;
	struct nicsw_finding *list =
		reallocarray(findings->list, findings->count + 1, sizeof(*list));

	if (!list) {
		findings->failed = true;
		return;
	}
	findings->list = list;
	list = &list[findings->count++];
	*list = *finding;
	if (doctor->adapter)
		snprintf(list->adapter, sizeof(list->adapter), "%s", doctor->adapter->name);
}

/* about: what the finding says beside the check, if it is wrong. */
static void judge(struct doctor *doctor, enum nicsw_check check, bool right,
		  const struct nicsw_finding *about)
{
	struct nicsw_finding finding = *about;

	if (right) {
		doctor->right[check]++;
		return;
	}
	if (doctor->wrong[check]++ == NICSW_FINDINGS_MOST)
		snprintf(finding.found, sizeof(finding.found), "and more");
	if (doctor->wrong[check] > NICSW_FINDINGS_MOST + 1)
		return;
	finding.check = check;
	finding.wrong = 1;
	finding.count = 1;
	add(doctor, &finding);
}

static int end(struct doctor *doctor)
{
	struct nicsw_finding finding = {.function = NICSW_NONE};

	for (finding.check = 0; finding.check < NICSW_CHECKS_END; finding.check++) {
		finding.count = doctor->right[finding.check];
		if (finding.count)
			add(doctor, &finding);
	}
	return doctor->findings->failed ? -ENOMEM : 0;
}

_printf_(2, 3) static void say(struct nicsw_finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->found, sizeof(finding->found), format, arguments);
	va_end(arguments);
}

/* ---- host and adapter ---------------------------------------------------------------------------
 */

static const struct nicsw_finding nothing = {.function = NICSW_NONE};

int nicsw_pf_examine_host(struct nicsw_findings *findings)
{
	struct doctor doctor = {.findings = findings};

	judge(&doctor, NICSW_CHECK_KERNEL_FRAGS, nicsw_loader_has_frags(), &nothing);
	return end(&doctor);
}

static void examine_pins(struct doctor *doctor)
{
	const char *pin_dir = doctor->adapter->ports->pin_dir;
	struct nicsw_finding about = nothing;
	char missing[NICSW_PIN_NAME_SIZE];
	bool right = !nicsw_loader_missing_pin(pin_dir, missing);

	judge(doctor, NICSW_CHECK_KERNEL_BATCH, nicsw_loader_has_batch(pin_dir), &nothing);
	judge(doctor, NICSW_CHECK_METADATA,
	      !(maps_of(doctor)->meta->features & NICSW_FEATURE_UNBOUND), &nothing);
	if (!right)
		say(&about, "%s is missing", missing);
	judge(doctor, NICSW_CHECK_PINS, right, &about);
}

/* ---- uplink -------------------------------------------------------------------------------------
 */

static void examine_far_end(struct doctor *doctor, const struct nicsw_uplink_health *health)
{
	static const struct {
		__u32 state; /* NICSW_NETDEV_* */
		enum nicsw_check check;
	} checks[] = {
		{NICSW_NETDEV_GRO, NICSW_CHECK_FAR_GRO},
		{NICSW_NETDEV_TX, NICSW_CHECK_FAR_TX},
		{NICSW_NETDEV_TXVLAN, NICSW_CHECK_FAR_TXVLAN},
	};
	struct nicsw_finding about = nothing;
	size_t i;

	if (!health->has_far)
		return;
	judge(doctor, NICSW_CHECK_FAR_SEEN, health->far_seen, &about);
	memcpy(about.dev, health->far_name, sizeof(about.dev));
	for (i = 0; health->far_seen && i < ARRAY_SIZE(checks); i++)
		judge(doctor, checks[i].check, !(health->far & checks[i].state), &about);
}

static void examine_uplink(struct doctor *doctor)
{
	static const struct {
		__u32 on; /* NICSW_RESTORE_* */
		enum nicsw_check check;
	} checks[] = {
		{NICSW_RESTORE_RXVLAN | NICSW_RESTORE_RXSTAG, NICSW_CHECK_UPLINK_RXVLAN},
		{NICSW_RESTORE_LRO, NICSW_CHECK_UPLINK_LRO},
		{NICSW_RESTORE_GRO_HW, NICSW_CHECK_UPLINK_GRO_HW},
		{NICSW_RESTORE_TX, NICSW_CHECK_UPLINK_TX},
	};
	const struct nicsw_meta *meta = maps_of(doctor)->meta;
	struct nicsw_finding about = nothing;
	struct nicsw_uplink_health health;
	size_t i;

	nicsw_uplink_examine(meta, &health);
	memcpy(about.dev, meta->uplink, sizeof(about.dev));
	judge(doctor, NICSW_CHECK_UPLINK_PRESENT, health.present, &about);
	if (!health.present)
		return;
	judge(doctor, NICSW_CHECK_UPLINK_UP, health.up, &about);
	judge(doctor, NICSW_CHECK_UPLINK_PROMISC, health.promisc, &about);
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		judge(doctor, checks[i].check, !(health.on & checks[i].on), &about);
	examine_far_end(doctor, &health);
}

/* ---- netdevs ------------------------------------------------------------------------------------
 */

#define NEEDS_SIGHT (NICSW_NETDEV_GRO | NICSW_NETDEV_TX | NICSW_NETDEV_TXVLAN | NICSW_NETDEV_QUEUES)

static const struct {
	__u32 state; /* NICSW_NETDEV_* */
	enum nicsw_check check;
} netdev_checks[] = {
	{NICSW_NETDEV_UNSEEN, NICSW_CHECK_NETDEV_SEEN},
	{NICSW_NETDEV_DOWN, NICSW_CHECK_NETDEV_UP},
	{NICSW_NETDEV_MAC, NICSW_CHECK_NETDEV_MAC},
	{NICSW_NETDEV_MTU, NICSW_CHECK_NETDEV_MTU},
	{NICSW_NETDEV_GRO, NICSW_CHECK_NETDEV_GRO},
	{NICSW_NETDEV_TX, NICSW_CHECK_NETDEV_TX},
	{NICSW_NETDEV_TXVLAN, NICSW_CHECK_NETDEV_TXVLAN},
	{NICSW_NETDEV_QUEUES, NICSW_CHECK_NETDEV_QUEUES},
};

/* As `nsenter --net=` takes it. */
static void tell_netns(const struct doctor *doctor, __u32 slot, char where[NICSW_NETNS_SIZE])
{
	const char *netns =
		slot == NICSW_SLOT_PF ? "" : maps_of(doctor)->vfs[slot - NICSW_SLOT_VF(0)].netns;

	if (!*netns)
		snprintf(where, NICSW_NETNS_SIZE, "/proc/%d/ns/net", (int)getpid());
	else if (strncmp(netns, "pid:", 4) == 0)
		snprintf(where, NICSW_NETNS_SIZE, "/proc/%.20s/ns/net", netns + 4);
	else
		snprintf(where, NICSW_NETNS_SIZE, "%s", netns);
}

/* What it is instead, and what the cure has to name. */
static void tell_netdev(const struct doctor *doctor, __u32 slot, enum nicsw_check check,
			const struct nicsw_guest_end *end_seen, struct nicsw_finding *about)
{
	const struct nicsw_mapset *maps = maps_of(doctor);
	const struct nicsw_vf_record *vf =
		slot == NICSW_SLOT_PF ? NULL : &maps->vfs[slot - NICSW_SLOT_VF(0)];
	char mac[NICSW_MAC_TEXT];

	about->found[0] = about->wanted[0] = 0;
	if (check == NICSW_CHECK_NETDEV_MAC) {
		say(about, "it has %s", nicsw_format_mac(end_seen->mac, mac));
		nicsw_format_mac(vf ? nicsw_vf_mac(vf) : maps->meta->pf_mac, about->wanted);
	} else if (check == NICSW_CHECK_NETDEV_MTU) {
		say(about, "it is %u", end_seen->mtu);
		snprintf(about->wanted, sizeof(about->wanted), "%u",
			 vf && vf->policy.mtu ? vf->policy.mtu : maps->meta->mtu);
	} else if (check == NICSW_CHECK_NETDEV_QUEUES) {
		say(about, "it has %d", end_seen->rx_queues);
		snprintf(about->wanted, sizeof(about->wanted), "%d", get_nprocs());
	}
}

static void examine_netdev(struct doctor *doctor, __u32 slot, struct nicsw_finding *about)
{
	struct nicsw_guest_end seen;
	size_t i;

	if (nicsw_guest_end_look(doctor->adapter->ports, maps_of(doctor), slot, &seen))
		return; /* what is missing is the port, and is said of that */
	memcpy(about->dev, seen.name, sizeof(about->dev));
	tell_netns(doctor, slot, about->where);
	for (i = 0; i < ARRAY_SIZE(netdev_checks); i++) {
		if (seen.found & NICSW_NETDEV_UNSEEN && netdev_checks[i].state & NEEDS_SIGHT)
			continue;
		tell_netdev(doctor, slot, netdev_checks[i].check, &seen, about);
		judge(doctor, netdev_checks[i].check, !(seen.found & netdev_checks[i].state),
		      about);
	}
}

/* ---- switch ends --------------------------------------------------------------------------------
 */

static void tell_port(const struct doctor *doctor, __u32 slot, struct nicsw_finding *about)
{
	const struct nicsw_ports *ports = doctor->adapter->ports;

	snprintf(about->where, sizeof(about->where), "%.*s", NICSW_NETNS_SIZE - 1, ports->pin_dir);
	if (slot == NICSW_SLOT_UPLINK) {
		memcpy(about->dev, maps_of(doctor)->meta->uplink, sizeof(about->dev));
		snprintf(about->wanted, sizeof(about->wanted), "/proc/%d/ns/net", (int)getpid());
	} else {
		nicsw_port_name(maps_of(doctor)->meta, slot, about->dev);
		snprintf(about->wanted, sizeof(about->wanted), "/run/netns/nicsw-%s",
			 ports->adapter);
	}
}

static void examine_port(struct doctor *doctor, __u32 slot, const struct nicsw_finding *of)
{
	const struct nicsw_ports *ports = doctor->adapter->ports;
	const struct nicsw_meta *meta = maps_of(doctor)->meta;
	struct nicsw_finding about = {.function = of->function};
	struct nicsw_port_health health = {};

	nicsw_port_examine(ports, meta, slot, &health);
	tell_port(doctor, slot, &about);
	judge(doctor, NICSW_CHECK_PORT_PROGRAM, health.attached, &about);
	judge(doctor, NICSW_CHECK_PORT_DROP, health.drop, &about);
	judge(doctor, NICSW_CHECK_PORT_IPV6, health.silent, &about);
	/* Of the uplink it depends on the driver; where none can, one check says it for all. */
	if (slot != NICSW_SLOT_UPLINK && health.attached &&
	    !(meta->features & NICSW_FEATURE_UNBOUND))
		judge(doctor, NICSW_CHECK_PORT_METADATA, health.bound, &about);
}

static void examine_slots(struct doctor *doctor)
{
	const struct nicsw_mapset *maps = maps_of(doctor);
	struct nicsw_finding about = {.function = NICSW_FUNCTION_PF};
	__u32 vf;

	examine_port(doctor, NICSW_SLOT_UPLINK, &nothing);
	examine_port(doctor, NICSW_SLOT_PF, &about);
	examine_netdev(doctor, NICSW_SLOT_PF, &about);
	for (vf = 0; vf < maps->meta->total_vfs; vf++) {
		if (!(maps->vfs[vf].flags & NICSW_VF_ATTACHED))
			continue;
		about = (struct nicsw_finding){.function = vf};
		examine_port(doctor, NICSW_SLOT_VF(vf), &about);
		examine_netdev(doctor, NICSW_SLOT_VF(vf), &about);
	}
}

int nicsw_pf_examine(struct nicsw_adapter *adapter, struct nicsw_findings *findings)
{
	struct doctor doctor = {.adapter = adapter, .findings = findings};

	if (!adapter->ports)
		return -ENODEV;
	examine_pins(&doctor);
	examine_uplink(&doctor);
	examine_slots(&doctor);
	return end(&doctor);
}

/* ---- state --------------------------------------------------------------------------------------
 */

static const enum nicsw_check state_checks[NICSW_DIFFERINGS] = {
	[NICSW_DIFFERS_JOURNAL] = NICSW_CHECK_STATE_JOURNAL,
	[NICSW_DIFFERS_VPORT] = NICSW_CHECK_STATE_VPORTS,
	[NICSW_DIFFERS_FILTER] = NICSW_CHECK_STATE_FILTERS,
	[NICSW_DIFFERS_PORT] = NICSW_CHECK_STATE_PORTS,
	[NICSW_DIFFERS_MEMBERS] = NICSW_CHECK_STATE_MEMBERS,
	[NICSW_DIFFERS_ENTRY] = NICSW_CHECK_STATE_ENTRIES,
	[NICSW_DIFFERS_FOREIGN] = NICSW_CHECK_STATE_FOREIGN,
	[NICSW_DIFFERS_FLOOD] = NICSW_CHECK_STATE_FLOODS,
	[NICSW_DIFFERS_DEVICE] = NICSW_CHECK_STATE_DEVICES,
};

/* nicsw_key() the other way round. */
static void tell_key(__u64 key, struct nicsw_finding *about)
{
	__u8 mac[NICSW_MAC_SIZE];
	__u32 head = key >> 16;
	__u16 tail = key >> 48;
	char text[NICSW_MAC_TEXT];

	memcpy(mac, &head, sizeof(head));
	memcpy(mac + sizeof(head), &tail, sizeof(tail));
	say(about, "%s VLAN %u", nicsw_format_mac(mac, text), (__u32)key & (NICSW_VLANS - 1));
}

static void tell_difference(const struct nicsw_difference *difference, void *context)
{
	const struct doctor *doctor = context;
	struct nicsw_finding about = nothing;
	char name[NICSW_IFNAME_SIZE];

	nicsw_port_name(maps_of(doctor)->meta, difference->id, name);
	switch (difference->what) {
	case NICSW_DIFFERS_ENTRY:
	case NICSW_DIFFERS_FOREIGN:
		tell_key(difference->key, &about);
		break;
	case NICSW_DIFFERS_PORT:
	case NICSW_DIFFERS_DEVICE:
		say(&about, "%s", name);
		break;
	case NICSW_DIFFERS_MEMBERS:
	case NICSW_DIFFERS_FLOOD:
		say(&about, "VLAN %u class %u", difference->id & (NICSW_VLANS - 1),
		    difference->id / NICSW_VLANS);
		break;
	case NICSW_DIFFERS_JOURNAL:
		break;
	default:
		say(&about, "id %u", difference->id);
	}
	judge(context, state_checks[difference->what], false, &about);
}

int nicsw_pf_examine_state(struct nicsw_adapter *adapter, struct nicsw_findings *findings)
{
	struct doctor doctor = {.adapter = adapter, .findings = findings};
	int result = nicsw_dataplane_compare(&adapter->dataplane, tell_difference, &doctor);
	size_t i;

	if (result)
		return result;
	for (i = 0; i < ARRAY_SIZE(state_checks); i++)
		if (!doctor.wrong[state_checks[i]])
			judge(&doctor, state_checks[i], true, &nothing);
	return end(&doctor);
}

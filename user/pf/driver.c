// SPDX-License-Identifier: GPL-2.0-only
#include "pf/driver.h"

#include <nicsw/ndis.h>

static void drive(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf,
		  bool bus_master, __u32 packet_filter)
{
	nicsw_function_set_bus_master(&adapter->device, vf, nicsw_change_config(change, vf),
				      bus_master);
	nicsw_change_vf(change, vf)->packet_filter = packet_filter;
}

void nicsw_pf_vf_driver_start(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf)
{
	drive(adapter, change, vf, true,
	      NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST |
		      NDIS_PACKET_TYPE_ALL_MULTICAST);
}

void nicsw_pf_vf_driver_stop(struct nicsw_adapter *adapter, struct nicsw_change *change, __u32 vf)
{
	drive(adapter, change, vf, false, 0);
}

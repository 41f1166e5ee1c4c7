"""Random histories played through the running system end as the simulator says."""

//! Master and Worker: queue, leases, registry, child processes, spool, certificates

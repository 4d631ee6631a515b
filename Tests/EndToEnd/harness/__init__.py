"""The test harness: real processes, real sockets, and waits with deadlines."""

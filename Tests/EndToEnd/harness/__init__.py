"""What the tests stand on: real processes, real sockets, and waits with deadlines."""

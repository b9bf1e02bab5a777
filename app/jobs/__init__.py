"""The worker, which does long work in a process of its own, and the queue that wakes it."""

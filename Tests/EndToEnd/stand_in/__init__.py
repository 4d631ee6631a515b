"""An agent that speaks codex's protocol and does what a test tells it: for what the real one will not do."""

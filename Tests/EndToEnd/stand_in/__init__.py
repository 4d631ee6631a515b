"""A scripted agent that speaks codex's protocol, for behaviour that the real codex does not show."""

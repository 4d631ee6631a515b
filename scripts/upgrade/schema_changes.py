"""What differs between the JSON schemas of two versions of codex."""

import json
from pathlib import Path
from typing import Any

BUNDLE = "codex_app_server_protocol.schemas.json"
METHODS = ("ClientRequest", "ServerRequest", "ClientNotification", "ServerNotification")


def load(directory: Path) -> dict[str, Any]:
    """Definitions by name, those of version 2 without their prefix, except where both versions have the name."""
    definitions = json.loads((directory / BUNDLE).read_text())["definitions"]
    newer = definitions.pop("v2", {})
    return definitions | {(f"v2.{name}" if name in definitions else name): value for name, value in newer.items()}


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """A line for each method, type and member that came, went or became another; `+`, `-` or `~` first."""
    lines = []
    for kind in METHODS:
        lines += added_and_removed(f"{kind} ", methods(old.get(kind)), methods(new.get(kind)))
    types = [name for name in sorted(old.keys() | new.keys()) if name not in METHODS]
    lines += added_and_removed("type ", set(old) - set(METHODS), set(new) - set(METHODS))
    for name in types:
        if name in old and name in new:
            lines += members_changed(flat(name, old[name]), flat(name, new[name]))
    return lines


def methods(schema: Any) -> set[str]:
    return {variant["properties"]["method"]["enum"][0] for variant in (schema or {}).get("oneOf", [])}


def added_and_removed(prefix: str, old: set[str], new: set[str]) -> list[str]:
    return [f"- {prefix}{name}" for name in sorted(old - new)] + [f"+ {prefix}{name}" for name in sorted(new - old)]


def members_changed(old: dict[str, str], new: dict[str, str]) -> list[str]:
    lines = added_and_removed("", {f"{key}: {old[key]}" for key in old.keys() - new.keys()},
                              {f"{key}: {new[key]}" for key in new.keys() - old.keys()})
    return lines + [f"~ {key}: {old[key]} became {new[key]}" for key in old if key in new and old[key] != new[key]]


def flat(path: str, schema: Any) -> dict[str, str]:
    """Each member of a type by its path, with what it may be."""
    found: dict[str, str] = {}
    if not isinstance(schema, dict):
        return {path: str(schema)}
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        found[f"{path}.{name}"] = brief(member) + ("" if name in required else ", optional")
        if isinstance(member, dict) and ("properties" in member or "oneOf" in member):
            found |= flat(f"{path}.{name}", member)
    for word in ("oneOf", "anyOf", "allOf"):
        for variant in schema.get(word, []):
            found |= flat(f"{path}[{label(variant)}]", variant)
    for value in schema.get("enum", []):
        found[f"{path} = {json.dumps(value)}"] = "value"
    if not found:
        found[path] = brief(schema)
    return found


def label(variant: Any) -> str:
    """What tells a variant from the others: the value of its first member that can have only one, or its title."""
    if isinstance(variant, dict):
        for member in variant.get("properties", {}).values():
            if isinstance(member, dict) and len(member.get("enum", [])) == 1:
                return str(member["enum"][0])
        if "enum" in variant:
            return "values"
        return variant.get("title") or brief(variant)
    return str(variant)


def brief(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "anything"
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " | ".join(brief(variant) for variant in schema[word])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type", "anything")
    name = " | ".join(kind) if isinstance(kind, list) else kind
    if "items" in schema:
        name += f" of {brief(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        name += f" of {brief(schema['additionalProperties'])}"
    return name

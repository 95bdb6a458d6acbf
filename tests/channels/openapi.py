"""LINE's official OpenAPI as a judge of what we send, where the shared pages with it lie beside the checkout."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

# libyaml reads the 6,000 lines in a tenth of the time, where it is there; both loaders are the safe ones.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SPECS = Path(__file__).parents[3] / "shared" / "specs"


def faults(schema: str, data: Any) -> list[str]:
    """What the official description of a schema, such as "PushMessageRequest", finds wrong with data."""
    return [fault.message[:200] for fault in _judge(schema).iter_errors(data)]


@cache
def _judge(schema: str) -> Draft4Validator:
    registry: Registry[Any] = Registry().with_resource("urn:line", DRAFT4.create_resource(_document()))
    return Draft4Validator({"$ref": f"urn:line#/components/schemas/{schema}"}, registry=registry)


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.load((SPECS / "line-openapi" / "messaging-api.yml").read_text("utf-8"), _LOADER)  # noqa: S506
    schemas = document["components"]["schemas"]
    for name, schema in list(schemas.items()):
        mapping = schema.get("discriminator", {}).get("mapping")
        if mapping:
            _choose(schemas, name, schema, mapping)
    for part in _objects(document):
        if part.pop("nullable", False) and isinstance(part.get("type"), str):
            part["type"] = [part["type"], "null"]
    return document


def _choose(schemas: dict[str, Any], name: str, schema: Any, mapping: dict[str, str]) -> None:
    """Turn a discriminator, which JSON Schema does not know, into one condition for each value it may have."""
    key = schema["discriminator"]["propertyName"]
    parent = copy.deepcopy(schema)
    del parent["discriminator"]
    schemas[f"{name}__Parent"] = parent
    for target in set(mapping.values()):
        for above in schemas[target.split("/")[-1]].get("allOf", []):
            if above.get("$ref") == f"#/components/schemas/{name}":
                above["$ref"] = f"#/components/schemas/{name}__Parent"
    cases = [
        {"anyOf": [{"not": {"properties": {key: {"enum": [value]}}}}, {"$ref": target}]}
        for value, target in mapping.items()
    ]
    schemas[name] = {
        "type": "object",
        "required": [key],
        "properties": {key: {"enum": sorted(mapping)}},
        "allOf": cases,
    }


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _objects(child)

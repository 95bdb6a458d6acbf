"""The platforms' own specifications as judges, when they lie beside the checkout; they are not part of this project."""

from __future__ import annotations

import copy
import functools
import json
import os
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

SPECS = Path(os.environ.get("NAKODO_TEST_SPECS") or Path(__file__).parents[3] / "shared" / "specs")


def at_hand(name: str) -> bool:
    """Whether this specification is there."""
    return (SPECS / name).is_file()


def left_out() -> str:
    """What could not be judged, for the end of the test report; empty when all judges are there."""
    documents = ("line-openapi/messaging-api.yml", "line-openapi/webhook.yml", "telegram/api.json")
    missing = [name for name in documents if not at_hand(name)]
    if not missing:
        return ""
    return f"LEFT OUT: {', '.join(missing)} not beside the checkout: the doubles were held to the SDKs alone"


def line_faults(document: str, schema: str, value: Any) -> list[str]:
    """What LINE's OpenAPI `document` (messaging-api or webhook) finds wrong with `value` as a `schema`."""
    registry = _line(document)
    validator = Draft4Validator({"$ref": f"urn:line#/components/schemas/{schema}"}, registry=registry)
    return sorted(fault.message for fault in validator.iter_errors(value))


@functools.cache
def _line(document: str) -> Registry[Any]:
    path = SPECS / "line-openapi" / f"{document}.yml"
    whole = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    schemas = whole["components"]["schemas"]
    for name, schema in list(schemas.items()):
        if "mapping" in schema.get("discriminator", {}):
            _resolve(schemas, name, schema)
    _nullable(whole)
    registry: Registry[Any] = Registry()
    filled: Registry[Any] = registry.with_resource("urn:line", DRAFT4.create_resource(whole))
    return filled


def _resolve(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    """Turn a discriminator, which JSON Schema does not know, into a choice by type."""
    named, kinds = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
    common = copy.deepcopy(schema)
    del common["discriminator"]
    schemas[f"{name}__Common"] = common
    for ref in set(kinds.values()):
        for part in schemas[ref.split("/")[-1]].get("allOf", []):
            if part.get("$ref") == f"#/components/schemas/{name}":
                part["$ref"] = f"#/components/schemas/{name}__Common"
    schemas[name] = {
        "type": "object",
        "required": [named],
        "properties": {named: {"enum": sorted(kinds)}},
        "allOf": [
            {"anyOf": [{"not": {"properties": {named: {"enum": [kind]}}}}, {"$ref": ref}]}
            for kind, ref in kinds.items()
        ],
    }


def _nullable(node: Any) -> None:
    if isinstance(node, dict):
        if node.pop("nullable", False) and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        for value in node.values():
            _nullable(value)
    elif isinstance(node, list):
        for value in node:
            _nullable(value)


@functools.cache
def _telegram() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((SPECS / "telegram" / "api.json").read_text(encoding="utf-8"))
    return whole


def telegram_faults(kind: str, value: Any) -> list[str]:
    """What the Bot API's description finds wrong with `value` as an object of this type."""
    faults: list[str] = []
    _look([kind], value, kind, faults)
    return faults


def telegram_parameters(method: str) -> tuple[set[str], set[str]]:
    """The parameters a method must have, and all it may have."""
    fields = _telegram()["methods"][method].get("fields", [])
    return {field["name"] for field in fields if field["required"]}, {field["name"] for field in fields}


_PLAIN: dict[str, type | tuple[type, ...]] = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}


def _look(kinds: list[str], value: Any, where: str, faults: list[str]) -> None:
    verdicts = [_look_as(kind, value, where) for kind in kinds]
    faults.extend([] if [] in verdicts else verdicts[0])


def _look_as(kind: str, value: Any, where: str) -> list[str]:
    faults: list[str] = []
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        for at, each in enumerate(value):
            _look([kind.removeprefix("Array of ")], each, f"{where}[{at}]", faults)
        return faults
    if kind in _PLAIN:
        right = isinstance(value, _PLAIN[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if right else [f"{where} is no {kind}"]
    described = _telegram()["types"][kind]
    if "subtypes" in described:
        _look(described["subtypes"], value, where, faults)
        return faults
    if not isinstance(value, dict):
        return [f"{where} is no {kind}"]
    fields = {field["name"]: field for field in described.get("fields", [])}
    faults += [
        f"{where}.{name} is missing" for name, field in fields.items() if field["required"] and name not in value
    ]
    faults += [f"{where}.{name} is unknown" for name in value if name not in fields]
    for name in value.keys() & fields.keys():
        _look(fields[name]["types"], value[name], f"{where}.{name}", faults)
    return faults

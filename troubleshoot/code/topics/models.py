"""Pydantic models of a project: their fields, and what else the class says of them."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import text_of


def is_model(project: Project, value: object) -> bool:
    """Return whether a value is a class of the project that derives from Pydantic's `BaseModel`."""
    return isinstance(value, Class) and project.inference.is_a(value, "pydantic.BaseModel")


def fields_of(project: Project, model: Class) -> dict[str, tuple[ast.AnnAssign, Class]]:
    """Return the annotated names of a model, inherited ones included, with the class that says each last."""
    found: dict[str, tuple[ast.AnnAssign, Class]] = {}
    for cls in project.inference.lineage(model):
        for statement in cls.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                found.setdefault(statement.target.id, (statement, cls))
    return found


def is_unknown_to_pydantic(cls: Class) -> bool:
    """Return whether a class has neither bases, decorators nor a schema for Pydantic."""
    made_for_pydantic = any(name.startswith(("__get_pydantic", "__get_validators")) for name in cls.methods)
    return not cls.node.bases and not cls.node.decorator_list and not cls.node.keywords and not made_for_pydantic


def has_validator(model: Class, field: str) -> bool:
    """Return whether a validator of the class, as far as its decorator tells, looks at `field`."""
    decorators = [decorator for method in model.all_methods for decorator in method.node.decorator_list]
    return any(
        "model_validator" in ast.unparse(decorator)
        or any(text_of(item) in (field, "*") for item in ast.walk(decorator))
        for decorator in decorators
    )


def settings_of(project: Project, model: Class) -> dict[str, ast.expr]:
    """Return the settings in `model_config` of a model and of those it derives from."""
    found: dict[str, ast.expr] = {}
    for cls in project.inference.lineage(model):
        for value in cls.body.assigned.get("model_config", ()):
            if isinstance(value, ast.Call):
                for item in value.keywords:
                    if item.arg:
                        found.setdefault(item.arg, item.value)
            elif isinstance(value, ast.Dict):
                for key, given in zip(value.keys, value.values, strict=True):
                    found.setdefault(text_of(key), given)
        for item in cls.node.keywords:
            if item.arg:
                found.setdefault(item.arg, item.value)
    return found

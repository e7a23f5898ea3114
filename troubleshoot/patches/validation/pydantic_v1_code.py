"""What Pydantic 1 called otherwise: settings of a model, validators, and where BaseSettings comes from."""

from __future__ import annotations

import ast
import textwrap

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Module
from troubleshoot.code.syntax.nodes import is_name, last_name, text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError, last_line

RENAMED = {
    "allow_population_by_field_name": "populate_by_name",
    "anystr_lower": "str_to_lower",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "anystr_upper": "str_to_upper",
    "keep_untouched": "ignored_types",
    "max_anystr_length": "str_max_length",
    "min_anystr_length": "str_min_length",
    "orm_mode": "from_attributes",
    "schema_extra": "json_schema_extra",
    "validate_all": "validate_default",
}
GONE = frozenset(
    (
        "allow_mutation",
        "copy_on_model_validation",
        "error_msg_templates",
        "fields",
        "getter_dict",
        "json_dumps",
        "json_loads",
        "post_init_call",
        "smart_union",
        "underscore_attrs_are_private",
    )
)
"""Settings that Pydantic 2 has not, under no name."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write the import, the settings or the validator as Pydantic 2 has it."""
    nodes, module = sighting.nodes, sighting.module
    if "imported" in nodes:
        _import_elsewhere(draft, module, sighting.node, nodes["imported"])
    elif "config" in nodes:
        _write_settings(draft, module, nodes["config"], nodes["model"])
    elif "decorator" in nodes:
        _write_validator(draft, module, nodes["decorator"], nodes["method"], nodes["model"])
    else:
        raise WithheldError("a call works as before")


def _import_elsewhere(draft: Draft, module: Module, statement: ast.AST, imported: ast.AST) -> None:
    assert isinstance(statement, ast.ImportFrom)
    assert isinstance(imported, ast.alias)
    if imported.name != "BaseSettings":
        raise WithheldError(f"{imported.name} has no counterpart of the same kind")
    source = draft.source(module)
    if len(statement.names) == 1:
        draft.replace_start(module, statement, "from pydantic", "from pydantic_settings")
        return
    index = statement.names.index(imported)
    start, end = source.span(imported)
    if index:
        start = source.span(statement.names[index - 1])[1]
    else:
        end = source.span(statement.names[1])[0]
    first, last = source.span(statement)
    if "#" in source.text[first : source.line_end(last_line(statement))]:
        raise WithheldError("a comment stands in the import")
    draft.put(module, start, end, "")
    draft.put(module, last, last, f"{source.newline}from pydantic_settings import {source.of(imported)}")


def _write_settings(draft: Draft, module: Module, config: ast.AST, model: ast.AST) -> None:
    assert isinstance(config, ast.ClassDef)
    assert isinstance(model, ast.ClassDef)
    source = draft.source(module)
    if config.bases or config.decorator_list or "#" in source.of(config):
        raise WithheldError("Config derives from something, or a comment stands in it")
    given = []
    for statement in config.body:
        name = ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ""
        if not isinstance(statement, ast.Assign) or not name.isidentifier() or len(statement.targets) > 1:
            raise WithheldError("Config holds more than settings")
        if name in GONE:
            raise WithheldError(f"Pydantic 2 has no {name}")
        if name == "schema_extra" and not isinstance(statement.value, ast.Dict):
            raise WithheldError("schema_extra is a function, which gets something else in Pydantic 2")
        given.append(f"{RENAMED.get(name, name)}={source.flush(statement.value)}")
    cls = module.classes.get(model.name, Class(model, module))
    bases = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings")
    if any(draft.project.inference.is_a(cls, base) for base in bases):
        raise WithheldError("the settings of BaseSettings are made with SettingsConfigDict of pydantic_settings")
    head = f"model_config = {draft.name(module, 'pydantic.ConfigDict')}"
    line = f"{head}({', '.join(given)})"
    if "\n" in line or len(source.indent(config)) + len(line) > source.width:
        inside = textwrap.indent("".join(f"{text},\n" for text in given), source.unit)
        line = f"{head}(\n{inside})"
    draft.replace(module, config, line)


def _write_validator(draft: Draft, module: Module, decorator: ast.AST, method: ast.AST, model: ast.AST) -> None:
    assert isinstance(model, ast.ClassDef)
    assert isinstance(decorator, ast.expr)
    assert isinstance(method, ast.FunctionDef)
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    options = {item.arg: item.value for item in decorator.keywords} if isinstance(decorator, ast.Call) else {}
    before = _is_true(options.get("pre"))
    unknown = set(options) - {"pre", "allow_reuse", "skip_on_failure", "check_fields"}
    if unknown:
        raise WithheldError(f"{min(map(str, unknown))} has no counterpart")
    if last_name(called) == "validator" or draft.project.path(called, module) == "pydantic.validator":
        assert isinstance(decorator, ast.Call)
        if len(method.args.args) != 2 or method.args.vararg or method.args.kwarg or method.args.kwonlyargs:
            raise WithheldError(f"{method.name} wants other values, which Pydantic 2 hands over in another way")
        given = [draft.text(module, item) for item in decorator.args]
        given += [f"check_fields={draft.text(module, options['check_fields'])}"] if "check_fields" in options else []
        given += ['mode="before"'] if before else []
        name = draft.name(module, "pydantic.field_validator")
        _as_classmethod(draft, module, decorator, method, f"{name}({', '.join(given)})")
        return
    name = draft.name(module, "pydantic.model_validator")
    if before:
        _as_classmethod(draft, module, decorator, method, f'{name}(mode="before")')
        return
    _take_the_model(draft, module, method, model)
    draft.replace(module, decorator, f'{name}(mode="after")')


def _as_classmethod(draft: Draft, module: Module, decorator: ast.expr, method: ast.FunctionDef, text: str) -> None:
    if any(last_name(item) == "classmethod" for item in method.decorator_list):
        draft.replace(module, decorator, text)
    elif decorator is method.decorator_list[-1]:
        draft.replace(module, decorator, f"{text}\n@classmethod")
    else:
        raise WithheldError(f"{method.name} has several decorators")


def _take_the_model(draft: Draft, module: Module, method: ast.FunctionDef, model: ast.ClassDef) -> None:
    """Let a method that looks at all values look at the model: `self.name` for `values["name"]`."""
    arguments = method.args
    if len(arguments.args) != 2 or arguments.vararg or arguments.kwarg or arguments.defaults:
        raise WithheldError(f"{method.name} has parameters that nobody fills")
    if len(method.decorator_list) > 1:
        raise WithheldError(f"{method.name} has several decorators")
    cls, values = arguments.args[0].arg, arguments.args[1].arg
    own = {ast.unparse(item.target) for item in model.body if isinstance(item, ast.AnnAssign)}
    read: dict[ast.AST, str] = {}
    for node in (item for line in method.body for item in ast.walk(line)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and is_name(node.value, values):
            read[node.value] = text_of(node.slice)
            replaced: ast.AST = node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_name(node.func.value, values):
            if node.func.attr != "get" or len(node.args) != 1 or node.keywords:
                raise WithheldError(f"{values} is used for more than its values")
            read[node.func.value] = text_of(node.args[0])
            replaced = node
        elif isinstance(node, ast.Return) and is_name(node.value, values):
            assert node.value is not None
            read[node.value] = "self"
            draft.replace(module, node.value, "self")
            continue
        else:
            continue
        name = next(reversed(read.values()))
        if not name.isidentifier():
            raise WithheldError("the name of a value is not written where it is used")
        if len(model.bases) == 1 and last_name(model.bases[0]) == "BaseModel" and name not in own:
            raise WithheldError(f"{name} is no field of {model.name}")
        draft.replace(module, replaced, f"self.{name}")
    for node in (item for line in method.body for item in ast.walk(line)):
        if isinstance(node, ast.Name) and (node.id in (cls, "self") or (node.id == values and node not in read)):
            raise WithheldError(f"{node.id} is used for more than its values")
    source = draft.source(module)
    start, _ = source.span(arguments.args[0])
    _, end = source.span(arguments.args[1])
    draft.put(module, start, end, "self")
    if method.returns is not None:
        draft.replace(module, method.returns, f'"{model.name}"')


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True

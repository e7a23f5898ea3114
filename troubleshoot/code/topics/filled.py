"""Whether requests add rows to a table, so that it grows with the use of the application."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.rows import is_mapped

SEVERAL, MOST_OTHERS = 3, 12
"""As many other tables that are filled show that this one is not; as many are looked at."""
READING = re.compile(
    "select|query|get|get_one|delete|update|join|outerjoin|select_from|selectinload|joinedload|subqueryload|isinstance"
    "|count|aliased|exists|with_only_columns|cast|TypeVar|list|List|Optional|Union|relationship|load_only|inspect"
)
"""Calls that are given a class of rows and add none."""
MAKING = re.compile(
    "_*(?:bulk_)?(?:create|add|insert|save|new|from|make|upsert|register|get_or_create|update_or_create)"
)
"""Methods of a class that add a row."""
PREPARING = re.compile(
    r"(?:^|[_/.])(?:seed\w*|seeds?|seeders?|fixtures?|init(?:ial\w*)?|bootstrap|populate\w*|defaults?|migrations?|alembic"
    r"|versions|tests?|conftest|scripts?|create_tables|demo\w*|sample\w*)(?=$|[_/.])"
)
"""What a file or a function is called that fills tables before anybody uses the application."""


def is_filled_by_use(project: Project, entity: Class | None) -> bool:
    """Return whether rows of a class are made anywhere but where an application is prepared for its use.

    A class that is handed to something that may make its objects counts as made there, and one that is not known as
    made anywhere. If nobody makes any, somebody else may, unless the application makes the rows of its other tables.
    """
    if entity is None:
        return True
    makers = list(_makers(project, entity))
    return any(not PREPARING.search(place) for place in makers) or (not makers and not _fills_others(project, entity))


def _fills_others(project: Project, entity: Class) -> bool:
    others = [item for item in project.classes if item.name != entity.name and is_mapped(project, item)][:MOST_OTHERS]
    made = (item for item in others if any(not PREPARING.search(place) for place in _makers(project, item)))
    return len(list(islice(made, SEVERAL))) == SEVERAL


def _makers(project: Project, entity: Class) -> Iterator[str]:
    """Yield where an object of a class may be made: the file, and the function in it."""
    for module in project.files.modules(entity.name):
        places: list[Function | Module] = [module, *module.all_functions]
        for where in places:
            calls = any(_may_make(call, entity.name, where) for call in where.body.calls)
            named = (value for values in where.body.assigned.values() for value in values)
            if calls or any(last_name(value) == entity.name for value in named):
                yield module.path if isinstance(where, Module) else f"{module.path}/{where.name}"
        for item in ast.walk(module.tree):
            if isinstance(item, ast.ClassDef) and any(_hands_on(base, entity.name) for base in item.bases):
                yield module.path


def _may_make(call: ast.Call, name: str, where: Function | Module) -> bool:
    called = last_name(call.func)
    if called == name or (called == "cls" and isinstance(where, Function) and where.owner and where.owner.name == name):
        return True
    if isinstance(call.func, ast.Attribute) and last_name(call.func.value) == name:
        return MAKING.match(called) is not None
    if READING.fullmatch(called):
        return False
    return any(last_name(item) == name for item in (*call.args, *(item.value for item in call.keywords)))


def _hands_on(base: ast.expr, name: str) -> bool:
    """Return whether a class derives from another that works on objects of this one: `Repository[Item]`."""
    return isinstance(base, ast.Subscript) and any(last_name(item) == name for item in ast.walk(base.slice))

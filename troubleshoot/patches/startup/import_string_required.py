"""uvicorn gets the name of the application, under the guard that its processes need."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, argument, statement_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.arguments import replace_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put `"module:app"` in the place of the object; `"module:create_app", factory=True` for what makes one."""
    function, module, call = sighting.function, sighting.module, sighting.node
    assert isinstance(call, ast.Call)
    target = argument(call, 0, "app")
    assert target is not None
    name = import_name(draft.project, module)
    if isinstance(target, ast.Name) and _is_at_top(target.id, module, function):
        replace_argument(draft, module, call, target, f'"{name}:{target.id}"')
    elif (
        isinstance(target, ast.Call)
        and target in call.args
        and not (target.args or target.keywords)
        and isinstance(target.func, ast.Name)
        and isinstance(draft.project.value(target.func, function or module), Function)
        and _is_at_top(target.func.id, module, function)
    ):
        replace_argument(draft, module, call, target, f'"{name}:{target.func.id}"', "factory=True")
    else:
        raise WithheldError("the application has no name at the top of the file")
    if function is None and not _is_guarded(call):
        statement = statement_of(call)
        if statement is None or statement not in module.tree.body:
            raise WithheldError('the call needs `if __name__ == "__main__":` around it')
        draft.deepen(module, [statement], 'if __name__ == "__main__":')
    elif function is not None:
        places = [(where, item) for where, item in callers(draft.project, function)]
        if any(isinstance(where, Module) and not _is_guarded(item) for where, item in places):
            raise WithheldError(f'the call of {function.name} needs `if __name__ == "__main__":` around it')


def import_name(project: Project, module: Module) -> str:
    """Return what Python imports a script as: from the folder that it is in, or from above its packages."""
    *folders, file = module.path.removesuffix(".py").split("/")
    packages: list[str] = []
    imported = {
        (item.module or "") if isinstance(item, ast.ImportFrom) else name for item, name in module.imports.values()
    }
    known = {name.partition(".")[0] for name in imported}
    while folders and ("/".join([*folders, "__init__.py"]) in project.files.paths or known & {*folders}):
        packages.insert(0, folders.pop())
    if file == "__main__":
        raise WithheldError("the other processes would import __main__ as something else")
    return ".".join([*packages, file])


def _is_at_top(name: str, module: Module, function: Function | None) -> bool:
    local = function is not None and (
        name in function.body.assigned or any(param.name == name for param in function.params)
    )
    return not local and (name in module.body.assigned or name in module.imports or name in module.functions)


def _is_guarded(node: ast.AST) -> bool:
    return any(
        isinstance(around, ast.If) and any(getattr(item, "id", "") == "__name__" for item in ast.walk(around.test))
        for around in ancestors(node)
    )

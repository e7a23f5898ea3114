"""A form field beside a JSON body, or inside of the model that is one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Elements, Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.models import fields_of
from troubleshoot.code.topics.parameters import annotated

FORMS = ("fastapi.Form", "fastapi.File")
PLAIN = frozenset(("str", "int", "float", "bool", "Request", "Response", "BackgroundTasks"))
"""What is no body, whatever stands beside it."""
FLAT = PLAIN | {"bytes", "Decimal", "UUID", "date", "datetime", "time", "EmailStr", "UploadFile", "Optional", "Union"}
FLAT |= {"List", "list", "Set", "set", "Literal", "Annotated", "Json", "None", "Any"}
"""What one field of a form can be; any other type may be a model."""

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import FastAPI, File, Form, UploadFile
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


class Login(BaseModel):
    email: str = Form(...)
    password: str = Form(...)


@app.post("/login")
def log_in(login: Login):
    return login.email


@app.post("/items")
def create(item: Item, file: UploadFile = File()):
    return item


@app.post("/others")
def create_other(item: Item, note: Annotated[str, Form()]):
    return item


@app.post("/several")
def create_several(files: list[UploadFile], items: list[Item]):
    return items


@app.post("/data")
def create_data(file: UploadFile, data: dict):
    return data
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Body, Depends, FastAPI, Form, UploadFile
from pydantic import BaseModel

from roles import CurrentRole

app = FastAPI()


class Item(BaseModel):
    name: str


class Login(BaseModel):
    email: str = Form(...)


@app.post("/login")
def log_in(login: Login = Depends()):
    return login.email


@app.post("/items")
def create(item: Annotated[Item, Form()], file: UploadFile, role: CurrentRole):
    return item


@app.post("/others")
def create_other(file: UploadFile, item: Item = Depends()):
    return item


@app.post("/several")
def create_several(files: list[UploadFile], names: list[str] = Form(), limit: int = 10):
    return names


@app.post("/tags")
def create_tags(file: UploadFile, tags: list[str] = Body()):
    return tags
""",
    "roles.py": """
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel


class Role(BaseModel):
    name: str


def role_of(scope: str):
    def read(request: Request) -> Role:
        return Role(name=request.headers["role"])

    return Depends(read)


CurrentRole = Annotated[Role, role_of("user")]
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield models that are read as JSON in a request that is a form."""
    for route in project.routes:
        function = route.function
        if not function.module.mentions(b"File") and not function.module.mentions(b"Form"):
            continue
        forms = [param for param in function.params if _is_form(project, param, function)]
        models = [param for param in function.params if _is_json(project, param, function)]
        for model in models if forms else ():
            assert model.annotation is not None
            plain = isinstance(model.annotation, (ast.Name, ast.Attribute)) and model.default is None
            yield Sighting(
                module=function.module,
                function=function,
                node=model.annotation,
                severity="error",
                message=f"{function.name} wants {model.name} as JSON and {forms[0].name} as a form, in one request",
                captured={"field": model.name},
                nodes={"type": model.annotation} if plain else {},
            )
        for model, field in ((item, _form_inside(project, item, function)) for item in models):
            if field is not None and not forms:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=field,
                    severity="error",
                    message=f"{function.name} reads {model.name} from JSON, whatever Form() at a field of it says",
                    captured={"field": model.name},
                )


def concerns(project: Project) -> bool:
    """Return whether there is an endpoint that takes a form, and of whose other parameters none could be a body."""
    for route in project.routes:
        forms = [param for param in route.function.params if _is_form(project, param, route.function)]
        others = [param for param in route.function.params if param not in forms]
        if forms and all(map(_is_flat, forms)) and all(_is_plain(project, param, route.function) for param in others):
            return True
    return False


def _is_flat(form: Param) -> bool:
    """Return whether the type of a form field holds no class that may be a model: of that the client may send JSON."""
    nodes = ast.walk(form.annotation) if form.annotation else ()
    names = (last_name(item) for item in nodes if isinstance(item, (ast.Name, ast.Attribute)))
    return FLAT.issuperset({*names} - {"Form", "File", "fastapi"})


def _is_plain(project: Project, param: Param, function: Function) -> bool:
    known = param.annotation is not None and last_name(param.annotation) in PLAIN
    return known or bool(_markers(project, param, function) - {"", "fastapi.Body"})


def _markers(project: Project, param: Param, function: Function) -> set[str]:
    """Return what the calls are that say where a parameter comes from, also behind an alias; "" is what is unknown."""
    nodes = [param.default, *(ast.walk(param.annotation) if param.annotation is not None else ())]
    own = {project.path(item.func, function) for item in nodes if isinstance(item, ast.Call)}
    return own | {project.path(call.func, scope) for call, scope in annotated(project, function, param)}


def _is_form(project: Project, param: Param, function: Function) -> bool:
    made = project.inference.parameter(param, function)
    upload = (made.of if isinstance(made, Elements) else made) == "fastapi.UploadFile()"
    return upload or bool(_markers(project, param, function) & set(FORMS))


def _form_inside(project: Project, param: Param, function: Function) -> ast.expr | None:
    """Return the default of a field, in the model that a parameter is, which says that the field comes from a form."""
    made = project.inference.parameter(param, function)
    model = made.of if isinstance(made, Instance) else None
    if not isinstance(model, Class):
        return None
    calls = [(item.value, cls) for item, cls in fields_of(project, model).values() if isinstance(item.value, ast.Call)]
    return next((call for call, cls in calls if project.path(call.func, Scope(cls.module)) in FORMS), None)


def _is_json(project: Project, param: Param, function: Function) -> bool:
    made = project.inference.parameter(param, function)
    if param.annotation is None or _markers(project, param, function) - {"fastapi.Body"}:
        return False
    node = param.annotation.value if isinstance(param.annotation, ast.Subscript) else param.annotation
    inner = made.of if isinstance(made, Elements) else made
    is_model = isinstance(inner, Instance) and project.inference.is_a(inner.of, "pydantic.BaseModel")
    return is_model or last_name(node) in ("dict", "Dict")

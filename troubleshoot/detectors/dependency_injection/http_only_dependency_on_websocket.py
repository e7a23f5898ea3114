"""A dependency that needs a Request, on a WebSocket route."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.application.parts import DependencyUse
from troubleshoot.code.application.reach import function_of
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function

SECURITY = (
    "OAuth2PasswordBearer()",
    "HTTPBearer()",
    "HTTPBasic()",
    "OAuth2AuthorizationCodeBearer()",
    "OpenIdConnect()",
)

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI, Request, WebSocket, WebSocketDisconnect

app = FastAPI()


from fastapi.security import OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="token")


def current_user(token: str = Depends(oauth2)):
    return token


def client_of(request: Request):
    return request.client


@app.websocket("/ws")
async def chat(websocket: WebSocket, user=Depends(current_user)):
    await websocket.accept()


@app.websocket("/other")
async def other(websocket: WebSocket, client=Depends(client_of)):
    await websocket.accept()
""",
}
FIXED = {
    "main.py": """
from fastapi import Depends, FastAPI, Request, WebSocket, WebSocketDisconnect

app = FastAPI()


from fastapi.requests import HTTPConnection


def client_of(connection: HTTPConnection):
    return connection.client


def user_of(request: Request):
    return request.headers.get("authorization")


@app.websocket("/ws")
async def chat(websocket: WebSocket, client=Depends(client_of)):
    await websocket.accept()


@app.get("/")
def read(user=Depends(user_of)):
    return user
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the dependency of a WebSocket route that leads to something which needs a Request."""
    for function in project.called_as("websocket endpoint"):
        for use in project.dependencies_of(function):
            needs = _needs_request(project, use, 0)
            if needs is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=use.call,
                    severity="error",
                    message=f"{_name(needs)} needs a Request, and {function.qualname} is a WebSocket route",
                    nodes={"needs": needs.node} if isinstance(needs, Function) else {},
                )


def _needs_request(project: Project, use: DependencyUse, depth: int) -> Function | str | None:
    """Return what needs a Request: a function of the project, or a security scheme."""
    if isinstance(use.value, str):
        return use.value if use.value.endswith(SECURITY) else None
    function = function_of(use.value, project.inference)
    if function is None or depth > 6:
        return None
    # A parameter with a default keeps it: FastAPI gives a WebSocket route no Request.
    required = (param for param in function.params if param.default is None)
    if any(project.inference.parameter(param, function) == "fastapi.Request()" for param in required):
        return function
    inner = (_needs_request(project, item, depth + 1) for item in project.dependencies_of(function))
    return next((found for found in inner if found is not None), None)


def _name(needs: Function | str) -> str:
    return needs.qualname if isinstance(needs, Function) else needs.rpartition(".")[2].removesuffix("()")

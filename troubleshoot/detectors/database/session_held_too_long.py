"""A session that has asked something and is still open while another service is waited for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.values import Instance, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_within, mentions, parent, short
from troubleshoot.code.topics.exceptions import called_function
from troubleshoot.code.topics.parameters import injected
from troubleshoot.code.topics.queries import SESSIONS
from troubleshoot.model import Severity

MODELS = re.compile(
    r"(?:openai\.(?:Async)?(?:Azure)?OpenAI|anthropic\.(?:Async)?Anthropic|groq\.(?:Async)?Groq|mistralai\.Mistral)\(\)"
    r"\..*\.(?:create|parse|generate|edit|complete|complete_async|stream)"
    r"|google\.genai\.Client\(\)\.(?:aio\.)?models\.generate_\w+|litellm\.a?completion"
    r"|google\.generativeai\.GenerativeModel\(\)\.generate_content(?:_async)?"
    r"|langchain_\w+\..*\(\)\.a?invoke|ollama\.(?:AsyncClient\(\)\.)?(?:chat|generate)"
)
"""Calls of language models, which take seconds."""
SERVICES = re.compile(
    r"(?:httpx2?\.(?:AsyncClient|Client)\(\)\.|aiohttp\.ClientSession\(\)\.|requests\.(?:Session\(\)\.)?)"
    r"(?:get|post|put|patch|delete|request|send)"
)
"""Calls of other services, which mostly take less."""
ASKS = frozenset(("execute", "scalar", "scalars", "get", "exec", "all", "first", "refresh"))
ENDS = frozenset(("commit", "rollback", "close"))
DEPTH = 3
"""How many of the project's functions lie between the session and the call that waits, at most."""

BROKEN = {
    "main.py": """
import asyncio

from fastapi import Depends, FastAPI
from openai import AsyncOpenAI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from units import UnitOfWork

app = FastAPI()
client = AsyncOpenAI()
make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_session():
    async with make_session() as session:
        yield session


async def ask(question: str):
    return await client.chat.completions.create(model="a", messages=[{"role": "user", "content": question}])


@app.get("/opened")
async def opened(name: str):
    async with make_session() as session:
        user = await session.scalar(text("SELECT 1"))
        return await ask(f"{user} {name}")


@app.get("/unit")
async def unit(name: str):
    async with UnitOfWork() as uow:
        user = await uow.users.get(name)
        return await ask(user)


@app.get("/injected")
async def injected(name: str, session: AsyncSession = Depends(get_session)):
    await session.execute(text("SELECT 1"))
    await asyncio.sleep(5)
    return name
""",
    "units.py": """
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class Users:
    def __init__(self, session):
        self.session = session

    async def get(self, name):
        return await self.session.get(object, name)


class UnitOfWork:
    async def __aenter__(self):
        self.session = make_session()
        self.users = Users(self.session)
        return self

    async def __aexit__(self, *args):
        await self.session.close()
""",
}
FIXED = {
    "main.py": """
import asyncio

from fastapi import Depends, FastAPI
from openai import AsyncOpenAI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
client = AsyncOpenAI()
make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_session():
    async with make_session() as session:
        yield session


async def ask(question: str):
    return await client.chat.completions.create(model="a", messages=[{"role": "user", "content": question}])


@app.get("/opened")
async def opened(name: str):
    async with make_session() as session:
        user = await session.scalar(text("SELECT 1"))
    return await ask(f"{user} {name}")


@app.get("/first")
async def first(name: str):
    async with make_session() as session:
        answer = await ask(name)
        await session.scalar(text("SELECT 1"))
        return answer


@app.get("/injected")
async def injected(name: str, session: AsyncSession = Depends(get_session)):
    await session.execute(text("SELECT 1"))
    await session.commit()
    await asyncio.sleep(5)
    return name


@app.get("/short")
async def short(session: AsyncSession = Depends(get_session)):
    await session.execute(text("SELECT 1"))
    await asyncio.sleep(0)
    asyncio.create_task(ask("later"))


@app.get("/unused")
async def unused(session: AsyncSession = Depends(get_session)):
    return await ask("nothing")
""",
}


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait for something that needs no session: what is called, how long it takes, and the steps that lead there."""

    call: str
    severity: Severity
    steps: tuple[str, ...] = ()


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that wait for another service while a session is open that has asked something."""
    looked = set()
    for reached in project.reached_as("path operation", "dependency", "websocket endpoint", "middleware"):
        function = reached.function
        if function not in looked:
            looked.add(function)
            for name, block in _held(project, function):
                yield from _waits(project, function, name, block)


def _held(project: Project, function: Function) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names of sessions, and of what holds one, each with the block in which it is open."""
    for name in injected(project, function):
        param = next(item for item in function.params if item.name == name)
        if project.inference.parameter(param, function) in SESSIONS:
            yield name, function.node
    for statement in function.body.withs:
        for item in statement.items:
            opened = project.inference.entered(item.context_expr, Scope.of(function))
            if isinstance(item.optional_vars, ast.Name) and _is_session(project, opened):
                yield item.optional_vars.id, statement


def _is_session(project: Project, value: Value | None) -> bool:
    if isinstance(value, Instance):
        names = (*value.of.attributes, *value.of.annotations)
        return any(project.inference.attribute(value.of, name) in SESSIONS for name in names)
    return value in SESSIONS


def _waits(project: Project, function: Function, name: str, block: ast.AST) -> Iterator[Sighting]:
    """Yield the first wait after the session has been asked something, before its transaction ends."""
    is_busy = False
    for call in sorted(function.body.calls, key=lambda item: (item.end_lineno or 0, item.end_col_offset or 0)):
        if not is_within(call, block) and block is not function.node:
            continue
        wait = _wait(project, call, function, 0) if is_busy else None
        if wait is not None:
            yield Sighting(
                module=function.module,
                function=function,
                node=call,
                severity=wait.severity,
                message=f"{function.qualname} waits for {wait.call} with a connection of {name} in hand",
                chain=wait.steps,
            )
            return
        if mentions(call, (name,)):
            is_busy = not _ends(project, call, function) and (
                is_busy or isinstance(parent(call), ast.Await) or _asks(project, call, function)
            )


def _asks(project: Project, call: ast.Call, function: Function) -> bool:
    """Return whether a call asks the database something, itself or in a function of the project."""
    called = called_function(project, call, function)
    calls = called.body.calls if called is not None and not called.is_async else [call]
    return any(isinstance(item.func, ast.Attribute) and item.func.attr in ASKS for item in calls)


def _ends(project: Project, call: ast.Call, function: Function) -> bool:
    """Return whether a call ends the transaction, itself or in a function of the project."""
    called = called_function(project, call, function)
    calls = called.body.calls if called is not None else [call]
    return any(isinstance(item.func, ast.Attribute) and item.func.attr in ENDS for item in calls)


def _wait(project: Project, call: ast.Call, function: Function, depth: int) -> Wait | None:
    """Return what a call waits for, itself or in a function of the project that it runs."""
    path = project.path(call.func, function)
    if path:
        name = f"{short(call.func)}()"
        if MODELS.fullmatch(path) or (path in ("asyncio.sleep", "time.sleep") and _is_long(call)):
            return Wait(name, "warning")
        return Wait(name, "info") if SERVICES.fullmatch(path) else None
    called = called_function(project, call, function)
    if called is None or depth >= DEPTH or (called.is_async and not isinstance(parent(call), ast.Await)):
        return None
    for item in called.body.calls:
        found = _wait(project, item, called, depth + 1)
        if found is not None:
            step = f"{called.module.path}:{item.lineno} {short(item.func)}()"
            return Wait(found.call, found.severity, (step, *found.steps))
    return None


def _is_long(call: ast.Call) -> bool:
    seconds = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else 0
    return isinstance(seconds, (int, float)) and seconds >= 1

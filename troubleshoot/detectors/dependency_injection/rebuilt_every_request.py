"""A dependency that builds a client anew for every request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.lifetimes import shares_connections
from troubleshoot.code.inference.values import Instance, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import last_name, mentions, short
from troubleshoot.code.topics.parameters import injected

BROKEN = {
    "main.py": """
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI

from clients import SearchClient, Service, get_openai, get_service

app = FastAPI()


def get_client() -> SearchClient:
    return SearchClient()


def get_http():
    client = httpx.AsyncClient(timeout=5)
    return client


@app.get("/search")
async def search(client=Depends(get_client), ai=Depends(get_openai), http=Depends(get_http), s=Depends(get_service)):
    return await client.find("text")
""",
    "clients.py": """
from openai import AsyncOpenAI
from redis.asyncio import Redis


class SearchClient:
    async def find(self, text):
        return [text]

    async def close(self):
        pass


class Service:
    def __init__(self):
        self.redis = Redis(host="localhost")


def get_openai():
    return AsyncOpenAI()


def get_service():
    return Service()
""",
}
FIXED = {
    "main.py": """
from functools import lru_cache
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Request
from openai import AsyncOpenAI
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
client = AsyncOpenAI()
SessionLocal = sessionmaker()
_http = None


class Page:
    def __init__(self, number: int = 1):
        self.number = number


class Orders:
    def __init__(self, db):
        self.db = db


@lru_cache
def get_openai():
    return AsyncOpenAI()


def get_shared():
    return client


def get_state(request: Request):
    return request.state.client


def get_lazy():
    global _http
    if _http is None:
        _http = httpx.AsyncClient()
    return _http


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def get_for_user(token: str):
    return AsyncOpenAI(api_key=token)


def get_orders(db=Depends(get_db)):
    return Orders(db)


@app.get("/search")
async def search(
    a=Depends(get_openai), b=Depends(get_shared), c=Depends(get_state), d=Depends(get_lazy), e=Depends(get_orders),
    f: Page = Depends(), g=Depends(get_for_user),
):
    return f.number
"""
}
CLIENT = re.compile(
    r"(httpx\.(Async)?Client|aiohttp\.ClientSession|requests\.Session|redis(\.asyncio)?\.Redis|pymongo\.\w*MongoClient"
    r"|motor\.motor_asyncio\.AsyncIOMotorClient|openai\.\w*OpenAI|anthropic\.(Async)?Anthropic|boto3\.client"
    r"|elasticsearch\.(Async)?Elasticsearch|qdrant_client\.\w*QdrantClient|supabase\.Client|google\.cloud\.\w+\.Client"
    r"|azure\..*Client|minio\.Minio|kafka\.KafkaProducer|aiokafka\.AIOKafkaProducer|weaviate\.Client|chromadb\.\w*Client"
    r"|langchain_openai\.\w+|sentence_transformers\.SentenceTransformer)\(\)"
)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what a dependency makes and returns, if setting it up costs time or connections."""
    for function in project.called_as("dependency"):
        if function.name == "__init__" or function.is_generator or function.node.decorator_list:
            continue
        for statement in function.body.returns:
            made = _made_here(statement.value, function)
            what = _client(project, project.value(made, function)) if made is not None else ""
            if made is None or shares_connections(made, function):
                continue
            if what and not _is_of_request(project, function, made):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=made,
                    severity="warning",
                    message=f"{function.qualname} makes {what} anew for every request: {short(made)}",
                )
                break


def _made_here(returned: ast.expr | None, function: Function) -> ast.Call | None:
    """Return the call that makes what a function returns, if it is made anew each time."""
    if isinstance(returned, ast.Name) and returned.id not in function.body.globals:
        values = function.body.assigned.get(returned.id, [])
        returned = values[0] if len(values) == 1 else None
    return returned if isinstance(returned, ast.Call) else None


def _is_of_request(project: Project, function: Function, made: ast.Call) -> bool:
    """Return whether a client is made with something that only the request has."""
    own = {param.name for param in function.params} - set(injected(project, function))
    return mentions(made, own)


def _client(project: Project, value: Value | None) -> str:
    """Return what kind of client a value is or holds, or the empty string."""
    if isinstance(value, str):
        return value[:-2].rpartition(".")[2] if CLIENT.fullmatch(value) else ""
    if isinstance(value, Instance):
        cls = value.of
        if _may_be_kept(cls):
            return ""
        for name, (node, method) in cls.attributes.items():
            path = project.path(node, method) if method is not None and method.name == "__init__" else ""
            if isinstance(node, ast.Call) and CLIENT.fullmatch(path):
                return f"{cls.name} with its {name}"
        if cls.name.endswith("Client") and _is_closed(cls):
            return cls.name
    return ""


def _may_be_kept(cls: Class) -> bool:
    """Return whether a class may say itself what a call of it gives: always the same object, for example."""
    kinds = [last_name(item.value) for item in cls.node.keywords if item.arg == "metaclass"]
    return "__new__" in cls.methods or any(kind != "ABCMeta" for kind in kinds)


def _is_closed(cls: Class) -> bool:
    return any(name in cls.methods for name in ("close", "aclose", "disconnect"))

"""What well-known libraries' names stand for, where the import or the call that makes them hides it.

A qualified name is written as in source: `requests.get`; what a call returns has `()` behind it, so that
`requests.Session().get` is a method of an instance. Only what several detectors or lists of calls share is here.
"""

from __future__ import annotations

import re

DECLARING = ("Query", "Header", "Cookie", "Path", "Body", "Form", "File")
"""Calls of FastAPI that declare where a value of the request comes from."""

_SAME: dict[str, tuple[str, ...]] = {
    "fastapi.FastAPI": ("fastapi.applications.FastAPI",),
    "fastapi.APIRouter": ("fastapi.routing.APIRouter", "fastapi.router.APIRouter"),
    "fastapi.WebSocket": ("fastapi.websockets.WebSocket", "starlette.websockets.WebSocket"),
    "fastapi.WebSocketDisconnect": (
        "fastapi.websockets.WebSocketDisconnect",
        "starlette.websockets.WebSocketDisconnect",
    ),
    "fastapi.Request": ("fastapi.requests.Request", "starlette.requests.Request"),
    "fastapi.Response": ("fastapi.responses.Response", "starlette.responses.Response"),
    "fastapi.HTTPException": (
        "fastapi.exceptions.HTTPException",
        "starlette.exceptions.HTTPException",
        "fastapi.exceptions.StarletteHTTPException",
    ),
    "fastapi.BackgroundTasks": (
        "fastapi.background.BackgroundTasks",
        "starlette.background.BackgroundTasks",
    ),
    "fastapi.UploadFile": ("fastapi.datastructures.UploadFile", "starlette.datastructures.UploadFile"),
    "fastapi.Depends": ("fastapi.params.Depends", "fastapi.param_functions.Depends"),
    **{f"fastapi.{name}": (f"fastapi.params.{name}", f"fastapi.param_functions.{name}") for name in DECLARING},
    "fastapi.Security": ("fastapi.params.Security", "fastapi.param_functions.Security"),
    "fastapi.concurrency.run_in_threadpool": ("starlette.concurrency.run_in_threadpool",),
    "starlette.middleware.cors.CORSMiddleware": ("fastapi.middleware.cors.CORSMiddleware",),
    "starlette.middleware.gzip.GZipMiddleware": ("fastapi.middleware.gzip.GZipMiddleware",),
    "starlette.middleware.Middleware": ("fastapi.middleware.Middleware",),
    "starlette.staticfiles.StaticFiles": ("fastapi.staticfiles.StaticFiles",),
    "starlette.testclient.TestClient": ("fastapi.testclient.TestClient",),
    "sqlalchemy.text": ("sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "sqlmodel.text"),
    "sqlalchemy.select": ("sqlalchemy.future.select", "sqlalchemy.sql.select", "sqlmodel.select"),
    "sqlalchemy.create_engine": ("sqlmodel.create_engine", "sqlalchemy.engine.create_engine"),
    "sqlalchemy.orm.Session": ("sqlalchemy.orm.session.Session", "sqlmodel.Session", "sqlmodel.orm.session.Session"),
    "sqlalchemy.orm.sessionmaker": ("sqlalchemy.orm.session.sessionmaker",),
    "sqlalchemy.orm.Session()": (
        "sqlalchemy.orm.sessionmaker()()",
        "sqlalchemy.orm.sessionmaker().begin()",
        "sqlalchemy.orm.scoped_session()",
        "sqlalchemy.orm.scoped_session()()",
        "sqlalchemy.orm.Session().begin()",
        "sqlalchemy.orm.Session().begin_nested()",
        "fastapi_sqlalchemy.db.session",
    ),
    "sqlalchemy.ext.asyncio.AsyncSession": (
        "sqlmodel.ext.asyncio.session.AsyncSession",
        "sqlalchemy.ext.asyncio.session.AsyncSession",
    ),
    "sqlalchemy.ext.asyncio.AsyncSession()": (
        "sqlalchemy.ext.asyncio.async_sessionmaker()()",
        "sqlalchemy.ext.asyncio.async_sessionmaker().begin()",
        "sqlalchemy.ext.asyncio.async_scoped_session()",
        "sqlalchemy.ext.asyncio.async_scoped_session()()",
    ),
    "sqlalchemy.engine.Connection()": (
        "sqlalchemy.create_engine().connect()",
        "sqlalchemy.create_engine().begin()",
        "sqlalchemy.Engine().connect()",
        "sqlalchemy.Engine().begin()",
        "sqlalchemy.engine.Engine().connect()",
        "sqlalchemy.engine.Engine().begin()",
        "sqlalchemy.Connection()",
    ),
    "redis.Redis()": (
        "redis.StrictRedis()",
        "redis.from_url()",
        "redis.Redis.from_url()",
        "redis.client.Redis()",
    ),
    "pymongo.MongoClient()": ("pymongo.mongo_client.MongoClient()", "pymongo.synchronous.mongo_client.MongoClient()"),
    "pymongo.database.Database()": ("pymongo.synchronous.database.Database()",),
    "pymongo.collection.Collection()": ("pymongo.synchronous.collection.Collection()",),
    "google.cloud.firestore.Client()": (
        "google.cloud.firestore_v1.Client()",
        "google.cloud.firestore_v1.client.Client()",
        "firebase_admin.firestore.client()",
    ),
    "mongoengine.Document().objects": ("mongoengine.Document().objects()",),
    "azure.storage.blob.BlobServiceClient()": ("azure.storage.blob.BlobServiceClient.from_connection_string()",),
    "azure.storage.blob.ContainerClient()": (
        "azure.storage.blob.ContainerClient.from_connection_string()",
        "azure.storage.blob.BlobServiceClient().get_container_client()",
    ),
    "azure.storage.blob.BlobClient()": (
        "azure.storage.blob.BlobClient.from_connection_string()",
        "azure.storage.blob.BlobServiceClient().get_blob_client()",
        "azure.storage.blob.ContainerClient().get_blob_client()",
    ),
    "celery.shared_task": ("celery.app.shared_task",),
    "celery.Celery": ("celery.app.base.Celery", "celery.app.Celery"),
    "celery.Task": ("celery.app.task.Task",),
    "celery.Task()": ("celery.app.task.Task()", "celery.Celery().Task()"),
    "sqladmin.ModelView": ("sqladmin.models.ModelView",),
    "fastapi_users.BaseUserManager": ("fastapi_users.manager.BaseUserManager",),
    "socketio.AsyncNamespace": ("socketio.async_namespace.AsyncNamespace",),
    "strawberry.permission.BasePermission": ("strawberry.BasePermission",),
    "strawberry.fastapi.GraphQLRouter": ("strawberry.fastapi.router.GraphQLRouter",),
    "jwt.PyJWTError": ("jwt.exceptions.PyJWTError",),
    "jose.JWTError": ("jose.exceptions.JWTError",),
    "itsdangerous.BadData": ("itsdangerous.exc.BadData",),
    "supabase.Client()": ("supabase.create_client()", "supabase.client.Client()"),
    "boto3.client()": ("boto3.session.Session().client()", "boto3.Session().client()"),
    "asyncio.create_task": (
        "asyncio.get_event_loop().create_task",
        "asyncio.get_running_loop().create_task",
        "asyncio.AbstractEventLoop().create_task",
    ),
    "asyncio.run_in_executor": (
        "asyncio.get_event_loop().run_in_executor",
        "asyncio.get_running_loop().run_in_executor",
        "asyncio.AbstractEventLoop().run_in_executor",
    ),
}

ALIASES: dict[str, str] = {other: name for name, others in _SAME.items() for other in others}

TO_THREAD: dict[str, int] = {
    "fastapi.concurrency.run_in_threadpool": 0,
    "asyncio.to_thread": 0,
    "asyncio.run_in_executor": 1,
    "anyio.to_thread.run_sync": 0,
    "anyio.from_thread.run": 0,
    "asgiref.sync.sync_to_async": 0,
    "concurrent.futures.ThreadPoolExecutor().submit": 0,
    "concurrent.futures.ThreadPoolExecutor().map": 0,
    "concurrent.futures.ProcessPoolExecutor().submit": 0,
    "concurrent.futures.ProcessPoolExecutor().map": 0,
    "trio.to_thread.run_sync": 0,
}
"""Calls that run the function at this position somewhere else than on the event loop."""

PROVIDE = tuple(f"dependency_injector.wiring.{name}" for name in ("Provide", "Provider", "Closing"))
"""Marks of a parameter's default, with what a container provides in brackets."""

INJECTED = ("FromDishka", "Injected")
"""Marks of a container in a parameter's annotation, with the type of what it fills in."""

RESOLVING = re.compile(r"(?:dishka|injector|lagom|punq|rodi|svcs|wireup)\..*\.(?:get|aget|resolve)")
"""Calls of containers that give an object of the class they are asked for."""

DEPENDS = ("fastapi.Depends", "fastapi.Security")
"""Calls that declare a dependency."""


def normal(path: str) -> str:
    """Return the name under which `path` is known."""
    return ALIASES.get(path, path)

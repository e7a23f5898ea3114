"""What is made too often, or once too early, and what becomes of it line by line."""

import pytest

from tests.engine.lines import changed_lines

WAYS = {
    "an application on several lines, with tabs": (
        "dependency-injection/rebuilt-every-request",
        {
            "main.py": '''\
from fastapi import Depends, FastAPI


class SearchClient:
\tdef __init__(self, size):
\t\tself.size = size

\tdef disconnect(self):
\t\tpass


SIZE = 3
# The application.
app = FastAPI(
\ttitle="search",
)


async def get_search():
\t"""Return the client."""
\treturn SearchClient(SIZE)


@app.get("/")
def read(search=Depends(get_search)):
\treturn search.size
''',
        },
        '''\
main.py
-from fastapi import Depends, FastAPI
+import contextlib
+
+from fastapi import Depends, FastAPI, Request

 SIZE = 3
+
+
+@contextlib.asynccontextmanager
+async def lifespan(app: FastAPI):
+\tsearch = SearchClient(SIZE)
+\ttry:
+\t\tyield {"search": search}
+\tfinally:
+\t\tsearch.disconnect()
+
+
 # The application.
 \ttitle="search",
+\tlifespan=lifespan,
 )

-async def get_search():
+async def get_search(request: Request):
 \t"""Return the client."""
-\treturn SearchClient(SIZE)
+\treturn request.state.search

''',
    ),
    "what is loaded before the check, with its comments": (
        "dependency-injection/cache-missed",
        {
            "main.py": """\
from fastapi import Depends, FastAPI, HTTPException, Request

from users import find

app = FastAPI()


# Who may.
def may(role: str):
    def check(
        request: Request,
        level: int = 1,
    ):
        # The token.
        token = request.headers.get("x-token")

        if token is None:
            raise HTTPException(401)
        user = find(token)  # slow

        # The role.
        if role != user.role or level > user.level:
            raise HTTPException(403)
        return user

    return check


@app.get("/", dependencies=[Depends(may("staff")), Depends(may("auditor"))])
def read():
    return 1
""",
        },
        """\
main.py

+def get_user(request: Request):
+    # The token.
+    token = request.headers.get("x-token")
+
+    if token is None:
+        raise HTTPException(401)
+    return find(token)  # slow
+
+
 # Who may.
     def check(
-        request: Request,
         level: int = 1,
+        user=Depends(get_user),
     ):
-        # The token.
-        token = request.headers.get("x-token")
-
-        if token is None:
-            raise HTTPException(401)
-        user = find(token)  # slow
-
         # The role.
""",
    ),
    "settings of another module, for WebSockets, too": (
        "dependency-injection/cached-settings-stale",
        {
            "config.py": '''\
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "shop"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings."""
    return Settings()
''',
            "main.py": """\
from fastapi import Depends, FastAPI, WebSocket

from config import get_settings


def create_app() -> FastAPI:
    app = FastAPI()
    app.title = get_settings().title

    @app.websocket("/ws")
    async def chat(websocket: WebSocket, settings=Depends(get_settings)):
        await websocket.accept()

    return app
""",
        },
        '''\
config.py
-from functools import lru_cache
-
+from fastapi.requests import HTTPConnection
 from pydantic_settings import BaseSettings

-@lru_cache(maxsize=1)
-def get_settings() -> Settings:
+def get_settings(request: HTTPConnection) -> Settings:
     """Return the settings."""
-    return Settings()
+    return request.app.state.settings
main.py

-from config import get_settings
+from config import Settings, get_settings

     app = FastAPI()
-    app.title = get_settings().title
+    settings = Settings()
+    app.state.settings = settings
+    app.title = settings.title

''',
    ),
    "load_dotenv with its import, above a comment": (
        "dependency-injection/cached-settings-stale",
        {
            "main.py": """\
import os

from fastapi import FastAPI

# The engine.
from database import engine
from dotenv import load_dotenv

load_dotenv(".env")  # first

app = FastAPI()
""",
            "database.py": """\
import os

engine = os.environ["DATABASE_URL"]
""",
        },
        """\
main.py

-# The engine.
-from database import engine
 from dotenv import load_dotenv

+# The engine.
+from database import engine
+
 app = FastAPI()
""",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_becomes(way, tmp_path):
    cause, files, lines = WAYS[way]
    assert changed_lines(tmp_path, cause, files) == lines

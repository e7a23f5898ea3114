"""The same application as text, picture, SVG, HTML and JSON, in wide windows and narrow ones."""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import pexpect
import pyte
import pytest
from shop import SHOP

TEXT = """\
Middleware, from the outside in
  ServerErrorMiddleware
   └ ExceptionTelemetryMiddleware
    └ AppBodyLimitMiddleware
     └ CORSMiddleware
         allow_origins = [https://shop.example]
      └ timing  main.py:29  @app.middleware
       └ Signed  main.py:22
           secret_key = <secret>
        └ GZipMiddleware
            minimum_size = 500
         └ ExceptionMiddleware
             ValueError → bad_value  main.py:58
          └ AsyncExitStackMiddleware
           └ router  3 routes, 1 WebSocket, 1 mount, 1 static mount

Routes, in the order in which they are tried
  /openapi.json /docs /docs/oauth2-redirect /redoc  of FastAPI
  POST /token  token  main.py:42  thread
  GET /items/{item_id}  read_item  main.py:47  loop  → Item
  ├─ user = get_user  main.py:38  loop  scopes read
  │  ├─ token = OAuth2PasswordBearer(…)  loop
  │  └─ db = get_db  main.py:35  thread  yield
  └─ db = get_db  ↺ from the cache
  DELETE /items/{item_id}  delete_item  main.py:50  thread  → 204
  └─ fresh = get_db  main.py:35  thread  yield  never cached
  WS /feed  feed  main.py:55  loop
  MOUNT /admin  FastAPI  Admin
  ├─ middleware
  │  └─ GZipMiddleware
  ├─ /openapi.json /docs /docs/oauth2-redirect /redoc  of FastAPI
  └─ GET /admin/users  admin_users  main.py:64  thread
  STATIC /static  FOLDER

Start, stop and overrides
  lifespan  lifespan  main.py:16
"""


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_the_text_shows_what_fastapi_has_built(project):
    done = project.inspect(SHOP, COLUMNS="100")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("main:app  Shop  python 3.")
    expected = TEXT.replace("FOLDER", str(project.folder))
    assert done.out.partition("\n\n")[2].partition("\n\nFacts")[0] + "\n" == expected


def test_the_picture_nests_the_layers_in_boxes(project):
    lines = plain(project.inspect(SHOP, FORCE_COLOR="1", COLUMNS="110").out).splitlines()
    titles = ["ServerErrorMiddleware", "CORSMiddleware", "timing", "Signed", "GZipMiddleware", "ExceptionMiddleware"]
    columns = [next(line.index("─ " + title) for line in lines if "─ " + title in line) for title in titles]
    assert columns == sorted(set(columns))
    router = next(line for line in lines if "router" in line)
    assert router.count("│") == 2 * 9


def test_a_narrow_window_gets_a_tree_and_no_line_is_wider_than_it(project):
    done = project.inspect(SHOP, FORCE_COLOR="1", COLUMNS="40")
    lines = plain(done.out).splitlines()
    assert max(map(len, lines)) <= 40
    assert "└── ExceptionTelemetryMiddleware" in lines


def test_text_in_a_narrow_window_is_wrapped(project):
    lines = project.inspect(SHOP, COLUMNS="40").out.splitlines()
    # A long word is not broken, so that it can be copied, and deep trees keep a few columns for their text.
    assert [line for line in lines if len(line) > 44 and str(project.folder) not in line] == []


def test_colours_tell_the_loop_from_the_threads(project):
    out = project.inspect(SHOP, FORCE_COLOR="1", COLUMNS="110").out
    assert "\x1b[32mloop\x1b[0m" in out
    assert "\x1b[35mthread\x1b[0m" in out


@pytest.mark.parametrize("where", [{}, {"FORCE_COLOR": "1"}])
def test_two_hundred_routes_take_a_line_each_and_what_they_share_is_drawn_once(where, project):
    routes = "".join(
        f'@app.get("/things{n}/{{id}}")\ndef thing_{n}(id: int, db=Depends(get_db), again=Depends(get_db)): ...\n'
        for n in range(200)
    )
    routes += '@app.get("/one")\ndef one(db=Depends(get_db)): ...\n'
    text = "from fastapi import Depends, FastAPI\napp = FastAPI()\ndef get_db(): yield 1\n" + routes
    lines = plain(project.inspect(text, COLUMNS="100", **where).out).splitlines()
    shown = [line for line in lines if "GET /things" in line]
    assert len(shown) == 200
    assert all(line.rstrip().endswith("  [1]") for line in shown)
    assert next(line for line in lines if "GET /one" in line).rstrip().endswith("  1 dependency")
    start = lines.index("Dependencies that routes share") + 1
    assert [line.strip(" ├└─") for line in lines[start : start + 4]] == [
        "[1] 200 routes",
        "db = get_db  main.py:3  thread  yield",
        "again = get_db  ↺ from the cache",
        "",
    ]
    one = plain(project.inspect(text, "--route", "/things77/", COLUMNS="100", **where).out)
    assert one.count("GET /things") == 1
    assert "db = get_db" in one


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/items/42", ["GET /items/{item_id}", "DELETE /items/{item_id}"]),
        ("DELETE /items/42", ["DELETE /items/{item_id}"]),
        ("/items/{item_id}", ["GET /items/{item_id}", "DELETE /items/{item_id}"]),
        ("/admin/users", ["MOUNT /admin", "GET /admin/users"]),
        ("/items", ["GET /items/{item_id}", "DELETE /items/{item_id}"]),
        ("read_item", ["GET /items/{item_id}"]),
    ],
)
def test_only_the_routes_that_are_asked_for_are_shown(asked, shown, project):
    routes = project.inspect(SHOP, "--route", asked).out.partition("are tried\n")[2].partition("\n\n")[0]
    assert re.findall(r"(?:GET|POST|DELETE|WS|MOUNT|STATIC) \S+", routes) == shown


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_a_picture_in_a_file_needs_nothing_from_the_network(kind, project):
    done = project.inspect(SHOP, "--format", kind)
    assert (done.code, done.err) == (0, "")
    assert not re.findall(r"""(?:src|href|url\()\s*[=("']*\s*(https?:[^"')\s]+)""", done.out)
    assert "@font-face" not in done.out
    for word in ("CORSMiddleware", "read_item", "get_db"):
        assert word in done.out
    assert "do not tell" not in done.out
    if kind == "svg":
        ElementTree.fromstring(done.out)
    else:
        assert done.out.startswith("<!DOCTYPE html>")
        assert "<title>troubleshoot inspect main:app</title>" in done.out


def test_json_keeps_the_contract(project):
    value = project.inspect(SHOP, "--format", "json").json
    assert list(value) == ["schema", "app", "middleware", "routes", "facts", "causes", "skipped"]
    assert [value["schema"], value["app"]["target"], value["app"]["title"]] == [1, "main:app", "Shop"]
    assert [layer["name"].rpartition(".")[2] for layer in value["middleware"] if layer["layer"] == "user"] == [
        "CORSMiddleware",
        "BaseHTTPMiddleware",
        "Signed",
        "GZipMiddleware",
    ]
    item = next(route for route in value["routes"] if route["path"] == "/items/{item_id}" and "GET" in route["methods"])
    assert [item["runs"], item["endpoint"]["name"], item["response_model"]] == ["event loop", "main.read_item", "Item"]
    user, db = item["dependencies"]
    assert [user["scopes"], user["is_generator"], user["runs"]] == [["read"], False, "event loop"]
    assert [db["reused"], db["use_cache"], db["is_generator"]] == [True, True, True]
    assert "do not tell" not in str(value)


def test_secrets_in_options_are_never_shown(project):
    text = """
    from fastapi import FastAPI
    class Configured:
        def __init__(self, **values): self.values = values
        def __repr__(self): return f"Configured(secret_key={self.values['key']!r})"
    class Layer:
        def __init__(self, app, **options): self.app = app
    app = FastAPI()
    app.add_middleware(
        Layer,
        api_key="hunter-22one",
        options={"password": "hunter-22two"},
        config=Configured(key="hunter-22three"),
        url="redis://me:hunter-22four@localhost",
    )
    """
    for how in ("text", "json", "svg", "html"):
        done = project.inspect(text, "--format", how)
        assert done.code == 0
        assert "hunter" not in done.out
        assert "localhost" in done.out


def test_escape_sequences_and_markup_of_the_application_reach_no_terminal(project):
    text = "from fastapi import FastAPI\napp = FastAPI(title='\\x1b[31mred[/] [bold]')\n"
    for environment in ({}, {"FORCE_COLOR": "1", "COLUMNS": "120"}):
        done = project.inspect(text, **environment)
        assert done.code == 0
        assert "red[/] [bold]" in plain(done.out)
        assert "\x1b[31m" not in done.out


def test_a_terminal_shows_that_the_import_takes_a_while(project):
    project.write("main.py", "import time\ntime.sleep(2)\nfrom fastapi import FastAPI\napp = FastAPI()\n")
    screen = pyte.Screen(100, 60)
    stream = pyte.Stream(screen)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "troubleshoot", "inspect", "main:app"],
        cwd=str(project.folder),
        env={**os.environ, **project.environment},
        dimensions=(60, 100),
        encoding="utf-8",
        timeout=30,
    )
    child.expect("importing main:app: 1 s")
    child.expect(pexpect.EOF)
    stream.feed(child.before)
    shown = "\n".join(screen.display)
    assert "importing" not in shown
    assert "ServerErrorMiddleware" in shown

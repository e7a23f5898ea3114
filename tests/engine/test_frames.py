"""Whose code a frame is, wherever programs are installed, and where an exception was raised."""

import pytest

from troubleshoot.sources.frames import FRAME, Frame, own_frame, raised, with_installed

OWN = [
    "/srv/app/main.py",
    "/app/app/routers/users.py",
    "/usr/src/app/main.py",
    "/code/./app/main.py",
    "./main.py",
    "main.py",
    "app/lib/helpers.py",
    "C:\\Users\\me\\project\\main.py",
    "D:\\a\\lib\\shop.py",
    "/home/me/fastapi/main.py",
    "/home/me/fastapi/app/routing.py",
    "/var/task/handler.py",
    "/var/task/app/main.py",
    "/tmp/ipykernel_123/2042.py",
    "<ipython-input-3-0d1f>",
    "<stdin>",
    "/workspace/src/starlette_admin_shop/views.py",
    "alembic/versions/0a1b_orders.py",
    "/app/alembic/env.py",
]
LIBRARY = [
    "/srv/app/.venv/lib/python3.12/site-packages/starlette/routing.py",
    "C:\\Users\\me\\project\\venv\\Lib\\site-packages\\fastapi\\routing.py",
    "c:\\users\\me\\anaconda3\\lib\\asyncio\\runners.py",
    "C:\\Python39\\lib\\json\\decoder.py",
    "C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11.2288.0_x64__qbz5n2kfra8p0\\Lib\\asyncio\\base_events.py",
    "/usr/lib/python3/dist-packages/uvicorn/main.py",
    "/opt/conda/envs/api/lib/python3.10/json/decoder.py",
    "/home/me/.cache/pypoetry/virtualenvs/shop-x1-py3.9/lib/python3.9/site-packages/anyio/_core/x.py",
    "python3.10/site-packages/anyio/_backends/_asyncio.py",
    "/root/.pyenv/versions/3.11.7/lib/python3.11/asyncio/runners.py",
    "/Library/Frameworks/Python.framework/Versions/3.9/lib/python3.9/ssl.py",
    "/var/task/fastapi/routing.py",
    "/opt/python/mangum/adapter.py",
    "/usr/lib64/python3.11/importlib/__init__.py",
    "/opt/venv/lib64/python3.12/site-packages/uvicorn/importer.py",
    "/opt/pypy/lib/pypy3.10/json/decoder.py",
    "/home/me/src/starlette/starlette/routing.py",
    "/home/me/git/fastapi/fastapi/dependencies/utils.py",
    "/home/me/git/sqlalchemy/lib/sqlalchemy/orm/session.py",
    "starlette/middleware/base.py",
    "alembic/runtime/environment.py",
    "uvicorn\\main.py",
    "/usr/local/bin/uvicorn",
    "C:\\shop\\venv\\Scripts\\uvicorn.exe\\__main__.py",
    "/home/me/.vscode/extensions/ms-python.python-2024/pythonFiles/lib/python/debugpy/_vendored/pydevd.py",
    "/snap/pycharm/current/plugins/python-ce/helpers/pydev/pydevd.py",
    "...site-packages/redis_cache/connection.py",
    "…site-packages\\redis_cache\\connection.py",
    "site-packages/redis_cache/connection.py",
    "<frozen importlib._bootstrap>",
    "<string>",
    "asyncpg/protocol/protocol.pyx",
]


@pytest.mark.parametrize("file", OWN)
def test_the_users_own(file):
    assert Frame(file, 1, "f").is_own


@pytest.mark.parametrize("file", LIBRARY)
def test_somebody_elses(file):
    assert not Frame(file, 1, "f").is_own


ROUTING = "/venv/lib/python3.12/site-packages/starlette/routing.py"
BASE = "/venv/lib/python3.12/site-packages/starlette/middleware/base.py"
CLIENT = "/venv/lib/python3.12/site-packages/httpx/_client.py"
REQUESTS = "/venv/lib/python3.12/site-packages/starlette/requests.py"


@pytest.mark.parametrize(
    ("files", "where"),
    [
        ([ROUTING, "/srv/app/main.py"], "in own code"),
        ([ROUTING, "/srv/app/main.py", CLIENT], "under own code"),
        ([ROUTING, "/srv/app/main.py", REQUESTS], "under own code"),
        (["/srv/app/middleware.py", BASE, ROUTING], ""),
        ([ROUTING, "/venv/lib/python3.12/site-packages/fastapi/encoders.py"], ""),
        ([], ""),
    ],
)
def test_where_it_was_raised(files, where):
    assert where == raised([Frame(file, 1, "f") for file in files])


SITE = "/usr/local/lib/python3.12/site-packages/"
THREAD = "/usr/local/lib/python3.12/concurrent/futures/thread.py"


def called(*files):
    """Return the frames of an endpoint in the first of `files`, which runs in a thread, and of what it called."""
    framework = [
        Frame(SITE + "fastapi/routing.py", 1, "app"),
        Frame(SITE + "fastapi/routing.py", 2, "run_endpoint_function"),
    ]
    thread = [Frame(SITE + "starlette/concurrency.py", 3, "run_in_threadpool"), Frame(THREAD, 4, "run")]
    return with_installed([*framework, *thread, *(Frame(file, 5, "f") for file in files)])


def test_an_application_that_was_installed_like_a_library():
    """Its endpoints are called by FastAPI, which a library's functions are not."""
    view, service = SITE + "shop/views.py", SITE + "shop/services.py"
    frames = called(view, service)
    assert raised(frames) == "in own code"
    assert own_frame(frames).file == service
    assert raised(called(view, service, SITE + "sqlalchemy/orm/session.py")) == "under own code"


@pytest.mark.parametrize("package", ["fastapi_users", "sqladmin", "gradio", "starlette_exporter", "pydantic"])
def test_a_library_that_brings_endpoints(package):
    frames = called(f"{SITE}{package}/router.py")
    assert (raised(frames), own_frame(frames)) == ("", None)


def test_beside_code_of_the_users_own_all_that_is_installed_is_a_library():
    frames = called(SITE + "shop/views.py", "/srv/app/hooks.py", SITE + "shop/hooks.py")
    assert own_frame(frames).file == "/srv/app/hooks.py"


def test_without_an_endpoint_all_that_is_installed_is_a_library():
    assert own_frame(with_installed([Frame(SITE + "shop/views.py", 1, "f")])) is None


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ('  File "/srv/app/main.py", line 9, in read', "/srv/app/main.py"),
        ('/versions/0a1b_orders.py", line 47, in upgrade', "/versions/0a1b_orders.py"),
        ("app/main.py', line 9", "app/main.py"),
    ],
)
def test_a_frame_may_have_lost_its_beginning(line, file):
    assert file == FRAME.search(line)["file"]


@pytest.mark.parametrize("line", ['in "main.py", line 9', "see main.py, line 9", 'the message says main.py", line 9'])
def test_a_sentence_about_a_line_is_no_frame(line):
    assert FRAME.search(line) is None

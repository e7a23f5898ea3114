"""Errors as people have pasted them: what each says, and what it does not."""

import json

import pytest

SITE = "/usr/lib/python3.11/site-packages"
MET = {
    "pydantic 1, a field of a response": (
        "pydantic.error_wrappers.ValidationError: 1 validation error for Item\nresponse -> 0 -> weight\n"
        "  field required (type=value_error.missing)",
        "validation/response-model-mismatch",
    ),
    "pydantic 1, no list": (
        "pydantic.error_wrappers.ValidationError: 1 validation error for Notes\nresponse\n"
        "  value is not a valid list (type=type_error.list)",
        "validation/response-model-mismatch",
    ),
    "an endpoint started as the application": (
        "TypeError: home() takes 0 positional arguments but 3 were given\n"
        "INFO:     ASGI 'lifespan' protocol appears unsupported.",
        "startup/import-string-wrong",
    ),
    "a class as http middleware": (
        "TypeError: ToolLogger.__call__() missing 1 required positional argument: 'call_next'",
        "middleware/wrong-object",
    ),
    "middleware for websockets": (
        'AssertionError: Currently only middleware("http") is supported.',
        "middleware/not-run-for-websocket",
    ),
    "a request made of another scope": (
        'Traceback (most recent call last):\n  File "/srv/app/tracing.py", line 14, in __call__\n'
        f'    request = Request(scope, receive)\n  File "{SITE}/starlette/requests.py", line 205, in __init__\n'
        '    assert scope["type"] == "http"\nAssertionError',
        "middleware/does-not-forward",
    ),
    "a mounted MCP server": (
        "RuntimeError: Task group is not initialized. Make sure to use run().",
        "startup/lifespan-not-run",
    ),
    "Gradio with a newer FastAPI": (
        f'Traceback (most recent call last):\n  File "{SITE}/gradio/route_utils.py", line 733, in __call__\n'
        "    await self.simple_response(scope, receive, send, request_headers=headers)\n"
        f'  File "{SITE}/pydantic/_internal/_generate_schema.py", line 558, in _unknown_type_schema\n'
        "    raise PydanticSchemaGenerationError(\npydantic.errors.PydanticSchemaGenerationError: "
        "Unable to generate pydantic-core schema for <class 'starlette.requests.Request'>. Set "
        "`arbitrary_types_allowed=True` in the model_config to ignore this error",
        "environment/incompatible-library-versions",
    ),
    "a FastAPI that does not know HTTPConnection": (
        "fastapi.exceptions.FastAPIError: Invalid args for response field! Hint: check that "
        "<class 'starlette.requests.HTTPConnection'> is a valid pydantic field type",
        "environment/installed-version-older-than-docs",
    ),
    "a connection without Depends": (
        "fastapi.exceptions.FastAPIError: Invalid args for response field! Hint: check that "
        "<class 'asyncpg.connection.Connection'> is a valid pydantic field type",
        "dependency-injection/missing-depends",
    ),
    "fetch with the option of axios": (
        'const answer = await fetch("/api/login", {\n  method: "POST",\n  headers: {"Content-Type": "application/json"},\n'
        '  data: JSON.stringify(user),\n});\n127.0.0.1:51234 - "POST /api/login HTTP/1.1" 422 Unprocessable Entity',
        "validation/client-sends-no-body",
    ),
    "one's own file is no Python": (
        'File "/app/main.py", line 1\n    uvicorn main:app --reload\n            ^^^^\nSyntaxError: invalid syntax',
        "own-code/invalid-syntax",
    ),
    "a package is newer than the Python": (
        'Traceback (most recent call last):\n  File "/app/main.py", line 4, in <module>\n    import toolbox\n'
        '  File "/usr/lib/python3.9/site-packages/toolbox/__init__.py", line 8\n    match value:\n          ^\n'
        "SyntaxError: invalid syntax",
        "environment/python-version-unsupported",
    ),
    "one's own line is newer than the Python": (
        'File "main.py", line 126\n    open(second) as out,\n                 ^\nSyntaxError: invalid syntax',
        "environment/python-version-unsupported",
    ),
    "MySQL has hung up": (
        'Traceback (most recent call last):\n  File "/app/main.py", line 12, in read\n    await session.execute(q)\n'
        f'  File "{SITE}/aiomysql/connection.py", line 692, in _read_packet\n'
        "    raise OperationalError(2013, 'Lost connection to MySQL server during query')\n"
        "sqlalchemy.exc.OperationalError: (pymysql.err.OperationalError) "
        "(2013, 'Lost connection to MySQL server during query')",
        "database/stale-connection",
    ),
    "an object of the request in a task": (
        f'Traceback (most recent call last):\n  File "{SITE}/starlette/background.py", line 45, in __call__\n'
        f'    await task()\n  File "{SITE}/starlette/background.py", line 30, in __call__\n'
        "    await run_in_threadpool(self.func, *self.args, **self.kwargs)\n"
        '  File "/app/tasks.py", line 8, in send\n    print(user.orders)\n'
        f'  File "{SITE}/sqlalchemy/orm/attributes.py", line 566, in __get__\n    return self.impl.get(state, dict_)\n'
        "sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x7f> is not bound to a Session; "
        "lazy load operation of attribute 'orders' cannot proceed",
        "background-tasks/request-session-used-in-task",
    ),
    "a body over several lines": (
        json.dumps(
            {"detail": [{"loc": ["query", "args"], "msg": "field required", "type": "value_error.missing"}]}, indent=2
        ),
        "dependency-injection/args-kwargs-become-query-parameters",
    ),
    "a driver for asyncio below an ordinary engine": (
        'Traceback (most recent call last):\n  File "/app/report.py", line 9, in totals\n    session.execute(query)\n'
        f'  File "{SITE}/sqlalchemy/engine/create.py", line 645, in connect\n    return dialect.connect(*cargs, **cparams)\n'
        f'  File "{SITE}/sqlalchemy/dialects/sqlite/aiosqlite.py", line 301, in connect\n'
        "    return AsyncAdapt_aiosqlite_connection(self, await_(connection))\n"
        "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_() here.",
        "database/sync-driver-in-async-engine",
    ),
    "an attribute whose loading opens a connection": (
        'Traceback (most recent call last):\n  File "/app/main.py", line 25, in create\n    return {"id": note.id}\n'
        f'  File "{SITE}/sqlalchemy/orm/attributes.py", line 569, in __get__\n    return self.impl.get(state, dict_)\n'
        f'  File "{SITE}/sqlalchemy/orm/loading.py", line 1607, in load_scalar_attributes\n    result = load_on_ident(\n'
        f'  File "{SITE}/sqlalchemy/dialects/sqlite/aiosqlite.py", line 301, in connect\n'
        "    return AsyncAdapt_aiosqlite_connection(self, await_(connection))\n"
        "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_() here.",
        "database/async-lazy-load",
    ),
    "a factory that takes an argument, started as the application": (
        f'Traceback (most recent call last):\n  File "{SITE}/uvicorn/middleware/asgi2.py", line 15, in __call__\n'
        "    await instance(receive, send)\n"
        "TypeError: FastAPI.__call__() missing 1 required positional argument: 'send'",
        "startup/import-string-wrong",
    ),
    "a class around the application, called without await": (
        f'Traceback (most recent call last):\n  File "{SITE}/uvicorn/middleware/asgi2.py", line 14, in __call__\n'
        "    instance = self.app(scope)\n"
        "TypeError: Stopwatch.__call__() missing 2 required positional arguments: 'receive' and 'send'",
        "middleware/does-not-forward",
    ),
    "a package that decodes what PyJWT 2 gives it": (
        'Traceback (most recent call last):\n  File "/app/main.py", line 12, in login\n    return issue(user)\n'
        f'  File "{SITE}/fastapi_jwt_thing/core.py", line 70, in issue\n    return jwt.encode(claims, key).decode()\n'
        "AttributeError: 'str' object has no attribute 'decode'",
        "environment/incompatible-library-versions",
    ),
    "one's own line that decodes it": (
        'Traceback (most recent call last):\n  File "/app/tokens.py", line 12, in issue\n'
        "    return jwt.encode(claims, key).decode()\nAttributeError: 'str' object has no attribute 'decode'",
        "environment/installed-version-older-than-docs",
    ),
    "a function of one's own": (
        "TypeError: helper() takes 1 positional argument but 2 were given",
        "own-code/wrong-arguments",
    ),
}
SAYS_LITTLE = {
    "a bare JSONDecodeError": (
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "own-code/value-not-parsable",
    ),
    "recursion in one's own function": (
        'Traceback (most recent call last):\n  File "/app/main.py", line 12, in read\n    return walk(node)\n'
        + '  File "/app/tree.py", line 8, in walk\n    return walk(node.parent)\n' * 2
        + "RecursionError: maximum recursion depth exceeded",
        "own-code/endless-recursion",
    ),
}
SAYS_NOTHING = {
    "a development server that is well": (
        "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)\n"
        "INFO:     Started reloader process [28720] using WatchFiles\n"
        "INFO:     Started server process [28722]\nINFO:     Waiting for application startup.\n"
        'INFO:     Application startup complete.\nINFO:     127.0.0.1:52411 - "GET / HTTP/1.1" 200 OK\n'
        'INFO:     127.0.0.1:52411 - "GET /favicon.ico HTTP/1.1" 404 Not Found\n'
    ),
    "a 422 is no login": '127.0.0.1:51234 - "POST /auth/register HTTP/1.1" 422 Unprocessable Entity',
    "a 500 is no container": '127.0.0.1:51234 - "GET /items HTTP/1.1" 500 Internal Server Error',
}


def answered(run, log):
    _, out, _ = run("answer", "--log", "-", "--format", "json", stdin=log)
    return json.loads(out)


@pytest.mark.parametrize("name", MET)
def test_an_error_that_one_cause_explains_is_diagnosed(run, name):
    log, cause = MET[name]
    answer = answered(run, log)
    assert (answer["status"], answer["diagnosis"][0]["cause"]) == ("diagnosed", cause)


@pytest.mark.parametrize("name", SAYS_LITTLE)
def test_an_ordinary_exception_is_ones_own_first(run, name):
    log, cause = SAYS_LITTLE[name]
    assert answered(run, log)["diagnosis"][0]["cause"] == cause


def test_what_a_signature_rules_out_does_not_speak_for_it_in_a_script(run):
    log = (
        'Traceback (most recent call last):\n  File "/app/models.py", line 5, in <module>\n    class Job(BaseModel):\n'
        f'  File "{SITE}/pydantic/_internal/_generate_schema.py", line 639, in _unknown_type_schema\n'
        "    raise PydanticSchemaGenerationError(\npydantic.errors.PydanticSchemaGenerationError: "
        "Unable to generate pydantic-core schema for <class 'starlette.requests.Request'>."
    )
    assert answered(run, log)["status"] == "unknown"


@pytest.mark.parametrize("name", SAYS_NOTHING)
def test_a_bare_line_of_an_access_log_proves_nothing(run, name):
    answer = answered(run, SAYS_NOTHING[name])
    assert answer["status"] == "unknown"
    assert all(item["probability"] < 0.2 for item in answer["diagnosis"])


@pytest.mark.parametrize("name", ["DetachedInstanceError", "MissingGreenlet", "WebSocketDisconnect"])
def test_an_exception_that_cannot_be_imported_was_not_raised(run, name):
    log = (
        'Traceback (most recent call last):\n  File "/srv/shop/main.py", line 3, in <module>\n'
        f"    from sqlalchemy.orm.exc import {name}\n"
        f"ImportError: cannot import name '{name}' from 'sqlalchemy.orm.exc' ({SITE}/sqlalchemy/orm/exc.py)"
    )

    first = answered(run, log)["diagnosis"][0]["cause"]

    assert first.startswith(("environment/", "own-code/"))


def test_what_is_quoted_keeps_its_characters(run):
    text = "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out — «ça» <b>&amp;"
    answer = answered(run, text)
    (reason, *_) = answer["diagnosis"][0]["reasons"]
    assert text[:60] in reason["what"]
    assert "«ça» <b>&amp;" in reason["what"]

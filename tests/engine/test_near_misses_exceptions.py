"""What looks like a mistake to a reader in a hurry, beside what is one: exceptions that are caught."""

import pytest
from marked import marks, told

HEAD = """
import logging

import typer
from fastapi import BackgroundTasks, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from mcp.server.fastmcp import FastMCP

app = FastAPI()
cli = typer.Typer()
mcp = FastMCP("items")


def find(item_id: int):
    if item_id > 9:
        raise HTTPException(404, "no such item")
    return item_id


"""
BROAD = "dependency-injection/broad-except-hides-http-exception"
CAUSES = (BROAD,)

SOURCES = {
    "an exception that is handed on": f"""
from unknown import translated


class NotThere(Exception):
    pass


def translate(error, status=500):
    if isinstance(error, HTTPException):
        return error
    return HTTPException(status, "something went wrong")


def with_status(status, error):
    return HTTPException(error.status_code, "something went wrong")


def again(error):
    logging.error("failed: %s", error)
    raise error


def by_type(error):
    return HTTPException(STATUS.get(type(error), 500), "something went wrong")


def matched(*, error):
    match error:
        case HTTPException():
            return error
        case _:
            return HTTPException(500)


def through(error):
    return translate(error)


def same_for_all(error):
    return HTTPException(500, f"{{type(error).__name__}} happened")


class Errors:
    def translate(self, error):
        return translate(error)

    @staticmethod
    def same(error):
        return error


STATUS = {{}}
errors = Errors()


@app.get("/a")
def a(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise translate(error)


@app.get("/b")
def b(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise with_status(500, error) from error


@app.get("/c")
def c(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        again(error)
        return JSONResponse({{}}, 500)


@app.get("/d")
def d(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise by_type(error)


@app.get("/e")
def e(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise matched(error=error)


@app.get("/f")
def f(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise through(error)


@app.get("/g")
def g(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise errors.translate(error)


@app.get("/h")
def h(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise Errors.same(error)


@app.get("/i")
def i(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise translated(error)


@app.get("/j")
def j(item_id: int):
    try:
        return find(item_id)
    except Exception as error:  # told: {BROAD}
        raise same_for_all(error)


@app.get("/k")
def k(item_id: int):
    try:
        return find(item_id)
    except Exception as error:  # told: {BROAD}
        logging.error("failed: %s", error)
        raise HTTPException(500, "something went wrong")
""",
    "a text that is meant for the client": f"""
class NotThere(Exception):
    pass


def error_response(error: Exception):
    return JSONResponse({{"detail": "something went wrong"}}, 500)


@app.get("/a")
def a(item_id: int):
    try:
        return 1 / item_id
    except NotThere as error:
        return JSONResponse({{"detail": str(error)}}, 404)
    except Exception as error:
        if isinstance(error, (NotThere, ValueError)):
            return JSONResponse({{"detail": str(error)}}, 404)
        return error_response(error)


@app.get("/b")
def b(item_id: int):
    try:
        return 1 / item_id
    except Exception as error:
        text = f"{{error}}"
        if isinstance(error, NotThere):
            logging.error("failed")
        return error_response(text)  # told: {BROAD}


@app.get("/c")
def c(item_id: int):
    try:
        return 1 / item_id
    except Exception as error:
        if not item_id:
            return JSONResponse({{"detail": str(error)}}, 404)  # told: {BROAD}
        raise
""",
    "no answer to a request": f"""
@cli.command()
def show(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise HTTPException(500, str(error))


@mcp.tool()
def lookup(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        return JSONResponse({{"error": str(error)}})


def work(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        raise HTTPException(500, str(error))


def both(item_id: int):
    try:
        return find(item_id)
    except Exception as error:  # told: {BROAD}
        raise HTTPException(500, str(error))  # told: {BROAD}


@app.post("/work")
async def start(tasks: BackgroundTasks):
    tasks.add_task(work, 1)
    tasks.add_task(both, 1)
    return both(1)
""",
    "what a script does as soon as it is read": f"""
def job():
    try:
        return find(10)
    except Exception as error:
        raise HTTPException(500, f"failed: {{error}}")


def both():
    try:
        return find(10)
    except Exception as error:  # told: {BROAD}
        raise HTTPException(500, f"failed: {{error}}")  # told: {BROAD}


@app.get("/a")
def a():
    return both()


job()
both()
""",
    "an exception that the literals of a call lead past": f"""
def row(number: int, required=True):
    if number > 9 and required:
        raise HTTPException(404, "no such row")
    return number


def through(number: int, strict):
    if not strict:
        return None
    return row(number)


def handed(number: int, required):
    return row(number, required=required)


@app.get("/a/{{number}}")
def a(number: int):
    try:
        return row(number, required=False)
    except Exception:
        raise HTTPException(500, "failed")


@app.get("/b/{{number}}")
def b(number: int):
    try:
        return row(number)
    except Exception:  # told: {BROAD}
        raise HTTPException(500, "failed")


@app.get("/c/{{number}}")
def c(number: int):
    try:
        return through(number, False)
    except Exception:
        raise HTTPException(500, "failed")


@app.get("/d/{{number}}")
def d(number: int, strict: bool):
    try:
        return through(number, strict)
    except Exception:  # told: {BROAD}
        raise HTTPException(500, "failed")


@app.get("/e/{{number}}")
def e(number: int):
    try:
        return handed(number, False)
    except Exception:
        raise HTTPException(500, "failed")


@app.get("/f/{{number}}")
def f(number: int):
    try:
        return handed(number, True)
    except Exception:  # told: {BROAD}
        raise HTTPException(500, "failed")
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES)

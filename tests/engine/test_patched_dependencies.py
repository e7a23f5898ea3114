"""Mistakes with dependencies as people write them, and what becomes of them line by line."""

import pytest

from tests.engine.patched import apply_all, assert_becomes, below, proposals, reasons_withheld, write

HEAD = """\
from fastapi import Depends, FastAPI
from fastapi.exceptions import HTTPException
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    with Session() as db:
        yield db


"""
WAYS = {
    "a comment goes into finally with what it is about": (
        "yield-without-finally",
        """
        def get_other():
            db = Session()
            # one for each request
            yield db

            # and back
            db.close()
            print('''
        closed''')


        @app.get("/")
        def read(db=Depends(get_other)): ...
        """,
        """
        def get_other():
            db = Session()
            try:
                # one for each request
                yield db
            finally:
                # and back
                db.close()
                print('''
        closed''')


        @app.get("/")
        def read(db=Depends(get_other)): ...
        """,
    ),
    "the exception that the file knows passes a handler that undoes something": (
        "broad-except-hides-http-exception",
        """
        @app.get("/")
        def read(db=Depends(get_db)):
            try:
                raise HTTPException(404)
            except Exception:
                db.rollback()
                raise HTTPException(500, "failed")
        """,
        """
        @app.get("/")
        def read(db=Depends(get_db)):
            try:
                raise HTTPException(404)
            except Exception as error:
                db.rollback()
                if isinstance(error, HTTPException):
                    raise
                raise HTTPException(500, "failed")
        """,
    ),
    "a try that only told what had failed goes, and texts inside it stay": (
        "broad-except-hides-http-exception",
        """
        @app.get("/")
        def read(number: int):
            if number > 99:
                raise HTTPException(404)
            try:
                text = '''
                many
        lines'''
                # the answer
                return text[number]
            except Exception as error:
                raise HTTPException(500, str(error))
        """,
        """
        @app.get("/")
        def read(number: int):
            if number > 99:
                raise HTTPException(404)
            text = '''
                many
        lines'''
            # the answer
            return text[number]
        """,
    ),
    "what is injected comes by name where the order forbids it": (
        "annotated-and-default-conflict",
        """
        from typing import Annotated

        Database = Annotated[Session, Depends(get_db)]


        @app.get("/")
        def read(
            page: int = 1,
            db: Database = Depends(get_db),
        ):
            return page
        """,
        """
        from typing import Annotated

        Database = Annotated[Session, Depends(get_db)]


        @app.get("/")
        def read(
            page: int = 1,
            *,
            db: Database,
        ):
            return page
        """,
    ),
    "what is open around a call stays open for what follows": (
        "depends-called-outside-fastapi",
        """
        import contextlib


        def find(number: int, db=Depends(get_db)):
            return db.get(number)


        @app.get("/")
        def read(found=Depends(find)): ...


        def job():
            found = find(1)
            return found.name
        """,
        """
        import contextlib


        def find(number: int, db=Depends(get_db)):
            return db.get(number)


        @app.get("/")
        def read(found=Depends(find)): ...


        def job():
            with contextlib.contextmanager(get_db)() as db:
                found = find(1, db=db)
                return found.name
        """,
    ),
}
WITHHELD = {
    "what is handed on may still be in use": (
        "depends-called-outside-fastapi",
        """
        class Items:
            def __init__(self, db=Depends(get_db)):
                self.db = db


        @app.get("/")
        def read(items=Depends(Items)): ...


        def make():
            return Items()
        """,
        "may still be in use",
    ),
    "a WebSocket's client leaves": (
        "yield-swallows-exception",
        """
        from fastapi import WebSocketDisconnect


        def get_other():
            try:
                yield 1
            except WebSocketDisconnect:
                print("left")


        @app.get("/")
        def read(other=Depends(get_other)): ...
        """,
        "a client that leaves",
    ),
    "an except that is also for the opening": (
        "yield-more-or-less-than-once",
        """
        def get_other():
            try:
                db = Session()
                yield db
            except OSError:
                yield None


        @app.get("/")
        def read(other=Depends(get_other)): ...
        """,
        "what comes before the first yield",
    ),
    "two dependencies of one type": (
        "missing-depends",
        """
        def get_other():
            with Session() as db:
                yield db


        @app.get("/")
        def read(one: Session, two=Depends(get_db), three=Depends(get_other)): ...
        """,
        "several dependencies give Session: get_db, get_other",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_is_mended_as_by_hand(way, tmp_path):
    cause, before, after = WAYS[way]
    assert_becomes(tmp_path, f"dependency-injection/{cause}", below(HEAD, before), below(HEAD, after))


@pytest.mark.parametrize("way", WITHHELD)
def test_what_would_be_a_guess_is_withheld(way, tmp_path):
    cause, source, why = WITHHELD[way]
    reasons = reasons_withheld(tmp_path, f"dependency-injection/{cause}", below(HEAD, source))
    assert all(why in reason for reason in reasons)


def test_two_findings_with_one_change_are_mended_at_once(tmp_path):
    source = """
from typing import Annotated

from fastapi import Query


@app.get("/")
def read(page: Annotated[int, Query(1)], size: Annotated[int, Query(2)]): ...
"""
    folder = write(tmp_path, {"main.py": HEAD + source})
    maker, found = proposals(folder, "dependency-injection/annotated-and-default-conflict")
    _, taken = maker.together(found)
    assert len(taken) == len(found) == 2


def test_a_dependency_is_imported_as_the_file_imports_its_neighbours(tmp_path):
    files = {
        "app/__init__.py": "",
        "app/database.py": HEAD.replace("app = FastAPI()\n", "LIMIT = 10\n"),
        "app/main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from .database import LIMIT

app = FastAPI()


@app.get("/")
def read(db: Session, limit: int = LIMIT): ...


@app.get("/other")
def other(limit: int = Depends(lambda: LIMIT)): ...
""",
    }
    after = apply_all(write(tmp_path, files), "dependency-injection/missing-depends")["app/main.py"].decode()
    assert "from .database import LIMIT, get_db\n" in after
    assert "def read(db: Session = Depends(get_db), limit: int = LIMIT): ...\n" in after

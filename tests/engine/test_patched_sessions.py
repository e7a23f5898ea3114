"""Mistakes with sessions and engines as people write them, and what becomes of them line by line."""

import pytest

from tests.engine.databases import assert_becomes, assert_withheld

WAYS = {
    "with takes in what is done until the session is closed": (
        "session-not-closed",
        """
        @app.get("/")
        def read():
            db = Session(
                engine,
            )  # by hand
            # and now

            found = db.scalar(text('''SELECT
                1'''))
            db.close()

            return found


        @app.get("/other")
        def other():
            db = SessionLocal()

            return db.scalar(text("SELECT 1"))
        """,
        """
        @app.get("/")
        def read():
            with Session(
                engine,
            ) as db:  # by hand
                # and now

                found = db.scalar(text('''SELECT
                1'''))

            return found


        @app.get("/other")
        def other():
            with SessionLocal() as db:
                return db.scalar(text("SELECT 1"))
        """,
    ),
    "what several requests make is made once": (
        "engine-per-request",
        """
        # one
        @app.get("/one")
        def one():
            client = MongoClient(os.environ["URL"])
            return client.shop.items.find_one()


        @app.get("/two")
        def two():
            return MongoClient(os.environ["URL"]).shop.items.find_one()


        def get_engine():
            made = create_engine(os.environ["DATABASE_URL"])
            return made


        @app.get("/three")
        def three(engine: Annotated[object, Depends(get_engine)]): ...
        """,
        """
        client = MongoClient(os.environ["URL"])


        # one
        @app.get("/one")
        def one():
            return client.shop.items.find_one()


        @app.get("/two")
        def two():
            return client.shop.items.find_one()


        @cache
        def get_engine():
            made = create_engine(os.environ["DATABASE_URL"])
            return made


        @app.get("/three")
        def three(engine: Annotated[object, Depends(get_engine)]): ...
        """,
    ),
    "an endpoint that starts a task stays on the loop": (
        "sync-session-in-async-endpoint",
        """
        @app.get("/")
        async def read(db: Session):
            asyncio.create_task(asyncio.sleep(1))
            db.commit()
        """,
        """
        @app.get("/")
        async def read(db: Session):
            asyncio.create_task(asyncio.sleep(1))
            await run_in_threadpool(db.commit)
        """,
    ),
}
WITHHELD = {
    "a session that is used behind its block": (
        "session-not-closed",
        """
        @app.get("/")
        def read():
            try:
                db = Session(engine)
                db.execute(text("SELECT 1"))
            except OSError:
                db.rollback()
        """,
    ),
    "a row that is expired by a commit": (
        "session-not-closed",
        """
        @app.post("/")
        def add():
            db = Session(engine)
            item = Item()
            db.add(item)
            db.commit()
            return item
        """,
    ),
    "an engine for each tenant": (
        "engine-per-request",
        """
        @app.get("/{tenant}")
        def read(tenant: str):
            engine = create_engine(f"sqlite:///{tenant}.db")
            return engine.connect()
        """,
    ),
    "two engines of one name": (
        "engine-per-request",
        """
        @app.get("/one")
        def one():
            client = MongoClient("one")
            return client.shop.items.find_one()


        @app.get("/two")
        def two():
            client = MongoClient("two")
            return client.shop.items.find_one()
        """,
    ),
    "a session that a helper uses, too": (
        "global-session",
        """
        shared = SessionLocal()


        def helper():
            return shared.scalar(text("SELECT 1"))


        @app.get("/")
        def read():
            return shared.scalar(text("SELECT 1")) + helper()
        """,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_becomes_what_a_person_would_write(way, tmp_path):
    assert_becomes(tmp_path, *WAYS[way])


@pytest.mark.parametrize("way", WITHHELD)
def test_where_it_would_have_to_guess_it_says_why(way, tmp_path):
    assert_withheld(tmp_path, *WITHHELD[way])

"""Mistakes with queries as people write them, and what becomes of them line by line."""

import pytest

from tests.engine.databases import assert_becomes, assert_withheld

WAYS = {
    "a chain of lines gets one more": (
        "n-plus-one",
        """
        @app.get("/")
        def read(db: Session):
            query = (
                select(Item)
                .where(Item.id > 3)
                .limit(10)
            )
            return [item.owner.name for item in db.scalars(query).all()]
        """,
        """
        @app.get("/")
        def read(db: Session):
            query = (
                select(Item)
                .options(selectinload(Item.owner))
                .where(Item.id > 3)
                .limit(10)
            )
            return [item.owner.name for item in db.scalars(query).all()]
        """,
    ),
    "texts keep their lines, pieces of texts are laid out": (
        "raw-sql-needs-text",
        '''
        @app.get("/")
        def read(db: Session):
            db.execute("""
                SELECT 1
            """)
            db.execute(
                "SELECT *"  # all
                " FROM items WHERE id = :id",
                {"id": 1},
            )
        ''',
        '''
        @app.get("/")
        def read(db: Session):
            db.execute(text("""
                SELECT 1
            """))
            db.execute(
                text(
                    "SELECT *"  # all
                    " FROM items WHERE id = :id"
                ),
                {"id": 1},
            )
        ''',
    ),
    "patterns and numbers are bound, what is no value of the client's stays": (
        "sql-injection",
        """
        @app.get("/")
        def read(name: str, number: int, kind: str, db: Session):
            db.execute(
                text(
                    f"SELECT * FROM items WHERE name LIKE '%{name}%' "
                    f"AND kind = {kind} LIMIT {number}"
                ),
            )
        """,
        """
        @app.get("/")
        def read(name: str, number: int, kind: str, db: Session):
            db.execute(
                text(
                    "SELECT * FROM items WHERE name LIKE :name "
                    f"AND kind = :kind LIMIT {number}"
                ),
                {"name": f"%{name}%", "kind": kind},
            )
        """,
    ),
    "each driver has a way of its own, and a statement without one is wrapped": (
        "sql-injection",
        """
        @app.get("/")
        def read(name: str, kind: str, db: Session):
            with sqlite3.connect("app.db") as connection:
                connection.execute("SELECT * FROM items WHERE name = '%s' AND kind = '%s'" % (name, kind))
            query = "SELECT * FROM items WHERE name = '{}'".format(name)
            db.execute(query, {"other": 1})
            statement = text("SELECT * FROM items WHERE name = '" + name + "'")
            return db.execute(statement).all()
        """,
        """
        @app.get("/")
        def read(name: str, kind: str, db: Session):
            with sqlite3.connect("app.db") as connection:
                connection.execute("SELECT * FROM items WHERE name = ? AND kind = ?", (name, kind))
            query = "SELECT * FROM items WHERE name = :name"
            db.execute(text(query), {"other": 1, "name": name})
            statement = text("SELECT * FROM items WHERE name = :name").bindparams(name=name)
            return db.execute(statement).all()
        """,
    ),
    "a column to sort by is one of those that are selected": (
        "sql-injection",
        """
        @app.get("/")
        def read(db: Session, sort: str = "id"):
            return db.execute(text(f"SELECT id, name FROM items ORDER BY {sort}")).all()
        """,
        """
        @app.get("/")
        def read(db: Session, sort: Literal["id", "name"] = "id"):
            return db.execute(text(f"SELECT id, name FROM items ORDER BY {sort}")).all()
        """,
    ),
    "a helper passes the page on, which its endpoints take": (
        "unbounded-query",
        """
        class Items:
            def __init__(self, db: Session):
                self.db = db

            def all(self):
                return self.db.query(Item).all()


        @app.get("/")
        def read(db: Annotated[Session, Depends(SessionLocal)]):
            return Items(db).all()
        """,
        """
        class Items:
            def __init__(self, db: Session):
                self.db = db

            def all(self, limit: int, offset: int):
                return self.db.query(Item).order_by(Item.id).limit(limit).offset(offset).all()


        @app.get("/")
        def read(
            db: Annotated[Session, Depends(SessionLocal)],
            limit: Annotated[int, Query(ge=1, le=100)] = 50,
            offset: Annotated[int, Query(ge=0)] = 0,
        ):
            return Items(db).all(limit=limit, offset=offset)
        """,
    ),
    "a limit that has a Query keeps it": (
        "unbounded-query",
        """
        @app.get("/")
        def read(db: Session, *, limit: int = Query(500, ge=0), per_page: Annotated[int, Query()] = 10):
            return db.query(Item).limit(limit).all()
        """,
        """
        @app.get("/")
        def read(db: Session, *, limit: int = Query(500, ge=0, le=500), per_page: Annotated[int, Query(le=100)] = 10):
            return db.query(Item).limit(limit).all()
        """,
    ),
    "what is awaited in parentheses is taken out behind them": (
        "row-returned-as-is",
        """
        @app.get("/one")
        async def one(db: AsyncSession):
            return (await db.execute(select(Item))).first()


        @app.get("/two")
        async def two(db: AsyncSession):
            return await db.scalars(select(Item).limit(10))
        """,
        """
        @app.get("/one")
        async def one(db: AsyncSession):
            return (await db.execute(select(Item))).scalars().first()


        @app.get("/two")
        async def two(db: AsyncSession):
            return (await db.scalars(select(Item).limit(10))).all()
        """,
    ),
}
WITHHELD = {
    "a dynamic relationship": (
        "n-plus-one",
        """
        @app.get("/")
        def read(db: Session):
            return [list(item.log) for item in db.scalars(select(Item)).all()]
        """,
    ),
    "parameters of the driver": (
        "raw-sql-needs-text",
        """
        @app.get("/")
        def read(db: Session):
            db.execute("SELECT * FROM items WHERE id = ?", (1,))
        """,
    ),
    "a colon that would be taken for a parameter": (
        "raw-sql-needs-text",
        """
        @app.get("/")
        def read(db: Session):
            db.execute("SELECT '{\\"a\\":1}'")
        """,
    ),
    "a parameter that hides text()": (
        "raw-sql-needs-text",
        """
        @app.get("/")
        def read(text: str, db: Session):
            db.execute("SELECT 1")
        """,
    ),
    "a list of values": (
        "sql-injection",
        """
        @app.get("/")
        def read(ids: str, db: Session):
            db.execute(text(f"SELECT * FROM items WHERE id IN ({ids})"))
        """,
    ),
    "a cast behind the value": (
        "sql-injection",
        """
        @app.get("/")
        def read(name: str, db: Session):
            db.execute(text(f"SELECT * FROM items WHERE name = '{name}'::uuid"))
        """,
    ),
    "a text that is run twice": (
        "sql-injection",
        """
        @app.get("/")
        def read(name: str, db: Session):
            query = f"SELECT * FROM items WHERE name = '{name}'"
            db.execute(text(query))
            db.execute(text(query))
        """,
    ),
    "rows that are chosen from in Python": (
        "unbounded-query",
        """
        @app.get("/")
        def read(db: Session):
            return [item for item in db.query(Item).all() if item.id > 3]
        """,
    ),
    "no limit unless the client gives one": (
        "unbounded-query",
        """
        @app.get("/")
        def read(db: Session, limit: int | None = None):
            return db.query(Item).limit(limit).all()
        """,
    ),
    "rows that go from one variable to the other and back": (
        "unbounded-query",
        """
        @app.get("/")
        def read(db: Session):
            rows = db.scalars(select(Item)).all()
            shown = rows
            rows = shown
            return sorted(rows)
        """,
    ),
    "rows that are used besides": (
        "row-returned-as-is",
        """
        @app.get("/")
        def read(db: Session):
            rows = db.execute(select(Item.id)).all()
            for row in rows:
                print(row.id)
            return rows
        """,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_becomes_what_a_person_would_write(way, tmp_path):
    assert_becomes(tmp_path, *WAYS[way])


@pytest.mark.parametrize("way", WITHHELD)
def test_where_it_would_have_to_guess_it_says_why(way, tmp_path):
    assert_withheld(tmp_path, *WITHHELD[way])

"""Whether an INSERT outside a transaction stays; and when a commit behind the yield comes."""

CLAIMS = ["Since SQLAlchemy 2.0", "Since FastAPI 0.118"]
SEEN = {
    "fastapi-0.105": "kept, sent first",
    "fastapi-0.117": "lost, committed first",
    "fastapi-0.121": "lost, sent first",
    "now": "lost, sent first",
}

from asgi import Conversation, call, scope
from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, select
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool)
table = Table("t", MetaData(), Column("id", Integer))
table.metadata.create_all(engine)
with engine.connect() as connection:
    connection.execute(table.insert().values(id=1))
with engine.connect() as connection:
    rows = connection.execute(select(func.count()).select_from(table)).scalar()

conversation = Conversation([{"type": "http.request", "body": b"", "more_body": False}])
seen = []


def session():
    yield
    seen.append("sent first" if conversation.sent else "committed first")


app = FastAPI()


@app.get("/")
def read(_=Depends(session)):
    return {}


call(app, conversation, scope("http", "/"))
print("kept" if rows else "lost", *seen, sep=", ")

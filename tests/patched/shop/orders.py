"""Orders of a shop, with two mistakes: a dependency that is called, and a statement that is no text()."""

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite://", connect_args={"check_same_thread": False})
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/orders/count")
def count_orders(session: Session = Depends(get_session())):
    return session.execute("SELECT 7").scalar()

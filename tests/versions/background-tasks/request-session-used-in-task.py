"""Whether the background task or the code behind the yield comes first."""

CLAIMS = ["From FastAPI 0.106 to 0.117", "Since FastAPI 0.118"]
SEEN = {
    "fastapi-0.105": "task cleanup",
    "fastapi-0.117": "cleanup task",
    "fastapi-0.121": "task cleanup",
    "now": "task cleanup",
}

from asgi import get
from fastapi import BackgroundTasks, Depends, FastAPI

order = []


def session():
    yield
    order.append("cleanup")


app = FastAPI()


@app.get("/")
def read(tasks: BackgroundTasks, _=Depends(session)):
    tasks.add_task(order.append, "task")
    return {}


get(app)
print(*order)

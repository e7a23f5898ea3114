"""Each request loads the model again, so even a short one takes as long as the load."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/predict", "endpoint": "predict"}

# --- broken ---
import time
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI


class Model:
    def __init__(self) -> None:
        time.sleep(1)

    def predict(self, text: str) -> int:
        return len(text)


def get_model() -> Model:
    return Model()


router = APIRouter()


@router.get("/predict")
def predict(text: str, model: Annotated[Model, Depends(get_model)]) -> int:
    return model.predict(text)


app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import time

    with bench.server() as server:
        started = time.monotonic()
        for _ in range(4):
            assert get(server.url("/predict?text=hello"))[2] == "5"
        assert time.monotonic() - started < 2, "every request waits for the model to be loaded"

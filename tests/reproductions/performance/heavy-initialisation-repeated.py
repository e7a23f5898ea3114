"""Each request loads the model again."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/predict", "endpoint": "predict"}
WRONG = {
    "use_cache": [("Depends(get_model)", "Depends(get_model, use_cache=True)")],
    "async def for the dependency": [("def get_model", "async def get_model")],
    "the class as the dependency": [("Depends(get_model)", "Depends(Model)")],
}

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


# --- application ---
loads: list[float] = []
time.sleep = loads.append  # counts how often a model is loaded


@app.get("/loads")
async def read_loads() -> int:
    return len(loads)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        for _ in range(4):
            assert get(server.url("/predict?text=hello"))[2] == "5"
        assert get(server.url("/loads"))[2] == "1", "the model is loaded for each request"

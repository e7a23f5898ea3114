"""Prices, with two mistakes: a path that shadows another, and a wait that keeps every other request waiting."""

import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/prices/{article}")
async def read_price(article: str) -> float:
    time.sleep(1)  # the supplier's answer
    return 10.0


@app.get("/prices/currencies")
def list_currencies() -> list[str]:
    return ["EUR", "USD"]

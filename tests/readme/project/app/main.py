"""A small application with two mistakes, for the commands and the pictures in README.md."""

import os

import requests
from fastapi import FastAPI

RATES = os.environ.get("RATES", "https://rates.example")

app = FastAPI()


def exchange_rate(currency: str) -> float:
    return float(requests.get(f"{RATES}/{currency}", timeout=5).text)


@app.get("/prices/{currency}")
async def read_price(currency: str) -> float:
    return 10 * exchange_rate(currency)


@app.get("/prices/currencies")
def list_currencies() -> list[str]:
    return ["EUR", "USD"]

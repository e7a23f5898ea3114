"""A small application with two mistakes, for the commands in README.md."""

import requests
from fastapi import FastAPI

app = FastAPI()


def exchange_rate(currency: str) -> float:
    return float(requests.get(f"https://rates.example/{currency}", timeout=5).text)


@app.get("/prices/{currency}")
async def read_price(currency: str) -> float:
    return 10 * exchange_rate(currency)


@app.get("/prices/currencies")
def list_currencies() -> list[str]:
    return ["EUR", "USD"]

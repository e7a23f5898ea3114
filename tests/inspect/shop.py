"""An application with something of everything."""

SHOP = """\
import os
from typing import Annotated
from contextlib import asynccontextmanager
from fastapi import APIRouter, Depends, FastAPI, Request, Security, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer, SecurityScopes
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel

class Item(BaseModel):
    name: str

@asynccontextmanager
async def lifespan(app):
    yield

app = FastAPI(title="Shop", lifespan=lifespan)
app.add_middleware(GZipMiddleware, minimum_size=500)

class Signed:
    def __init__(self, app, secret_key): self.app = app
    async def __call__(self, scope, receive, send): await self.app(scope, receive, send)

app.add_middleware(Signed, secret_key="do not tell")

@app.middleware("http")
async def timing(request: Request, call_next):
    return await call_next(request)

app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
oauth2 = OAuth2PasswordBearer(tokenUrl="token")

def get_db():
    yield "db"

async def get_user(scopes: SecurityScopes, token: Annotated[str, Depends(oauth2)], db=Depends(get_db)):
    return "user"

@app.post("/token")
def token(): ...

router = APIRouter(prefix="/items", tags=["items"])

@router.get("/{item_id}", response_model=Item)
async def read_item(item_id: int, user=Security(get_user, scopes=["read"]), db=Depends(get_db)): ...

@router.delete("/{item_id}", status_code=204)
def delete_item(item_id: int, fresh=Depends(get_db, use_cache=False)): ...

app.include_router(router)

@app.websocket("/feed")
async def feed(websocket: WebSocket): ...

@app.exception_handler(ValueError)
async def bad_value(request, error): ...

admin = FastAPI(title="Admin")
admin.add_middleware(GZipMiddleware)

@admin.get("/users")
def admin_users(): ...

app.mount("/admin", admin)
app.mount("/static", StaticFiles(directory=os.getcwd()), name="static")
"""

"""What the patches of WebSocket causes make of code as people write it, to the letter, and where they hold back."""

import pytest

from tests.engine.patched import assert_becomes, below, reasons_withheld

HEAD = """\
import asyncio
import json

import anyio
from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect, WebSocketException
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
clients: set[WebSocket] = set()
users: dict[str, WebSocket] = {}


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


"""
MENDED = {
    "accept behind a check": (
        "accept-not-called",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket, token: str = ""):
            if not token:
                await ws.close(code=1008)
                return
            # everybody else
            clients.add(ws)
            await ws.send_text("welcome")
        """,
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket, token: str = ""):
            if not token:
                await ws.close(code=1008)
                return
            await ws.accept()
            # everybody else
            clients.add(ws)
            await ws.send_text("welcome")
        """,
    ),
    "what stands behind the loop is not for a client that has left": (
        "disconnect-not-handled",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            clients.add(ws)
            while True:
                await ws.send_text(await ws.receive_text())
            clients.remove(ws)
        """,
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            clients.add(ws)
            try:
                while True:
                    await ws.send_text(await ws.receive_text())
            except WebSocketDisconnect:
                clients.discard(ws)
                return
            clients.remove(ws)
        """,
    ),
    "the disconnect goes on to who expects it": (
        "broad-except-hides-disconnect",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            try:
                while True:
                    try:
                        await ws.send_json(await ws.receive_json())
                    except Exception:
                        print("bad")
            except WebSocketDisconnect:
                print("left")
        """,
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            try:
                while True:
                    try:
                        await ws.send_json(await ws.receive_json())
                    except WebSocketDisconnect:
                        raise
                    except Exception:
                        print("bad")
            except WebSocketDisconnect:
                print("left")
        """,
    ),
    "close where the client is still there": (
        "close-after-disconnect",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            try:
                while await ws.receive_text() != "bye":
                    await ws.send_text("again")
            except WebSocketDisconnect:
                print("left")
            except Exception:
                print("failed")
            finally:
                await ws.close(code=1000)
        """,
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            try:
                while await ws.receive_text() != "bye":
                    await ws.send_text("again")
                await ws.close(code=1000)
            except WebSocketDisconnect:
                print("left")
            except Exception:
                print("failed")
                await ws.close(code=1000)
        """,
    ),
    "a helper raises instead of closing, a loop is left": (
        "send-after-close",
        """
        async def check(ws: WebSocket, token: str):
            if token != "secret":
                await ws.close(reason="wrong token")  # no
                return


        @app.websocket("/ws")
        async def chat(ws: WebSocket, token: str = ""):
            await check(ws, token)
            await ws.accept()
            for _ in range(9):
                if await ws.receive_text() == "bye":
                    await ws.close()
                    print("bye")
                await ws.send_text("again")
            print("over")
        """,
        """
        async def check(ws: WebSocket, token: str):
            if token != "secret":
                raise WebSocketException(code=1000, reason="wrong token")  # no


        @app.websocket("/ws")
        async def chat(ws: WebSocket, token: str = ""):
            await check(ws, token)
            await ws.accept()
            for _ in range(9):
                if await ws.receive_text() == "bye":
                    await ws.close()
                    print("bye")
                    break
                await ws.send_text("again")
            print("over")
        """,
    ),
    "a thread of FastAPI's hands over to the loop": (
        "sent-from-another-thread",
        """
        @app.post("/tell")
        def tell(word: str):
            for ws in list(clients):
                ws.send_json(
                    {"word": word},
                )
        """,
        """
        @app.post("/tell")
        def tell(word: str):
            for ws in list(clients):
                anyio.from_thread.run(
                    ws.send_json,
                    {"word": word},
                )
        """,
    ),
    "a session moves into the loop": (
        "session-held-for-socket-lifetime",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            with SessionLocal() as db:
                await ws.accept()
                async for word in ws.iter_text():
                    # look it up
                    found = db.scalar(text(word))
                    await ws.send_text(found)
        """,
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            async for word in ws.iter_text():
                # look it up
                with SessionLocal() as db:
                    found = db.scalar(text(word))
                    await ws.send_text(found)
        """,
    ),
    "a session is no parameter any more": (
        "session-held-for-socket-lifetime",
        """
        @app.get("/words")
        def count(db: Session = Depends(get_db)):
            return db.scalar(text("1"))


        @app.websocket("/ws")
        async def chat(
            ws: WebSocket,
            db: Session = Depends(get_db),
            name: str = "",
        ):
            await ws.accept()
            async for word in ws.iter_text():
                await ws.send_text(db.scalar(text(word)))
        """,
        """
        @app.get("/words")
        def count(db: Session = Depends(get_db)):
            return db.scalar(text("1"))


        @app.websocket("/ws")
        async def chat(
            ws: WebSocket,
            name: str = "",
        ):
            await ws.accept()
            async for word in ws.iter_text():
                with SessionLocal() as db:
                    await ws.send_text(db.scalar(text(word)))
        """,
    ),
    "the loop that sends becomes a task": (
        "disconnect-unnoticed-when-only-sending",
        """
        @app.websocket("/ws")
        async def ticks(ws: WebSocket):
            await ws.accept()
            count = 0
            while True:
                count += 1
                await ws.send_json({"count": count})
        """,
        """
        @app.websocket("/ws")
        async def ticks(ws: WebSocket):
            await ws.accept()
            count = 0

            async def send() -> None:
                nonlocal count
                try:
                    while True:
                        count += 1
                        await ws.send_json({"count": count})
                except WebSocketDisconnect:
                    pass

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(send)
                # Only a receive call learns that the client has left.
                while (await ws.receive())["type"] != "websocket.disconnect":
                    pass
                tasks.cancel_scope.cancel()
        """,
    ),
    "who leaves does not take the next connection of the same name along": (
        "disconnect-not-handled",
        """
        @app.websocket("/ws/{name}")
        async def chat(ws: WebSocket, name: str):
            await ws.accept()
            users[name] = ws
            queue.append(ws)
            while True:
                await ws.send_text(await ws.receive_text())
        """,
        """
        @app.websocket("/ws/{name}")
        async def chat(ws: WebSocket, name: str):
            await ws.accept()
            users[name] = ws
            queue.append(ws)
            try:
                while True:
                    await ws.send_text(await ws.receive_text())
            except WebSocketDisconnect:
                if ws in queue:
                    queue.remove(ws)
                if users.get(name) is ws:
                    del users[name]
        """,
    ),
    "a dict drops who is still the same, and others may drop twice": (
        "dead-connections-kept",
        """
        def leave(name: str):
            del users[name]


        async def broadcast(word: str):
            for name, ws in users.items():
                if name != word:
                    await ws.send_text(word)
                print(name)
        """,
        """
        def leave(name: str):
            users.pop(name, None)


        async def broadcast(word: str):
            for name, ws in list(users.items()):
                if name != word:
                    try:
                        await ws.send_text(word)
                    except (WebSocketDisconnect, RuntimeError):
                        if users.get(name) is ws:
                            del users[name]
                        continue
                print(name)
        """,
    ),
    "an endpoint forgets its socket however it ends": (
        "dead-connections-kept",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            clients.add(ws)
            try:
                while True:
                    print(json.loads(await ws.receive_text()))
            except WebSocketDisconnect:
                print("left")
                # nobody sends to it any more
                clients.discard(ws)
        """,
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            clients.add(ws)
            try:
                while True:
                    print(json.loads(await ws.receive_text()))
            except WebSocketDisconnect:
                print("left")
            finally:
                # nobody sends to it any more
                clients.discard(ws)
        """,
    ),
}
WITHHELD = {
    "accept in a branch": (
        "accept-not-called",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket, token: str = ""):
            if token:
                await ws.send_text("welcome")
            else:
                await ws.close()
        """,
        "the WebSocket is refused and used in branches of one statement",
    ),
    "a broadcast that may fail for others": (
        "broad-except-hides-disconnect",
        """
        async def broadcast(word: str):
            for client in list(clients):
                await client.send_text(word)


        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            while True:
                try:
                    await broadcast(await ws.receive_text())
                except Exception:
                    print("bad")
        """,
        "what is sent to other clients there may raise WebSocketDisconnect, too",
    ),
    "a session that outlives the loop": (
        "session-held-for-socket-lifetime",
        """
        @app.websocket("/ws")
        async def chat(ws: WebSocket, db: Session = Depends(get_db)):
            user = db.scalar(text("SELECT 1"))
            async for word in ws.iter_text():
                print(db.scalar(text(word)), user)
        """,
        "the session is used for more than one message",
    ),
    "a target of a thread": (
        "sent-from-another-thread",
        """
        import threading


        def tell(ws: WebSocket):
            ws.send_text("hello")


        @app.websocket("/ws")
        async def chat(ws: WebSocket):
            await ws.accept()
            threading.Thread(target=tell, args=(ws,)).start()
        """,
        "tell may run in a thread of its own, which has to be given the event loop",
    ),
}


@pytest.mark.parametrize("case", MENDED)
def test_code_is_changed_as_by_hand(case, tmp_path):
    cause, broken, mended = MENDED[case]
    assert_becomes(tmp_path, f"websocket/{cause}", below(HEAD, broken), below(HEAD, mended))


@pytest.mark.parametrize("case", WITHHELD)
def test_a_guess_is_not_made(case, tmp_path):
    cause, source, reason = WITHHELD[case]
    assert reasons_withheld(tmp_path, f"websocket/{cause}", below(HEAD, source)) == [reason]

"""A terminal with the wizard in it, for the tests of the dialogue."""

import queue
import re
import sys
import threading

import pexpect
import pyte

CAUSE = "websocket/disconnect-not-handled"
DOWN = "\x1b[B"
LOG = """\
Traceback (most recent call last):
  File "/srv/app/chat.py", line 12, in talk
    text = await websocket.receive_text()
  File "/srv/app/.venv/lib/python3.12/site-packages/starlette/websockets.py", line 126, in receive_text
    self._raise_on_disconnect(message)
starlette.websockets.WebSocketDisconnect: (1001, '')
"""


class Terminal:
    """A terminal with a program in it: what is typed, and what stands on the screen."""

    def __init__(self, arguments, folder, environment, columns=100, rows=60):
        self.screen = pyte.HistoryScreen(columns, rows, history=2000)
        self.stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "troubleshoot", *arguments],
            cwd=str(folder),
            env=environment,
            dimensions=(rows, columns),
            timeout=30,
        )
        self.child.logfile_read = self
        self.raw = b""
        self._typed = queue.SimpleQueue()
        # A program that draws while more is typed than a terminal holds is read from meanwhile.
        threading.Thread(target=self._type, daemon=True).start()

    def write(self, data):
        self.raw += data
        self.stream.feed(data)

    def flush(self):
        pass

    def type(self, text):
        self._typed.put(text)

    def _type(self):
        while (text := self._typed.get()) is not None:
            left = text.encode()
            while left:
                left = left[self.child.send(left) :]

    def wait_for(self, pattern):
        """Wait for one of some patterns, or a list of them, and return the index of the one that came."""
        return self.child.expect(pattern)

    def settle(self):
        """Wait until nothing more is drawn."""
        while self.child.expect([pexpect.TIMEOUT, ".+"], timeout=0.5):
            pass

    def end(self):
        self.child.expect(pexpect.EOF)
        self._typed.put(None)
        self.child.close()
        return self.child.exitstatus

    @property
    def text(self):
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw.decode(errors="replace")).replace("\r", "")


def pick(wizard, label):
    """Choose the plain option whose text holds `label`."""
    wizard.wait_for("Number or letter: ")
    pick_here(wizard, label)


def pick_here(wizard, label):
    found = re.findall(rf"^  (\S+)\. [^\n]*{re.escape(label)}", wizard.text, re.MULTILINE)
    assert found, wizard.text
    wizard.type(f"{found[-1]}\r")


def describe(wizard, text=""):
    """Describe what is wrong to a plain wizard, or only press Enter."""
    wizard.wait_for("nothing, for a list[^>]*> ")
    wizard.type(f"{text}\r\r" if text else "\r")

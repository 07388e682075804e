"""The Calc add-in inside LibreOffice: it hands cells to the project's Python and its answer back.

It runs in LibreOffice's own Python, which has neither the project nor its packages and may be of
another version: so the functions live in another process, `calc_answers.py`, one JSON line per
question. Whatever becomes of that process, a cell gets a sentence and Calc goes on.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import threading

import uno
import unohelper

with open(os.path.join(os.path.dirname(__file__), "settings.json"), encoding="utf-8") as _file:
    SETTINGS = json.load(_file)

STOPPED = [["Lỗi: Python ngừng giữa chừng hoặc không trả lời. Hãy tính lại (Ctrl+Shift+F9)."]]
DATE, LOGICAL = 2, 1024  # of com.sun.star.util.NumberFormat
# What Calc's errors are called in Excel; any other is #VALUE!.
ERRORS = {
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}


class Python:
    """The other process: started at the first question, and again if it is gone."""

    def __init__(self):
        self._process = None

    def ask(self, question):
        """Return the answer to *question*, or `STOPPED`."""
        timer = None
        try:
            process = self._running()
            timer = threading.Timer(SETTINGS["seconds"], process.kill)
            timer.start()
            process.stdin.write(json.dumps(question).encode("ascii") + b"\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())
        except (OSError, ValueError):  # no such program, it is gone, or it was in mid-answer
            self._forget()
            return STOPPED
        finally:
            if timer:
                timer.cancel()

    def _running(self):
        if self._process is None or self._process.poll() is not None:
            # LibreOffice sets PYTHONHOME and PYTHONPATH for its own Python.
            ours = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
            self._process = subprocess.Popen(
                SETTINGS["command"],
                env=dict(ours, PYTHONPATH=SETTINGS["path"]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _forget(self):
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


PYTHON = Python()


class Functions(unohelper.Base, uno.getClass(SETTINGS["interface"])):
    """The UNO object that Calc calls: one method for each custom function, added below."""

    def __init__(self, context):
        pass


def _method(module, name):
    def method(self, document, *arguments):
        first = document.NullDate
        first = dt.datetime(first.Year, first.Month, first.Day)
        given = [_cells(argument, document, first) for argument in arguments]
        answer = PYTHON.ask([module, name, given])
        return tuple(tuple(_to_calc(cell, first) for cell in row) for row in answer)

    return method


for _name, _module in SETTINGS["functions"].items():
    setattr(Functions, _name, _method(_module, _name))


def _cells(argument, document, first):
    """Return an argument as rows of cells; a range is read cell by cell, for errors and dates."""
    if argument is None:
        return None  # an optional one that is not given
    if not hasattr(argument, "getDataArray"):
        rows = argument if isinstance(argument, tuple) else ((argument,),)
        return [[None if cell == "" else cell for cell in row] for row in rows]
    formats, known = document.NumberFormats, {}

    def read(value, cell):
        if value is None:
            return ERRORS.get(cell.getError(), "#VALUE!")
        if isinstance(value, str):
            return value or None
        key = cell.NumberFormat
        if key not in known:
            known[key] = formats.getByKey(key).Type
        if known[key] & LOGICAL:
            return bool(value)
        if known[key] & DATE:
            return {"date": (first + dt.timedelta(days=value)).isoformat()}
        return value

    return [
        [read(value, argument.getCellByPosition(x, y)) for x, value in enumerate(row)]
        for y, row in enumerate(argument.getDataArray())
    ]


def _to_calc(cell, first):
    if isinstance(cell, dict):
        return (dt.datetime.fromisoformat(cell["date"]) - first) / dt.timedelta(days=1)
    return cell if isinstance(cell, str) else float(cell)


g_ImplementationHelper = unohelper.ImplementationHelper()  # the name LibreOffice looks for
g_ImplementationHelper.addImplementation(Functions, SETTINGS["service"], (SETTINGS["service"],))

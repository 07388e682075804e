"""A verb of the command line as one thing: what it does, what it takes, and how both are said."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a verb takes.

    Attributes:
        name: ``out``, or ``--out`` for an option.
        settings: The rest, as ``argparse`` takes it.
    """

    name: str
    settings: Mapping[str, Any]

    def required(self) -> Parameter:
        """Return this option as one that cannot be left out."""
        return replace(self, settings={**self.settings, "required": True})


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb.

    Attributes:
        name: As it is typed.
        help: What it does, in Vietnamese.
        parameters: What it takes beside ``--form``, in the order of its help.
        run: Does it and returns the exit status.
    """

    name: str
    help: str
    parameters: tuple[Parameter, ...]
    run: Run


def verb(name: str, help: str, *parameters: Parameter) -> Callable[[Run], Verb]:
    """Make a verb of the function below: the whole of what a new verb needs."""
    return lambda run: Verb(name, help, parameters, run)


def argument(name: str, help: str, **settings: Any) -> Parameter:
    """Return an argument that is known by its place."""
    return Parameter(name, {"help": help, **settings})


def option(name: str, help: str, **settings: Any) -> Parameter:
    """Return an option, such as ``--out``."""
    return Parameter(name, {"help": help, **settings})


def verbs_of(modules: Iterable[ModuleType]) -> tuple[Verb, ...]:
    """Return the verbs that *modules* define, in the order of their lines."""
    return tuple(
        value for module in modules for value in vars(module).values() if isinstance(value, Verb)
    )

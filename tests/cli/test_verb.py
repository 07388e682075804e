"""Requirements of the registry of verbs.

R1 A verb is one decorated function: its grammar and its help come from there.
R2 The command has every verb of its modules, each once, in the order of the lines.
"""

from __future__ import annotations

from types import ModuleType

from xl_automation.cli.main import VERBS
from xl_automation.cli.parameters import PERIOD, UNITS
from xl_automation.cli.parser import build_parser
from xl_automation.cli.verb import argument, option, verb, verbs_of


def test_verb_is_one_decorated_function(capsys):
    """What stands above the function is all that the command needs to know of it."""
    module = ModuleType("verbs")

    @verb("count", "Đếm.", argument("what", "cái gì"), option("--times", "mấy lần", type=int))
    def count(options):
        print(f"{options.what} × {options.times}")
        return 1

    module.count = count
    parser = build_parser(verbs_of([module]))
    options = parser.parse_args(["count", "xã", "--times", "3"])
    assert options.run(options) == 1
    assert capsys.readouterr().out == "xã × 3\n"
    help = parser.format_help()
    assert "count" in help
    assert "Đếm." in help


def test_shared_option_can_be_required():
    """Asking for an option leaves it optional for the verbs that do not."""
    assert PERIOD.required().settings["required"]
    assert "required" not in PERIOD.settings
    assert {**PERIOD.settings, "required": True} == PERIOD.required().settings
    assert not UNITS.settings.get("required")


def test_names_of_verbs_are_distinct():
    """No verb hides another."""
    names = [known.name for known in VERBS]
    assert len(set(names)) == len(names) > 0


def test_every_verb_takes_a_form():
    """``--form`` need not be asked for."""
    for known in VERBS:
        assert "--form" not in [parameter.name for parameter in known.parameters]
    subparsers = next(action for action in build_parser(VERBS)._actions if action.choices)
    for name, subparser in subparsers.choices.items():
        assert "--form" in subparser._option_string_actions, name

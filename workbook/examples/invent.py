"""Invents the figures of the communes whose reports we do not have, with clerks' usual mistakes.

    python workbook/examples/invent.py 2022-6T > workbook/examples/invented-2022-6T.csv
    python workbook/examples/invent.py 2022-Q1 > workbook/examples/invented-2022-Q1.csv
    python workbook/examples/invent.py 2021-6T > workbook/examples/invented-2021-6T.csv

Every figure here is INVENTED. The seed is fixed, so the files come out the same each time. Only
Thịnh Đức's figures (thinh-duc-2022-6T.csv) are real; its catalogue of procedures is reused.
"""

import csv
import random
import sys
import tomllib
from pathlib import Path

SEED = 2022
REAL = "05497"
CITY = "164"
# Of an earlier period: least and most of what happens in six months of 2022, that part of what the
# whole province reports alike, by how many points at most fewer documents are electronic.
EARLIER = {"2022-Q1": (0.4, 0.55, 0.5, 9), "2021-6T": (0.7, 1.1, 1.0, 20)}
FORMS = Path(__file__).parents[2] / "xl_automation" / "forms"


def units() -> list[str]:
    """Return the codes of the units whose figures are invented."""
    with (FORMS / "thai-nguyen.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_from"]]
    return [row["code"] for row in rows if row["code"] not in (REAL, CITY)]


def written(value: float) -> str:
    """Return a figure as clerks write it: a comma before the decimals."""
    return f"{value:g}".replace(".", ",")


def commune(rng: random.Random) -> dict[str, str]:
    """Return one commune's figures, consistent with every rule."""
    plan = rng.randint(6, 15)
    found = rng.randint(0, 6)
    tasks = rng.randint(0, 12)
    on_time = rng.randint(0, tasks)
    slips = rng.choice([0, 50, 80, 100, 120])
    laws = rng.randint(0, 3)
    level3, level4 = rng.randint(0, 12), rng.randint(0, 12)
    received = rng.randint(900, 8000)
    online = 0 if level3 + level4 == 0 else rng.randint(level3 + level4, received // 3)
    solved = received - rng.randint(0, received // 20)
    staff = rng.randint(17, 24)
    money = rng.randint(900, 12000)
    electronic = rng.choice([100, 95, 92.5, 88])
    both = rng.choice([0, 3, 4.5])
    figures: dict[str, float | None] = {
        "1.1.a": plan, "1.1.b": rng.randint(2, plan), "1.2.3.a": found,
        "1.2.3.b": rng.randint(0, found), "1.3.1": tasks, "1.3.2": on_time,
        "1.3.3": rng.randint(0, tasks - on_time), "1.4.1": slips,
        "1.4.2": rng.randint(0, 2) if slips else None, "1.5": rng.randint(0, 1),
        "2.1": laws, "2.3": laws + rng.randint(0, 9), "2.4.a": laws, "2.4.b": rng.randint(0, laws),
        "3.1.1": 24, "3.1.2": 32, "3.1.3": 126, "3.1.3.b": 126,
        "3.2.1.a": 31, "3.2.1.b": 31, "3.2.1.c": level3,
        "3.2.2.a": 36, "3.2.2.b": 36, "3.2.2.c": level4, "3.2.3.a": 67, "3.2.3.b": 67,
        "3.2.4.a": received, "3.2.4.b": online, "3.2.5.a": 60, "3.2.5.b": 60,
        "3.3.1": 18, "3.3.2": 13, "3.3.3": 45, "3.3.4": rng.choice([100, 81.75]),
        "3.3.5": rng.choice([34.95, 62.5, 100]), "3.4.2.a": solved,
        "3.4.2.b": solved - rng.choice([0, 0, 2, 5, 14]),
        "4.2.1": staff, "4.2.2": staff - rng.randint(0, 3), "4.2.3": rng.randint(0, 4),
        "4.2.4": 0, "5.2.1": 0, "5.2.2": 0, "5.2.3": rng.choice([0, 0, 0, 1]),
        "5.4": rng.choice([0, 0, 0, 1]), "6.1.a": money, "6.1.b": rng.randint(200, money),
        "7.1": 0, "7.2": 2, "7.3": rng.choice([1, 2, 2]), "7.4": 1, "7.5.1": 100,
        "7.5.2": electronic + both, "7.5.2.a": electronic, "7.5.2.b": both, "7.6.2": 100,
    }  # fmt: skip
    return {id: written(value) for id, value in figures.items() if value is not None}


def mistakes(rng: random.Random, figures: dict[str, str]) -> None:
    """Make some of the mistakes that the one real report makes, in place."""
    wrong = {
        "count in a percentage cell": {"3.3.4": "103", "7.5.2": str(rng.randint(200, 900))},
        "dossiers on the district's row": {
            "3.4.1.a": figures["3.4.2.a"], "3.4.1.b": figures["3.4.2.b"], "3.4.2.a": "",
        },
        "thousand dong for million": {
            id: f"{int(figures[id]) * 1000:,}".replace(",", ".") for id in ("6.1.a", "6.1.b")
        },
        "dash for blank": {"2.2": "-", "5.3": "-"},
        "leading zero": {"4.2.3": "03", "5.4": "00"},
        "left blank": {"1.2.3.a": "", "1.2.3.b": "", "1.3.1": "", "1.3.2": "", "1.3.3": ""},
        "part over whole": {"1.1.b": str(int(figures["1.1.a"]) + 2)},
        "another catalogue": {"3.1.3": "125", "3.1.3.b": "125"},
        "off the list": {"7.3": "3"},
        "survey without its kind": {"1.4.1": "100", "1.4.2": ""},
    }  # fmt: skip
    for name in rng.sample(sorted(wrong), rng.choice([0, 0, 1, 1, 2, 3])):
        figures.update(wrong[name])


def before(figures: dict[str, str], period: str, code: str) -> dict[str, str]:
    """Return what a unit reported for an earlier period, when *figures* are those of six months.

    Of what happens in a period a part, one for all rows, so that they stay consistent. Fewer
    documents are electronic. What stands at the period's end is the same.
    """
    rng, (least, most, shared, fewer) = random.Random(f"{period[:4]} {code}"), EARLIER[period]
    form = tomllib.loads((FORMS / "cchc-2022.toml").read_text(encoding="utf-8"))
    kinds = {item["id"]: item for item in form["indicator"]}
    part, points = rng.uniform(least, most), rng.randint(1, fewer)

    def earlier(id: str, value: str) -> str:
        kind = kinds[id]
        if id in ("7.5.2", "7.5.2.a"):
            return written(float(value.replace(",", ".")) - points)
        if kind["nature"] not in ("flow", "cumulative") or kind["kind"] not in ("count", "amount"):
            return value
        return str(int(int(value) * (shared if kind["level"] == "shared" else part)))

    return {id: earlier(id, value) for id, value in figures.items()}


def city() -> dict[str, str]:
    """Return the city's own figures."""
    figures = {
        "1.1.a": 20, "1.1.b": 11, "1.2.1": 40, "1.2.2": 31.25, "1.2.3.a": 9, "1.2.3.b": 7,
        "1.3.1": 88, "1.3.2": 80, "1.3.3": 3, "1.4.1": 300, "1.4.2": 2, "1.5": 1, "2.1": 4,
        "2.2": 36, "2.3": 40, "2.4.a": 3, "2.4.b": 3, "3.1.3.a": 251, "3.4.1.a": 21480,
        "3.4.1.b": 21455, "4.1.1": 100, "4.1.5.a": 96, "4.1.5.b": 85, "4.2.1": 120, "4.2.2": 114,
        "4.2.3": 9, "4.2.4": 1, "4.2.5": 10.4, "4.3.1": 3100, "4.3.2": 2987, "4.3.3": 12,
        "4.3.4": 9.6, "5.1.1": 12, "5.1.2": 85, "5.2.1": 2, "5.2.2": 0, "5.2.3": 1, "5.2.4": 40,
        "5.2.5": 0, "5.3": 1, "5.4": 3, "5.4.a": 0, "5.4.b": 1, "5.4.c": 2, "6.1.a": 812000,
        "6.1.b": 402500, "6.2.1": 85, "6.2.2": 1, "6.2.3": 2, "6.2.4": 5, "6.2.4.a": 1,
        "6.2.4.b": 2, "6.2.4.c": 2, "6.2.5": 77, "6.2.6": 0, "7.1": 0, "7.2": 2, "7.3": 2,
        "7.4": 1, "7.5.1": 100, "7.6.1": 100,
    }  # fmt: skip
    return {id: written(value) for id, value in figures.items()}


def main(period: str) -> None:
    """Print all invented figures of a period as CSV: unit, id, value, note."""
    rng = random.Random(SEED)
    write = csv.writer(sys.stdout, lineterminator="\n").writerow
    write(["unit", "id", "value", "note"])
    for number, code in enumerate(units(), start=1):
        figures = commune(rng)
        right = dict(figures)
        mistakes(rng, figures)
        if period in EARLIER:
            figures = before(right, period, code)
        else:
            write([code, "so_bao_cao", f"{number}/BC-UBND", "số liệu giả định"])
            write([code, "ngay_bao_cao", "2022-06-14", "số liệu giả định"])
        for id, value in figures.items():
            if value:
                write([code, id, value, ""])
    figures = city()
    if period in EARLIER:
        figures = before(figures, period, CITY)
    for id, value in figures.items():
        write([CITY, id, value, ""])


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1])

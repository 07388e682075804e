import pytest, xlwings as xw, cProfile, pstats
from xl_automation import actions
from builders import *
import builders
pytestmark=pytest.mark.office
def test_x(excel,tmp_path):
    p=builders.workbook(tmp_path/"Báo cáo xã.xlsx",{**COMMUNE,"1.1.b":12,"1.3.1":"03","6.1.b":"abc"})
    pr=cProfile.Profile(); pr.enable()
    b=xw.Book(p)
    actions.recalculate(b); pr.disable()
    pstats.Stats(pr).sort_stats("cumtime").print_stats(45)

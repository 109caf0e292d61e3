"""Runs ACRN's own allocator of CLOS over many small scenarios: a list of {board, scenario} on stdin, a list of {masks, ids} on stdout.

usage: allocate.py ACRN_SOURCE
"""
import json
import sys

source = sys.argv[1]
sys.path[:0] = [f"{source}/misc/config_tools/library", f"{source}/misc/config_tools/static_allocators"]

import clos  # noqa: E402  (ACRN's)
from lxml import etree  # noqa: E402


def tree(text):
    return etree.ElementTree(etree.fromstring(text))


def allocated(case):
    allocation = tree("<acrn-config/>")
    try:
        clos.fn(tree(case["board"]), tree(case["scenario"]), allocation)
    except AssertionError:
        return {"refused": True}
    masks = {list_.get("id"): [each.text for each in list_.xpath("./clos")] for list_ in allocation.xpath("//clos_mask")}
    ids = {vm.get("id"): [int(each.text) for each in vm.xpath("./clos/vcpu_clos")] for vm in allocation.xpath("/acrn-config/vm")}
    return {"masks": masks, "ids": ids}


json.dump([allocated(case) for case in json.load(sys.stdin)], sys.stdout)

"""Moto's reading of expressions, made quicker without changing an answer: a tenth of a test's time was spent on it.

Stories send a few dozen expressions thousands of times, with other values each time. Called by `tests/quick_moto.py`.
"""

import copy
from collections import deque
from functools import cache

from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing import ast_nodes
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser


def quicken() -> None:
    """Do it all. Call it once."""
    split_conditions_once()
    read_updates_once()
    copy_trees_plainly()
    ask_what_a_node_is_plainly()


def split_conditions_once() -> None:
    """Split a condition into its words once, not three times for each request; names and values are put in later."""
    split = ConditionExpressionParser._lex_condition_expression

    @cache
    def words(text: str) -> deque:
        return split(ConditionExpressionParser(text, None, None))

    # A copy: what reads the words takes them out.
    ConditionExpressionParser._lex_condition_expression = lambda self: words(self.condition_expression).copy()


def read_updates_once() -> None:
    """Keep the tree of an update expression: whoever fills in names and values copies it first."""
    UpdateExpressionParser.make = staticmethod(cache(UpdateExpressionParser.make))


def copy_trees_plainly() -> None:
    """Copy a tree node by node: all there is besides nodes are texts and numbers."""

    def copy_of_node(node: Node, memo: dict[int, object]) -> Node:
        result = object.__new__(type(node))
        vars(result).update(vars(node))
        if node.children is not None:
            result.children = [copy.deepcopy(child, memo) for child in node.children]
            for child in result.children:
                if isinstance(child, Node):
                    child.parent = result
        return result

    Node.__deepcopy__ = copy_of_node


def ask_what_a_node_is_plainly() -> None:
    """Let nodes be of the classes they inherit from, without the registers of `abc`; list once what a step looks at."""
    for one in vars(ast_nodes).values():
        if isinstance(one, type) and issubclass(one, Node):
            one.__class__ = _Plain
    looked_at = DepthFirstTraverser.nodes_to_be_processed
    kinds: dict[type, tuple[type, ...]] = {}

    def listed_once(self: DepthFirstTraverser) -> tuple[type, ...]:
        if type(self) not in kinds:
            kinds[type(self)] = looked_at(self)
        return kinds[type(self)]

    DepthFirstTraverser.nodes_to_be_processed = listed_once


class _Plain(type):
    """What a class is that is no `abc`."""

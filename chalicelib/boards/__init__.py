"""Leaderboards: who sold most, brought most customers or new leaders in a week or a month; what the best are given.

`rules` says what a period is and who comes before whom (pure), `store` keeps boards, `gathering` reads everybody's
figures, `actions` refreshes boards that are open and closes those that are over, `reading` shows them, `prizes` turns
places into orders. Why it is done this way: infra/decisions/0014-boards.md.
"""

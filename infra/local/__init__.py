"""The stack on a developer's machine: local AWS running the packaged template, the Stripe sandbox, a front door.

`python -m infra.local run` is `make run`. `up`, `down` and `reset` are for those who only want the stack.
"""

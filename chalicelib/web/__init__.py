"""The pages: storefront, leader's workspace, brand's console, and the way in. Server-rendered; no page needs a script.

`frame` carries a request through a view; `forms`, `cookies`, `guards`, `links`, `languages` and `rendering` each know
one thing about HTTP or HTML; the other modules are the views, by who looks at them. `routes` collects them.
"""

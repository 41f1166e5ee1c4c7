"""Monthly targets of leaders: so many new members, of whom so many buy. `rules` is pure, `actions` sets and reads."""

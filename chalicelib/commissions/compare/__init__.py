"""Two plans over one history, side by side: what each pays, to whom, and what the brand keeps. Pure, like the rules."""

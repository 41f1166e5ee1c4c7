"""Leaders (团长) and their tree: joining by invitation, and how each stands (rank, status, frozen) at any moment."""

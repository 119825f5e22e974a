"""What the analyses of legal routes and of the portfolio return."""

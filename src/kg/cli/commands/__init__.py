"""The commands of `kg`, a module for each command or close family of commands."""

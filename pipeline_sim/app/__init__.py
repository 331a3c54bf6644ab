"""The app: a policy team's own questions in a browser, answered by the commands of the terminal."""

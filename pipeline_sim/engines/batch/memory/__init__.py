"""Where everything lies in the memory of a replication, and the data structures over it. Decides no rule."""

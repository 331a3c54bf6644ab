"""Memory of a replication and the data structures over it. Owns layout and lists; decides no rule of training."""

"""The way in of clocks and commands: launcher, worker, jobs, the command line."""

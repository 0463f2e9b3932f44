// Owned by the command line's work.

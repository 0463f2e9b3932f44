#!/usr/bin/env node
// Owned by the command line's work.

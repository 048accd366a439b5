"""Guards of the whole: each fails when what it guards is broken; see CONTRIBUTING.md."""

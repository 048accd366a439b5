"""What happens with money; each module names its own."""

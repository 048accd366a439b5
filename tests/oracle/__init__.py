"""The reference engine of ODK under Node, and generated forms to compare ours with it."""

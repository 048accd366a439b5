"""What exists: projects with their grants and costs, and the municipalities' shares."""

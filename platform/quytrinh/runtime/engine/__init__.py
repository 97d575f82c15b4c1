"""The seam to Viewflow: its graph, activations and transitions; our models and unit of work."""

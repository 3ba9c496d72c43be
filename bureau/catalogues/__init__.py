"""Fee, fund, guide and FAQ catalogues: imports are reviewed as a whole before they are answered."""

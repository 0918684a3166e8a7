//! Load generator and comparisons.

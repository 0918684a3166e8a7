//! The one binary zonebook.

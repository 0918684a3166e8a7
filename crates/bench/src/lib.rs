//! The books and lists that a load works on, for whoever makes one.

pub mod books;

//! Everything a user can see, tested from outside. One binary, so that it links once.

mod kinds;
mod pages;
mod tree;

//! Guessing: ids, cursors and secrets of other people, shown by somebody who has a token of their own.
